import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { fromJalali, toJalali } from "../../ui/jalali.ts";
import { useLanguage, useWords } from "../../ui/language.tsx";

interface DayFieldProps {
  label: string;
  /** `YYYY-MM-DD` */
  value: string;
  onChange(day: string): void;
  error?: string | undefined;
}

/** A day: the browser's own field, or in Persian a Jalali date to type, which browsers have no field for. */
export function DayField(props: DayFieldProps) {
  const { language } = useLanguage();
  return language === "fa" ? <JalaliField {...props} /> : <GregorianField {...props} />;
}

function GregorianField({ label, value, onChange, error }: DayFieldProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return (
    <TextInput
      type="date"
      label={label}
      value={text}
      error={error}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        // While a year is typed it is 0002, 0020, 0202.
        if (currentTarget.value >= "2000") onChange(currentTarget.value);
      }}
      onBlur={() => setText(value)}
    />
  );
}

function JalaliField({ label, value, onChange, error }: DayFieldProps) {
  const { strings, format } = useWords();
  const texts = strings.behaviours;
  const write = (day: string) => toJalali(day).replace(/\d/g, (digit) => format.digits(Number(digit)));
  const shown = write(value);
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const day = fromJalali(text);
  return (
    <TextInput
      label={label}
      value={text}
      error={day === null ? texts.dayWrong : error}
      placeholder={texts.dayExample(shown)}
      inputMode="numeric"
      attributes={{ input: { dir: "ltr", style: { textAlign: "end" } } }}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        // Only whole dates are taken at once: ۱۴۰۵/۲/۱ may be on its way to ۱۴۰۵/۲/۱۲.
        const typed = fromJalali(currentTarget.value);
        if (typed !== null && currentTarget.value.trim().length === 10) onChange(typed);
      }}
      onBlur={() => (day === null ? setText(shown) : onChange(day))}
      onKeyDown={({ key }) => key === "Enter" && day !== null && onChange(day)}
    />
  );
}
