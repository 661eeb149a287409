import assert from "node:assert/strict";
import { test } from "node:test";
import { createGroup } from "./group.ts";

test("calls that come while one runs go together into the next, and each gets its own answer", async () => {
  const groups: number[][] = [];
  const double = createGroup(
    async (items: number[]) => {
      groups.push(items);
      await new Promise(setImmediate);
      return items.map((item) => item * 2);
    },
    { atMost: 3 },
  );
  assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map(double)), [2, 4, 6, 8, 10]);
  assert.deepEqual(groups, [[1], [2, 3, 4], [5]]);
});

test("only the call at fault fails", async () => {
  const half = createGroup(
    async (items: number[]) => {
      if (items.some((item) => item % 2)) throw new Error("odd");
      return items.map((item) => item / 2);
    },
    { atMost: 10 },
  );
  const results = await Promise.allSettled([2, 4, 5, 6].map(half));
  assert.deepEqual(
    results.map((result) => (result.status === "fulfilled" ? result.value : String(result.reason))),
    [1, 2, "Error: odd", 3],
  );
});

test("with several lanes several groups run at once, and no more", async () => {
  let [running, most] = [0, 0];
  const run = createGroup(
    async (items: number[], lane) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return items.map(() => lane);
    },
    { atMost: 2, lanes: 3 },
  );
  const lanes = await Promise.all(Array.from({ length: 20 }, (_, item) => run(item)));
  assert.equal(most, 3);
  assert.deepEqual([...new Set(lanes)].sort(), [0, 1, 2]);
});
