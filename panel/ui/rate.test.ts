import assert from "node:assert/strict";
import { test } from "node:test";
import { addSample, rateOf, type Sample, secondsLeft } from "./rate.ts";

const after = (...samples: Sample[]) => samples.reduce<Sample[]>(addSample, []);

test("the pace is unknown until a second has been seen", () => {
  assert.equal(rateOf(after({ value: 0, at: 0 })), null);
  assert.equal(rateOf(after({ value: 0, at: 0 }, { value: 500, at: 500 })), null);
  assert.equal(rateOf(after({ value: 0, at: 0 }, { value: 4000, at: 2000 })), 2000);
});

test("only the last seconds count", () => {
  const samples = after({ value: 0, at: 0 }, { value: 100, at: 20_000 }, { value: 300, at: 21_000 });
  assert.equal(rateOf(samples), 200);
});

test("a value that goes back starts anew", () => {
  assert.deepEqual(after({ value: 900, at: 0 }, { value: 3, at: 5000 }), [{ value: 3, at: 5000 }]);
});

test("no time left can be said of something that stands still", () => {
  assert.equal(secondsLeft(10, 100, null), null);
  assert.equal(secondsLeft(10, 100, 0), null);
  assert.equal(secondsLeft(10, 100, 30), 3);
  assert.equal(secondsLeft(120, 100, 30), 0);
});
