import { useWords } from "./language.tsx";
import styles from "./StackedBar.module.css";

/** A share of a bar. `color` is a CSS colour. */
export interface Share {
  key: string;
  label: string;
  value: number;
  color: string;
  hint?: string;
}

/** Shares side by side that add up to the whole. Read out as one sentence. */
export function StackedBar(props: { label: string; shares: readonly Share[]; isThick?: boolean }) {
  const { format } = useWords();
  const shown = props.shares.filter((share) => share.value > 0);
  const spoken = shown.map((share) => `${share.label} ${format.number(share.value)}`).join(", ");
  return (
    <div
      className={`${styles.bar} ${props.isThick ? styles.thick : ""}`}
      role="img"
      aria-label={spoken === "" ? props.label : `${props.label}: ${spoken}`}
    >
      {shown.map((share) => (
        <div
          key={share.key}
          className={styles.share}
          style={{ flexGrow: share.value, background: share.color }}
          title={`${share.label}: ${format.number(share.value)}`}
        />
      ))}
    </div>
  );
}

/** The numbers behind a bar. `total` is written out so that the sum can be checked. */
export function Legend(props: { shares: readonly Share[]; total: number; totalLabel: string }) {
  const { format } = useWords();
  return (
    <dl className={styles.legend}>
      {props.shares.map((share) => (
        <div key={share.key} className={`${styles.entry} ${share.value === 0 ? styles.zero : ""}`}>
          <dt title={share.hint}>
            <span className={styles.dot} style={{ background: share.color }} aria-hidden />
            {share.label}
          </dt>
          <dd className="number">{format.number(share.value)}</dd>
          <dd className={`${styles.percent} number`}>{format.percent(share.value, props.total)}</dd>
        </div>
      ))}
      <div className={`${styles.entry} ${styles.sum}`}>
        <dt>{props.totalLabel}</dt>
        <dd className="number">{format.number(props.total)}</dd>
        <dd className={styles.percent} />
      </div>
    </dl>
  );
}
