import assert from "node:assert/strict";
import { test } from "node:test";
import { dayOf, momentOf, toJalali } from "./jalali.ts";
import { jalaliDates } from "./jalaliDates.ts";

const { addMonths, addYears, startOfMonth, endOfMonth, differenceInCalendarMonths, newDate } =
  jalaliDates as Required<typeof jalaliDates>;
const jalali = (date: Date) => toJalali(dayOf(date));

test("months of the Jalali calendar begin, end and follow one another", () => {
  const day = momentOf("2026-05-02"); // 1405/02/12
  assert.equal(jalali(startOfMonth(day)), "1405/02/01");
  assert.equal(jalali(endOfMonth(day)), "1405/02/31");
  assert.equal(jalali(addMonths(day, 11)), "1406/01/12");
  assert.equal(jalali(addMonths(day, -2)), "1404/12/12");
  // The last day of a month of 31 has none in the month of 30, and in the last one of a common year.
  assert.equal(jalali(addMonths(newDate(1405, 5, 31), 1)), "1405/07/30");
  assert.equal(jalali(addMonths(newDate(1405, 5, 31), 6)), "1405/12/29");
  // 1403 is a leap year.
  assert.equal(jalali(endOfMonth(newDate(1403, 11, 1))), "1403/12/30");
  assert.equal(jalali(addYears(newDate(1403, 11, 30), 1)), "1404/12/29");
  assert.equal(differenceInCalendarMonths(newDate(1406, 0, 1), newDate(1405, 11, 29)), 1);
});
