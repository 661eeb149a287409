import assert from "node:assert/strict";
import { test } from "node:test";
import { createFormat, percentOf } from "./format.ts";

const en = createFormat("en", "Asia/Tehran");
const fa = createFormat("fa", "Asia/Tehran");

test("numbers have the digits of the language", () => {
  assert.equal(en.number(992457), "992,457");
  assert.equal(fa.number(992457), "۹۹۲٬۴۵۷");
});

test("times are written in the app's zone, Jalali in Persian", () => {
  // Nowruz 1403 began on 20 March 2024; 21:00 UTC is half past midnight of the next day in Tehran.
  assert.equal(en.dateTime("2024-03-20T21:00:00Z"), "21 Mar 2024, 00:30");
  assert.equal(fa.dateTime("2024-03-20T21:00:00Z"), "۲ فروردین ۱۴۰۳، ۰۰:۳۰");
  assert.equal(fa.date("2024-03-19T12:00:00Z"), "۲۹ اسفند ۱۴۰۲");
  assert.equal(en.day("2024-03-20T21:00:00Z"), "Thursday 21 March 2024");
  assert.equal(fa.day("2024-03-20T21:00:00Z"), "پنجشنبه ۲ فروردین ۱۴۰۳");
});

test("axes have short days, clocks and large numbers of the language", () => {
  const newYear = "2025-12-31T21:00:00Z";
  assert.deepEqual(
    [en.shortDate(newYear), en.clock(newYear), en.month(newYear)],
    ["1 Jan", "00:30", "Jan 2026"],
  );
  // A Gregorian month is none of the Jalali calendar, so its first day stands for it.
  assert.deepEqual(
    [fa.shortDate(newYear), fa.clock(newYear), fa.month(newYear)],
    ["۱۱ دی", "۰۰:۳۰", "۱۱ دی ۱۴۰۴"],
  );
  assert.deepEqual([en.compact(12_400), en.decimal(2016699.0459)], ["12.4K", "2,016,699.05"]);
  assert.deepEqual([fa.compact(12_400), fa.decimal(1234.5)], ["۱۲٫۴\u00a0هزار", "۱٬۲۳۴٫۵"]);
});

test("an unknown time zone falls back to the browser's", () => {
  assert.doesNotThrow(() => createFormat("en", "Mars/Olympus").dateTime("2024-03-20T21:00:00Z"));
});

test("a percentage is all only when it is all, and nothing only when it is nothing", () => {
  const cases: [number, number, number][] = [
    [0, 0, 0],
    [0, 10, 0],
    [10, 10, 100],
    [999_999, 1_000_000, 99.9],
    [220, 992_457, 0.02],
    [1, 3, 33.3],
  ];
  for (const [share, whole, expected] of cases) assert.equal(percentOf(share, whole), expected);
  assert.equal(en.percent(220, 992_457), "0.02%");
  assert.equal(en.percent(1, 3), "33.3%");
});

test("sizes are in the largest unit that leaves at least one", () => {
  assert.equal(en.bytes(999), "999 bytes");
  assert.equal(en.bytes(96_400_000), "96.4 MB");
  assert.equal(en.bytes(120_000_000), "120 MB");
  assert.equal(fa.bytes(96_400_000), "۹۶٫۴ مگابایت");
});

test("durations have two units at most", () => {
  assert.equal(en.duration(0), "0s");
  assert.equal(en.duration(90), "1m 30s");
  assert.equal(en.duration(3600), "1h");
  assert.equal(en.duration(3600 * 26 + 59), "1d 2h");
  assert.equal(fa.duration(52), "۵۲ ثانیه");
});

test("a clock ahead of the server's writes no future", () => {
  const now = Date.parse("2024-03-20T12:00:00Z");
  assert.equal(en.ago("2024-03-20T12:00:05Z", now), "now");
  assert.equal(en.ago("2024-03-20T11:57:00Z", now), "3 minutes ago");
  assert.equal(fa.ago("2024-03-19T12:00:00Z", now), "دیروز");
});
