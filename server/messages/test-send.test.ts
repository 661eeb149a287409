import assert from "node:assert/strict";
import { test } from "node:test";
import { standInConfig } from "../testing/provider-accounts.ts";
import { addUsers, phoneOf, startSending } from "../testing/sending.ts";

test("a test goes through its account alone, says what became of it, and forgets no address", async (t) => {
  const { product, standIn, account } = await startSending(t, { channel: "push" });
  const post = (body: object, id = account.id) => product.call("POST", `/api/providers/${id}/test`, body);
  const register = (id: string, more: object) =>
    product.call("POST", "/api/installations", { id, userId: "u1", deviceType: "android", ...more });
  await register("d1", { deviceToken: "token-1" });
  await register("d2", {});
  const sent = await post({ userId: "u1", content: "Is it there?" });
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  const byDevice = new Map(
    sent.body.results.map((result: { installationId: string }) => [result.installationId, result]),
  );
  assert.deepEqual(byDevice.get("d1"), {
    ...{ to: "android", installationId: "d1", ok: true, outcome: "accepted", code: null },
    detail: "The provider of Stand-in took it.",
  });
  assert.deepEqual(byDevice.get("d2"), {
    ...{ to: "android", installationId: "d2", ok: false, outcome: "skipped", code: null },
    detail: "This device has no push token: it gets the inbox alone.",
  });
  assert.equal(standIn.last()?.body.text, "Is it there?");

  standIn.plan({ kind: "gone" });
  const gone = await post({ userId: "u1", content: "And now?" });
  const [dead] = gone.body.results.filter(
    ({ ok, outcome }: { ok: boolean; outcome: string }) => !ok && outcome === "gone",
  );
  assert.match(dead.detail, /answered 410: unregistered/);
  standIn.plan({ kind: "status", status: 401, body: { error: "bad key" } });
  const refused = await post({ userId: "u1", content: "And now?" });
  assert.ok(refused.body.results.some(({ outcome }: { outcome: string }) => outcome === "misconfigured"));
  // Neither is held against the token or the account.
  const { installations } = (await product.call("GET", "/api/users/u1")).body;
  assert.ok(installations.some(({ hasToken }: { hasToken: boolean }) => hasToken));
  assert.equal((await product.call("GET", `/api/providers/${account.id}`)).body.status, "active");
  assert.deepEqual((await product.call("GET", "/api/messages")).body.data, []);
  const audit = await product.call("GET", "/api/audit");
  assert.deepEqual([audit.body.data[0].action, audit.body.data[0].subject], ["provider.tested", account.id]);
});

test("a test by text goes to the number, and says who cannot be written to", async (t) => {
  const { product, standIn, account } = await startSending(t, { channel: "sms" });
  await addUsers(product, 1);
  await product.call("POST", "/api/users", { userId: "nobody" });
  const post = (userId: string) =>
    product.call("POST", `/api/providers/${account.id}/test`, { userId, content: "hello" });
  const sent = await post("u0");
  assert.deepEqual([sent.body.results[0].outcome, sent.body.results[0].to], ["accepted", phoneOf("u0")]);
  assert.equal(standIn.last()?.body.to, phoneOf("u0"));
  const without = await post("nobody");
  assert.deepEqual([without.status, without.body.errors[0].pointer], [422, "/userId"]);
  assert.equal((await post("who")).status, 404);
  const elsewhere = await product.call("POST", "/api/providers", {
    ...{ channel: "sms", provider: "http", name: "Off", isActive: false, config: standInConfig(standIn) },
  });
  const off = await product.call("POST", `/api/providers/${elsewhere.body.id}/test`, {
    userId: "u0",
    content: "x",
  });
  assert.equal(off.body.results[0].ok, true);
});
