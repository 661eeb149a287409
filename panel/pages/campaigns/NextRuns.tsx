import { useWords } from "../../ui/language.tsx";
import styles from "./Plan.module.css";
import { useRunFormat } from "./useRunFormat.ts";

interface NextRunsProps {
  next: readonly string[] | null;
  isRecurring: boolean;
  /** The zone that they are written in, where it is not that of the plan. */
  appZone: string | null;
  /** Whether each user's own clock is meant. */
  isUsersOwn: boolean;
}

/** When it goes, the first runs; null while that is not known. */
export function NextRuns({ next, isRecurring, appZone, isUsersOwn }: NextRunsProps) {
  const { strings } = useWords();
  const format = useRunFormat(isUsersOwn);
  const texts = strings.plan.when;
  if (!isRecurring && (next === null || next.length === 0)) return null;
  return (
    <div>
      <p className={styles.label}>
        {isRecurring ? texts.next : strings.plan.review.starts}
        {isUsersOwn && <span className={styles.hint}> · {texts.byTheirs}</span>}
        {appZone !== null && !isUsersOwn && (
          <span className={styles.hint}> · {texts.appZone(`\u2066${appZone}\u2069`)}</span>
        )}
      </p>
      {next === null ? (
        <p className={styles.hint}>{texts.nextUnsaved}</p>
      ) : next.length === 0 ? (
        <p className={styles.fault}>{texts.noNext}</p>
      ) : (
        <ul className={styles.runs} aria-label={texts.next}>
          {next.map((at) => (
            <li key={at}>
              <time dateTime={at} className="number">
                {format.day(at)} · {format.clock(at)}
              </time>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
