import assert from "node:assert/strict";
import { connect as connectTo, type Socket } from "node:net";
import { test } from "node:test";
import mqtt from "mqtt";
import { type Cable, layCable } from "../testing/cable.ts";
import { connectDevice } from "../testing/device.ts";
import { call, startTestProduct, type TestProduct, until } from "../testing/product.ts";

const hello = (device: Awaited<ReturnType<typeof connectDevice>>) =>
  device.client.publishAsync(device.topic("hello"), "{}", { qos: 1 });

const isRefused = (granted: readonly { qos: number }[]) => granted[0]?.qos === 128;

const subscribes = (device: Awaited<ReturnType<typeof connectDevice>>, topic: string): Promise<boolean> =>
  device.client.subscribeAsync(topic).then(
    (granted) => !isRefused(granted),
    () => false,
  );

test("messages to one device come in the order in which they were accepted", async (t) => {
  const product = await startTestProduct(t);
  const device = await connectDevice(product, t, { id: "phone", userId: "mina", deviceType: "android" });
  await hello(device);
  const wanted = Array.from({ length: 30 }, (_, index) => `message ${index}`);
  for (const content of wanted) await product.call("POST", "/api/push/toUsers", { user: "mina", content });
  await until(
    async () => device.messages.length,
    (count) => count === wanted.length,
  );
  assert.deepEqual(
    device.messages.map(({ content }) => content),
    wanted,
  );
});

test("what was sent while the worker could not reach the broker comes once it can, to devices that never left", async (t) => {
  let cable: Cable | null = null;
  const product = await startTestProduct(t, {}, async (mqttPort) => {
    cable = await layCable(t, mqttPort);
    return cable.port;
  });
  const { pull, plugIn } = cable as unknown as Cable;
  const device = await connectDevice(product, t, { id: "phone", userId: "mina", deviceType: "android" });
  await hello(device);
  const send = (content: string) => product.call("POST", "/api/push/toUsers", { user: "mina", content });
  await send("before");
  await until(
    async () => device.messages.length,
    (count) => count === 1,
  );
  pull();
  const { headers } = await send("meanwhile");
  await until(
    async () => (await product.call("GET", `/api/messages/${headers.get("x-push-id")}`)).body.status,
    (status) => status === "finished",
  );
  assert.equal(device.messages.length, 1);
  plugIn();
  await until(
    async () => device.messages.map(({ content }) => content),
    (contents) => contents.includes("meanwhile"),
  );
});

test("a message for the moment comes to who is connected, and never later", async (t) => {
  const product = await startTestProduct(t);
  const device = await connectDevice(product, t, { id: "phone", userId: "mina", deviceType: "android" });
  await hello(device);
  const live = { user: "mina", content: "goal!", live: true };
  await until(
    async () => {
      await product.call("POST", "/api/push/toUsers", live);
      return device.messages.length;
    },
    (count) => count > 0,
  );
  await device.client.endAsync();
  const isGone = async () =>
    (await product.call("GET", "/api/installations/fetchById/phone")).body.connected === false;
  await until(isGone, (gone) => gone);
  const sent = await product.call("POST", "/api/push/toUsers", { ...live, content: "too late" });
  const id = sent.headers.get("x-push-id") ?? "";
  const report = await until(
    async () => (await product.call("GET", `/api/messages/${id}`)).body,
    ({ status }) => status === "finished",
  );
  assert.equal(report.reasons[0].reason, "not_connected");
  const again = await connectDevice(product, t, { id: "phone", userId: "mina", deviceType: "android" });
  await hello(again);
  await product.call("POST", "/api/push/toUsers", { user: "mina", content: "afterwards" });
  await until(
    async () => again.messages.length,
    (count) => count > 0,
  );
  assert.deepEqual(
    again.messages.map(({ content }) => content),
    ["afterwards"],
  );
});

