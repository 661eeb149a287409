import assert from "node:assert/strict";
import { test } from "node:test";
import { fromJalali, toJalali } from "./jalali.ts";

test("a Jalali day is read in Persian, Arabic and Latin digits", () => {
  for (const text of ["۱۴۰۵/۰۲/۱۲", "1405/2/12", "١٤٠٥-٠٢-١٢", " ۱۴۰۵.۲.۱۲ "])
    assert.equal(fromJalali(text), "2026-05-02", text);
});

test("a day that the calendar does not have is none", () => {
  // Esfand has 30 days only in a leap year: 1403 is one, 1404 is not.
  assert.equal(fromJalali("1403/12/30"), "2025-03-20");
  for (const text of ["1404/12/30", "1404/07/31", "1404/13/01", "2026/05/02", "14040101", ""])
    assert.equal(fromJalali(text), null, text);
});

test("every day of forty years comes back as it was", () => {
  for (let at = Date.UTC(2000, 0, 1); at < Date.UTC(2040, 0, 1); at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10);
    assert.equal(fromJalali(toJalali(day)), day);
  }
});
