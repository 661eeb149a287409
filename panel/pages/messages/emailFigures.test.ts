import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeliveryCounts, ReasonCount } from "../../../server/deliveries/schema.ts";
import { bouncesOf, figuresOf } from "./emailFigures.ts";

const counts: DeliveryCounts = {
  ...{ targeted: 100, queued: 0, waiting: 0, sent: 60, delivered: 0, seen: 20, clicked: 10 },
  ...{ failed: 7, skipped: 3, expired: 0, cancelled: 0, unknown: 0 },
};

const reason = (name: ReasonCount["reason"], count: number, code: string | null = null): ReasonCount => ({
  ...{ state: name === "suppressed" ? "skipped" : "failed", reason: name, reasonText: "", code, count },
});

const reasons = [
  reason("undelivered", 1, "5.2.2"),
  reason("address_gone", 2, "5.1.1"),
  reason("undelivered", 3, "4.4.1"),
  reason("suppressed", 3),
  reason("attempts_exhausted", 1),
];

const tally = (people: number) => ({ people, times: people * 2 });

test("returned mails are counted by why, not by who refused them with which code", () => {
  assert.deepEqual(bouncesOf(reasons), [
    { reason: "undelivered", count: 4 },
    { reason: "address_gone", count: 2 },
  ]);
});

test("what was taken and did not come back is delivered; the rest is of that", () => {
  const engagement = {
    ...{ opened: tally(27), prefetched: tally(40), clicked: tally(10), scanned: tally(1) },
    ...{ left: tally(2), complained: tally(1), acted: tally(0), links: [], actions: [] },
  };
  assert.deepEqual(figuresOf(counts, reasons, engagement), {
    delivered: { value: 90, of: 96 },
    bounced: { value: 6, of: 96 },
    opened: { value: 27, of: 90 },
    clicked: { value: 10, of: 90 },
    left: { value: 2, of: 90 },
    complained: { value: 1, of: 90 },
  });
  assert.equal(figuresOf(counts, reasons, undefined).opened.value, 0);
});
