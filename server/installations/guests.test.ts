import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import sql from "sql-template-tag";
import { installationKey, userKey } from "../lib/keys.ts";
import { connectDevice } from "../testing/device.ts";
import { emptyImports, importFile, type Json } from "../testing/imports.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { findCurrentInstallations } from "./installations.ts";

let product: TestProduct;
before(async () => {
  product = await startTestProduct();
});
after(() => product.stop());
beforeEach(() => emptyImports(product.db));

const ok = async (method: string, path: string, body?: unknown): Promise<Json> => {
  const answer = await product.call(method, path, body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
};
const register = (registration: Json) => ok("POST", "/api/installations", registration);
const user = (userId: string) => ok("GET", `/api/users/${userId}`);
const counters = async (name: string) =>
  (await ok("GET", "/api/events")).data.find((event: Json) => event.name === name);

test("a guest with two devices, tags, events and waiting messages logs in: one profile, everything there", async (t) => {
  const { userId: guest } = await register({ id: "phone", deviceType: "android" });
  await register({ id: "tablet", userId: guest, deviceType: "ios" });
  assert.equal((await user(guest)).isGuest, true);
  await ok("POST", "/api/installations/addTags", { userId: guest, tags: ["summer", "CHABOK_GUEST"] });
  await ok("POST", "/api/installations/addValueTag", { userId: guest, tag: "city", value: "Yazd" });
  await ok("POST", "/api/installations/attributes", {
    userId: guest,
    attributes: { name: "Guest", score: 3, colour: "green" },
  });
  const at = Date.UTC(2026, 5, 1);
  const order = { eventName: "order", eventTime: at, eventId: "o1", eventData: { value: 10 } };
  await ok("POST", "/api/installations/trackBulk", [
    { userId: guest, ...order },
    { installationId: "tablet", eventName: "order", eventTime: at + 2_000, eventData: { value: 7 } },
    { userId: guest, eventName: "view", eventTime: at },
  ]);
  const sent = await product.call("POST", "/api/push/toUsers", { user: guest, content: "For the guest" });
  assert.deepEqual(sent.body, { count: 2 });
  // The user has been here before, on another device.
  await register({ id: "laptop", userId: "sara", deviceType: "web" });
  await ok("POST", "/api/installations/addValueTag", { userId: "sara", tag: "city", value: "Tehran" });
  await ok("POST", "/api/installations/attributes", { userId: "sara", attributes: { name: "Sara" } });
  await ok("POST", "/api/installations/trackBulk", [
    { userId: "sara", ...order },
    { userId: "sara", eventName: "order", eventTime: at + 1_000, eventData: { value: 100 } },
  ]);

  await register({ id: "phone", userId: "sara", deviceType: "android" });

  const profile = await user("sara");
  assert.deepEqual(profile.installations.map(({ id }: Json) => id).sort(), ["laptop", "phone", "tablet"]);
  assert.deepEqual(profile.tags, ["city_Tehran", "summer"]);
  assert.deepEqual(profile.attributes, { name: "Sara", score: 3, colour: "green" });
  assert.equal(profile.isGuest, false);
  const { rows } = await product.db.query<Json>(sql`
    select name, count, value_sum as sum, last_value as last from behaviours order by name`);
  assert.deepEqual(rows, [
    { name: "order", count: 3, sum: 117, last: 7 },
    { name: "view", count: 1, sum: 0, last: null },
  ]);
  const { count, users, sum } = await counters("order");
  assert.deepEqual([count, users, sum], [3, 1, 117]);
  // Under the old id they are found as well, and nobody is there twice.
  assert.equal((await user(guest)).userId, "sara");
  assert.deepEqual(
    (await ok("GET", "/api/users")).data.map(({ userId }: Json) => userId),
    ["sara"],
  );

  // The message waits for both devices, and comes once to each.
  const phone = await connectDevice(product, t, { id: "phone", deviceType: "android" });
  const tablet = await connectDevice(product, t, { id: "tablet", deviceType: "ios" });
  for (const device of [phone, tablet]) {
    await device.client.publishAsync(device.topic("hello"), "{}");
    await until(
      async () => device.received.length,
      (found) => found > 0,
    );
    await device.client.publishAsync(
      device.topic("ack"),
      JSON.stringify({ id: device.messages[0].id, state: "seen" }),
    );
  }
  const id = sent.headers.get("x-push-id");
  await until(
    async () => (await ok("GET", `/api/messages/${id}`)).counts.seen,
    (seen) => seen === 2,
  );
  assert.deepEqual([phone.received.length, tablet.received.length], [1, 1]);
});

test("what still speaks of the guest means the user", async () => {
  const { userId: guest } = await register({ id: "phone", deviceType: "android" });
  await register({ id: "phone", userId: "sara", deviceType: "android" });
  await ok("GET", `/api/installations/addTag/${guest}/late`);
  await ok("POST", "/api/installations/attributes", { userId: guest, attributes: { late: 1 } });
  await ok("POST", "/api/installations/track", { userId: guest, eventName: "late" });
  await register({ id: "watch", userId: guest, deviceType: "android" });
  const answer = await product.call("POST", "/api/push/toUsers", { users: [guest, "sara"], content: "Once" });
  assert.deepEqual(answer.body, { count: 2 });
  const imported = await importFile(product, ["userId,email", `${guest},guest@example.com`], {
    format: "generic",
  });
  assert.equal(imported.status, "completed", JSON.stringify(imported));
  const profile = await user("sara");
  assert.deepEqual(profile.installations.map(({ id }: Json) => id).sort(), ["phone", "watch"]);
  assert.deepEqual([profile.tags.includes("late"), profile.attributes.late], [true, 1]);
  assert.equal(profile.email, "guest@example.com");
  assert.equal((await counters("late")).users, 1);
  assert.deepEqual(
    (await ok("GET", "/api/users")).data.map(({ userId }: Json) => userId),
    ["sara"],
  );
});

test("guests whose devices a file gives to users become them, several to one as well", async () => {
  const guests: string[] = [];
  for (const id of ["d1", "d2", "d3"]) {
    const { userId } = await register({ id, deviceType: "android" });
    guests.push(userId);
    await ok("POST", "/api/installations/track", { userId, eventName: "view" });
    await ok("GET", `/api/installations/addTag/${userId}/of-${id}`);
  }
  const header = "id,identifier,device_type,device_model,session_count,external_user_id";
  const imported = await importFile(
    product,
    [header, "d1,t1,1,A,1,sara", "d2,t2,1,A,1,sara", "d3,t3,1,A,1,ali"],
    {
      format: "onesignal",
    },
  );
  assert.equal(imported.status, "completed", JSON.stringify(imported));
  assert.deepEqual(
    (await user("sara")).tags.filter((tag: string) => tag.startsWith("of-")),
    ["of-d1", "of-d2"],
  );
  assert.deepEqual(
    (await ok("GET", "/api/users")).data.map(({ userId }: Json) => userId),
    ["ali", "sara"],
  );
  const { count, users } = await counters("view");
  assert.deepEqual([count, users], [3, 2]);
});

test("events that come while the guest logs in are the user's, all of them", async () => {
  const { userId: guest } = await register({ id: "phone", deviceType: "android" });
  let going = true;
  let sent = 0;
  const track = async () => {
    while (going) {
      await ok("POST", "/api/installations/track", { userId: guest, eventName: "tick" });
      await ok("POST", "/api/installations/track", { installationId: "phone", eventName: "tick" });
      sent += 2;
    }
  };
  const lanes = [track(), track(), track()];
  await until(
    async () => sent,
    (count) => count > 20,
  );
  await register({ id: "phone", userId: "sara", deviceType: "android" });
  await until(
    async () => sent,
    (count) => count > 60,
  );
  going = false;
  await Promise.all(lanes);
  const { rows } = await product.db.query<Json>(sql`
    select u.user_id as "userId", b.count from behaviours b left join users u using (app_key, user_key)`);
  assert.deepEqual(rows, [{ userId: "sara", count: sent }]);
  const { rows: timeline } = await product.db.query<Json>(sql`select count(*) as count from events`);
  assert.equal(timeline[0].count, sent);
});

test("logging out moves the device to a guest and leaves the user what they have", async () => {
  await register({ id: "phone", userId: "sara", deviceType: "android" });
  await ok("GET", "/api/installations/addTag/sara/vip");
  await register({ id: "phone", userId: "guest-of-the-phone", isGuest: true, deviceType: "android" });
  assert.deepEqual((await user("sara")).tags, ["vip"]);
  assert.deepEqual((await user("sara")).installations, []);
  const guest = await user("guest-of-the-phone");
  assert.deepEqual([guest.isGuest, guest.installations.length, guest.tags], [true, 1, []]);
});

test("whom an import brought as a guest is found by that import under the name they have now", async () => {
  const header = "id,identifier,device_type,device_model,session_count";
  const { id } = await importFile(product, [header, "d1,t1,1,A,1", "d2,t2,1,A,1"], { format: "onesignal" });
  await register({ id: "d1", userId: "sara", deviceType: "android" });
  const brought = (await ok("GET", `/api/users?import=${id}`)).data.map(({ userId }: Json) => userId);
  assert.deepEqual(brought, ["d2", "sara"]);
  const changes = (await ok("GET", `/api/imports/${id}/changes`)).data;
  assert.deepEqual(
    changes.map(({ userId, installationId }: Json) => [userId, installationId]),
    [
      ["sara", "d1"],
      ["d2", "d2"],
    ],
  );
});

test("what was frozen for a guest goes to the user they became, and for a user not to who has the device after", async () => {
  const app = { appKey: 1, appId: product.appId };
  const frozen = async (userId: string) => {
    const pairs = {
      userKeys: [userKey(app.appId, userId)],
      installationKeys: [installationKey(app.appId, "kiosk")],
    };
    return (await findCurrentInstallations(product.db, app.appKey, pairs)).size;
  };
  const { userId: guest } = await register({ id: "kiosk", deviceType: "web" });
  await register({ id: "kiosk", userId: "first", deviceType: "web" });
  assert.equal(await frozen(guest), 1);
  await register({ id: "kiosk", userId: "second", deviceType: "web" });
  assert.deepEqual([await frozen(guest), await frozen("first"), await frozen("second")], [0, 0, 1]);
});
