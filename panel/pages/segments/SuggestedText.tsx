import { Autocomplete, TextInput } from "@mantine/core";
import { europeanDigits } from "../../../server/lib/digits.ts";
import type { SegmentField } from "../../../server/segments/schema.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./RuleEditor.module.css";
import { useSuggestions } from "./useSuggestions.ts";
import type { Base } from "./values.ts";

interface SuggestedTextProps {
  base: Base;
  label: string;
  field: SegmentField;
  operator: string;
  value: string;
  onChange(value: string | undefined): void;
}

/** Any text, with what there is of it to choose from. */
export function SuggestedText({ base, label, field, operator, value, onChange }: SuggestedTextProps) {
  const { strings } = useWords();
  const texts = strings.segments.values;
  const isPattern = operator === "matches" || operator === "not_matches";
  const suggestions = useSuggestions(base, field.name);
  const input = {
    "aria-label": label,
    placeholder: isPattern ? texts.pattern : field.type === "version" ? texts.version : texts.text,
    classNames: { input: styles.input ?? "" },
    value,
  };
  const put = (text: string) =>
    onChange((field.type === "version" ? europeanDigits(text) : text) || undefined);
  if (suggestions.length === 0 || isPattern)
    return <TextInput {...input} onChange={({ currentTarget }) => put(currentTarget.value)} />;
  return <Autocomplete {...input} data={suggestions} limit={100} onChange={put} />;
}
