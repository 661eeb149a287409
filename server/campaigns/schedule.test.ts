import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { momentOf, wallTimeAt } from "../lib/wall-time.ts";
import { Schedule, weekdays } from "./plan-schema.ts";
import { firstRun, nextRun, runsBetween, runsOf, wallTimeOfRun } from "./schedule.ts";

const appZone = "Asia/Tehran";

function first(given: unknown, count: number): string[] {
  const schedule = Schedule.parse(given);
  const found: string[] = [];
  for (const { at } of runsOf(schedule, appZone)) {
    found.push(at.toISOString());
    if (found.length === count) break;
  }
  return found;
}

const weekly = {
  ...{ kind: "recurring", every: "week", time: "09:00", timeZone: "Europe/Berlin", from: "2026-03-25" },
  weekdays: ["sunday", "wednesday"],
};

test("a week's days come in their order, at the same time of day before and after clocks change", () => {
  assert.deepEqual(first(weekly, 4), [
    "2026-03-25T08:00:00.000Z",
    "2026-03-29T07:00:00.000Z",
    "2026-04-01T07:00:00.000Z",
    "2026-04-05T07:00:00.000Z",
  ]);
  assert.deepEqual(first({ ...weekly, interval: 2 }, 3), [
    "2026-03-25T08:00:00.000Z",
    "2026-03-29T07:00:00.000Z",
    "2026-04-08T07:00:00.000Z",
  ]);
});

test("the 31st of a month is the last day of shorter ones", () => {
  const monthly = { kind: "recurring", every: "month", monthDay: 31, time: "12:00", timeZone: "UTC" };
  assert.deepEqual(first({ ...monthly, from: "2026-01-10" }, 3), [
    "2026-01-31T12:00:00.000Z",
    "2026-02-28T12:00:00.000Z",
    "2026-03-31T12:00:00.000Z",
  ]);
});

test("a campaign ends with its last day, or after so many runs", () => {
  const daily = { kind: "recurring", every: "day", time: "10:00", from: "2026-12-01" };
  assert.equal(first({ ...daily, until: "2026-12-03" }, 9).length, 3);
  const schedule = Schedule.parse({ ...daily, runs: 2 });
  const after = new Date("2026-12-01T12:00Z");
  assert.notEqual(nextRun(schedule, { appZone, after, done: 1 }), null);
  assert.equal(nextRun(schedule, { appZone, after, done: 2 }), null);
  const span = { from: new Date("2026-11-01"), to: new Date("2027-01-01") };
  assert.equal(runsBetween(schedule, { appZone, ...span, done: 0, most: 100 }).length, 2);
  // Of those that were planned, some are over before the span that is looked at.
  const begin = runsOf(schedule, appZone).next().value?.at;
  assert.ok(begin);
  const later = { from: new Date("2026-12-02"), to: new Date("2027-01-01"), next: begin };
  assert.equal(runsBetween(schedule, { appZone, ...later, done: 0, most: 100 }).length, 1);
});

test("users' own time starts with the first clock on earth and is over with the last", () => {
  const schedule = Schedule.parse({ kind: "at", day: "2026-12-01", time: "10:00", timeZone: "user" });
  const [run] = [...runsOf(schedule, appZone)];
  assert.equal(run?.at.toISOString(), "2026-11-30T20:00:00.000Z");
  assert.deepEqual(wallTimeOfRun(schedule, appZone, run?.at ?? new Date(0)), {
    ...{ day: "2026-12-01", time: "10:00" },
  });
  assert.notEqual(firstRun(schedule, { appZone, now: new Date("2026-12-01T21:00Z") }), null);
  assert.equal(firstRun(schedule, { appZone, now: new Date("2026-12-01T22:00Z") }), null);
});

test("whatever the rule, runs come one after another, at the time of day that it names", () => {
  const rule = fc.record({
    every: fc.constantFrom("day", "week", "month"),
    interval: fc.integer({ min: 1, max: 20 }),
    weekdays: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
    monthDay: fc.integer({ min: 1, max: 31 }),
    hour: fc.integer({ min: 4, max: 23 }),
    timeZone: fc.constantFrom("Asia/Tehran", "America/New_York", "Australia/Lord_Howe", "UTC"),
    day: fc.integer({ min: 0, max: 4000 }),
  });
  fc.assert(
    fc.property(rule, ({ hour, day, ...rest }) => {
      const time = `${String(hour).padStart(2, "0")}:30`;
      const from = new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10);
      const schedule = Schedule.parse({ kind: "recurring", ...rest, time, from });
      let last = "";
      let count = 0;
      for (const { at } of runsOf(schedule, appZone)) {
        const shown = wallTimeAt(at, rest.timeZone);
        assert.equal(shown.time, time);
        assert.ok(shown.day > last && shown.day >= from);
        assert.deepEqual(momentOf(shown, rest.timeZone), at);
        last = shown.day;
        if (++count === 20) break;
      }
      assert.equal(count, 20);
    }),
    { numRuns: 60 },
  );
});
