import "react-day-picker/style.css";
import { useDirection } from "@mantine/core";
import { DayPicker } from "react-day-picker";
import { enGB } from "react-day-picker/locale/en-GB";
import { faIR } from "react-day-picker/locale/fa-IR";
import styles from "./DayCalendar.module.css";
import { dayOf, momentOf } from "./jalali.ts";
import { jalaliDates } from "./jalaliDates.ts";
import { useLanguage, useWords } from "./language.tsx";

interface DayCalendarProps {
  /** `YYYY-MM-DD`; blank is none. */
  value: string;
  onChange(day: string): void;
}

/** The days of a month to choose one from: Jalali in Persian. */
export function DayCalendar({ value, onChange }: DayCalendarProps) {
  const { language } = useLanguage();
  const { format } = useWords();
  const { dir } = useDirection();
  const selected = value === "" ? undefined : momentOf(value);
  return (
    <DayPicker
      mode="single"
      autoFocus
      showOutsideDays
      fixedWeeks
      className={styles.calendar ?? ""}
      dir={dir}
      locale={language === "fa" ? faIR : enGB}
      {...(language === "fa" ? { dateLib: jalaliDates, numerals: "arabext" as const } : {})}
      {...(selected ? { selected, defaultMonth: selected } : {})}
      formatters={{
        formatCaption: (month) => format.monthName(dayOf(month)),
        formatDay: (date) => format.dayOfMonth(dayOf(date)),
      }}
      labels={{
        labelDayButton: (date) => `${format.weekday(dayOf(date))} ${format.calendarDay(dayOf(date))}`,
        labelGrid: (month) => format.monthName(dayOf(month)),
      }}
      onSelect={(date) => date !== undefined && onChange(dayOf(date))}
    />
  );
}
