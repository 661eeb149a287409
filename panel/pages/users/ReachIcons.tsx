import type { ListedUser } from "../../../server/installations/user-schema.ts";
import { channelIcons, channels } from "../../ui/channels.tsx";
import { useWords } from "../../ui/language.tsx";
import styles from "./Icons.module.css";

/** The channels that reach somebody, each in its place; the others are faint. */
export function ReachIcons({ reach }: { reach: ListedUser["reach"] }) {
  const { strings } = useWords();
  const texts = strings.users;
  const reached = channels.filter((channel) => Boolean(reach[channel]));
  const names = reached.map((channel) => texts.channels[channel]).join(strings.common.comma);
  return (
    <span className={styles.icons} role="img" aria-label={names || texts.nobodyReached}>
      {channels.map((channel) => {
        const Icon = channelIcons[channel];
        const isReached = Boolean(reach[channel]);
        return (
          <span
            key={channel}
            className={`${styles.icon} ${isReached ? "" : styles.off}`}
            title={texts.channels[channel]}
          >
            <Icon size={17} stroke={1.7} />
          </span>
        );
      })}
    </span>
  );
}
