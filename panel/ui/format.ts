/** Languages of the panel. */
export type Language = "en" | "fa";

/** Writes numbers and times for people, in one language and one time zone. */
export interface Format {
  number(value: number): string;
  /** With two digits behind the point at most, as averages of money are read. */
  decimal(value: number): string;
  /** Rounded to what fits beside an axis: 12K, ۱۲ هزار. */
  compact(value: number): string;
  /** A whole number without marks between its digits, as it is typed. */
  digits(value: number): string;
  /** A number with all its digits and no marks between them, as it is typed. */
  plain(value: number): string;
  /** `share` of `whole` as a percentage; 100 % only when it is all, 0 % only when it is nothing. */
  percent(share: number, whole: number): string;
  bytes(value: number): string;
  /** Coarse length of time: two units at most. */
  duration(seconds: number): string;
  dateTime(iso: string): string;
  date(iso: string): string;
  /** A day without its year. */
  shortDate(iso: string): string;
  /** Time of day. */
  clock(iso: string): string;
  /** The Gregorian month that begins then: its name, or in Persian its first day, since it is no month of that calendar. */
  month(iso: string): string;
  /** The date with the day of the week. */
  day(iso: string): string;
  /** A day of the calendar, `2026-05-02`, whatever the time zone. */
  calendarDay(day: string): string;
  /** The month and year of a day of the calendar: Jalali in Persian. */
  monthName(day: string): string;
  /** Its number in that month. */
  dayOfMonth(day: string): string;
  /** A time of day, `22:00`. */
  timeOfDay(time: string): string;
  /** Its name in the week. */
  weekday(day: string): string;
  /** A length of time in one unit: 3 days, ۳ روز. */
  span(amount: number, unit: "minute" | "hour" | "day" | "week" | "month" | "year"): string;
  /** How long ago, seen from `now` (ms since 1970). */
  ago(iso: string, now: number): string;
  list(items: readonly string[], kind: "conjunction" | "disjunction"): string;
  /** Name of a country by its ISO 3166 code; what is no such code is written as it is. */
  country(code: string): string;
  /** Name of a language by its BCP 47 tag; what is no such tag is written as it is. */
  language(tag: string): string;
  /** The order of the language's dictionaries. */
  compare(a: string, b: string): number;
}

const byteUnits = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
const spans = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** The largest unit that leaves at least 1 of `value`, and the value in it. 1 kB is 1000 bytes. */
function scaleBytes(value: number): { amount: number; unit: (typeof byteUnits)[number] } {
  let amount = value;
  let step = 0;
  while (amount >= 1000 && step < byteUnits.length - 1) {
    amount /= 1000;
    step += 1;
  }
  return { amount, unit: byteUnits[step] ?? "byte" };
}

/** Percent of `share` in `whole` with as many digits as are honest: never 100 below all, never 0 above nothing. */
export function percentOf(share: number, whole: number): number {
  if (whole <= 0) return 0;
  if (share >= whole) return 100;
  const percent = (share / whole) * 100;
  if (percent > 99.9) return 99.9;
  return percent < 0.1 ? Number(percent.toPrecision(1)) : Math.round(percent * 10) / 10;
}

