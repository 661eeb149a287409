import assert from "node:assert/strict";
import { test } from "node:test";
import { asDays, boundsOf, daysIn, fitInterval, intervalsFor } from "./range.ts";

/** Twenty to two in the night of 11 June in Tehran, and still 10 June in Greenwich. */
const now = Date.parse("2026-06-10T22:10:30.500Z");

test("a span of days begins with a day of the app's time zone", () => {
  assert.deepEqual(boundsOf("7d", now, "Asia/Tehran"), { from: "2026-06-05" });
  assert.deepEqual(boundsOf("7d", now, "UTC"), { from: "2026-06-04" });
});

test("the last 24 hours are 24 hours of the app's clock", () => {
  assert.deepEqual(boundsOf("24h", now, "Asia/Tehran"), { from: "2026-06-09T22:30:00.000Z" });
  assert.deepEqual(boundsOf("24h", now, "UTC"), { from: "2026-06-09T23:00:00.000Z" });
});

test("days of one's own are taken as they are, the last one included", () => {
  const own = { from: "2026-05-01", to: "2026-05-31" };
  assert.deepEqual(boundsOf(own, now, "Asia/Tehran"), own);
  assert.equal(daysIn(own), 31);
});

test("a span becomes days to go on from", () => {
  assert.deepEqual(asDays("30d", now, "Asia/Tehran"), { from: "2026-05-13", to: "2026-06-11" });
});

test("only intervals that the server takes are offered", () => {
  const all = ["hour", "day", "week", "month"] as const;
  assert.deepEqual(intervalsFor("30d", all, 1000), ["hour", "day", "week", "month"]);
  assert.deepEqual(intervalsFor("90d", all, 1000), ["day", "week", "month"]);
  assert.equal(fitInterval("hour", intervalsFor("365d", all, 1000), "month"), "day");
  assert.equal(fitInterval("week", intervalsFor("365d", all, 1000), "month"), "week");
});
