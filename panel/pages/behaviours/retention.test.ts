import assert from "node:assert/strict";
import { test } from "node:test";
import { fromFirstMember, largestShare, rowOf, shareOf, together } from "./retention.ts";

const cohorts = [
  { at: "2026-05-04T00:00:00.000Z", users: 10, returned: [5, 2, 1] },
  { at: "2026-05-11T00:00:00.000Z", users: 30, returned: [6, 3] },
  { at: "2026-05-18T00:00:00.000Z", users: 0, returned: [0] },
];

test("all cohorts together count only those that have come so far", () => {
  assert.deepEqual(together(cohorts), {
    users: 40,
    cells: [
      { returned: 11, of: 40 },
      { returned: 5, of: 40 },
      { returned: 1, of: 10 },
    ],
  });
  assert.deepEqual(together([]), { users: 0, cells: [] });
});

test("cohorts begin with the first that has members", () => {
  const empty = { at: "2026-04-27T00:00:00.000Z", users: 0, returned: [0, 0, 0, 0] };
  assert.deepEqual(fromFirstMember([empty, ...cohorts]), cohorts);
  assert.deepEqual(fromFirstMember([empty]), []);
});

test("shares are of the cohort, and nothing of nobody", () => {
  assert.deepEqual(rowOf(cohorts[1] as (typeof cohorts)[number]).cells.map(shareOf), [0.2, 0.1]);
  assert.equal(shareOf({ returned: 0, of: 0 }), 0);
  assert.equal(largestShare(cohorts), 0.5);
});
