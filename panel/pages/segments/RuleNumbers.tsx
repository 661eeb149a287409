import { channelIcons, channels } from "../../ui/channels.tsx";
import { useWords } from "../../ui/language.tsx";
import { useBuilder } from "./builderContext.ts";
import styles from "./RuleNumbers.module.css";

/** Inbox and push count devices, the others users. */
const byDevice: ReadonlySet<string> = new Set(["inbox", "push"]);

const widthOf = (share: number, whole: number | undefined) =>
  `${whole === undefined || whole === 0 ? 0 : Math.min(100, (share / whole) * 100)}%`;

/** Whom a rule or group matches by itself: how many, how much of everyone, and on which channels they are reached. */
export function RuleNumbers({ id }: { id: string }) {
  const { strings, format } = useWords();
  const texts = strings.segments.numbers;
  const { numbers, everyone, isEstimate } = useBuilder();
  const count = numbers.get(id);
  if (count === undefined) return null;
  const about = isEstimate ? `${texts.about} ` : "";
  return (
    <div className={styles.numbers} title={isEstimate ? texts.estimate : undefined}>
      <span className={styles.users}>
        <strong className="number">
          {about}
          {texts.users(count.users, format.number(count.users))}
        </strong>
        <span className={styles.track} aria-hidden>
          <span className={styles.fill} style={{ inlineSize: widthOf(count.users, everyone) }} />
        </span>
        {everyone !== undefined && (
          <span className="faint number">{texts.of(format.percent(count.users, everyone))}</span>
        )}
      </span>
      <ul className={styles.reach} aria-label={strings.segments.reach}>
        {channels.map((channel) => {
          const Icon = channelIcons[channel];
          const value = count.reach[channel];
          const whole = byDevice.has(channel) ? count.installations : count.users;
          const said = texts.channel(strings.segments.channels[channel], about + format.number(value));
          return (
            <li key={channel} className={styles.channel} title={said}>
              <Icon size={13} stroke={1.8} aria-hidden />
              <span className={styles.small} aria-hidden>
                <span className={styles.fill} style={{ inlineSize: widthOf(value, whole) }} />
              </span>
              <span className="number" aria-hidden>
                {format.compact(value)}
              </span>
              <span className="visually-hidden">{said}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
