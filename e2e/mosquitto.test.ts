// A stranger's MQTT client on the broker: Debian's mosquitto-clients, which know nothing of us but the protocol.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import test, { type TestContext } from "node:test";
import mqtt from "mqtt";
import { startTestProduct, type TestProduct, until } from "../server/testing/product.ts";

interface Device {
  readonly id: string;
  readonly userId: string;
  readonly mqtt: { url: string; clientId: string; username: string; password: string };
}

type SignIn = Pick<Device["mqtt"], "clientId" | "username" | "password">;

async function registerDevice(product: TestProduct, id: string, userId: string): Promise<Device> {
  const { status, body } = await product.call("POST", "/api/installations", {
    ...{ id, userId, deviceType: "android" },
  });
  assert.equal(status, 200);
  return body;
}

const topicOf = (product: TestProduct, device: Device, name: string) =>
  `app/${product.appId}/installation/${device.id}/${name}`;

const connection = (product: TestProduct, { clientId, username, password }: SignIn) => [
  ...["-h", "127.0.0.1", "-p", String(product.mqttPort)],
  ...["-i", clientId, "-u", username, "-P", password],
];

/** `mosquitto_sub`, with what it has printed so far, line by line; with `-d` also what the broker answered. */
function subscribe(t: TestContext, product: TestProduct, signIn: SignIn, topic: string) {
  const command = ["mosquitto_sub", "-d", ...connection(product, signIn), "-t", topic];
  const child = spawn("stdbuf", ["-oL", ...command]);
  let text = "";
  child.stdout.on("data", (data) => (text += data));
  child.stderr.on("data", (data) => (text += data));
  const ended = codeOf(child);
  t.after(async () => {
    child.kill();
    await ended;
  });
  return {
    ended,
    output: () => text,
    /** The messages among the lines. */
    // biome-ignore lint/suspicious/noExplicitAny: the payload is what the test looks at
    messages: (): any[] =>
      text
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line)),
    answered: () =>
      until(
        async () => text,
        (said) => said.includes("received SUBACK"),
      ),
  };
}

/** `mosquitto_pub`, run to its end; answers its exit code. */
function publish(product: TestProduct, signIn: SignIn, topic: string, payload: object) {
  const args = [...connection(product, signIn), "-t", topic, "-m", JSON.stringify(payload)];
  return codeOf(spawn("mosquitto_pub", args, { stdio: "ignore" }));
}

const codeOf = (child: ChildProcess) =>
  new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });

const second = (device: Device): SignIn => ({ ...device.mqtt, clientId: `${device.mqtt.username}/pub` });

async function send(product: TestProduct, userId: string, content: string): Promise<string> {
  const sent = await product.call("POST", "/api/push/toUsers", { user: userId, content });
  assert.deepEqual([sent.status, sent.body], [200, { count: 1 }]);
  return sent.headers.get("x-push-id") ?? "";
}

const countsOf = async (product: TestProduct, id: string) =>
  (await product.call("GET", `/api/messages/${id}`)).body.counts;

test("mosquitto_sub gets what is sent, before and after its hello, and mosquitto_pub acknowledges it", async (t) => {
  const product = await startTestProduct(t);
  const device = await registerDevice(product, "phone", "mina");
  const waiting = await send(product, "mina", "while you were away");
  await until(
    () => countsOf(product, waiting),
    (counts) => counts.waiting === 1,
  );

  const inbox = subscribe(t, product, device.mqtt, topicOf(product, device, "inbox"));
  await inbox.answered();
  assert.equal(await publish(product, second(device), topicOf(product, device, "hello"), {}), 0);
  await until(
    async () => inbox.messages().map((message) => message.content),
    (contents) => contents.includes("while you were away"),
  );

  const id = await send(product, "mina", "چاپار رسید");
  const received = await until(
    async () => inbox.messages().find((message) => message.id === id),
    (message) => message !== undefined,
  );
  assert.equal(received.content, "چاپار رسید");
  await until(
    () => countsOf(product, id),
    (counts) => counts.sent === 1,
  );
  for (const state of ["delivered", "seen"]) {
    const report = { id, state, at: new Date().toISOString() };
    assert.equal(await publish(product, second(device), topicOf(product, device, "ack"), report), 0);
    const counts = await until(
      () => countsOf(product, id),
      (found) => found[state] === 1,
    );
    assert.deepEqual([counts.targeted, counts.sent], [1, 0]);
  }
});

