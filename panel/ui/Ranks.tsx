import type { ReactNode } from "react";
import { useWords } from "./language.tsx";
import styles from "./Ranks.module.css";

export interface Rank {
  key: string | number;
  label: ReactNode;
  count: number;
  /** What pointing at the number says. */
  hint?: string;
}

/** What was chosen most, first: each with its number, its share of `of`, and a bar as long as that. */
export function Ranks({ ranks, of }: { ranks: readonly Rank[]; of: number }) {
  const { format } = useWords();
  return (
    <ol className={styles.ranks}>
      {[...ranks]
        .sort((a, b) => b.count - a.count)
        .map(({ key, label, count, hint }) => (
          <li key={key}>
            <div className={styles.line}>
              {label}
              <span className="number" title={hint}>
                {format.number(count)} <span className="faint">{format.percent(count, of)}</span>
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
