import { ActionIcon, Loader, Popover, TextInput } from "@mantine/core";
import { IconCalendar } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { fromJalali, toJalali } from "./jalali.ts";
import { useLanguage, useWords } from "./language.tsx";

// Fetched with the first calendar that is opened.
const DayCalendar = lazy(async () => ({ default: (await import("./DayCalendar.tsx")).DayCalendar }));

interface DayFieldProps {
  label: string;
  /** The label is read out, not shown. */
  isLabelHidden?: boolean;
  /** `YYYY-MM-DD`; blank is none yet. */
  value: string;
  onChange(day: string): void;
  error?: string | undefined;
}

/** A day, to be typed or chosen from a calendar: Jalali in Persian. */
export function DayField(props: DayFieldProps) {
  const { language } = useLanguage();
  return language === "fa" ? <JalaliField {...props} /> : <GregorianField {...props} />;
}

const named = ({ label, isLabelHidden }: DayFieldProps) =>
  isLabelHidden ? { "aria-label": label } : { label };

/** The button in the field that opens the calendar. */
function CalendarButton({ label, value, onChange }: Pick<DayFieldProps, "label" | "value" | "onChange">) {
  const { strings } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={strings.common.chooseDay(label)}
          onClick={() => setOpen(!isOpen)}
        >
          <IconCalendar size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={strings.common.chooseDay(label)}>
        <Suspense fallback={<Loader size="sm" />}>
          <DayCalendar
            value={value}
            onChange={(day) => {
              onChange(day);
              setOpen(false);
            }}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}

function GregorianField(props: DayFieldProps) {
  const { value, onChange, error } = props;
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return (
    <TextInput
      type="date"
      // The browser's own button would open another calendar.
      attributes={{ input: { "data-own-calendar": "" } }}
      {...named(props)}
      value={text}
      error={error}
      rightSection={<CalendarButton {...props} />}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        // While a year is typed it is 0002, 0020, 0202.
        if (currentTarget.value >= "1900") onChange(currentTarget.value);
      }}
      onBlur={() => setText(value)}
    />
  );
}

/** A day that every reader of the placeholder knows the form from. */
const exampleDay = "2026-03-21";

function JalaliField(props: DayFieldProps) {
  const { value, onChange, error } = props;
  const { strings, format } = useWords();
  const write = (day: string) =>
    day === "" ? "" : toJalali(day).replace(/\d/g, (digit) => format.digits(Number(digit)));
  const shown = write(value);
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const day = fromJalali(text);
  return (
    <TextInput
      {...named(props)}
      value={text}
      error={day === null && text.trim() !== "" ? strings.common.dayWrong : error}
      placeholder={strings.common.dayExample(shown === "" ? write(exampleDay) : shown)}
      inputMode="numeric"
      attributes={{ input: { dir: "ltr", style: { textAlign: "end" } } }}
      rightSection={<CalendarButton {...props} />}
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
