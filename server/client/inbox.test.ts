import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import mqtt from "mqtt";
import sql from "sql-template-tag";
import { makePublicKey, registerClient, type TestClient } from "../testing/client.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";

let product: TestProduct;
let key: string;
before(async () => {
  product = await startTestProduct();
  key = await makePublicKey(product);
});
after(() => product.stop());

/** Sends to one user, and waits until nobody is left to send to; answers the id of the message. */
async function send(userId: string, message: Record<string, unknown>): Promise<string> {
  const { headers } = await product.call("POST", "/api/push/toUsers", { user: userId, ...message });
  const id = headers.get("x-push-id") ?? "";
  await until(
    () => product.call("GET", `/api/messages/${id}`),
    ({ body }) => body.status === "finished",
  );
  return id;
}
const inbox = async (device: TestClient, query = "") =>
  (await device.call("GET", `/api/installations/${device.id}/inbox${query}`)).body;
const unread = async (device: TestClient) =>
  (await device.call("GET", `/api/installations/${device.id}/inbox/unread`)).body.count;
const contents = (page: { data: { content: string }[] }) => page.data.map(({ content }) => content);

test("the inbox is read in pages, newest first, and texts are filled in", async () => {
  const device = await registerClient(product, key, { deviceType: "web" });
  const { userId } = device.registered;
  await device.call("POST", "/api/installations/attributes", { userId, attributes: { name: "Sara" } });
  await send(userId, { content: "One", data: { page: 1 }, trackId: "spring" });
  await send(userId, { content: "Hello {{ user.name }}", template: true });
  const last = await send(userId, { content: "Three", notification: { title: "T" }, inApp: true });
  const first = await inbox(device, "?limit=2");
  assert.equal(first.data[0].id, last);
  assert.equal(first.data.length, 2);
  assert.deepEqual(first.data[0], {
    ...{ id: last, content: "Three", channel: "default", inApp: true, notification: { title: "T" } },
    ...{ createdAt: first.data[0].createdAt, state: "waiting", dismissed: false },
  });
  const rest = await inbox(device, `?limit=2&cursor=${first.nextCursor}`);
  assert.deepEqual(contents(rest), ["One"]);
  assert.deepEqual(rest.data[0].data, { page: 1 });
  assert.equal(rest.data[0].trackId, "spring");
  assert.equal(rest.nextCursor, null);
  assert.equal(first.data[1].content, "Hello Sara");
});

test("what was acknowledged counts as read, and a live or cancelled message is not there", async () => {
  const device = await registerClient(product, key, { deviceType: "web" });
  const { userId } = device.registered;
  const one = await send(userId, { content: "One" });
  const two = await send(userId, { content: "Two" });
  await send(userId, { content: "Now or never", live: true });
  await send(userId, { content: "Gone", ttl: 1 });
  const cancelled = await send(userId, { content: "Cancelled" });
  await product.db.query(sql`update messages set status = 'cancelled' where message_id = ${cancelled}`);
  await until(
    () => unread(device),
    (count) => count === 2,
    20_000,
  );
  const acks = [
    { id: one, state: "seen", at: Date.now() },
    { id: two, state: "dismissed" },
    { id: "0199e000-0000-7000-8000-000000000000", state: "seen" },
  ];
  const at = `/api/installations/${device.id}/inbox/acks`;
  assert.deepEqual((await device.call("POST", at, { acks })).body, { count: 2 });
  assert.equal(await unread(device), 1);
  const { data } = await inbox(device);
  assert.deepEqual(
    data.map(({ content, state, dismissed }: Record<string, unknown>) => [content, state, dismissed]),
    [
      ["Two", "delivered", true],
      ["One", "seen", false],
    ],
  );
  assert.deepEqual(contents(await inbox(device, "?unread=true")), ["Two"]);
  const { counts } = (await product.call("GET", `/api/messages/${one}`)).body;
  assert.equal(counts.seen, 1);
  assert.equal((await device.call("POST", at, { acks: [{ id: one, state: "eaten" }] })).status, 422);
});

