import { Select } from "@mantine/core";
import { useWords } from "../../ui/language.tsx";
import styles from "./RuleEditor.module.css";
import { type ThingNoun, useThings } from "./useThings.ts";

interface ThingSelectProps {
  noun: ThingNoun;
  label: string;
  value: unknown;
  onChange(id: string | undefined): void;
}

/** One segment, file or message. */
export function ThingSelect({ noun, label, value, onChange }: ThingSelectProps) {
  const { strings } = useWords();
  const chosen = typeof value === "string" ? value : null;
  const { options, setText } = useThings(noun, chosen === null ? [] : [chosen]);
  return (
    <Select
      aria-label={label}
      placeholder={strings.segments.values.choose}
      classNames={{ input: styles.input ?? "" }}
      searchable
      allowDeselect={false}
      onSearchChange={(text) => setText(options.some((option) => option.label === text) ? "" : text)}
      data={options}
      nothingFoundMessage={strings.segments.values.nothingFound}
      value={chosen}
      onChange={(id) => onChange(id ?? undefined)}
    />
  );
}
