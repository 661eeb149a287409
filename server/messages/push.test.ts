import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { connectDevice } from "../testing/device.ts";
import { call, startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { standInConfig } from "../testing/provider-accounts.ts";
import { countsOf, startSending } from "../testing/sending.ts";
import { startStandInProvider } from "../testing/stand-in-provider.ts";

const register = (product: TestProduct, id: string, userId: string, token?: string) =>
  product.call("POST", "/api/installations", { id, userId, deviceType: "android", deviceToken: token });

test("notifications go to every device with a token, and to nobody's inbox", async (t) => {
  const { product, standIn, messageThat } = await startSending(t, { channel: "push" });
  await register(product, "d1", "u1", "token-1");
  await register(product, "d2", "u1", "token-2");
  await register(product, "d3", "u3");
  const bodies: Record<string, unknown>[] = [];
  standIn.plan(({ body }) => {
    if (body.to) bodies.push(body);
    return null;
  });
  const all = await product.call("POST", "/api/push/notifyUsers", {
    ...{ target: "{}", content: "New version", trackId: "v2", data: { page: 3 } },
  });
  assert.deepEqual([all.status, all.body, all.headers.get("x-track-id")], [200, { count: 3 }, "v2"]);
  const message = await messageThat(
    all.headers.get("x-push-id") ?? "",
    ({ status }) => status === "finished",
  );
  assert.deepEqual(countsOf(message), { targeted: 3, sent: 2, skipped: 1 });
  assert.deepEqual(bodies.map(({ to, text }) => [to, text]).sort(), [
    ["token-1", "New version"],
    ["token-2", "New version"],
  ]);
  assert.deepEqual([message.channel, message.notification], ["push", { body: "New version" }]);

  const one = await product.call("POST", "/api/push/notifyUser/u1", {
    title: "Order",
    body: "It was placed.",
  });
  assert.deepEqual([one.status, one.body], [200, { count: 2 }]);
  const nobody = await product.call("POST", "/api/push/notifyUser/nobody", { title: "Order" });
  assert.deepEqual([nobody.status, nobody.body], [200, { count: 0 }]);
  const failed = await messageThat(
    nobody.headers.get("x-push-id") ?? "",
    ({ status }) => status === "finished",
  );
  assert.equal(failed.reasons[0]?.reason, "device_not_found");
  const both = await product.call("POST", "/api/push/notifyUsers", { target: {}, user: "u1", content: "x" });
  assert.deepEqual([both.status, both.body.errors[0].pointer], [422, "/target"]);
});

test("a token that its provider calls dead is dropped", async (t) => {
  const { product, standIn, messageThat } = await startSending(t, { channel: "push" });
  await register(product, "d1", "u1", "token-1");
  standIn.plan(() => ({ kind: "gone" }));
  const sent = await product.call("POST", "/api/push/notifyUser/u1", { body: "hi" });
  const message = await messageThat(
    sent.headers.get("x-push-id") ?? "",
    ({ status }) => status === "finished",
  );
  assert.equal(message.reasons[0]?.reason, "address_gone");
  assert.equal((await product.call("GET", "/api/users/u1")).body.installations[0].hasToken, false);
});

async function startSmart(t: Parameters<typeof startSending>[0]) {
  const push = await startSending(t, {
    channel: "push",
    config: {
      receipts: {
        ...{ list: "reports", subject: "deliveryId", idPath: "deliveryId", statusPath: "status" },
        statuses: { OK: "delivered" },
      },
    },
  });
  const { product } = push;
  const sms = await startStandInProvider();
  t.after(() => sms.stop());
  await product.call("POST", "/api/providers", {
    ...{ channel: "sms", provider: "http", name: "Texts", config: standInConfig(sms) },
  });
  await register(product, "d1", "u1", "token-1");
  await product.db.query(sql`update users set phone = '989121234567' where user_id = 'u1'`);
  const send = async (delay: number, body: object = {}) => {
    const sent = await product.call("POST", "/api/push/notifyToUsers", {
      ...{ user: "u1", ttl: 600, notification: { title: "Parcel", body: "It is here" } },
      fallback: { content: "Your parcel arrived", delay, media: "sms", policy: "NOTIFICATION_SHOWN" },
      ...body,
    });
    assert.equal(sent.status, 200, JSON.stringify(sent.body));
    return { id: sent.headers.get("x-push-id") ?? "", count: sent.body.count };
  };
  return { ...push, sms, send };
}

test("what was not shown in time is followed by a text", async (t) => {
  const { sms, send, messageThat } = await startSmart(t);
  const { id, count } = await send(0.2);
  assert.equal(count, 1);
  const message = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(message), { targeted: 2, sent: 2 });
  assert.deepEqual(message.fallback, {
    ...{ channel: "sms", content: "Your parcel arrived", policy: "NOTIFICATION_SHOWN", delay: 0.2 },
  });
  assert.deepEqual([sms.last()?.body.to, sms.last()?.body.text], ["989121234567", "Your parcel arrived"]);
});

