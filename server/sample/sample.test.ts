import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { call, startTestProduct, until } from "../testing/product.ts";

test("the sample comes by a real import, and all of it goes again but what is the customer's own", async (t) => {
  const product = await startTestProduct(t);
  const counts = async () => {
    const { rows } = await product.db.query<Record<string, number>>(sql`
      select (select count(*) from users) as users, (select count(*) from installations) as installations,
        (select count(*) from segments where deleted_at is null) as segments, (select count(*) from public_keys) as keys`);
    return rows[0];
  };
  await product.call("POST", "/api/users", { userId: "you" });
  await product.call("POST", "/api/segments", { name: "Sample data", target: { tags: "gold" } });
  const own = await counts();
  assert.equal((await product.call("GET", "/api/sample")).body.status, "none");

  const [first, second] = await Promise.all([
    product.call("POST", "/api/sample", {}),
    product.call("POST", "/api/sample", {}),
  ]);
  assert.equal(first.status, 202, JSON.stringify(first.body));
  assert.equal(first.body.importId, second.body.importId);
  const { body: sample } = await until(
    () => product.call("GET", "/api/sample"),
    ({ body }) => body.status === "there",
  );
  assert.equal(sample.segment.name, "Sample data 2");
  assert.equal(sample.users, 2_000);

  // Somebody's browser: the key is for this page alone, and the user is nobody's.
  const { body: device } = await product.call("POST", "/api/sample/device");
  assert.equal(device.userId, "you-2");
  const registered = await call(
    `${product.url}/api/installations`,
    "POST",
    { "x-access-token": device.publicKey, origin: product.url },
    { deviceType: "web", userId: device.userId, userHash: device.userHash },
  );
  assert.equal(registered.status, 200, JSON.stringify(registered.body));
  assert.equal((await product.call("POST", "/api/sample/device")).body.publicKey, device.publicKey);
  assert.equal((await product.call("GET", "/api/sample")).body.hasDevice, true);
  const sent = await product.call("POST", "/api/push/toUsers", { user: "you-2", content: "Hi" });
  assert.equal(sent.body.count, 1);

  const removal = await product.call("DELETE", "/api/sample");
  assert.deepEqual([removal.status, removal.body.status], [202, "removing"]);
  await until(
    () => product.call("GET", "/api/sample"),
    ({ body }) => body.status === "none",
  );
  assert.deepEqual(await counts(), own);
  assert.equal((await product.call("GET", "/api/users/you")).status, 200);
});
