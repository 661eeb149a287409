import assert from "node:assert/strict";
import { test } from "node:test";
import { createWaits } from "./waits.ts";

const wait = () => {
  const ends: string[] = [];
  return { ends, giveUp: (why: string) => ends.push(why) };
};

test("waits end with their time, but those that were taken out", async () => {
  const waits = createWaits(30);
  const [first, taken, second] = [wait(), wait(), wait()];
  const signal = new AbortController().signal;
  for (const one of [first, taken, second]) waits.add(one, signal);
  waits.delete(taken);
  // Its own timers keep no process alive.
  const alive = setInterval(() => {}, 5);
  while (second.ends.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  clearInterval(alive);
  assert.deepEqual([first.ends, taken.ends, second.ends], [["timeout"], [], ["timeout"]]);
});

test("a signal ends the waits that listen to it, and those that come after it", () => {
  const waits = createWaits(60_000);
  const [mine, other] = [new AbortController(), new AbortController()];
  const [first, second, late] = [wait(), wait(), wait()];
  waits.add(first, mine.signal);
  waits.add(second, other.signal);
  mine.abort();
  waits.add(late, mine.signal);
  assert.deepEqual([first.ends, second.ends, late.ends], [["stopped"], [], ["stopped"]]);
  waits.delete(second);
});
