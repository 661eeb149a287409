import { Select } from "@mantine/core";
import { useWords } from "../../ui/language.tsx";
import styles from "./RuleEditor.module.css";

interface OperatorSelectProps {
  operators: readonly string[];
  value: string;
  /** What is compared is an event, which happens or does not. */
  isEvent?: boolean;
  onChange(operator: string): void;
}

/** How a field is compared, in words. One that this page has no words for is shown as it is written. */
export function OperatorSelect({ operators, value, isEvent, onChange }: OperatorSelectProps) {
  const { strings } = useWords();
  const texts = strings.segments;
  const words: Record<string, string> = isEvent
    ? { ...texts.operators, ...texts.eventOperators }
    : texts.operators;
  const known = operators.includes(value) ? operators : [value, ...operators];
  return (
    <Select
      aria-label={texts.rule.operator}
      className={styles.operator ?? ""}
      allowDeselect={false}
      maxDropdownHeight={340}
      data={known.map((operator) => ({ value: operator, label: words[operator] ?? operator }))}
      value={value}
      onChange={(chosen) => chosen !== null && chosen !== value && onChange(chosen)}
    />
  );
}