test("private topics reach the devices that are in them, live ones only who is connected", async (t) => {
  const product = await startTestProduct(t);
  const register = { id: "phone", userId: "mina", deviceType: "android" };
  const device = await connectDevice(product, t, register);
  await hello(device);
  const send = async (channel: string) => {
    const sent = await product.call("POST", "/api/push/toUsers", { user: "mina", channel, content: channel });
    const id = sent.headers.get("x-push-id") ?? "";
    return until(
      async () => (await product.call("GET", `/api/messages/${id}`)).body,
      ({ status }) => status === "finished",
    );
  };
  const refused = await send("orders");
  assert.deepEqual([refused.counts.failed, refused.reasons[0].reasonText], [1, "Subscription not found"]);
  const topic = "/api/installations/phone/topics/private%2Forders";
  assert.equal((await product.call("PUT", topic, { live: true })).status, 200);
  assert.equal((await send("private/orders")).counts.failed, 0);
  await until(
    async () => device.messages.length,
    (count) => count === 1,
  );
  await device.client.endAsync();
  await until(
    async () => (await product.call("GET", "/api/installations/fetchById/phone")).body.connected,
    (isConnected) => isConnected === false,
  );
  assert.equal((await send("orders")).reasons[0].reason, "not_connected");
  await product.call("PUT", topic, { live: false });
  assert.equal((await send("orders")).counts.waiting, 1);
});

test("a revoked password ends the connection, and a new registration makes another", async (t) => {
  const product = await startTestProduct(t);
  const device = await connectDevice(product, t, { id: "phone", userId: "mina", deviceType: "android" });
  device.client.options.reconnectPeriod = 0;
  const closed = new Promise<void>((resolve) => device.client.once("close", () => resolve()));
  assert.equal((await product.call("POST", "/api/installations/phone/revoke")).status, 204);
  await closed;
  const { password, clientId, username } = device.client.options;
  await assert.rejects(
    mqtt.connectAsync(`mqtt://127.0.0.1:${product.mqttPort}`, {
      ...{ clientId: clientId ?? "", username: username ?? "", password: password ?? "", reconnectPeriod: 0 },
    }),
  );
  await connectDevice(product, t, { id: "phone", userId: "mina", deviceType: "android" });
});

test("what happens now is told to who may listen", async (t) => {
  const product = await startTestProduct(t);
  const [courier, customer, tablet] = await Promise.all([
    connectDevice(product, t, { id: "courier", userId: "omid", deviceType: "android" }),
    connectDevice(product, t, { id: "customer", userId: "mina", deviceType: "android" }),
    connectDevice(product, t, { id: "tablet", userId: "mina", deviceType: "android" }),
  ]);
  const topic = (name: string, from: string) => `app/${product.appId}/event/${name}/${from}`;
  // Before the app says so nobody hears another user's.
  assert.equal(await subscribes(customer, topic("moved", "courier")), false);
  assert.equal(await subscribes(customer, topic("moved", "+")), false);
  assert.equal(await subscribes(customer, topic("typed", "tablet")), true);
  assert.equal(await subscribes(customer, `app/another/event/moved/+`), false);
  assert.equal(await subscribes(customer, `app/${product.appId}/event/+/+`), false);
  const changed = await product.call("PATCH", "/api/settings", { publicEvents: ["moved"] });
  assert.deepEqual(changed.body.publicEvents, ["moved"]);
  await until(
    () => subscribes(customer, topic("moved", "+")),
    (isAllowed) => isAllowed,
  );
  const heard: [string, unknown][] = [];
  customer.client.on("message", (name, payload) => {
    if (name.includes("/event/")) heard.push([name, JSON.parse(payload.toString())]);
  });
  await courier.client.publishAsync(topic("moved", "courier"), JSON.stringify({ lat: 35.7 }), { qos: 1 });
  await tablet.client.publishAsync(topic("typed", "tablet"), JSON.stringify({}), { qos: 1 });
  const told = await product.call("POST", "/api/realtime/events", { eventName: "moved", data: { lat: 1 } });
  assert.deepEqual([told.status, told.body], [200, { published: true }]);
  await until(
    async () => heard.length,
    (count) => count === 3,
  );
  assert.deepEqual(Object.fromEntries(heard), {
    [topic("moved", "courier")]: { lat: 35.7 },
    [topic("typed", "tablet")]: {},
    [topic("moved", "server")]: { lat: 1 },
  });
  // In another's name nothing is told.
  courier.client.options.reconnectPeriod = 0;
  courier.client.publish(topic("moved", "tablet"), "{}");
  const bad = await product.call("POST", "/api/realtime/events", { eventName: "a/b" });
  assert.equal(bad.body.errors[0].pointer, "/eventName");
});

