import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isClock, momentOf, wallTimeAt } from "./wall-time.ts";

test("the same clock strikes at other moments in other zones, and in summer", () => {
  const at = (day: string, zone: string) => momentOf({ day, time: "10:00" }, zone).toISOString();
  assert.equal(at("2026-03-28", "Asia/Tokyo"), "2026-03-28T01:00:00.000Z");
  assert.equal(at("2026-03-28", "Asia/Tehran"), "2026-03-28T06:30:00.000Z");
  assert.equal(at("2026-03-28", "+03:30"), "2026-03-28T06:30:00.000Z");
  assert.equal(at("2026-03-28", "-05:00"), "2026-03-28T15:00:00.000Z");
  assert.equal(at("2026-03-28", "Europe/Berlin"), "2026-03-28T09:00:00.000Z");
  assert.equal(at("2026-03-29", "Europe/Berlin"), "2026-03-29T08:00:00.000Z");
});

test("an hour that clocks skip is the one after it, and of two that are alike the first counts", () => {
  const at = (day: string, time: string) => momentOf({ day, time }, "Europe/Berlin").toISOString();
  assert.equal(at("2026-03-29", "02:30"), "2026-03-29T01:30:00.000Z");
  assert.equal(at("2026-10-25", "02:30"), "2026-10-25T00:30:00.000Z");
});

test("what a clock shows at the moment it is to show something is that", () => {
  const zone = fc.constantFrom(
    "Asia/Tehran",
    "Asia/Kathmandu",
    "America/St_Johns",
    "+03:30",
    "-09:30",
    "UTC",
  );
  const minutes = fc.integer({ min: 0, max: 40 * 366 * 1440 });
  fc.assert(
    fc.property(zone, minutes, (name, minute) => {
      const at = new Date(minute * 60_000 + Date.UTC(2000, 0, 1));
      const shown = wallTimeAt(at, name);
      const again = wallTimeAt(momentOf(shown, name), name);
      assert.deepEqual(again, shown);
    }),
  );
});

test("a clock is a zone that there is, or an offset that any place has", () => {
  for (const zone of ["Asia/Tehran", "UTC", "+03:30", "-09:30"]) assert.equal(isClock(zone), true, zone);
  for (const zone of ["", "+99:99", "+3:30", "Mars/Olympus", "+19:00"])
    assert.equal(isClock(zone), false, zone);
});