test("an inbox is the device's own, and whoever comes after does not read it", async () => {
  await product.call("PATCH", "/api/settings", { requiresUserHash: false });
  const device = await registerClient(product, key, { deviceType: "web" });
  const other = await registerClient(product, key, { deviceType: "web" });
  await send(device.registered.userId, { content: "For the guest" });
  for (const path of ["inbox", "inbox/unread"])
    assert.equal((await other.call("GET", `/api/installations/${device.id}/${path}`)).status, 403);
  const acks = { acks: [{ id: "0199e000-0000-7000-8000-000000000000", state: "seen" }] };
  assert.equal((await other.call("POST", `/api/installations/${device.id}/inbox/acks`, acks)).status, 403);
  await device.call("POST", `/api/installations/${device.id}/login`, { userId: "lida" });
  await send("lida", { content: "For Lida" });
  assert.deepEqual(contents(await inbox(device)), ["For Lida", "For the guest"]);
  await device.call("POST", `/api/installations/${device.id}/logout`);
  assert.deepEqual(contents(await inbox(device)), []);
  assert.equal(await unread(device), 0);
  await device.call("POST", `/api/installations/${device.id}/login`, { userId: "lida" });
  assert.equal(await unread(device), 2);
  const read = await product.call("GET", `/api/installations/${device.id}/inbox`);
  assert.deepEqual(contents(read.body), ["For Lida", "For the guest"]);
  assert.equal((await product.call("GET", "/api/installations/nobody/inbox")).status, 404);
  await product.call("PATCH", "/api/settings", { requiresUserHash: true });
});

test("a device reports notifications and events in one call, and again without counting twice", async () => {
  const device = await registerClient(product, key, { deviceType: "android" });
  const { userId } = device.registered;
  const notification = { title: "T", actions: [{ id: "buy", title: "Buy" }] };
  const id = await send(userId, { content: "Sale", notification });
  const eventName = `order-${device.id}`;
  const eventData = [
    { type: 1, actionType: "SHOWN", msgId: id, actionTs: Date.now() },
    { type: 1, actionType: "ACTION_TAKEN", msgId: id, actionTs: Date.now(), actionId: "buy", trackId: "x" },
    {
      type: 2,
      data: {
        ...{ id: `e-${device.id}`, eventName, createdAt: Date.now() - 1_000, influence: {} },
        data: { isRevenue: true, value: 20, currency: "eur", due: 0 },
        __meta: { keys: { due: { type: "date" } } },
      },
    },
    { type: 2, data: { eventName: "", data: {} } },
    { type: 2, data: { eventName: "late", createdAt: 5 } },
    { type: 7 },
  ];
  const report = () =>
    device.call("POST", "/api/installations/events", {
      installationId: device.id,
      sessionId: "s",
      eventData,
    });
  const { status, body } = await report();
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.count, 3);
  assert.deepEqual(
    body.refused.map(({ index, pointer }: { index: number; pointer: string }) => [index, pointer]),
    [
      [3, "/data/eventName"],
      [4, "/data/createdAt"],
      [5, "/type"],
    ],
  );
  assert.equal((await report()).body.count, 3);
  assert.equal((await inbox(device)).data[0].state, "clicked");
  const { data } = (await product.call("GET", "/api/events")).body;
  assert.equal(data.find(({ name }: { name: string }) => name === eventName).count, 1);
  const message = (await product.call("GET", `/api/messages/${id}`)).body;
  assert.equal(message.counts.clicked, 1);
});

test("over MQTT, too, nobody is handed what was sent to who has logged out", async (t) => {
  const device = await registerClient(product, key, { deviceType: "web", userId: undefined });
  const { mqtt: broker } = device.registered;
  await send(device.registered.userId, { content: "For the guest" });
  const login = (userId: string) => product.call("POST", `/api/installations/${device.id}/login`, { userId });
  await login("omid");
  await send("omid", { content: "For Omid" });
  await login("pari");
  await send("pari", { content: "For Pari" });
  const client = await mqtt.connectAsync(broker.url.replace("localhost", "127.0.0.1"), broker);
  t.after(() => client.endAsync(true));
  const received: string[] = [];
  client.on("message", (_topic, payload) => received.push(JSON.parse(payload.toString()).content));
  const topic = (name: string) => `app/demo-shop/installation/${device.id}/${name}`;
  await client.subscribeAsync(topic("inbox"), { qos: 1 });
  await client.publishAsync(topic("hello"), "{}", { qos: 1 });
  await until(
    async () => received,
    (contents) => contents.includes("For Pari"),
  );
  await login("omid");
  await client.publishAsync(topic("hello"), "{}", { qos: 1 });
  await until(
    async () => received,
    (contents) => contents.includes("For the guest"),
  );
  assert.deepEqual(received, ["For Pari", "For the guest", "For Omid"]);
});
