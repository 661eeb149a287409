import { Select } from "@mantine/core";
import type { SegmentField } from "../../../server/segments/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { useChoices } from "./useChoices.ts";

interface ChoiceSelectProps {
  label: string;
  field: SegmentField;
  value: unknown;
  onChange(value: string | undefined): void;
}

/** One of the values that a field can have. One that it cannot have stays visible, so that it can be seen and changed. */
export function ChoiceSelect({ label, field, value, onChange }: ChoiceSelectProps) {
  const { strings } = useWords();
  const choices = useChoices(field);
  const known = choices.some((choice) => choice.value === value) || value === undefined;
  return (
    <Select
      aria-label={label}
      placeholder={strings.segments.values.choose}
      searchable={choices.length > 10}
      allowDeselect={false}
      nothingFoundMessage={strings.segments.values.nothingFound}
      data={known ? choices : [{ value: String(value), label: String(value) }, ...choices]}
      value={value === undefined ? null : String(value)}
      onChange={(chosen) => onChange(chosen ?? undefined)}
    />
  );
}
