import { Textarea } from "@mantine/core";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import type { MemberFieldsProps } from "./MemberField.tsx";

interface WordsFieldProps extends MemberFieldsProps {
  name: string;
  label: string;
  hint: string;
}

/** Words that people answer with, one a line. */
export function WordsField({ name, label, hint, form, onChange, faults }: WordsFieldProps) {
  const { strings } = useWords();
  return (
    <Textarea
      label={label}
      description={`${hint} ${strings.sms.account.wordsHint}`}
      inputWrapperOrder={belowInput}
      attributes={{ input: { dir: "auto" } }}
      autosize
      minRows={2}
      maxRows={8}
      value={form[name] ?? ""}
      onChange={({ currentTarget }) => onChange({ ...form, [name]: currentTarget.value })}
      error={faults[name]}
    />
  );
}
