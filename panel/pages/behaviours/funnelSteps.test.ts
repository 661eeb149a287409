import assert from "node:assert/strict";
import { test } from "node:test";
import { largestLoss, swapped } from "./funnelSteps.ts";

test("two steps change places", () => {
  assert.deepEqual(swapped(["view", "", "Purchase"], 2, 1), ["view", "Purchase", ""]);
});

test("most are lost where the smallest share goes on", () => {
  const of = (...users: number[]) =>
    largestLoss(
      users.map((count, index) => ({
        users: count,
        ofPrevious: count / (users[Math.max(0, index - 1)] || 1),
      })),
    );
  assert.equal(of(100, 90, 30, 20), 2);
  assert.equal(of(100, 0, 0), 1, "nobody is lost where nobody came");
  assert.equal(of(100, 100), null);
});
