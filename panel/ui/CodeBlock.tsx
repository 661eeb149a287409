import styles from "./CodeBlock.module.css";
import { CopyButton } from "./CopyButton.tsx";

/** Text for a machine: left to right in every language, with a button to take it along. */
export function CodeBlock(props: { code: string; label: string }) {
  return (
    <div className={styles.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls, which needs the keyboard, too */}
      <section className={styles.scroll} dir="ltr" aria-label={props.label} tabIndex={0}>
        <pre className={styles.code}>{props.code}</pre>
      </section>
      <div className={styles.copy}>
        <CopyButton text={props.code} />
      </div>
    </div>
  );
}
