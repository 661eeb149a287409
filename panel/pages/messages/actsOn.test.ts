import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeliveryCounts } from "../../../server/deliveries/schema.ts";
import type { MessageStatus } from "../../../server/messages/schema.ts";
import { actsOn } from "./actsOn.ts";

const none: DeliveryCounts = {
  ...{ targeted: 0, queued: 0, waiting: 0, sent: 0, delivered: 0, seen: 0 },
  ...{ clicked: 0, failed: 0, skipped: 0, expired: 0, cancelled: 0, unknown: 0 },
};

test("what can be done follows from the state", () => {
  const cases: [MessageStatus, Partial<DeliveryCounts>, string[]][] = [
    ["accepted", {}, ["pause", "cancel"]],
    ["running", { failed: 1 }, ["pause", "cancel"]],
    ["paused", {}, ["resume", "cancel"]],
    ["finished", {}, []],
    ["finished", { failed: 1 }, ["retry"]],
    ["finished", { unknown: 1 }, ["retry"]],
    ["cancelled", { failed: 1 }, []],
  ];
  for (const [status, counts, acts] of cases)
    assert.deepEqual([...actsOn({ status, counts: { ...none, ...counts } })], acts, status);
});
