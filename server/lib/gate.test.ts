import assert from "node:assert/strict";
import { test } from "node:test";
import { createGate } from "./gate.ts";

test("no more than fit are inside, and the next comes in when one leaves", async () => {
  const gate = createGate(2);
  const never = new AbortController().signal;
  const order: number[] = [];
  const enter = (id: number) =>
    gate(never).then((leave) => {
      order.push(id);
      return leave;
    });
  const [first, , third] = [enter(1), enter(2), enter(3)];
  const fourth = enter(4);
  (await first)();
  (await first)(); // leaving twice is leaving once
  await third;
  assert.deepEqual(order, [1, 2, 3]);
  (await third)();
  await fourth;
  assert.deepEqual(order, [1, 2, 3, 4]);
});

test("whoever gives up waiting is passed over", async () => {
  const gate = createGate(1);
  const never = new AbortController().signal;
  const leave = await gate(never);
  const tired = new AbortController();
  const given = gate(tired.signal);
  const patient = gate(never);
  tired.abort(new Error("tired"));
  await assert.rejects(given, /tired/);
  leave();
  await patient;
  await assert.rejects(gate(tired.signal), /tired/);
});
