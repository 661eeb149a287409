// A broker of one's own: Debian's Mosquitto, told of devices by its dynamic-security plug-in.
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import mqtt, { type MqttClient } from "mqtt";
import { startTestProduct, type TestProduct, until } from "../server/testing/product.ts";

const plugin = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
  .map((folder) => `/usr/lib/${folder}/mosquitto_dynamic_security.so`)
  .find((path) => existsSync(path));

/** A Mosquitto with one administrator and no clients, that can be killed and started again. */
async function startMosquitto(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "chapar-mosquitto-"));
  const port = await freePort();
  const state = join(folder, "dynamic-security.json");
  execFileSync("mosquitto_ctrl", ["dynsec", "init", state, "admin", "a-password"]);
  const config = join(folder, "mosquitto.conf");
  const user = process.getuid?.() === 0 ? "user root\n" : "";
  writeFileSync(
    config,
    `${user}listener ${port} 127.0.0.1\nallow_anonymous false\nplugin ${plugin}\nplugin_opt_config_file ${state}\n`,
  );
  let child: ChildProcess | null = null;
  const start = async () => {
    child = spawn("mosquitto", ["-c", config], { stdio: "ignore" });
    await until(
      () =>
        mqtt
          .connectAsync(`mqtt://127.0.0.1:${port}`, {
            ...{ username: "admin", password: "a-password", reconnectPeriod: 0 },
          })
          .then(
            (client) => client.endAsync(true).then(() => true),
            () => false,
          ),
      (isThere) => isThere,
    );
  };
  const kill = async () => {
    const ended = new Promise((resolve) => child?.once("exit", resolve));
    child?.kill("SIGKILL");
    await ended;
  };
  t.after(async () => {
    if (child?.exitCode === null && child.signalCode === null) await kill();
    rmSync(folder, { recursive: true });
  });
  await start();
  return { url: `mqtt://admin:a-password@127.0.0.1:${port}`, start, kill };
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

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
  assert.ok(plugin, "mosquitto is not installed; apt-get install mosquitto");
  const broker = await startMosquitto(t);
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
  const waiting = await send(product, { user: "omid", content: "you are out" });
  await until(
    async () => (await product.call("GET", `/api/messages/${waiting}`)).body.counts.waiting,
    (count) => count === 1,
  );
  assert.equal(omid.contents.length, 1);
});

test("while the broker was away whoever was connected is doubted, and gets a push too, until they say hello", async (t) => {
  assert.ok(plugin, "mosquitto is not installed; apt-get install mosquitto");
  const broker = await startMosquitto(t);
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
