import assert from "node:assert/strict";
import { test } from "node:test";
import { makeTestDatabase } from "../testing/database.ts";
import { until } from "../testing/product.ts";
import { createHints, listen, notifyAll } from "./notify.ts";

test("hints are heard once each, however often they were given, and what is left at the end too", async (t) => {
  const { db, drop } = await makeTestDatabase();
  const heard: string[] = [];
  const hearing = listen(db, "chapar_test", (payload) => heard.push(payload));
  t.after(async () => {
    // The database waits for its connection.
    hearing.stop();
    await drop();
  });
  await until(
    async () => heard.length,
    (count) => count === 1,
  );
  const faults: unknown[] = [];
  const hints = createHints(db, (error) => faults.push(error));
  for (let time = 0; time < 50; time += 1) hints.give("chapar_test", `a${time % 2}`);
  await until(
    async () => heard.length,
    (count) => count === 3,
  );
  hints.give("chapar_test", "last");
  await hints.stop();
  await notifyAll(db, [{ channel: "chapar_test", payload: "b" }, { channel: "chapar_test" }]);
  await until(
    async () => heard.length,
    (count) => count === 6,
  );
  assert.deepEqual(heard.slice(1), ["a0", "a1", "last", "b", ""]);
  assert.deepEqual(faults, []);
});
