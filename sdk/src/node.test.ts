import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request as forward, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before, type TestContext } from "node:test";
import { makePublicKey } from "../../server/testing/client.ts";
import { startTestProduct, type TestProduct, until } from "../../server/testing/product.ts";
import type { ChaparError } from "./errors.ts";
import { Chapar, fileStorage } from "./node.ts";
import { memoryStorage } from "./store.ts";
import type { ChaparOptions, InboxMessage, KeyValueStorage } from "./types.ts";

// The SDK in Node against the product, over real sockets.

let product: TestProduct;
let publicKey: string;

before(async () => {
  product = await startTestProduct();
  publicKey = await makePublicKey(product);
});
after(() => product.stop());

interface Started {
  chapar: Chapar;
  messages: InboxMessage[];
  errors: ChaparError[];
}

function start(t: TestContext, options: ChaparOptions = {}, url = product.url): Started {
  const chapar = new Chapar({ url, publicKey }, { storage: memoryStorage(), ...options });
  t.after(() => chapar.close());
  const messages: InboxMessage[] = [];
  const errors: ChaparError[] = [];
  chapar.on("message", (message) => messages.push(message));
  chapar.on("error", (error) => errors.push(error));
  return { chapar, messages, errors };
}

async function hashOf(userId: string): Promise<string> {
  const { body } = await product.call("GET", "/api/settings/user-hash");
  return createHmac("sha256", body.secret).update(userId).digest("hex");
}

const send = async (user: string | null, content: string): Promise<string> => {
  const { headers, body } = await product.call("POST", "/api/push/toUsers", { user, content });
  assert.equal(body.count, 1, JSON.stringify(body));
  return headers.get("x-push-id") ?? "";
};

const countsOf = async (id: string) => (await product.call("GET", `/api/messages/${id}`)).body.counts;

const connected = ({ chapar }: Started) =>
  until(
    async () => chapar.isConnected(),
    (isConnected) => isConnected,
  );

