import assert from "node:assert/strict";
import { test } from "node:test";
import { Schedule, Winner } from "../../../server/campaigns/plan-schema.ts";
import { faultsOfPlan, newWinner, noPlan, type PlanValues, writePlan } from "./plan.ts";

const today = "2026-11-23";
const at: PlanValues = { ...noPlan, when: "at", day: "2026-12-01", time: "10:00" };

test("what is finished is saved, and the server takes it", () => {
  const recurring: PlanValues = { ...at, when: "recurring", every: "month", monthDay: "31", interval: "۲" };
  for (const plan of [noPlan, at, { ...at, zone: "user" }, recurring]) {
    assert.deepEqual([...faultsOfPlan(plan, false, today)], []);
    assert.ok(Schedule.safeParse(writePlan(plan, false).schedule).success);
  }
  assert.equal(Schedule.parse(writePlan(recurring, false).schedule).kind, "recurring");
});

test("what is unfinished is said, and what was saved stays", () => {
  for (const [change, fault] of [
    [{ day: "" }, "day"],
    [{ time: "" }, "time"],
    [{ when: "recurring", interval: "0" }, "interval"],
    [{ when: "recurring", end: "until", until: "2026-11-30" }, "until"],
    [{ when: "recurring", end: "runs", runs: "many" }, "runs"],
    [{ when: "recurring", every: "month", monthDay: "32" }, "monthDay"],
  ] satisfies [Partial<PlanValues>, string][]) {
    const plan = { ...at, ...change };
    assert.deepEqual([...faultsOfPlan(plan, false, today)], [fault]);
    assert.equal(writePlan(plan, false).schedule, undefined, fault);
  }
});

test("a day that is over is said, but saved", () => {
  const plan = { ...at, day: "2026-11-22" };
  assert.deepEqual([...faultsOfPlan(plan, false, today)], ["past"]);
  assert.equal(writePlan(plan, false).schedule?.kind, "at");
});

test("a winner counts only beside variants, and not together with a roll-out", () => {
  const plan = { ...noPlan, winner: newWinner, rollout: "10" };
  assert.deepEqual(writePlan(plan, false), {
    ...{ schedule: { kind: "now" }, limits: { quietHours: true, cap: true } },
    ...{ rollout: { share: 10 }, winner: null },
  });
  assert.deepEqual([...faultsOfPlan(plan, true, today)], ["both"]);
  assert.deepEqual(Winner.parse(writePlan({ ...plan, rollout: null }, true).winner), {
    ...{ share: 20, by: "clicked", after: 14_400 },
  });
  assert.deepEqual(
    [...faultsOfPlan({ ...noPlan, winner: { ...newWinner, after: "15", unit: "days" } }, true, today)],
    ["after"],
  );
});
