// A broker of one's own: Debian's Mosquitto, told of devices by its dynamic-security plug-in.
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import mqtt, { type MqttClient } from "mqtt";
import sql from "sql-template-tag";
import { startMosquitto } from "../server/testing/mosquitto.ts";
import { startTestProduct, type TestProduct, until } from "../server/testing/product.ts";

async function startBroker(t: TestContext) {
  const broker = await startMosquitto();
  t.after(() => broker.remove());
  return broker;
}

interface Device {
  id: string;
  client: MqttClient;
  /** Contents, each message once. */
  contents: string[];
}

/** A device that says hello after each connection, as the guide has it. */
async function connect(t: TestContext, product: TestProduct, id: string, userId: string): Promise<Device> {
  const { body } = await product.call("POST", "/api/installations", { id, userId, deviceType: "android" });
  const { url, clientId, username, password } = body.mqtt;
  const topic = (name: string) => `app/${product.appId}/installation/${id}/${name}`;
  const client = mqtt.connect(url, {
    ...{ clientId, username, password, reconnectPeriod: 200 },
    will: { topic: topic("presence"), payload: Buffer.from("gone"), qos: 1, retain: false },
  });
  t.after(() => client.endAsync(true));
  const device: Device = { id, client, contents: [] };
  const known = new Set<string>();
  client.on("connect", async () => {
    await client.subscribeAsync([topic("inbox"), `app/${product.appId}/roll-call`]).catch(() => {});
    client.publish(topic("hello"), "{}", { qos: 1 });
  });
  client.on("message", (name, payload) => {
    if (name.endsWith("/roll-call")) return void client.publish(topic("hello"), "{}", { qos: 1 });
    const message = JSON.parse(payload.toString());
    if (!known.has(message.id)) device.contents.push(message.content);
    known.add(message.id);
    client.publish(topic("ack"), JSON.stringify({ id: message.id, state: "delivered" }), { qos: 1 });
  });
  await until(
    async () => (await product.call("GET", `/api/installations/fetchById/${id}`)).body.connected,
    (isConnected) => isConnected === true,
  );
  return device;
}

const send = async (product: TestProduct, body: object): Promise<string> => {
  const sent = await product.call("POST", "/api/push/toUsers", body);
  assert.equal(sent.status, 200);
  return sent.headers.get("x-push-id") ?? "";
};

const delivered = (product: TestProduct, id: string, count: number) =>
  until(
    async () => (await product.call("GET", `/api/messages/${id}`)).body.counts,
    (counts) => counts.delivered === count,
    30_000,
  );

test("devices reach a Mosquitto that is told of them, and nothing is lost when it is killed", async (t) => {
  const broker = await startBroker(t);
  const product = await startTestProduct(t, { MQTT_URL: broker.url, MQTT_ACCESS: "dynamic-security" });
  const mina = await connect(t, product, "minas-phone", "mina");
  const omid = await connect(t, product, "omids-phone", "omid");
  await delivered(product, await send(product, { user: "mina", content: "one" }), 1);

  // What is another's is refused, to those who are let in too.
  const spied: string[] = [];
  omid.client.on("message", (topic) => spied.push(topic));
  for (const topic of [`app/${product.appId}/installation/minas-phone/inbox`, "#"]) {
    const granted = await omid.client.subscribeAsync(topic).catch(() => [{ qos: 128 }]);
    assert.equal(granted[0]?.qos, 128, topic);
  }
  await delivered(product, await send(product, { user: "mina", content: "two" }), 1);
  assert.deepEqual(
    spied.filter((topic) => topic.includes("minas")),
    [],
  );

  await broker.kill();
  const meanwhile = [
    await send(product, { user: "mina", content: "three" }),
    await send(product, { user: "omid", content: "for omid" }),
    await send(product, { user: "mina", content: "four" }),
  ];
  // Handed over to nobody: what is sent while devices come back may pass what waits for their hello.
  for (const id of meanwhile)
    await until(
      async () => (await product.call("GET", `/api/messages/${id}`)).body.status,
      (status) => status === "finished",
    );
  await broker.start();
  for (const id of meanwhile) await delivered(product, id, 1);
  assert.deepEqual(mina.contents, ["one", "two", "three", "four"]);
  assert.deepEqual(omid.contents, ["for omid"]);

  // A device whose password is revoked is thrown out and stays out.
  assert.equal((await product.call("POST", "/api/installations/omids-phone/revoke")).status, 204);
  await until(
    async () => omid.client.connected,
    (isConnected) => !isConnected,
  );
  // Its last will is on its way, too: who is sent to before it came is taken to be there.
  await until(
    async () => (await product.db.query(sql`select from presence`)).rowCount,
    (present) => present === 1,
  );
  const waiting = await send(product, { user: "omid", content: "you are out" });
  await until(
    async () => (await product.call("GET", `/api/messages/${waiting}`)).body.counts.waiting,
    (count) => count === 1,
  );
  assert.equal(omid.contents.length, 1);
});

test("while the broker was away whoever was connected is doubted, and gets a push too, until they say hello", async (t) => {
  const broker = await startBroker(t);
  const product = await startTestProduct(t, { MQTT_URL: broker.url, MQTT_ACCESS: "dynamic-security" });
  const device = await connect(t, product, "phone", "mina");
  // It is gone with the broker, and nobody can tell us.
  await broker.kill();
  await device.client.endAsync(true);
  await broker.start();
  const id = await until(
    () => send(product, { user: "mina", content: "are you there?" }),
    () => true,
  );
  const counts = await until(
    async () => (await product.call("GET", `/api/messages/${id}`)).body.counts,
    ({ queued }) => queued === 0,
  );
  assert.deepEqual([counts.waiting, counts.sent], [1, 0]);
  const again = await connect(t, product, "phone", "mina");
  await delivered(product, id, 1);
  assert.deepEqual(again.contents, ["are you there?"]);
});
