import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsAtRates, startStandInProvider } from "./stand-in-provider.ts";

test("faults come as often as their rates say, and each delivery is counted", async (t) => {
  const draws = [0.05, 0.15, 0.95, 0.5];
  let next = 0;
  const plan = faultsAtRates(
    { throttle: 0.1, error: 0.1, gone: 0.2 },
    () => draws[next++ % draws.length] ?? 0,
  );
  const standIn = await startStandInProvider({ plan });
  t.after(() => standIn.stop());
  const statuses = [];
  for (let index = 0; index < 4; index++) {
    const body = JSON.stringify({ deliveryId: `d${index % 2}` });
    statuses.push((await fetch(standIn.url, { method: "POST", body })).status);
  }
  assert.deepEqual(statuses, [429, 500, 200, 200]);
  assert.deepEqual(
    [...standIn.seen],
    [
      ["d0", 2],
      ["d1", 2],
    ],
  );
  assert.deepEqual(
    [...standIn.accepted],
    [
      ["d0", 1],
      ["d1", 1],
    ],
  );
});

test("reports are posted in the words they are given in, signed with a secret", async (t) => {
  const us = await startStandInProvider();
  const standIn = await startStandInProvider();
  t.after(() => Promise.all([us.stop(), standIn.stop()]));
  const reports = [{ deliveryId: "d0", status: "READ" }];
  assert.equal(await standIn.report(us.url, reports, { secret: "s-12345678" }), 200);
  assert.deepEqual(us.last()?.body, { reports: [{ id: "m-d0", deliveryId: "d0", status: "READ" }] });
  assert.match(String(us.last()?.headers["x-signature"]), /^[0-9a-f]{64}$/);
});
