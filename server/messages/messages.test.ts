import assert from "node:assert/strict";
import { test } from "node:test";
import { connectDevice } from "../testing/device.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";

const header =
  "id,identifier,session_count,language,timezone,game_version,device_os,device_type,device_model,ad_id,tags,last_active,playtime,amount_spent,created_at,invalid_identifier,badge_count,external_user_id";

async function importRows(product: TestProduct, rows: string[]) {
  const response = await fetch(
    `${product.url}/api/imports?format=onesignal&access_token=${product.accessToken}`,
    {
      method: "POST",
      headers: { "content-type": "text/csv" },
      body: `${header}\n${rows.join("\n")}\n`,
    },
  );
  assert.equal(response.status, 202);
  const { id } = (await response.json()) as { id: string };
  return until(
    async () => (await product.call("GET", `/api/imports/${id}`)).body,
    (found) => !["queued", "validating", "importing"].includes(found.status),
  );
}

const row = (
  id: string,
  type: number,
  user: string,
  extra: Partial<Record<"tags" | "version", string>> = {},
) =>
  `${id},token-${id},3,fa,12600,${extra.version ?? "5.2.0"},11,${type},Model,,${extra.tags ?? ""},2024-05-02 18:21:07,0,0,2023-11-19 06:40:55,f,0,${user}`;

test("one user's device gets the message, acknowledges it, and the numbers move", async (t) => {
  const product = await startTestProduct(t);
  const device = await connectDevice(product, t, { id: "d1", userId: "Test", deviceType: "android" });
  await device.client.publishAsync(device.topic("hello"), "{}");
  await until(
    async () => (await product.call("GET", "/api/users/Test")).body.installations[0].connected,
    (connected) => connected,
  );

  const sent = await product.call("POST", "/api/push/toUsers", {
    user: "Test",
    content: "late",
    useAsAlert: true,
  });
  assert.deepEqual([sent.status, sent.body], [200, { count: 1 }]);
  const id = sent.headers.get("x-push-id") ?? "";
  await until(
    async () => device.messages.length,
    (count) => count === 1,
  );
  assert.equal(device.messages[0].id, id);
  assert.equal(device.messages[0].notification.body, "late");
  const message = async () => (await product.call("GET", `/api/messages/${id}`)).body;
  await until(message, (found) => found.status === "finished" && found.counts.sent === 1);

  await device.client.publishAsync(
    device.topic("ack"),
    JSON.stringify({ id, state: "seen", at: Date.now() }),
  );
  await device.client.publishAsync(
    device.topic("ack"),
    JSON.stringify({ id, state: "delivered", at: Date.now() }),
  );
  const seen = await until(message, (found) => found.counts.seen === 1);
  assert.equal(seen.counts.targeted, 1);
  assert.equal(seen.counts.sent, 0);
  const log = (await product.call("GET", `/api/messages/${id}/deliveries`)).body.data;
  assert.equal(log[0].state, "seen");
  assert.equal(log[0].userId, "Test");
  assert.ok(log[0].deliveredAt);
});

test("who is not connected finds the message waiting at hello, once acknowledged never again", async (t) => {
  const product = await startTestProduct(t);
  await product.call("POST", "/api/installations", { id: "d2", userId: "u2", deviceType: "ios" });
  const sent = await product.call("POST", "/api/push/toUsers", { user: "u2", content: "hi" });
  const id = sent.headers.get("x-push-id") ?? "";
  const message = async () => (await product.call("GET", `/api/messages/${id}`)).body;
  await until(message, (found) => found.status === "finished" && found.counts.waiting === 1);

  const device = await connectDevice(product, t, { id: "d2", deviceType: "ios" });
  await device.client.publishAsync(device.topic("hello"), "");
  await until(
    async () => device.messages.length,
    (count) => count === 1,
  );
  await until(message, (found) => found.counts.sent === 1);
  await device.client.publishAsync(device.topic("ack"), JSON.stringify({ id, state: "delivered" }));
  await until(message, (found) => found.counts.delivered === 1);
  await device.client.publishAsync(device.topic("hello"), "");
  await product.call("POST", "/api/push/toUsers", { user: "u2", content: "second" });
  // The hello may still be at work and hand over the second one too: devices tell by its id.
  await until(
    async () => device.messages.at(-1).content,
    (content) => content === "second",
  );
  assert.equal(device.messages.filter((received) => received.id === id).length, 1);
});

test("a segment send counts devices, and each ends with its own state", async (t) => {
  const product = await startTestProduct(t);
  const imported = await importRows(product, [
    row("a1", 1, "u1", { tags: '"{""city"":""tehran""}"' }),
    row("a2", 0, "u1"),
    row("a3", 4, "u3", { version: "4.9.9" }),
    row("a4", 1, "u4").replace(",f,0,", ",t,0,"),
  ]);
  assert.equal(imported.status, "completed");
  const sent = await product.call(
    "POST",
    "/api/push/byQuery",
    String.raw`{\t"target": {\t\t"deviceType": {"inq": ["android", "ios"]}\t},\t"content": "welcome",\t"useAsAlert": true}`,
  );
  assert.deepEqual([sent.status, sent.body], [200, { count: 3 }]);
  const id = sent.headers.get("x-push-id");
  const campaign = await until(
    async () => (await product.call("GET", `/api/campaigns/${id}`)).body,
    (found) => found.message.status === "finished",
  );
  assert.equal(campaign.message.counts.waiting, 2);
  assert.equal(campaign.message.counts.skipped, 1);
  const listed = (await product.call("GET", "/api/campaigns")).body.data;
  assert.equal(listed.length, 1);
});

test("an unknown user counts 0 and leaves a failed delivery that says why", async (t) => {
  const product = await startTestProduct(t);
  const sent = await product.call("POST", "/api/push/toUsers", { user: "nobody", content: "hi" });
  assert.deepEqual(sent.body, { count: 0 });
  const id = sent.headers.get("x-push-id");
  await until(
    async () => (await product.call("GET", `/api/messages/${id}`)).body,
    (found) => found.counts.failed === 1,
  );
  const [delivery] = (await product.call("GET", `/api/messages/${id}/deliveries`)).body.data;
  assert.equal(delivery.userId, "nobody");
  assert.equal(delivery.reasonText, "Device not found");
});
