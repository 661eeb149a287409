import { Select } from "@mantine/core";
import { useWords } from "../../ui/language.tsx";
import styles from "./EventValue.module.css";
import { NumberField } from "./NumberField.tsx";
import type { Window } from "./window.ts";

const operators = [
  "greater_equals",
  "equal_to",
  "lesser_equals",
  "greater_than",
  "lesser_than",
  "between",
] as const;

interface TimesFieldProps {
  count: Window["count"];
  onChange(count: Window["count"]): void;
}

/** How often: once at least, or as often as is said. */
export function TimesField({ count, onChange }: TimesFieldProps) {
  const { strings } = useWords();
  const texts = strings.segments;
  const numberAt = (index: number) => (Array.isArray(count?.value) ? count.value[index] : undefined);
  const choose = (operator: string) => {
    if (operator === "any") return onChange(null);
    const isRange = Array.isArray(count?.value);
    const value =
      operator === "between" ? (isRange ? count?.value : [1, 5]) : isRange ? 1 : (count?.value ?? 1);
    onChange({ operator, value });
  };
  return (
    <div className={styles.line}>
      <Select
        aria-label={texts.event.times}
        className={styles.choice ?? ""}
        allowDeselect={false}
        data={[
          { value: "any", label: texts.event.anyTimes },
          ...operators.map((value) => ({ value, label: texts.event.counts[value] })),
        ]}
        value={count === null ? "any" : count.operator}
        onChange={(chosen) => chosen !== null && choose(chosen)}
      />
      {count !== null && count.operator === "between" && (
        <div className={styles.days}>
          <NumberField
            label={texts.rule.from}
            value={numberAt(0)}
            onChange={(low) => onChange({ ...count, value: [low, numberAt(1)] })}
          />
          <span className="faint" aria-hidden>
            –
          </span>
          <NumberField
            label={texts.rule.to}
            value={numberAt(1)}
            onChange={(high) => onChange({ ...count, value: [numberAt(0), high] })}
          />
        </div>
      )}
      {count !== null && count.operator !== "between" && (
        <div className={styles.times}>
          <NumberField
            label={texts.event.timesValue}
            value={count.value}
            onChange={(value) => onChange({ ...count, value })}
          />
        </div>
      )}
    </div>
  );
}
