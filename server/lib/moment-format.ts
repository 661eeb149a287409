/** A calendar's parts of a moment, as Intl tells them. */
type Calendar = "gregory" | "persian";

// Longest first. `j` is the Jalali one, as moment-jalaali has it; what stands in brackets goes as it is.
const tokens = /\[([^\]]*)\]|j?(?:YYYY|YY|MMMM|MMM|MM|M|DD|D)|dddd|ddd|HH|H|hh|h|mm|m|ss|s|SSS|A|a|ZZ|Z|X|x/g;

const numbers = {
  ...{ year: "numeric", month: "numeric", day: "numeric" },
  ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
} as const satisfies Intl.DateTimeFormatOptions;

/**
 * A moment in the tokens of moment and moment-jalaali: `YYYY-MM-DD HH:mm`, `jD jMMMM jYYYY`. Names and digits are those of
 * the locale. What is no token goes as it is.
 */
export function formatMoment(
  at: Date,
  format: string,
  { timeZone, locale }: { timeZone: string; locale: string },
): string {
  // Several tokens are parts of one answer, and asking is what takes time.
  const told = new Map<string, Intl.DateTimeFormatPart[]>();
  const part = (
    calendar: Calendar,
    options: Omit<Intl.DateTimeFormatOptions, "calendar" | "timeZone">,
    type: Intl.DateTimeFormatPartTypes,
  ): string => {
    const name = JSON.stringify({ locale, calendar, timeZone, ...options });
    const parts = told.get(name) ?? formatterByName(name).formatToParts(at);
    told.set(name, parts);
    return parts.find((one) => one.type === type)?.value ?? "";
  };
  const text = format.replace(tokens, (token: string, literal: string | undefined) => {
    if (literal !== undefined) return literal;
    const calendar = token.startsWith("j") ? "persian" : "gregory";
    const number = (type: "year" | "month" | "day" | "hour" | "minute" | "second") =>
      Number(part(calendar, numbers, type));
    switch (token.replace(/^j/, "")) {
      case "YYYY":
        return padded(number("year"), 4);
      case "YY":
        return padded(number("year") % 100, 2);
      case "MMMM":
        return part(calendar, { month: "long" }, "month");
      case "MMM":
        return part(calendar, { month: "short" }, "month");
      case "MM":
        return padded(number("month"), 2);
      case "M":
        return `${number("month")}`;
      case "DD":
        return padded(number("day"), 2);
      case "D":
        return `${number("day")}`;
      case "dddd":
        return part(calendar, { weekday: "long" }, "weekday");
      case "ddd":
        return part(calendar, { weekday: "short" }, "weekday");
      case "HH":
        return padded(number("hour"), 2);
      case "H":
        return `${number("hour")}`;
      case "hh":
        return padded(number("hour") % 12 || 12, 2);
      case "h":
        return `${number("hour") % 12 || 12}`;
      case "mm":
        return padded(number("minute"), 2);
      case "m":
        return `${number("minute")}`;
      case "ss":
        return padded(number("second"), 2);
      case "s":
        return `${number("second")}`;
      case "SSS":
        return padded(at.getUTCMilliseconds(), 3);
      case "A":
        return part(calendar, { hour: "numeric", hour12: true }, "dayPeriod");
      case "a":
        return part(calendar, { hour: "numeric", hour12: true }, "dayPeriod").toLowerCase();
      case "Z":
        return offsetOf(part(calendar, { timeZoneName: "longOffset" }, "timeZoneName"));
      case "ZZ":
        return offsetOf(part(calendar, { timeZoneName: "longOffset" }, "timeZoneName")).replace(":", "");
      case "X":
        return `${Math.floor(at.getTime() / 1000)}`;
      default:
        return `${at.getTime()}`;
    }
  });
  return inDigitsOf(locale, text);
}

const padded = (number: number, length: number): string => String(number).padStart(length, "0");

/** `GMT+03:30`, or `GMT` alone. */
const offsetOf = (name: string): string => name.replace(/^GMT/, "").replace("\u2212", "-") || "+00:00";

/** A day in the words and the calendar of a locale: 21 March 2024, ۲ فروردین ۱۴۰۳. */
export const formatDay = (at: Date, { timeZone, locale }: { timeZone: string; locale: string }): string =>
  formatterByName(JSON.stringify({ locale, timeZone, dateStyle: "long" })).format(at);

/** A number as a locale groups it and writes its digits. Decimal numbers may be texts, which keep all of their digits. */
export const formatNumber = (number: number | string, locale: string): string =>
  numberFormatOf(locale).format(number as number);

const numberFormatOf = remembering(
  (locale: string) => new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }),
);

/** The text with the digits that a locale writes. */
export function inDigitsOf(locale: string, text: string): string {
  const digits = digitsOf(locale);
  return digits[0] === "0" ? text : text.replace(/\d/g, (digit) => digits[Number(digit)] ?? digit);
}

const digitsOf = remembering((locale: string): string[] => {
  const { format } = new Intl.NumberFormat(locale, { useGrouping: false });
  return Array.from({ length: 10 }, (_, digit) => format(digit));
});

type Formatter = Omit<Intl.DateTimeFormatOptions, "calendar"> & {
  locale: string;
  calendar?: Calendar;
  timeZone: string;
};

/** They take some fifty times as long to make as to use. */
const formatterByName = remembering((name: string) => {
  const { locale, calendar, ...options } = JSON.parse(name) as Formatter;
  const named = calendar ? new Intl.Locale(locale, { calendar, numberingSystem: "latn" }) : locale;
  return new Intl.DateTimeFormat(named, options);
});

const kept = 500;

/** A function that remembers its latest answers. */
function remembering<T>(make: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    if (known.size >= kept) known.clear();
    const made = make(name);
    known.set(name, made);
    return made;
  };
}