test("nobody gets or changes what is another's", async (t) => {
  const product = await startTestProduct(t);
  const [mina, omid] = await Promise.all([
    registerDevice(product, "minas-phone", "mina"),
    registerDevice(product, "omids-phone", "omid"),
  ]);
  const own = subscribe(t, product, mina.mqtt, topicOf(product, mina, "inbox"));
  const inboxOfMina = topicOf(product, mina, "inbox");
  const spies = [
    ...[inboxOfMina, "app/#", "#", `app/${product.appId}/installation/+/inbox`, "$SYS/#"].map(
      (topic, index) =>
        subscribe(t, product, { ...omid.mqtt, clientId: `${omid.mqtt.clientId}/spy-${index}` }, topic),
    ),
    subscribe(t, product, { ...mina.mqtt, clientId: `${mina.mqtt.clientId}/wide` }, "app/#"),
  ];
  const strangers = [
    { ...mina.mqtt, password: "wrong" },
    { ...mina.mqtt, password: omid.mqtt.password },
    { ...omid.mqtt, clientId: mina.mqtt.clientId },
    { ...omid.mqtt, username: mina.mqtt.username },
  ].map((signIn) => subscribe(t, product, signIn, inboxOfMina));
  await own.answered();
  for (const spy of spies) {
    await spy.answered();
    assert.match(spy.output(), /Subscribed \(mid: 1\): 128|All subscription requests were denied/);
  }
  for (const stranger of strangers) {
    assert.notEqual(await stranger.ended, 0);
    assert.match(stranger.output(), /not authori[sz]ed|bad user name or password/i);
  }

  const id = await send(product, "mina", "for you alone");
  await until(
    async () => own.messages().length,
    (count) => count === 1,
  );
  const seen = { id, state: "seen", at: Date.now() };
  await publish(product, second(omid), topicOf(product, mina, "ack"), seen);
  await publish(product, second(omid), inboxOfMina, { id, content: "forged" });
  await publish(product, { ...second(mina), password: "wrong" }, topicOf(product, mina, "ack"), seen);
  await publish(product, second(omid), topicOf(product, omid, "ack"), seen); // of a message that is not his
  // Reports are applied in the order they came: after Mina's own, the others would have shown.
  await publish(product, second(mina), topicOf(product, mina, "ack"), { id, state: "delivered" });
  const counts = await until(
    () => countsOf(product, id),
    (found) => found.sent === 0,
  );
  assert.deepEqual([counts.targeted, counts.delivered, counts.seen], [1, 1, 0]);
  assert.equal(own.messages().length, 1);
  for (const other of [...spies, ...strangers]) assert.deepEqual(other.messages(), []);
});

test("the same inbox over WebSocket", async (t) => {
  const product = await startTestProduct(t);
  const device = await registerDevice(product, "browser", "mina");
  const { clientId, username, password } = device.mqtt;
  const url = `${product.url.replace("http:", "ws:").replace("localhost", "127.0.0.1")}/mqtt`;
  const client = await mqtt.connectAsync(url, { clientId, username, password });
  t.after(() => client.endAsync(true));
  const contents: string[] = [];
  client.on("message", (_topic, payload) => contents.push(JSON.parse(payload.toString()).content));
  await client.subscribeAsync(topicOf(product, device, "inbox"));
  await client.publishAsync(topicOf(product, device, "hello"), "{}");
  const id = await send(product, "mina", "over the web");
  await until(
    async () => contents,
    (found) => found.includes("over the web"),
  );
  await client.publishAsync(topicOf(product, device, "ack"), JSON.stringify({ id, state: "clicked" }));
  await until(
    () => countsOf(product, id),
    (counts) => counts.clicked === 1,
  );
  await assert.rejects(mqtt.connectAsync(url, { clientId, username, password: "wrong", reconnectPeriod: 0 }));
});
