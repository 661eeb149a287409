import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nilUuid } from "../lib/keys.ts";
import { nextBound } from "./expand.ts";

test("ranges cover all keys once: bounds rise, and there are as many ranges as asked for", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), (ranges) => {
      const bounds: string[] = [];
      for (let from: string | null = nilUuid; from !== null; from = nextBound(from, ranges))
        bounds.push(from);
      assert.equal(bounds.length, ranges);
      assert.deepEqual([...bounds].sort(), bounds);
      assert.equal(new Set(bounds).size, ranges);
    }),
  );
});

test("an expansion that is resumed with another number of ranges still moves on", () => {
  const bound = nextBound(nextBound(nilUuid, 7) ?? "", 3);
  assert.equal(bound, "55555555-5555-5555-5555-555555555556");
});
