import type { ReactNode } from "react";
import styles from "./Card.module.css";

interface CardProps {
  title?: string;
  /** Its place among cards that are gone through one after another. */
  step?: string;
  hint?: ReactNode;
  actions?: ReactNode;
  /** The content reaches the card's edges, as tables do. */
  flush?: boolean;
  children: ReactNode;
}

/** A framed part of a page with an optional heading. */
export function Card({ title, step, hint, actions, flush, children }: CardProps) {
  return (
    <section className={styles.card}>
      {(title !== undefined || actions !== undefined) && (
        <div className={styles.head}>
          <div className={styles.headText}>
            {title !== undefined && (
              <h2 className={styles.title}>
                {step !== undefined && <span className={styles.step}>{step}</span>}
                {title}
              </h2>
            )}
            {hint !== undefined && <p className={styles.hint}>{hint}</p>}
          </div>
          {actions !== undefined && <div className={styles.actions}>{actions}</div>}
        </div>
      )}
      <div className={flush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}