/** `timeZone` is an IANA name; an unknown one falls back to the browser's. */
export function createFormat(language: Language, timeZone: string | undefined): Format {
  const locale = language === "fa" ? "fa-IR" : "en-GB";
  // In Persian the calendar is the Jalali one; Intl brings its digits and month names.
  const calendar = language === "fa" ? "fa-IR-u-ca-persian" : "en-GB";
  const zone = timeZone !== undefined && isTimeZone(timeZone) ? { timeZone } : {};
  const numbers = new Intl.NumberFormat(locale);
  const bareNumbers = new Intl.NumberFormat(locale, { useGrouping: false });
  const decimals = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const plains = new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 20 });
  const compacts = new Intl.NumberFormat(language === "fa" ? locale : "en-US", {
    // British English writes millions as m, which is read as thousands by many.
    notation: "compact",
    maximumFractionDigits: 1,
  });
  // By itself a Persian number would have the sign on its right, in a sentence on its left, where it belongs.
  const percentMark = language === "fa" ? "\u061c" : "";
  const percents = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 6 });
  const day = { day: "numeric", month: "short", year: "numeric" } as const;
  const dates = new Intl.DateTimeFormat(calendar, { ...day, ...zone });
  const dateTimes = new Intl.DateTimeFormat(calendar, {
    ...day,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...zone,
  });
  const calendarDays = new Intl.DateTimeFormat(calendar, { ...day, timeZone: "UTC" });
  const inUtc = { timeZone: "UTC" } as const;
  const timesOfDay = new Intl.DateTimeFormat(calendar, {
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...inUtc },
  });
  const monthNames = new Intl.DateTimeFormat(calendar, { month: "long", ...inUtc });
  const years = new Intl.DateTimeFormat(calendar, { year: "numeric", ...inUtc });
  const daysOfMonth = new Intl.DateTimeFormat(calendar, { day: "numeric", ...inUtc });
  const daysOfWeek = new Intl.DateTimeFormat(calendar, { weekday: "long", ...inUtc });
  const weekdays = new Intl.DateTimeFormat(calendar, { weekday: "long", ...zone });
  const longDates = new Intl.DateTimeFormat(calendar, { ...day, month: "long", ...zone });
  const shortDates = new Intl.DateTimeFormat(calendar, { day: "numeric", month: "short", ...zone });
  const clocks = new Intl.DateTimeFormat(calendar, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...zone,
  });
  const months =
    language === "fa" ? dates : new Intl.DateTimeFormat(locale, { month: "short", year: "numeric", ...zone });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  // "1m 30s" reads well; Persian has no such short forms that people know.
  const spanDisplay = language === "en" ? "narrow" : "short";
  const byteDisplay = language === "en" ? "short" : "long";
  const inUnit = (unit: string, value: number, digits: number, unitDisplay: "short" | "narrow" | "long") =>
    new Intl.NumberFormat(locale, {
      style: "unit",
      unit,
      unitDisplay,
      maximumFractionDigits: digits,
    }).format(value);

  const countries = new Intl.DisplayNames(locale, { type: "region" });
  const languages = new Intl.DisplayNames(locale, { type: "language" });

  return {
    number: (value) => numbers.format(value),
    decimal: (value) => decimals.format(value),
    compact: (value) => compacts.format(value),
    digits: (value) => bareNumbers.format(value),
    plain: (value) => plains.format(value),
    percent: (share, whole) => percentMark + percents.format(percentOf(share, whole) / 100),
    bytes(value) {
      const { amount, unit } = scaleBytes(value);
      return inUnit(
        unit,
        amount,
        amount < 100 && unit !== "byte" ? 1 : 0,
        unit === "byte" ? "long" : byteDisplay,
      );
    },
    duration(seconds) {
      let rest = Math.max(0, Math.round(seconds));
      const parts: string[] = [];
      for (const [unit, size] of spans) {
        const amount = Math.floor(rest / size);
        rest -= amount * size;
        if (amount > 0) parts.push(inUnit(unit, amount, 0, spanDisplay));
        if (parts.length === 2 || (parts.length === 1 && amount === 0)) break;
      }
      return parts.length === 0 ? inUnit("second", 0, 0, spanDisplay) : parts.join(" ");
    },
    dateTime: (iso) => dateTimes.format(new Date(iso)),
    date: (iso) => dates.format(new Date(iso)),
    shortDate: (iso) => shortDates.format(new Date(iso)),
    clock: (iso) => clocks.format(new Date(iso)),
    month: (iso) => months.format(new Date(iso)),
    // In parts: with a day of the week, Intl writes a Jalali date from the year on.
    day: (iso) => `${weekdays.format(new Date(iso))} ${longDates.format(new Date(iso))}`,
    calendarDay: (written) => calendarDays.format(new Date(written)),
    // In parts: Intl writes a Jalali month after its year.
    monthName: (written) =>
      `${monthNames.format(new Date(written))} ${yearIn(years.formatToParts(new Date(written)))}`,
    dayOfMonth: (written) => daysOfMonth.format(new Date(written)),
    timeOfDay: (time) => timesOfDay.format(new Date(`1970-01-01T${time}Z`)),
    weekday: (written) => daysOfWeek.format(new Date(written)),
    span: (amount, unit) => inUnit(unit, amount, 1, "long"),
    ago(iso, now) {
      const seconds = Math.round((Date.parse(iso) - now) / 1000);
      for (const [unit, size] of spans) {
        if (Math.abs(seconds) >= size || unit === "second") {
          // A clock a little ahead of the server's must not write "in 2 seconds".
          return relative.format(Math.min(0, Math.trunc(seconds / size)), unit);
        }
      }
      return relative.format(0, "second");
    },
    list: (items, kind) => new Intl.ListFormat(locale, { type: kind }).format(items),
    country: (code) => nameIn(countries, code),
    language: (tag) => nameIn(languages, tag),
    compare: new Intl.Collator(locale).compare,
  };
}

/** The number alone, without the name of the era. */
const yearIn = (parts: Intl.DateTimeFormatPart[]): string =>
  parts.find(({ type }) => type === "year")?.value ?? "";

function nameIn(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code; // RangeError: not even the shape of a code; files bring anything
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false; // RangeError: this browser does not know the zone
  }
}