test("what was shown is not", async (t) => {
  const { standIn, account, sms, send, messageThat } = await startSmart(t);
  const { id } = await send(3);
  await until(
    async () => standIn.accepted.size,
    (accepted) => accepted === 1,
  );
  const [deliveryId = ""] = standIn.accepted.keys();
  await standIn.report(account.receiptsUrl, [{ deliveryId, status: "OK" }]);
  const waits = await messageThat(id, ({ hold }) => hold !== null);
  assert.equal(waits.hold?.kind, "later_step");
  const message = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(message), { targeted: 2, delivered: 1, skipped: 1 });
  assert.deepEqual([message.reasons[0]?.reason, sms.requests()], ["already_shown", 0]);
});

test("who has no device gets the text at once, and nobody after the time of the message", async (t) => {
  const { product, sms, send, messageThat } = await startSmart(t);
  await product.db.query(sql`delete from installations`);
  const { id, count } = await send(600);
  assert.equal(count, 0);
  const message = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(message), { targeted: 2, sent: 1, failed: 1 });
  assert.equal(sms.requests(), 1);

  const late = await send(1, { ttl: 0.5 });
  const ended = await messageThat(late.id, ({ status }) => status === "finished");
  assert.equal(ended.counts.sent + ended.counts.expired + ended.counts.failed, 2);
});

test("the same Idempotency-Key sends once and answers alike; another request under it is refused", async (t) => {
  const product = await startTestProduct(t);
  await register(product, "d1", "u1");
  const post = (body: object, key: string, path = "toUsers") =>
    call(
      `${product.url}/api/push/${path}`,
      "POST",
      { "x-access-token": product.accessToken, "idempotency-key": key },
      body,
    );
  const body = { user: "u1", content: "once" };
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(body, "k1")));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert.equal(new Set(answers.map(({ headers }) => headers.get("x-push-id"))).size, 1);
  const [{ body: answered } = { body: null }] = answers;
  assert.deepEqual(answered, { count: 1 });
  assert.equal((await product.call("GET", "/api/messages")).body.data.length, 1);
  const other = await post({ user: "u1", content: "twice" }, "k1");
  assert.deepEqual([other.status, other.body.code], [409, "conflict"]);
  const everyone = { target: {}, content: "all" };
  const first = await post(everyone, "k2", "byQuery");
  const second = await post(everyone, "k2", "byQuery");
  assert.equal(first.headers.get("x-push-id"), second.headers.get("x-push-id"));
});

test("an inbox message that nobody fetched ends with its time, and a cancelled one is withdrawn", async (t) => {
  const product = await startTestProduct(t);
  await register(product, "d1", "u1");
  const send = async (body: object) => {
    const sent = await product.call("POST", "/api/push/toUsers", { user: "u1", content: "hi", ...body });
    return sent.headers.get("x-push-id") ?? "";
  };
  const message = async (id: string) => (await product.call("GET", `/api/messages/${id}`)).body;
  const [short, long] = [await send({ ttl: 1 }), await send({})];
  await until(
    () => message(long),
    ({ counts }) => counts.waiting === 1,
  );
  const expired = await until(
    () => message(short),
    ({ counts }) => counts.expired === 1,
  );
  assert.deepEqual(countsOf(expired), { targeted: 1, expired: 1 });
  assert.equal((await product.call("POST", `/api/messages/${long}/cancel`)).status, 200);
  await until(
    () => message(long),
    ({ counts }) => counts.cancelled === 1,
  );
  const device = await connectDevice(product, t, { id: "d1", deviceType: "android" });
  await device.client.publishAsync(device.topic("hello"), "");
  const last = await send({ content: "fresh" });
  await until(
    async () => device.messages.map(({ id }: { id: string }) => id),
    (ids) => ids.includes(last),
  );
  assert.ok(device.messages.every(({ id }: { id: string }) => id === last));
});

test("a template is filled in for whoever has the device, in the inbox too", async (t) => {
  const product = await startTestProduct(t);
  await register(product, "d1", "u1");
  await product.db.query(sql`update users set attributes = '{"first_name":"Sara"}' where user_id = 'u1'`);
  const broken = await product.call("POST", "/api/push/toUsers", {
    ...{ user: "u1", content: "Hi {{user.first_name | upcas}}", template: true },
  });
  assert.deepEqual([broken.status, broken.body.errors[0].pointer], [422, "/content"]);
  for (const template of [true, undefined])
    await product.call("POST", "/api/push/toUsers", {
      user: "u1",
      content: "Hi {{user.first_name}}",
      template,
    });
  const device = await connectDevice(product, t, { id: "d1", deviceType: "android" });
  await device.client.publishAsync(device.topic("hello"), "");
  await until(
    async () => device.messages.map(({ content }: { content: string }) => content).sort(),
    (contents) => contents.join() === "Hi Sara,Hi {{user.first_name}}",
  );
});
