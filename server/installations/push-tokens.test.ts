import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestProduct } from "../testing/product.ts";

test("a browser brings its subscription; another token says whose it is", async (t) => {
  const product = await startTestProduct(t);
  const register = (more: object) =>
    product.call("POST", "/api/installations", { userId: "mina", deviceType: "web", ...more });
  const plain = await register({ deviceToken: "fcm-token-of-a-page" });
  assert.deepEqual([plain.status, plain.body.errors[0].pointer], [422, "/deviceToken"]);
  assert.match(plain.body.errors[0].detail, /JSON text.*tokenService fcm/);
  const subscription = { endpoint: "https://push.example.com/1", keys: { p256dh: "B…", auth: "a" } };
  assert.equal((await register({ deviceToken: JSON.stringify(subscription) })).status, 200);
  assert.equal((await register({ deviceToken: "fcm-token-of-a-page", tokenService: "fcm" })).status, 200);
  const count = await product.call("POST", "/api/segments/count", { target: {} });
  assert.equal(count.body.reach.push, 2);
});
