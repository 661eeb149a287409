import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { useWords } from "../../ui/language.tsx";
import { readNumber } from "./values.ts";

interface NumberFieldProps {
  label: string;
  /** The label is shown above. */
  isLabelShown?: boolean;
  value: unknown;
  onChange(value: number | undefined): void;
  /** Says what is wrong with a number; undefined when nothing is. */
  check?(value: number): string | undefined;
}

/** A number, typed in the digits of whichever language. */
export function NumberField({ label, isLabelShown, value, onChange, check }: NumberFieldProps) {
  const { strings, format } = useWords();
  const texts = strings.segments.values;
  // The API takes numbers as texts, too.
  const stored = typeof value === "string" ? (readNumber(value) ?? undefined) : value;
  const shown = typeof stored === "number" ? format.plain(stored) : "";
  const [text, setText] = useState(shown);
  // Set from outside, by a click on a map; but not while "1." is on its way to 1.5.
  useEffect(() => {
    setText((typed) => ((readNumber(typed) ?? undefined) === stored ? typed : shown));
  }, [shown, stored]);
  const number = readNumber(text);
  const fault = number === null ? texts.numberWrong : check?.(number);
  return (
    <TextInput
      {...(isLabelShown ? { label } : { "aria-label": label })}
      inputMode="decimal"
      placeholder={texts.number}
      value={text}
      error={text.trim() === "" ? undefined : fault}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        const typed = readNumber(currentTarget.value);
        onChange(typed === null || check?.(typed) !== undefined ? undefined : typed);
      }}
    />
  );
}
