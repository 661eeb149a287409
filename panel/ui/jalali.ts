import { europeanDigits } from "../../server/lib/digits.ts";

const parts = new Intl.DateTimeFormat("en-US-u-ca-persian-nu-latn", {
  timeZone: "UTC",
  year: "numeric",
  month: "numeric",
  day: "numeric",
});
const dayMs = 86_400_000;

function jalaliOf(at: number): [year: number, month: number, day: number] {
  const found = new Map(parts.formatToParts(at).map(({ type, value }) => [type, Number.parseInt(value, 10)]));
  return [found.get("year") ?? 0, found.get("month") ?? 0, found.get("day") ?? 0];
}

/** A Gregorian day, `2026-05-02`, in the Jalali calendar: `1405/02/12`. */
export function toJalali(day: string): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const [year, month, date] = jalaliOf(Date.parse(day));
  return `${year}/${two(month)}/${two(date)}`;
}

/** The Gregorian day of a Jalali one, in Persian, Arabic or Latin digits, `۱۴۰۵/۲/۱۲`; null when there is no such day. */
export function fromJalali(text: string): string | null {
  const match = /^(1[0-9]{3})[/\-.](\d{1,2})[/\-.](\d{1,2})$/.exec(europeanDigits(text.trim()));
  if (!match) return null;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  // Six months of 31 days, then of 30; the year begins between 19 and 22 March.
  const sinceNewYear = month <= 7 ? (month - 1) * 31 : 186 + (month - 7) * 30;
  const guess = Date.UTC(year + 621, 2, 21) + (sinceNewYear + day - 1) * dayMs;
  for (const shift of [0, -1, 1, -2]) {
    const at = guess + shift * dayMs;
    const [foundYear, foundMonth, foundDay] = jalaliOf(at);
    if (foundYear === year && foundMonth === month && foundDay === day)
      return new Date(at).toISOString().slice(0, 10);
  }
  return null;
}

/** The day of a moment on this machine's clocks, `2026-05-02`. */
export function dayOf(date: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Midday of a day on this machine's clocks: some zones skip a midnight. */
export function momentOf(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date, 12);
}
