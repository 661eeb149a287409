import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomesOf } from "./outcomes.ts";

const rows = { total: 100, created: 50, updated: 20, unchanged: 10, rejected: 5, discarded: 5 };
const sum = (shares: { value: number }[]) => shares.reduce((total, share) => total + share.value, 0);

test("the shares add up to the rows read, also while rows are on their way", () => {
  const shares = outcomesOf(rows, true);
  assert.equal(sum(shares), rows.total);
  assert.deepEqual(shares.at(-1), { key: "pending", value: 10, color: "var(--state-queued)" });
});

test("an ended import whose rows all came to something shows nothing pending", () => {
  const shares = outcomesOf({ ...rows, total: 90 }, false);
  assert.equal(sum(shares), 90);
  assert.ok(shares.every((share) => share.key !== "pending"));
});
