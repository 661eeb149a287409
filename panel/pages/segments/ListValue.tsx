import { TagsInput } from "@mantine/core";
import { europeanDigits } from "../../../server/lib/digits.ts";
import { useWords } from "../../ui/language.tsx";
import { ChoicesSelect } from "./ChoicesSelect.tsx";
import { DayList } from "./DayList.tsx";
import { ThingsSelect } from "./ThingsSelect.tsx";
import { useSuggestions } from "./useSuggestions.ts";
import type { BaseProps } from "./valueProps.ts";
import { type Base, readData, readNumber, writeData } from "./values.ts";

/** Several values of one kind. */
export function ListValue(props: Omit<BaseProps, "label">) {
  const { strings } = useWords();
  const label = strings.segments.rule.value;
  const { base, field, value, onChange } = props;
  const values: unknown[] = Array.isArray(value) ? value : [];
  switch (base) {
    case "choice":
    case "country":
      return <ChoicesSelect label={label} field={field} values={values} onChange={onChange} />;
    case "segment":
    case "import":
    case "message":
      return <ThingsSelect noun={base} label={label} values={values} onChange={onChange} />;
    case "day":
      return <DayList label={label} days={values.map(String)} onChange={onChange} />;
    default:
      return <TextList {...props} label={label} />;
  }
}

/** The value that a text of the list stands for; undefined for what cannot be one. */
function readItem(text: string, base: Base, type: string): unknown {
  if (base === "number") return readNumber(text) ?? undefined;
  if (base === "data") return readData(text);
  return type === "version" ? europeanDigits(text) : text;
}

function TextList({ base, field, label, value, onChange }: BaseProps) {
  const { strings, format } = useWords();
  const suggestions = useSuggestions(base, field.name);
  const write = (item: unknown) =>
    base === "data"
      ? writeData(item, format.plain)
      : typeof item === "number"
        ? format.plain(item)
        : String(item);
  const shown = Array.isArray(value) ? value.map(write) : [];
  return (
    <TagsInput
      aria-label={label}
      placeholder={shown.length === 0 ? strings.segments.values.textsHint : ""}
      data={suggestions}
      limit={100}
      acceptValueOnBlur
      value={shown}
      onChange={(texts) => {
        const items = texts.map((text) => readItem(text, base, field.type));
        onChange(items.filter((item) => item !== undefined));
      }}
    />
  );
}