/** Stands in front of the product; while it is down nobody gets through, and what was open is cut. */
async function startGate(
  t: TestContext,
): Promise<{ url: string; down(): void; up(): void; loseAnswers(count: number): void; lost(): number }> {
  const sockets = new Set<Socket>();
  let isUp = true;
  let toLose = 0;
  let lost = 0;
  const server: Server = createServer((incoming, outgoing) => {
    const target = new URL(incoming.url ?? "/", product.url);
    const onward = forward(target, { method: incoming.method, headers: incoming.headers }, (answer) => {
      // The product has done it, and the device never hears so.
      if (incoming.url?.includes("/events") && toLose > lost) {
        lost++;
        answer.resume();
        return void outgoing.destroy();
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on("connection", (socket) => {
    if (!isUp) socket.destroy();
    sockets.add(socket.on("close", () => sockets.delete(socket)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    down() {
      isUp = false;
      for (const socket of sockets) socket.destroy();
    },
    up: () => (isUp = true),
    loseAnswers: (count) => (toLose = lost + count),
    lost: () => lost,
  };
}

test("a device registers, logs in with the hash of its user, and out again", async (t) => {
  const { chapar } = start(t);
  const registered = await chapar.register();
  assert.equal(registered.isGuest, true);
  assert.equal(chapar.isLoggedIn(), false);
  await assert.rejects(chapar.login("sara", "0".repeat(64)), { code: "refused", status: 403 });
  const loggedIn = await chapar.login("sara", await hashOf("sara"));
  assert.deepEqual(loggedIn, { installationId: registered.installationId, userId: "sara", isGuest: false });
  assert.equal(chapar.isLoggedIn(), true);
  assert.equal(chapar.getUserId(), "sara");
  const loggedOut = await chapar.logout();
  assert.equal(loggedOut.isGuest, true);
  assert.notEqual(loggedOut.userId, "sara");
});

test("attributes, tags and topics are changed in order and read back", async (t) => {
  const { chapar, errors } = start(t);
  await chapar.login("mina", await hashOf("mina"));
  chapar.setUserAttributes({ first_name: "Mina", score: 3 });
  chapar.incrementUserAttribute("score", 2);
  chapar.addToUserAttributeArray("likes", ["tea", "cake"]);
  chapar.removeFromUserAttributeArray("likes", "cake");
  chapar.setUserAttributes({ city: "Yazd" });
  chapar.unsetUserAttribute("city");
  assert.deepEqual(await chapar.getUserAttributes(), { first_name: "Mina", score: 5, likes: ["tea"] });
  chapar.addTags(["gold", "early"]);
  chapar.removeTag("early");
  assert.deepEqual(await chapar.getTags(), ["gold"]);
  chapar.subscribe("sport");
  chapar.subscribe("private/orders", true);
  chapar.subscribe("gone");
  chapar.unSubscribe("gone");
  const topics = await chapar.getTopics();
  assert.deepEqual(
    topics.filter(({ topic }) => topic === "sport" || topic.startsWith("private/") || topic === "gone"),
    [
      { topic: "private/orders", live: true },
      { topic: "sport", live: false },
    ].sort(
      (a, b) =>
        topics.findIndex(({ topic }) => topic === a.topic) -
        topics.findIndex(({ topic }) => topic === b.topic),
    ),
  );
  assert.deepEqual(errors, []);
});

test("an event whose answer was lost is sent again and counted once; a purchase is worth its revenue", async (t) => {
  const gate = await startGate(t);
  const { chapar } = start(t, {}, gate.url);
  await chapar.login("reza", await hashOf("reza"));
  gate.loseAnswers(1);
  chapar.track("seen_product", { product: 7 });
  await until(
    async () => gate.lost(),
    (lost) => lost === 1,
  );
  chapar.trackPurchase("bought", { revenue: 12.5, currency: "eur", data: { product: 7 } });
  await chapar.flush();
  const { body } = await product.call("GET", "/api/users/reza/timeline");
  const names = body.data.flatMap((entry: { name?: string }) => (entry.name ? [entry.name] : []));
  assert.deepEqual(names.sort(), ["bought", "seen_product"]);
  const { body: events } = await product.call("GET", "/api/events?search=bought");
  assert.equal(events.data[0].sum, 12.5);
});

test("what was done without a network outlives the process, and is sent by the next one", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "chapar-sdk-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const gate = await startGate(t);
  const file = join(folder, "device.json");
  const first = start(t, { storage: fileStorage(file) }, gate.url);
  const { installationId } = await first.chapar.register();
  gate.down();
  first.chapar.track("offline", { step: 1 });
  first.chapar.addTag("patient");
  await assert.rejects(first.chapar.flush(), { code: "network" });
  await first.chapar.close();
  gate.up();
  const second = start(t, { storage: fileStorage(file) }, gate.url);
  assert.equal((await second.chapar.register()).installationId, installationId);
  assert.deepEqual(await second.chapar.getTags(), ["patient"]);
  const { body } = await product.call("GET", "/api/events?search=offline");
  assert.equal(body.data[0].count, 1);
});

test("two hundred messages come live, in order, each once, and are delivered", async (t) => {
  const device = start(t, { realtime: true });
  await device.chapar.login("order", await hashOf("order"));
  await connected(device);
  const sent = await product.call(
    "POST",
    "/api/push/toUsers",
    Array.from({ length: 200 }, (_, index) => ({ user: "order", content: `message ${index}` })),
  );
  assert.equal(sent.body.count, 200);
  await until(
    async () => device.messages.length,
    (count) => count >= 200,
  );
  assert.deepEqual(
    device.messages.map(({ content }) => content),
    Array.from({ length: 200 }, (_, index) => `message ${index}`),
  );
  const last = device.messages.at(-1)?.id ?? "";
  await until(
    () => countsOf(last),
    (counts) => counts.delivered === 1,
  );
});

test("what is sent meanwhile comes with the next connection, once", async (t) => {
  const storage: KeyValueStorage = memoryStorage();
  const first = start(t, { realtime: true, storage });
  await first.chapar.login("back", await hashOf("back"));
  await connected(first);
  await send("back", "one");
  await until(
    async () => first.messages.length,
    (count) => count === 1,
  );
  await first.chapar.close();
  const ids = [await send("back", "two"), await send("back", "three")];
  for (const id of ids)
    await until(
      () => countsOf(id),
      (counts) => counts.waiting === 1,
    );
  const second = start(t, { realtime: true, storage });
  await until(
    async () => second.messages.length,
    (count) => count >= 2,
  );
  assert.deepEqual(
    second.messages.map(({ content }) => content),
    ["two", "three"],
  );
  second.chapar.markAsRead(ids);
  second.chapar.messageClicked(ids[0] ?? "", "buy");
  await second.chapar.flush();
  await until(
    () => countsOf(ids[0] ?? ""),
    (counts) => counts.clicked === 1,
  );
  assert.equal((await countsOf(ids[1] ?? "")).seen, 1);
  assert.equal(await second.chapar.inbox.unread(), 1);
});

test("without realtime the inbox is looked into at the start, and each message is handed over once", async (t) => {
  const storage = memoryStorage();
  const first = start(t, { storage });
  await first.chapar.login("poll", await hashOf("poll"));
  const id = await send("poll", "hello");
  await until(
    () => countsOf(id),
    (counts) => counts.queued === 0,
  );
  await first.chapar.close();
  const second = start(t, { storage });
  await until(
    async () => second.messages.length,
    (count) => count > 0,
  );
  await second.chapar.flush();
  assert.equal((await countsOf(id)).delivered, 1);
  await second.chapar.close();
  const third = start(t, { storage });
  await third.chapar.register();
  const page = await third.chapar.inbox.list();
  assert.deepEqual(
    page.data.map(({ content, state }) => ({ content, state })),
    [{ content: "hello", state: "delivered" }],
  );
  assert.deepEqual(third.messages, []);
});

test("the inbox is readable without a network", async (t) => {
  const gate = await startGate(t);
  const { chapar } = start(t, {}, gate.url);
  await chapar.login("reader", await hashOf("reader"));
  const id = await send("reader", "kept");
  await until(
    async () => (await chapar.inbox.list()).data.length,
    (count) => count === 1,
  );
  gate.down();
  chapar.markAsRead(id);
  const { data } = await chapar.inbox.list();
  assert.deepEqual(
    data.map(({ content, state }) => ({ content, state })),
    [{ content: "kept", state: "seen" }],
  );
  assert.equal(await chapar.inbox.unread(), 0);
});

test("a device whose credentials were revoked comes back as a new one", async (t) => {
  const device = start(t, { realtime: true });
  const { installationId } = await device.chapar.register();
  await connected(device);
  const revoked = await product.call("POST", `/api/installations/${installationId}/revoke`);
  assert.equal(revoked.status, 204);
  device.chapar.track("after_revocation");
  await until(
    async () => device.chapar.getInstallationId(),
    (id) => id !== installationId,
  );
  await connected(device);
  const id = await send(device.chapar.getUserId(), "you again");
  await until(
    async () => device.messages.map((message) => message.id),
    (ids) => ids.includes(id),
  );
  // What waited for the old one is told by the new one.
  await until(
    async () => (await product.call("GET", "/api/events?search=after_revocation")).body.data[0]?.count,
    (count) => count === 1,
  );
  assert.deepEqual(device.errors, []);
});

test("a realtime event reaches another device of the same user", async (t) => {
  const [phone, laptop] = [start(t, { realtime: true }), start(t, { realtime: true })];
  for (const { chapar } of [phone, laptop]) await chapar.login("twice", await hashOf("twice"));
  await connected(phone);
  const heard: unknown[] = [];
  laptop.chapar.on("typing", (data, origin) => heard.push([data, origin.installationId]));
  laptop.chapar.subscribeEvent("typing", phone.chapar.getInstallationId() ?? "");
  await connected(laptop);
  await until(
    async () => {
      await phone.chapar.publishEvent("typing", { room: 3 });
      return heard.length;
    },
    (count) => count > 0,
  );
  assert.deepEqual(heard[0], [{ room: 3 }, phone.chapar.getInstallationId()]);
});

test("what cannot be is refused before anything is kept", async (t) => {
  const { chapar } = start(t);
  assert.throws(() => chapar.track(""), { code: "invalid_argument" });
  assert.throws(() => chapar.subscribeEvent("message"), { code: "invalid_argument" });
  assert.throws(() => chapar.trackPurchase("x", { revenue: Number.NaN }), { code: "invalid_argument" });
  assert.throws(() => new Chapar({ url: "shop", publicKey }), { code: "invalid_argument" });
  assert.throws(() => new Chapar({ url: product.url }), { code: "invalid_argument" });
  await assert.rejects(chapar.publishEvent("typing"), { code: "not_connected" });
  await assert.rejects(chapar.enablePush(), { code: "push_unavailable" });
  const stranger = new Chapar({ url: product.url, publicKey: `chpk_${randomUUID()}` });
  t.after(() => stranger.close());
  await assert.rejects(stranger.register(), { code: "unauthorized" });
});
