import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { europeanDigits } from "../../server/lib/digits.ts";
import { useLanguage, useWords } from "./language.tsx";

interface TimeFieldProps {
  label: string;
  /** `22:00`; blank is none yet. */
  value: string;
  onChange(time: string): void;
  error?: string | undefined;
}

/** A time of day: the browser's own field, or in Persian one to type, since browsers write theirs in their own language. */
export function TimeField(props: TimeFieldProps) {
  const { language } = useLanguage();
  return language === "fa" ? <TypedField {...props} /> : <OwnField {...props} />;
}

function OwnField({ label, value, onChange, error }: TimeFieldProps) {
  return (
    <TextInput
      type="time"
      label={label}
      value={value}
      error={error}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

/** `9:30` as `09:30`; null when there is no such time. */
function readTime(text: string): string | null {
  const match = /^(\d{1,2})[:.](\d{2})$/.exec(europeanDigits(text.trim()));
  const [, hours = "", minutes = ""] = match ?? [];
  if (match === null || Number(hours) > 23 || Number(minutes) > 59) return null;
  return `${hours.padStart(2, "0")}:${minutes}`;
}

function TypedField({ label, value, onChange, error }: TimeFieldProps) {
  const { format } = useWords();
  const shown = value.replace(/\d/g, (digit) => format.digits(Number(digit)));
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  return (
    <TextInput
      label={label}
      value={text}
      error={error}
      inputMode="numeric"
      maxLength={5}
      attributes={{ input: { dir: "ltr", style: { textAlign: "end" } } }}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        const typed = readTime(currentTarget.value);
        // A shorter one is taken on leaving the field: ۱:۳۰ may be on its way from ۱۲:۳۰ to ۱۱:۳۰.
        if (typed !== null && currentTarget.value.trim().length === 5) onChange(typed);
      }}
      onBlur={() => onChange(readTime(text) ?? "")}
    />
  );
}
