import {
  IconApi,
  IconBrandApple,
  IconBrandFirebase,
  IconBrandWhatsapp,
  IconMailForward,
  IconMessage2,
  IconPlugConnected,
  IconWorld,
  type TablerIcon,
} from "@tabler/icons-react";
import styles from "./ProviderMark.module.css";

const marks: Record<string, TablerIcon> = {
  fcm: IconBrandFirebase,
  apns: IconBrandApple,
  webpush: IconWorld,
  smtp: IconMailForward,
  kavenegar: IconMessage2,
  kaleyra: IconMessage2,
  twilio: IconMessage2,
  meta: IconBrandWhatsapp,
  "360dialog": IconBrandWhatsapp,
  "kaleyra-whatsapp": IconBrandWhatsapp,
  http: IconApi,
};

/** The sign of a provider. */
export function ProviderMark({ provider }: { provider: string }) {
  const Icon = marks[provider] ?? IconPlugConnected;
  return (
    <span className={styles.mark} data-provider={provider} aria-hidden>
      <Icon size={20} stroke={1.7} />
    </span>
  );
}
