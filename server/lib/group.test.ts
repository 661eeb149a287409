import assert from "node:assert/strict";
import { test } from "node:test";
import { createGroup } from "./group.ts";

test("calls that come while one runs go together into the next, and each gets its own answer", async () => {
  const groups: number[][] = [];
  const double = createGroup(async (items: number[]) => {
    groups.push(items);
    await new Promise(setImmediate);
    return items.map((item) => item * 2);
  }, 3);
  assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map(double)), [2, 4, 6, 8, 10]);
  assert.deepEqual(groups, [[1], [2, 3, 4], [5]]);
});

test("only the call at fault fails", async () => {
  const half = createGroup(async (items: number[]) => {
    if (items.some((item) => item % 2)) throw new Error("odd");
    return items.map((item) => item / 2);
  }, 10);
  const results = await Promise.allSettled([2, 4, 5, 6].map(half));
  assert.deepEqual(
    results.map((result) => (result.status === "fulfilled" ? result.value : String(result.reason))),
    [1, 2, "Error: odd", 3],
  );
});
