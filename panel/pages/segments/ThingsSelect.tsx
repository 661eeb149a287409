import { MultiSelect } from "@mantine/core";
import { useWords } from "../../ui/language.tsx";
import { type ThingNoun, useThings } from "./useThings.ts";

interface ThingsSelectProps {
  noun: ThingNoun;
  label: string;
  values: readonly unknown[];
  onChange(ids: string[]): void;
}

/** Some segments, files or messages. */
export function ThingsSelect({ noun, label, values, onChange }: ThingsSelectProps) {
  const { strings } = useWords();
  const chosen = values.map(String);
  const { options, text, setText } = useThings(noun, chosen);
  return (
    <MultiSelect
      aria-label={label}
      placeholder={chosen.length === 0 ? strings.segments.values.choose : ""}
      searchable
      searchValue={text}
      onSearchChange={setText}
      data={options}
      nothingFoundMessage={strings.segments.values.nothingFound}
      value={chosen}
      onChange={onChange}
    />
  );
}
