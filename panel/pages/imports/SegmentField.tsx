import { Autocomplete } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { nameKey } from "../../../server/lib/names.ts";
import { useSegments, useSegmentUsers } from "../../api/segments.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";

interface SegmentFieldProps {
  value: string;
  onChange(name: string): void;
  error?: string | undefined;
}

/** Name of a segment for the rows: a new one, or one that is there and gets them besides. */
export function SegmentField({ value, onChange, error }: SegmentFieldProps) {
  const { strings, format } = useWords();
  const texts = strings.imports.form;
  const [search] = useDebouncedValue(value, 250);
  const found = useSegments(search).data?.data ?? [];
  // As the server compares names: what looks alike but is written with other letters is another segment.
  const same = found.find(({ name }) => nameKey(name) === nameKey(value));
  const users = useSegmentUsers(same?.id).data;
  const hint =
    value.trim() === ""
      ? texts.segmentHint
      : same === undefined
        ? texts.segmentNew
        : users === undefined
          ? texts.segmentAdds
          : texts.segmentAddsTo(users, format.number(users));
  return (
    <Autocomplete
      label={texts.segment}
      description={<span aria-live="polite">{hint}</span>}
      inputWrapperOrder={belowInput}
      placeholder={texts.segmentPlaceholder}
      attributes={{ input: { dir: "auto" } }}
      size="sm"
      maxLength={128}
      data={[...new Set(found.map(({ name }) => name))]}
      // The server has searched.
      filter={({ options }) => options}
      value={value}
      onChange={onChange}
      error={error}
    />
  );
}
