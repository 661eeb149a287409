import type { ReactNode } from "react";
import { useWords } from "./language.tsx";
import styles from "./Ranks.module.css";

interface Rank {
  key: string | number;
  label: ReactNode;
  count: number;
  /** What pointing at the number says. */
  hint?: string;
}

interface RanksProps {
  ranks: readonly Rank[];
  of: number;
  /** They are failures. */
  isBad?: boolean;
}

/** What there is most of, first: each with its number, its share of `of`, and a bar as long as that. */
export function Ranks({ ranks, of, isBad }: RanksProps) {
  const { format } = useWords();
  return (
    <ol className={styles.ranks} data-bad={isBad || undefined}>
      {[...ranks]
        .sort((a, b) => b.count - a.count)
        .map(({ key, label, count, hint }) => (
          <li key={key}>
            <div className={styles.line}>
              {label}
              <span className="number" title={hint}>
                {format.number(count)}{" "}
                <span className={`${styles.share} faint`}>{format.percent(count, of)}</span>
              </span>
            </div>
            <div className={styles.track} aria-hidden>
              <div className={styles.fill} style={{ inlineSize: `${(count / Math.max(of, 1)) * 100}%` }} />
            </div>
          </li>
        ))}
    </ol>
  );
}
