import assert from "node:assert/strict";
import { test } from "node:test";
import { prefetch } from "./prefetch.ts";

async function* numbers(log: string[], failAt = -1) {
  try {
    for (let number = 0; number < 5; number++) {
      if (number === failAt) throw new Error("broken");
      log.push(`made ${number}`);
      yield number;
    }
  } finally {
    log.push("closed");
  }
}

test("values come in order, some of them made before they are taken", async () => {
  const log: string[] = [];
  for await (const number of prefetch(numbers(log), 2)) log.push(`took ${number}`);
  assert.deepEqual(
    log.filter((line) => line.startsWith("took")),
    ["took 0", "took 1", "took 2", "took 3", "took 4"],
  );
  assert.ok(log.indexOf("made 2") < log.indexOf("took 1"));
});

test("an error comes after the values before it, and the source is closed when the taker leaves", async () => {
  const taken: number[] = [];
  await assert.rejects(async () => {
    for await (const number of prefetch(numbers([], 3), 2)) taken.push(number);
  }, /broken/);
  assert.deepEqual(taken, [0, 1, 2]);

  const log: string[] = [];
  for await (const number of prefetch(numbers(log), 2)) if (number === 1) break;
  assert.equal(log.at(-1), "closed");
});
