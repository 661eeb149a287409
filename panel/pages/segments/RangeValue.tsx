import { useWords } from "../../ui/language.tsx";
import { OneValue } from "./OneValue.tsx";
import styles from "./Values.module.css";
import type { BaseProps } from "./valueProps.ts";

/** Two values, both ends included. */
export function RangeValue(props: Omit<BaseProps, "label">) {
  const { strings } = useWords();
  const texts = strings.segments.rule;
  const [from, to]: unknown[] = Array.isArray(props.value) ? props.value : [];
  return (
    <div className={styles.range}>
      <OneValue {...props} label={texts.from} value={from} onChange={(next) => props.onChange([next, to])} />
      <span className="faint" aria-hidden>
        –
      </span>
      <OneValue {...props} label={texts.to} value={to} onChange={(next) => props.onChange([from, next])} />
    </div>
  );
}
