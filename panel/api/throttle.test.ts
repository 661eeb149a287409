import assert from "node:assert/strict";
import { test } from "node:test";
import { createThrottle } from "./throttle.ts";

test("a burst runs the action at once and once more at its end", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let runs = 0;
  const throttle = createThrottle(500, () => {
    runs += 1;
  });
  for (let call = 0; call < 50; call += 1) throttle.call();
  assert.equal(runs, 1);
  t.mock.timers.tick(500);
  assert.equal(runs, 2);
  t.mock.timers.tick(5000);
  assert.equal(runs, 2);
});

test("nothing runs after stop", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let runs = 0;
  const throttle = createThrottle(500, () => {
    runs += 1;
  });
  throttle.call();
  throttle.call();
  throttle.stop();
  t.mock.timers.tick(5000);
  assert.equal(runs, 1);
});
