import assert from "node:assert/strict";
import { test } from "node:test";
import { errorsOf, outcomesOf } from "./outcomes.ts";

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

test("rows to mend are the rejected ones, and where there is a limit those beyond it", () => {
  const options = {
    country: null,
    encoding: null,
    onBlank: "keep" as const,
    phone: "lenient" as const,
    columns: "lenient" as const,
    mapping: null,
    channel: null,
    segment: null,
  };
  assert.equal(errorsOf({ rows, options: { ...options, rowLimit: null } }), 5, "a replaced row is no error");
  assert.equal(errorsOf({ rows, options: { ...options, rowLimit: 90 } }), 10);
});
