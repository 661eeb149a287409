import { MultiSelect } from "@mantine/core";
import type { SegmentField } from "../../../server/segments/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { useChoices } from "./useChoices.ts";

interface ChoicesSelectProps {
  label: string;
  field: SegmentField;
  values: readonly unknown[];
  onChange(values: string[]): void;
}

/** Some of the values that a field can have. */
export function ChoicesSelect({ label, field, values, onChange }: ChoicesSelectProps) {
  const { strings } = useWords();
  const choices = useChoices(field);
  const chosen = values.map(String);
  const known = new Set(choices.map(({ value }) => value));
  const others = chosen.filter((value) => !known.has(value)).map((value) => ({ value, label: value }));
  return (
    <MultiSelect
      aria-label={label}
      placeholder={chosen.length === 0 ? strings.segments.values.choose : ""}
      searchable={choices.length > 10}
      nothingFoundMessage={strings.segments.values.nothingFound}
      data={[...others, ...choices]}
      value={chosen}
      onChange={onChange}
    />
  );
}
