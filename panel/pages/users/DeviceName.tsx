import { IconDevices, type TablerIcon } from "@tabler/icons-react";
import type { UserWithInstallations } from "../../../server/installations/user-schema.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./DeviceName.module.css";
import { platformIcons } from "./platforms.tsx";

interface DeviceNameProps {
  user: UserWithInstallations;
  installationId: string;
  /** What is known of a device that the user no longer has. */
  deviceType?: string | null;
}

/** A device in few words: its model where it is known, else its kind, else its id. */
export function DeviceName({ user, installationId, deviceType = null }: DeviceNameProps) {
  const { strings } = useWords();
  const device = user.installations.find(({ id }) => id === installationId);
  const type = device?.deviceType ?? deviceType ?? "";
  const icons: Record<string, TablerIcon> = platformIcons;
  const platforms: Record<string, string> = strings.users.platforms;
  const Icon = icons[type] ?? IconDevices;
  return (
    <span className={styles.device} title={installationId}>
      <Icon size={15} stroke={1.7} role="img" aria-label={strings.messages.device} className={styles.icon} />
      <bdi className="clamp-1">{device?.deviceModel ?? platforms[type] ?? installationId}</bdi>
    </span>
  );
}
