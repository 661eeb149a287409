import { Loader, Skeleton } from "@mantine/core";
import type { SegmentNumbers } from "../../../server/segments/schema.ts";
import { channels } from "../../ui/channels.tsx";
import { useWords } from "../../ui/language.tsx";
import styles from "./Reach.module.css";

/** These count installations, the others users. */
const byDevice: ReadonlySet<string> = new Set(["inbox", "push"]);

interface ReachProps {
  /** Null before the first answer. */
  count: (SegmentNumbers & { isEstimate: boolean }) | null;
  isCounting: boolean;
  /** The numbers are of an earlier filter. */
  isStale: boolean;
}

/** How many match, and on which channels they can be reached. */
export function Reach({ count, isCounting, isStale }: ReachProps) {
  const { strings, format } = useWords();
  const texts = strings.segments;
  const isEstimate = count?.isEstimate ?? false;
  const aboutHint = isCounting ? texts.numbers.estimate : texts.numbers.tooSlow;
  const about = isEstimate ? `${texts.numbers.about} ` : "";
  return (
    <div className={isStale ? styles.stale : undefined}>
      <div className={styles.totals} aria-live="polite">
        <Total label={texts.users} about={about} value={count?.users ?? null} />
        <Total label={texts.installations} about={about} value={count?.installations ?? null} />
        <span className={styles.status}>
          {isStale ? null : isCounting ? (
            <Loader size={14} role="status" aria-label={texts.counting} />
          ) : null}
        </span>
      </div>
      <p className={styles.title}>{texts.reach}</p>
      <ul className={styles.channels}>
        {channels.map((channel) => {
          const value = count?.reach[channel] ?? 0;
          const of = count === null ? 0 : byDevice.has(channel) ? count.installations : count.users;
          return (
            <li key={channel} className={styles.channel}>
              <span>{texts.channels[channel]}</span>
              <span className={styles.track} aria-hidden>
                <span
                  className={styles.fill}
                  style={{ inlineSize: `${of === 0 ? 0 : Math.min(100, (value / of) * 100)}%` }}
                />
              </span>
              <span className={`${styles.value} number`}>
                {about}
                {format.number(value)}
              </span>
            </li>
          );
        })}
      </ul>
      <p className={styles.hint}>{isStale ? texts.invalid : isEstimate ? aboutHint : texts.reachHint}</p>
    </div>
  );
}

function Total({ label, about, value }: { label: string; about: string; value: number | null }) {
  const { format } = useWords();
  return (
    <div>
      <p className={styles.label}>{label}</p>
      {value === null ? (
        <Skeleton height={24} mt={6} width={72} />
      ) : (
        <p className={`${styles.total} number`}>
          {about}
          {format.number(value)}
        </p>
      )}
    </div>
  );
}
