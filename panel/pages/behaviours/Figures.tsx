import styles from "./Figures.module.css";

interface Figure {
  name: string;
  value: string;
  hint: string | undefined;
  isChosen: boolean;
}

/** A few large numbers side by side. */
export function Figures({ label, figures }: { label: string; figures: readonly Figure[] }) {
  return (
    <dl className={styles.figures} aria-label={label}>
      {figures.map(({ name, value, hint, isChosen }) => (
        <div key={name} className={`${styles.figure} ${isChosen ? styles.chosen : ""}`}>
          <dt>{name}</dt>
          <dd className="number">{value}</dd>
          <dd className={styles.hint}>{hint}</dd>
        </div>
      ))}
    </dl>
  );
}
