import assert from "node:assert/strict";
import { test } from "node:test";
import { batchSizeOf, followBatchSize } from "./batch-size.ts";

test("a batch is a quarter of a second of the rate, from 1 to 200", () => {
  assert.deepEqual([1, 20, 100, 800, 5_000].map(batchSizeOf), [1, 5, 25, 200, 200]);
});

test("an account without a rate is given as much at once as it takes in a quarter of a second", () => {
  const size = followBatchSize(10);
  assert.equal(size.current, 10);
  size.note(10, 20);
  assert.equal(size.current, 125);
  size.note(125, 2_000);
  assert.equal(size.current, 16);
  size.note(16, 1);
  assert.equal(size.current, 200);
});

test("no less is given at once than may be under way", () => {
  const size = followBatchSize(64);
  size.note(64, 30_000);
  assert.equal(size.current, 64);
  assert.equal(followBatchSize(1_000).current, 200);
});

test("a few messages that took long tell nothing of many", () => {
  const size = followBatchSize(64);
  size.note(64, 10);
  size.note(1, 5_000);
  assert.equal(size.current, 200);
});
