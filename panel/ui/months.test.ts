import assert from "node:assert/strict";
import { test } from "node:test";
import { monthGrid } from "./months.ts";

test("a Gregorian month stands in weeks from Monday", () => {
  const { first, last, weeks } = monthGrid("2026-11-23", "en");
  assert.deepEqual([first, last, weeks.length], ["2026-11-01", "2026-11-30", 6]);
  assert.deepEqual([weeks[0]?.[0], weeks[5]?.[6]], ["2026-10-26", "2026-12-06"]);
});

test("a Jalali month stands in weeks from Saturday", () => {
  // Azar 1405 begins on Sunday, 22 November, and has 30 days.
  const { first, last, weeks } = monthGrid("2026-11-23", "fa");
  assert.deepEqual([first, last], ["2026-11-22", "2026-12-21"]);
  assert.deepEqual(weeks[0]?.slice(0, 2), ["2026-11-21", "2026-11-22"]);
});

test("the last Jalali month of a leap year has 30 days", () => {
  assert.equal(monthGrid("2025-03-01", "fa").last, "2025-03-20");
  assert.equal(monthGrid("2026-03-01", "fa").last, "2026-03-20");
});
