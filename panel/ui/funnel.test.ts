import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeliveryCounts } from "../../server/deliveries/schema.ts";
import { countedStates, doneShare, funnelOf, sentOf } from "./funnel.ts";

const none: DeliveryCounts = {
  targeted: 0,
  queued: 0,
  waiting: 0,
  sent: 0,
  delivered: 0,
  seen: 0,
  clicked: 0,
  failed: 0,
  skipped: 0,
  expired: 0,
  cancelled: 0,
  unknown: 0,
};

test("each step of the funnel holds everyone who got at least as far", () => {
  const counts = {
    ...none,
    targeted: 100,
    queued: 10,
    waiting: 20,
    sent: 15,
    delivered: 25,
    seen: 12,
    clicked: 8,
    failed: 10,
  };
  assert.deepEqual(funnelOf(counts), { targeted: 100, reached: 80, delivered: 45, seen: 20, clicked: 8 });
  assert.equal(sentOf(counts), 60);
  assert.equal(doneShare(counts), 0.9);
});

test("a message to nobody is done", () => {
  assert.equal(doneShare(none), 1);
});

test("every count but the sum is shown as a state, once", () => {
  const expected = Object.keys(none).filter((key) => key !== "targeted");
  assert.deepEqual([...countedStates].sort(), expected.sort());
});
