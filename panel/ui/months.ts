import { nextDay } from "./days.ts";
import type { Language } from "./format.ts";
import { toJalali } from "./jalali.ts";

/** A month on a wall: whole weeks, with days of its neighbours at both ends. */
export interface MonthGrid {
  /** Its first day, Gregorian. */
  first: string;
  /** Its last day. */
  last: string;
  /** Gregorian days, seven a week. */
  weeks: string[][];
}

/** `2026-05` of a day, in the calendar of the language. */
const monthOf = (day: string, language: Language) =>
  (language === "fa" ? toJalali(day) : day.replaceAll("-", "/")).slice(0, 7);

/** The number of a day in its month. */
const numberOf = (day: string, language: Language) =>
  Number((language === "fa" ? toJalali(day) : day).slice(8));

/** 0 for the first day of a week: Saturday in Persian, else Monday. */
function placeInWeek(day: string, language: Language): number {
  const sinceSunday = new Date(day).getUTCDay();
  return (sinceSunday + (language === "fa" ? 1 : 6)) % 7;
}

/** The month that a day is in: Jalali in Persian, else Gregorian. */
export function monthGrid(day: string, language: Language): MonthGrid {
  const first = nextDay(day, 1 - numberOf(day, language));
  let last = nextDay(first, 27);
  while (monthOf(nextDay(last), language) === monthOf(first, language)) last = nextDay(last);
  const weeks: string[][] = [];
  let at = nextDay(first, -placeInWeek(first, language));
  while (at <= last) {
    const start = at;
    weeks.push(Array.from({ length: 7 }, (_, index) => nextDay(start, index)));
    at = nextDay(at, 7);
  }
  return { first, last, weeks };
}
