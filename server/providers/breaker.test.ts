import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { admits, type Breaker, closedBreaker, failed, restMs, started, succeeded } from "./breaker.ts";

const failures = (breaker: Breaker, count: number, nowMs = 0): Breaker =>
  Array.from({ length: count }).reduce<Breaker>((state) => failed(state, nowMs, 1), breaker);

test("ten failures in a row open it, nine and a success do not", () => {
  assert.equal(failures(closedBreaker, 9).phase, "closed");
  assert.equal(failures(closedBreaker, 10).phase, "open");
  assert.equal(failures(succeeded(failures(closedBreaker, 9)), 9).phase, "closed");
});

test("more than half of at least twenty results open it, half does not", () => {
  let even = closedBreaker;
  for (let pair = 0; pair < 100; pair++) even = failed(succeeded(even), 0, 1);
  assert.equal(even.phase, "closed");
  let worse = closedBreaker;
  for (let round = 0; round < 4; round++) {
    worse = failures(succeeded(succeeded(worse)), 3);
    assert.equal(worse.phase, round < 3 ? "closed" : "open");
  }
});

test("it lets three through after its rest; one success closes it, one failure makes the next rest longer", () => {
  const open = failures(closedBreaker, 10, 5_000);
  assert.equal(open.untilMs, 6_000);
  assert.equal(admits(open, 5_999), 0);
  assert.equal(admits(open, 6_000), 3);
  let probing = open;
  for (const left of [2, 1, 0]) {
    probing = started(probing, 6_000);
    assert.equal(admits(probing, 6_000), left);
  }
  assert.equal(admits(started(probing, 6_000), 6_000), 0);
  assert.equal(succeeded(probing).phase, "closed");
  const again = failed(probing, 6_100, 1);
  assert.deepEqual([again.phase, again.untilMs], ["open", 8_100]);
});

test("results of messages that began before it opened neither lengthen nor end the rest", () => {
  const open = failures(closedBreaker, 10, 5_000);
  assert.equal(failed(open, 5_500, 1), open);
  assert.equal(succeeded(open), open);
});

test("rests double up to a minute, and are spread over their later half", () => {
  assert.deepEqual(
    [0, 1, 5, 6, 50].map((opened) => restMs(opened, 1)),
    [1_000, 2_000, 32_000, 60_000, 60_000],
  );
  assert.equal(restMs(3, 0), 4_000);
});

test("whatever happens, an open one comes to its end and success closes it", () => {
  const step = fc.record({
    ms: fc.nat(5_000),
    kind: fc.constantFrom("start", "ok", "fail"),
    random: fc.double({ min: 0, max: 0.99, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      let breaker = closedBreaker;
      let nowMs = 0;
      for (const { ms, kind, random } of steps) {
        nowMs += ms;
        if (kind === "start") breaker = started(breaker, nowMs);
        else breaker = kind === "ok" ? succeeded(breaker) : failed(breaker, nowMs, random);
        assert.ok(breaker.untilMs - nowMs <= 60_000);
        assert.ok(breaker.probes >= 0 && breaker.seen <= 32);
        assert.ok(breaker.phase !== "closed" || admits(breaker, nowMs) === Number.POSITIVE_INFINITY);
      }
      if (breaker.phase === "open") breaker = started(breaker, nowMs + 60_000);
      assert.equal(succeeded(breaker).phase, "closed");
    }),
  );
});
