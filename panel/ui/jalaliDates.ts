import type { DateLib } from "react-day-picker";
import { dayOf, fromJalali, momentOf, toJalali } from "./jalali.ts";

/** Year, month (from 0) and day of the Jalali calendar. */
function partsOf(date: Date): [year: number, month: number, day: number] {
  const [year = 0, month = 1, day = 1] = toJalali(dayOf(date)).split("/").map(Number);
  return [year, month - 1, day];
}

/** The date of these; months before the first and after the last are of other years, and days end with the month. */
function dateOf(year: number, month: number, day: number): Date {
  const [realYear, realMonth] = [year + Math.floor(month / 12), ((month % 12) + 12) % 12];
  for (let last = day; last > 0; last--) {
    const found = fromJalali(`${realYear}/${realMonth + 1}/${last}`);
    if (found !== null) return momentOf(found);
  }
  throw new Error(`no Jalali month ${year}/${month + 1}`);
}

/** The last day of no month is later. */
const longest = 31;

const addMonths = (date: Date, count: number): Date => {
  const [year, month, day] = partsOf(date);
  return dateOf(year, month + count, day);
};

const monthsBetween = (later: Date, earlier: Date): number => {
  const [laterYear, laterMonth] = partsOf(later);
  const [year, month] = partsOf(earlier);
  return (laterYear - year) * 12 + laterMonth - month;
};

const startOfMonth = (date: Date): Date => {
  const [year, month] = partsOf(date);
  return dateOf(year, month, 1);
};

/** What a calendar asks of months and years, in the Jalali calendar. Days and weeks are the same in both. */
export const jalaliDates: Partial<DateLib> = {
  addMonths,
  addYears: (date, count) => addMonths(date, count * 12),
  differenceInCalendarMonths: monthsBetween,
  startOfMonth,
  endOfMonth: (date) => {
    const [year, month] = partsOf(date);
    return dateOf(year, month, longest);
  },
  startOfYear: (date) => dateOf(partsOf(date)[0], 0, 1),
  endOfYear: (date) => dateOf(partsOf(date)[0], 11, longest),
  eachMonthOfInterval: ({ start, end }) => {
    const first = startOfMonth(new Date(start));
    return Array.from({ length: monthsBetween(new Date(end), first) + 1 }, (_, index) =>
      addMonths(first, index),
    );
  },
  getMonth: (date) => partsOf(date)[1],
  getYear: (date) => partsOf(date)[0],
  setMonth: (date, month) => {
    const [year, , day] = partsOf(date);
    return dateOf(year, month, day);
  },
  setYear: (date, year) => {
    const [, month, day] = partsOf(date);
    return dateOf(year, month, day);
  },
  isSameMonth: (a, b) => monthsBetween(a, b) === 0,
  isSameYear: (a, b) => partsOf(a)[0] === partsOf(b)[0],
  newDate: dateOf,
};