test("a broker of one's own asks who may come, and what they may do", async (t) => {
  const product = await startTestProduct(t);
  const { body } = await product.call("POST", "/api/installations", { id: "phone", deviceType: "android" });
  const { username, password } = body.mqtt;
  // Without a token, as brokers ask.
  const ask = async (path: string, question: object) =>
    (await call(`${product.url}/api/realtime/${path}`, "POST", {}, question)).body.result;
  assert.equal(await ask("auth", { username, password, clientid: username }), "allow");
  assert.equal(await ask("auth", { username, password, clientId: `${username}/2` }), "allow");
  assert.equal(await ask("auth", { username, password, clientid: "another" }), "deny");
  assert.equal(await ask("auth", { username, password: "wrong", clientid: username }), "deny");
  assert.equal(await ask("auth", {}), "deny");
  assert.equal(await ask("auth", { username: "$chapar", password, clientid: "x" }), "deny");
  const form = await call(
    `${product.url}/api/realtime/auth`,
    "POST",
    { "content-type": "application/x-www-form-urlencoded" },
    new URLSearchParams({ username, password, clientid: username }).toString(),
  );
  assert.deepEqual([form.body.result, form.body.Ok, form.body.is_superuser], ["allow", true, false]);
  const own = `app/${product.appId}/installation/phone`;
  const may = (action: string, topic: string) => ask("acl", { username, clientid: username, topic, action });
  assert.equal(await may("subscribe", `${own}/inbox`), "allow");
  assert.equal(await may("publish", `${own}/ack`), "allow");
  assert.equal(await may("publish", `${own}/inbox`), "deny");
  assert.equal(await may("subscribe", `${own}/ack`), "deny");
  assert.equal(await may("subscribe", "#"), "deny");
  assert.equal(await may("subscribe", `app/${product.appId}/installation/+/inbox`), "deny");
  assert.equal(await may("publish", `app/${product.appId}/installation/other/ack`), "deny");
  assert.equal(await ask("acl", { username, topic: `${own}/inbox`, acc: 4 }), "allow");
  assert.equal(await ask("acl", { username, topic: `${own}/inbox`, acc: "2" }), "deny");
  const unclear = await call(`${product.url}/api/realtime/acl`, "POST", {}, { username, topic: "x" });
  assert.equal(unclear.status, 422);
});

const open = (product: TestProduct): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connectTo(product.mqttPort, "127.0.0.1", () => resolve(socket));
    socket.once("error", reject);
  });

test("whoever storms in, talks nonsense or announces sixty megabytes is shown out, and the others are served", async (t) => {
  const product = await startTestProduct(t, { MQTT_CONNECT_RATE: "50" });
  const device = await connectDevice(product, t, { id: "phone", userId: "mina", deviceType: "android" });
  await hello(device);
  const big = await open(product);
  // A PUBLISH of 60 MB, whose length is all that is sent: MQTT 3.1.1 §2.2.3.
  big.write(Buffer.from([0x30, 0x80, 0x94, 0xce, 0x1c]));
  const nonsense = await open(product);
  nonsense.write(Buffer.from("GET / HTTP/1.1\r\n\r\n"));
  await Promise.all([big, nonsense].map((socket) => new Promise((resolve) => socket.once("close", resolve))));

  let refused = 0;
  const sockets = await Promise.all(
    Array.from({ length: 1_000 }, () =>
      open(product).then(
        (socket) => socket.on("error", () => {}).once("close", () => refused++),
        () => null,
      ),
    ),
  );
  await until(
    async () => refused,
    (count) => count > 500,
  );
  await product.call("POST", "/api/push/toUsers", { user: "mina", content: "still here" });
  await until(
    async () => device.messages.length,
    (count) => count === 1,
  );
  for (const socket of sockets) socket?.destroy();
});
