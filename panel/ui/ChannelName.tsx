import type { Channel } from "../../server/channels/schema.ts";
import styles from "./ChannelName.module.css";
import { channelIcons } from "./channels.tsx";
import { useWords } from "./language.tsx";

/** A channel by its sign and its name; the name alone is read out where there is only room for the sign. */
export function ChannelName({ channel, isIcon }: { channel: Channel; isIcon?: boolean }) {
  const { strings } = useWords();
  const Icon = channelIcons[channel];
  const name = strings.segments.channels[channel];
  return (
    <span className={styles.channel} title={isIcon ? name : undefined}>
      <Icon size={16} stroke={1.7} aria-hidden />
      {isIcon ? <span className="visually-hidden">{name}</span> : name}
    </span>
  );
}
