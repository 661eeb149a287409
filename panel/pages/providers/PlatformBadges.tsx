import type { PushService } from "../../../server/channels/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { platformIcons } from "../users/platforms.tsx";
import { platformsOf } from "./accountOrder.ts";
import styles from "./PlatformBadges.module.css";

/** Which devices a push account reaches. */
export function PlatformBadges({ services }: { services: readonly PushService[] | null }) {
  const { strings } = useWords();
  return (
    <span className={styles.badges}>
      {platformsOf(services).map((platform) => {
        const Icon = platformIcons[platform];
        return (
          <span key={platform} className={styles.badge}>
            <Icon size={14} stroke={1.7} aria-hidden />
            {strings.push.platforms[platform]}
          </span>
        );
      })}
    </span>
  );
}
