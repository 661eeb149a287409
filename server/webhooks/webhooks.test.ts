import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import sql from "sql-template-tag";
import { startWorker } from "../app-worker.ts";
import type { Database } from "../db/database.ts";
import { eventsBetween, tellOfDeliveries } from "../deliveries/tell.ts";
import { nilUuid } from "../lib/keys.ts";
import { tellTracked } from "../outbox/outbox.ts";
import { keepWanted } from "../outbox/wanted.ts";
import { createTestDatabase } from "../testing/database.ts";
import { importFile, type Json } from "../testing/imports.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { type Received, startReceiver } from "../testing/receiver.ts";
import { addUsers, phoneOf, startSending } from "../testing/sending.ts";
import { pauseAfter, restAfter } from "./settle.ts";

async function addWebhook(product: TestProduct, given: object): Promise<Json> {
  const { status, body } = await product.call("POST", "/api/webhooks", { name: "Shop", ...given });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

/** By the specification alone, with none of our code. */
function isSigned({ headers, text }: Received, secret: string): boolean {
  const content = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${text}`;
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const expected = `v1,${createHmac("sha256", key).update(content).digest("base64")}`;
  return String(headers["webhook-signature"]).split(" ").includes(expected);
}

const attempts = async (product: TestProduct, id: string, query = ""): Promise<Json[]> =>
  (await product.call("GET", `/api/webhooks/${id}/attempts${query}`)).body.data;

test("what becomes of messages is told once by two workers, in order, signed, and to who wished it", async (t) => {
  const receipts = {
    ...{ list: "reports", subject: "providerId", idPath: "id", statusPath: "status" },
    ...{ codePath: "code", statuses: { OK: "delivered", CLICK: "clicked", FAIL: "failed" } },
  };
  const { product, standIn, account, broadcast, messageThat } = await startSending(t, {
    config: { receipts },
  });
  const second = await startWorker({ ...product.config, mqttPort: product.mqttPort });
  t.after(() => second.stop());
  const all = await startReceiver(t);
  const few = await startReceiver(t);
  const hook = await addWebhook(product, {
    url: all.url,
    events: ["message.sent", "message.delivered", "message.seen", "message.clicked", "message.failed"],
    batchSize: 100,
  });
  await addWebhook(product, { url: few.url, events: ["message.failed"] });
  await addUsers(product, 300);
  const ids = new Map<unknown, string>();
  standIn.plan(({ body }) => {
    ids.set(body.to, String(body.deliveryId));
    return null;
  });
  const messageId = await broadcast({ content: "Hi" });
  await messageThat(messageId, ({ status }) => status === "finished");
  const report = (user: string, status: string) =>
    standIn.report(account.receiptsUrl, [{ deliveryId: ids.get(phoneOf(user)) ?? "", status, code: "E7" }]);
  await report("u1", "OK");
  await report("u1", "OK");
  await report("u2", "CLICK");
  await report("u3", "FAIL");
  const told = () => all.received.flatMap(({ items }) => items);
  await until(
    async () => told().length,
    (count) => count >= 305,
  );
  await until(
    async () => few.received.length,
    (count) => count === 1,
  );
  const of = (userId: string) =>
    told()
      .filter((item) => item.userId === userId)
      .map(({ event }) => event);
  assert.deepEqual(of("u0"), ["message.sent"]);
  assert.deepEqual(of("u1"), ["message.sent", "message.delivered"]);
  assert.deepEqual(of("u2"), ["message.sent", "message.delivered", "message.seen", "message.clicked"]);
  assert.deepEqual(of("u3"), ["message.sent", "message.failed"]);
  assert.equal(told().length, 305, "nothing twice");
  assert.equal(new Set(told().map(({ id }) => id)).size, 305);
  assert.ok(all.received.every((request) => isSigned(request, hook.secret)));
  assert.ok(all.received.length < 100, "many go together");
  const failed = few.received[0]?.items[0];
  assert.deepEqual(
    [failed.event, failed.appId, failed.userId, failed.installationId, failed.data.reason, failed.data.code],
    ["message.failed", product.appId, "u3", null, "undelivered", "E7"],
  );
  assert.deepEqual(
    [failed.data.messageId, failed.data.channel, typeof failed.data.campaignId],
    [messageId, "sms", "string"],
  );
});

test("users, imports and events are told of as they happen, and nothing that did not", async (t) => {
  const product = await startTestProduct(t);
  const { url, received } = await startReceiver(t);
  await addWebhook(product, {
    ...{ url, events: ["user.unsubscribed", "import.finished", "event.tracked"], eventNames: ["bought"] },
  });
  const told = () =>
    received.flatMap(({ items }) => items.map(({ event, userId, data }) => ({ event, userId, data })));
  const file = ["user_id,email,whatsapp_opt_out", "sara,sara@example.com,true", "ali,ali@example.com,"];
  const { id: importId } = await importFile(product, file);
  await importFile(product, file, { dryRun: "true" });
  await importFile(product, ["event,user_id,time", "bought,sara,2026-01-01T00:00:00Z"]);
  await product.call("PATCH", "/api/users/sara", { optedOut: ["email", "sms"], language: "fa" });
  await product.call("PATCH", "/api/users/sara", { optedOut: ["email"] });
  const event = { userId: "sara", eventName: "bought", eventId: "o-1", eventData: { value: 7 } };
  for (const body of [event, event, { ...event, eventName: "looked", eventId: "o-2" }])
    await product.call("POST", "/api/installations/track", body);
  // A guest who logs in brings their events along: they happened once.
  await product.call("POST", "/api/installations", {
    id: "d1",
    userId: "guest",
    deviceType: "android",
    isGuest: true,
  });
  await product.call("POST", "/api/installations/track", { ...event, userId: "guest", eventId: "o-3" });
  await product.call("POST", "/api/installations", { id: "d1", userId: "sara", deviceType: "android" });
  await product.call("PATCH", "/api/users/ali", { leftTopics: ["news"] });
  await until(
    async () => told().length,
    (count) => count >= 6,
  );
  const imports = told().filter(({ event }) => event === "import.finished");
  assert.deepEqual(
    imports.map(({ data }) => data.status),
    ["completed", "completed"],
  );
  assert.deepEqual(
    [imports[0]?.data.importId, imports[0]?.data.rows.created, imports[0]?.userId],
    [importId, 2, null],
  );
  assert.deepEqual(
    told()
      .filter(({ event }) => event === "user.unsubscribed")
      .map(({ userId, data }) => ({ userId, ...data })),
    [
      { userId: "sara", channels: ["email", "sms"], topics: [] },
      { userId: "ali", channels: [], topics: ["news"] },
    ],
  );
  const tracked = told().filter(({ event }) => event === "event.tracked");
  assert.deepEqual(
    tracked.map(({ data }) => data),
    [
      { eventName: "bought", eventData: { value: 7 } },
      { eventName: "bought", eventData: { value: 7 } },
    ],
  );
  assert.equal(told().length, 6);
});

test("what fails is tried again under its id, logged in words, replayed, and stopped by a 410", async (t) => {
  const product = await startTestProduct(t);
  const answers = [500, "close", 302] as const;
  const receiver = await startReceiver(t, ({ items }, number, response) => {
    if (items[0].data.eventName === "gone") response.writeHead(410).end();
    else if (answers[number - 1] === 500) response.writeHead(500).end("<h1>out of order</h1>");
    else if (answers[number - 1] === "close") response.socket?.destroy();
    else if (answers[number - 1] === 302)
      response.writeHead(302, { location: "http://127.0.0.1/other" }).end();
    else return false;
    return true;
  });
  const healthy = await startReceiver(t);
  const hook = await addWebhook(product, { url: receiver.url, events: ["event.tracked"] });
  await addWebhook(product, { url: healthy.url, events: ["event.tracked"] });
  const track = (eventName: string) =>
    product.call("POST", "/api/installations/track", { userId: "sara", eventName });
  await product.call("POST", "/api/users", { userId: "sara" });
  await track("first");
  const errors = [
    /answered 500: <h1>out of order/,
    /closed the connection/,
    /answered 302 and led elsewhere to .*other/,
  ];
  for (const [index, error] of errors.entries()) {
    const log = await until(
      () => attempts(product, hook.id, "?failed=true"),
      ([last]) => last?.tries === index + 1 && last.error !== null && error.test(last.error),
    );
    assert.equal(log.length, 1);
    assert.ok(log[0].nextAt > new Date().toISOString());
    await product.db.query(sql`update webhook_attempts set next_at = now() where next_at is not null`);
    await product.db.query(sql`update webhooks set rest_until = null`);
  }
  const [delivered] = await until(
    () => attempts(product, hook.id),
    ([last]) => last?.state === "delivered",
  );
  assert.deepEqual(
    [delivered.tries, delivered.status, delivered.error, delivered.nextAt],
    [4, 204, null, null],
  );
  assert.equal(
    new Set(receiver.received.map(({ headers, text }) => `${headers["webhook-id"]} ${text}`)).size,
    1,
  );
  assert.equal(healthy.received.length, 1, "the other one was not held up");

  const replay = await product.call("POST", `/api/webhooks/${hook.id}/attempts/${delivered.id}/replay`);
  assert.deepEqual([replay.status, replay.body.state], [200, "waiting"]);
  await until(
    async () => receiver.received.length,
    (count) => count === 5,
  );

  // A worker that died with it: whoever comes next takes it over, under the same id.
  await product.db.query(sql`
    update webhook_attempts set state = 'waiting', lease_owner = gen_random_uuid(), next_at = now() - interval '1 second'
    where webhook_id = ${hook.id}`);
  await until(
    async () => receiver.received.length,
    (count) => count === 6,
  );
  assert.equal(receiver.received[5]?.headers["webhook-id"], delivered.id);

  const { body: rotated } = await product.call("POST", `/api/webhooks/${hook.id}/secret/rotate`);
  const test = await product.call("POST", `/api/webhooks/${hook.id}/test`);
  assert.deepEqual(
    [test.body.state, test.body.status, test.body.events],
    ["delivered", 204, ["event.tracked"]],
  );
  const sample = receiver.received[6] as Received;
  assert.ok(sample.items[0].data.isTest && isSigned(sample, rotated.secret) && isSigned(sample, hook.secret));
  assert.equal((await product.call("GET", `/api/webhooks/${hook.id}/secret`)).body.secret, rotated.secret);

  await track("gone");
  const off = await until(
    async () => (await product.call("GET", `/api/webhooks/${hook.id}`)).body,
    ({ isActive }) => !isActive,
  );
  assert.match(off.pauseReason, /410/);
  const refused = await product.call("POST", `/api/webhooks/${hook.id}/replay`, {
    since: "2026-01-01T00:00:00Z",
  });
  assert.equal(refused.status, 409);
  await product.call("PATCH", `/api/webhooks/${hook.id}`, { isActive: true, events: ["message.sent"] });
  const again = await product.call("POST", `/api/webhooks/${hook.id}/replay`, {
    since: "2026-01-01T00:00:00Z",
  });
  assert.deepEqual(again.body, { replayed: 1 });
  await until(
    async () => receiver.received.length,
    (count) => count === 9,
  );

  // Whoever is deleted for good is in none of it any more.
  assert.equal((await product.call("DELETE", "/api/users/sara")).status, 200);
  const left = await attempts(product, hook.id);
  assert.deepEqual(
    left.map(({ id }) => id),
    [test.body.id],
    "only the sample",
  );
  assert.equal((await product.call("DELETE", `/api/webhooks/${hook.id}`)).status, 204);
  assert.equal((await product.call("GET", `/api/webhooks/${hook.id}/attempts`)).status, 404);
});

test("private addresses are refused, when the webhook is made and when a name leads there", async (t) => {
  const product = await startTestProduct(t, { ALLOW_PRIVATE_ADDRESSES: "false" });
  for (const url of [
    "http://127.0.0.1/x",
    "http://localhost:8080/",
    "https://[::1]/",
    "http://169.254.169.254/meta",
  ]) {
    const { status, body } = await product.call("POST", "/api/webhooks", {
      name: "x",
      url,
      events: ["message.sent"],
    });
    assert.deepEqual([status, body.errors?.[0]?.pointer], [422, "/url"], url);
  }
  for (const given of [
    { url: "ftp://example.com" },
    { url: "https://me:pw@example.com" },
    { events: [] },
    { batchSize: 501 },
  ]) {
    const body = { name: "x", url: "https://example.com", events: ["message.sent"], ...given };
    assert.equal((await product.call("POST", "/api/webhooks", body)).status, 422, JSON.stringify(given));
  }
  const hook = await addWebhook(product, { url: "http://example.com/x", events: ["message.sent"] });
  // As if its name had led elsewhere when it was made.
  await product.db.query(sql`update webhooks set url = 'http://localhost:9/x'`);
  const { body } = await product.call("POST", `/api/webhooks/${hook.id}/test`);
  assert.match(body.error, /localhost \(.*\) is not a public address/);
});

test("states that were passed over are told, pauses grow to half a day, and rests to five minutes", () => {
  assert.deepEqual(eventsBetween(undefined, "waiting"), []);
  assert.deepEqual(eventsBetween("waiting", "delivered"), ["message.sent", "message.delivered"]);
  assert.deepEqual(eventsBetween("failed", "seen"), ["message.delivered", "message.seen"]);
  assert.deepEqual(eventsBetween("sent", "failed"), ["message.failed"]);
  assert.deepEqual(eventsBetween("waiting", "expired"), []);
  const pauses = Array.from({ length: 12 }, (_, index) => pauseAfter(index + 1, null, 0) / 1000);
  assert.deepEqual(pauses.slice(0, 3), [5, 30, 120]);
  assert.deepEqual(pauses.slice(-2), [43_200, 43_200]);
  assert.equal(pauseAfter(1, 90_000, 0.5), 90_000);
  assert.deepEqual([0, 2, 3, 4, 30].map(restAfter), [0, 0, 5_000, 10_000, 300_000]);
});

test("without a webhook that wants it, nothing is asked and nothing is written", async (t) => {
  const { db } = await createTestDatabase(t);
  const wanted = keepWanted(db, (error) => assert.ifError(error));
  await until(
    async () => db.memory.size,
    (size) => size > 0,
  );
  const asked: unknown[] = [];
  const counting = {
    ...db,
    query: async (statement: unknown) => void asked.push(statement),
  } as unknown as Database;
  const row = {
    appKey: 1,
    messageId: nilUuid,
    userKey: nilUuid,
    deliveryId: nilUuid,
    installationKey: nilUuid,
  };
  const end = {
    step: 0,
    variant: 0,
    state: "sent" as const,
    reason: null,
    code: null,
    detail: null,
    at: new Date(),
  };
  await tellOfDeliveries(counting, [{ ...row, ...end }]);
  await tellTracked(counting, 1, ["bought"]);
  // Before the database closes, which waits for the connection that listens.
  wanted.stop();
  assert.deepEqual(asked, []);
});
