// A device of Chapar in one file: registers, logs in, listens, acknowledges, tracks. Needs the package `mqtt` and Node 20.
//
//   CHAPAR_URL=http://localhost:8080 PUBLIC_KEY=chpk_… DEVICE_FILE=device.json node device.mjs [userId userHash]
//
// `userHash` comes from your own server: the HMAC-SHA256 of the user id, in hexadecimal digits, by the secret of
// GET /api/settings/user-hash.
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import mqtt from "mqtt";

const { CHAPAR_URL: server, PUBLIC_KEY: publicKey, DEVICE_FILE: file = "device.json" } = process.env;
const [userId, userHash] = process.argv.slice(2);

// What must outlive the process: who the device is, and which messages it has.
const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { device: null, messages: [] };
const keep = () => writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });

/** Calls the server; `device` proves that it is the device itself that calls. */
async function call(method, path, body, device = kept.device) {
  const headers = { "x-access-token": publicKey, "content-type": "application/json" };
  if (device) {
    const { username, password } = device.mqtt;
    headers.authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  }
  const answer = await fetch(`${server}/api/${path}`, { method, headers, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json().catch(() => null) };
}

// 1. Register at every start. A device that the server has forgotten, or whose credentials were revoked, is a new one.
const about = { deviceType: "other", clientVersion: "1.0.0", language: "en", timeZone: "Asia/Tehran" };
let answer = kept.device
  ? await call("PUT", `installations/${encodeURIComponent(kept.device.id)}`, about)
  : await call("POST", "installations", about);
if ([401, 403, 404].includes(answer.status)) answer = await call("POST", "installations", about, null);
if (answer.status !== 200) throw new Error(`not registered: ${JSON.stringify(answer.body)}`);
kept.device = answer.body;
keep();

// 2. Log in, where your app knows who it is.
if (userId && kept.device.userId !== userId) {
  const id = encodeURIComponent(kept.device.id);
  const login = await call("POST", `installations/${id}/login`, { userId, userHash });
  if (login.status !== 200) throw new Error(`not logged in: ${JSON.stringify(login.body)}`);
  kept.device = login.body;
  keep();
}
console.log(`registered ${kept.device.id} of ${kept.device.userId}`);

// 3. Connect. The last will says that we are gone when the connection breaks.
const { url, clientId, username, password } = kept.device.mqtt;
const appId = username.split("/")[0];
const topic = (name) => `app/${appId}/installation/${kept.device.id}/${name}`;
const rollCall = `app/${appId}/roll-call`;
const client = mqtt.connect(url, {
  ...{ clientId: `${clientId}/${randomUUID()}`, username, password },
  ...{ clean: true, keepalive: 60, reconnectPeriod: 1_000 },
  will: { topic: topic("presence"), payload: "{}", qos: 1, retain: false },
});

const hello = () => client.publish(topic("hello"), "{}", { qos: 1 });

// 4. After each connecting: subscribe first, then greet. What waits comes now, oldest first, and after it what is new.
client.on("connect", async () => {
  await client.subscribeAsync([topic("inbox"), rollCall], { qos: 1 });
  hello();
  console.log("connected");
});
client.on("error", (error) => console.error(`not connected: ${error.message}`));

client.on("message", (from, payload) => {
  // The server asks who is there. Not all at once, please.
  if (from === rollCall) return void setTimeout(hello, Math.random() * 3_000);
  const message = JSON.parse(payload.toString());
  // 5. Acknowledge every message, also one that comes again: the server has not heard of the first time.
  const acknowledge = (state) =>
    client.publish(topic("ack"), JSON.stringify({ id: message.id, state, at: Date.now() }), { qos: 1 });
  acknowledge("delivered");
  if (kept.messages.includes(message.id)) return;
  kept.messages = [...kept.messages, message.id].slice(-1_000);
  keep();
  console.log(`message ${message.content}`);
  // An app says so when somebody has looked at it.
  acknowledge("seen");
});

// 6. Tell what the user does. With an id of your own it is the same event, however often you have to send it.
const event = { id: randomUUID(), eventName: "example_started", data: { version: 1 }, createdAt: Date.now() };
await call("POST", "installations/events", {
  installationId: kept.device.id,
  eventData: [{ type: 2, data: event }],
});

// 7. Say good-bye. Without it the server finds out a little later, by the last will.
process.once("SIGTERM", async () => {
  if (client.connected) await client.publishAsync(topic("presence"), "{}", { qos: 1 });
  await client.endAsync();
  process.exit(0);
});
