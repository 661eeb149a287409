import { Select } from "@mantine/core";
import { useEventNames } from "../../api/events.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./EventSelect.module.css";

interface EventSelectProps {
  label: string;
  /** The label is read out, not shown. */
  isLabelHidden?: boolean;
  value: string | undefined;
  onChange(name: string): void;
}

/** Chooses one of the behaviours, the commonest first. A name out of a link that is none stays visible. */
export function EventSelect({ label, isLabelHidden, value, onChange }: EventSelectProps) {
  const { strings, format } = useWords();
  const texts = strings.behaviours;
  const events = useEventNames().data ?? [];
  const counts = new Map(events.map(({ name, count }) => [name, count]));
  const names = value === undefined || counts.has(value) ? [...counts.keys()] : [value, ...counts.keys()];
  return (
    <Select
      {...(isLabelHidden ? { "aria-label": label } : { label })}
      placeholder={texts.choose}
      searchable
      allowDeselect={false}
      maxDropdownHeight={320}
      // Thousands of options would be slow to draw; typing narrows them.
      limit={200}
      data={names}
      value={value ?? null}
      onChange={(name) => name !== null && onChange(name)}
      classNames={{ input: styles.input ?? "" }}
      attributes={{ input: { title: value } }}
      renderOption={({ option }) => (
        <span className={styles.option}>
          <bdi className={styles.name}>{option.value}</bdi>
          <span className="faint number">{format.number(counts.get(option.value) ?? 0)}</span>
        </span>
      )}
      nothingFoundMessage={events.length === 0 ? texts.noNames : texts.noSuchName}
    />
  );
}
