import { TZDate } from "@date-fns/tz";
import { add, type Duration, sub } from "date-fns";
import { isDay, nextDay } from "../lib/dates.ts";

const units: Record<string, keyof Duration> = {
  m: "minutes",
  h: "hours",
  d: "days",
  w: "weeks",
  mo: "months",
  y: "years",
};

/**
 * A time relative to `now`: `6h` is six hours ago, `+6h` six hours from now. Units are m (minutes), h, d, w, mo and y; a
 * day is 24 hours, months and years are those of the calendar in `timeZone`. Null when the text is none, or too far away.
 */
export function readRelative(text: string, now: Date, timeZone: string): Date | null {
  const match = /^\s*([+-]?)\s*(\d{1,6})\s*(m|h|d|w|mo|y)\s*$/i.exec(text);
  const unit = units[match?.[3]?.toLowerCase() ?? ""];
  if (!match || !unit) return null;
  const move = match[1] === "+" ? add : sub;
  const isCalendar = unit === "months" || unit === "years";
  // Days of the wall clock would be an hour longer or shorter where clocks change.
  const from = isCalendar ? new TZDate(now.getTime(), timeZone) : new TZDate(now.getTime(), "UTC");
  const at = move(from, { [unit]: Number(match[2]) }).getTime();
  return at >= minimum && at <= maximum ? new Date(at) : null;
}

// What both JavaScript's and PostgreSQL's dates, and four digits of a year, can say.
const minimum = Date.UTC(1000, 0, 1);
const maximum = Date.UTC(9999, 11, 31);

export const isFuture = (relative: string): boolean => relative.trimStart().startsWith("+");

/** `YYYY-MM-DD` that is in the calendar, or undefined. */
export function readDay(text: string): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return match && isDay(Number(match[1]), Number(match[2]), Number(match[3])) ? text : undefined;
}

/** The first moment of a day in a time zone, and that of the day after it. */
export function boundsOfDay(day: string, timeZone: string): { from: string; to: string } {
  return { from: startOfDay(day, timeZone), to: startOfDay(nextDay(day), timeZone) };
}

function startOfDay(day: string, timeZone: string): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(new TZDate(year, month - 1, date, timeZone).getTime()).toISOString();
}

/** The day that a moment falls on in a time zone. */
export function dayOf(at: Date, timeZone: string): string {
  const local = new TZDate(at.getTime(), timeZone);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${String(local.getFullYear()).padStart(4, "0")}-${two(local.getMonth() + 1)}-${two(local.getDate())}`;
}
