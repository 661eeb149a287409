import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { basic, hashOf as hashBy, makePublicKey, registerClient } from "../testing/client.ts";
import { call, startTestProduct, type TestProduct, until } from "../testing/product.ts";

let product: TestProduct;
let key: string;
before(async () => {
  product = await startTestProduct();
  key = await makePublicKey(product);
});
after(() => product.stop());

const withKey = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  call(`${product.url}${path}`, method, { "x-access-token": key, ...headers }, body);
const hashOf = async (userId: string) =>
  hashBy((await product.call("GET", "/api/settings/user-hash")).body.secret, userId);

test("a device registers with a public key as a guest, and updates itself by its credentials", async () => {
  const device = await registerClient(product, key, { deviceType: "web", browser: "firefox" });
  assert.equal(device.registered.isGuest, true);
  assert.equal(device.registered.webPush, null);
  assert.equal(device.registered.mqtt.username, `demo-shop/${device.id}`);
  const again = await device.call("PUT", `/api/installations/${device.id}`, {
    deviceType: "web",
    browser: "chrome",
  });
  assert.equal(again.status, 200, JSON.stringify(again.body));
  assert.deepEqual(again.body, device.registered);
  const posted = await device.call("POST", "/api/installations", {
    id: device.id,
    deviceType: "web",
    launchCount: 7,
  });
  assert.equal(posted.body.userId, device.registered.userId);
  const read = await device.call("GET", `/api/installations/${device.id}`);
  assert.equal(read.body.browser, "chrome");
  assert.equal(read.body.launchCount, 7);
  assert.equal(read.body.isGuest, true);
});

test("without proof, or with another's, a device that is there is not to be had", async () => {
  const device = await registerClient(product, key, { deviceType: "web" });
  const other = await registerClient(product, key, { deviceType: "android" });
  const body = { id: device.id, deviceType: "web" };
  const without = await withKey("POST", "/api/installations", body);
  assert.equal(without.status, 403);
  assert.match(without.body.detail, /is there already/);
  assert.equal((await other.call("POST", "/api/installations", body)).status, 403);
  assert.equal((await other.call("PUT", `/api/installations/${device.id}`, body)).status, 403);
  assert.equal((await withKey("PUT", `/api/installations/${device.id}`, body)).status, 401);
  const forged = { authorization: basic({ username: `demo-shop/${device.id}`, password: "guess" }) };
  assert.equal((await withKey("PUT", `/api/installations/${device.id}`, body, forged)).status, 401);
  const foreign = { authorization: basic({ ...device.registered.mqtt, username: `other/${device.id}` }) };
  assert.equal((await withKey("GET", `/api/installations/${device.id}`, undefined, foreign)).status, 401);
});

test("what a device that is not known updates is 404, so that it registers anew", async () => {
  const path = "/api/installations/never-seen";
  assert.equal((await product.call("PUT", path, { deviceType: "web" })).status, 404);
  const device = await registerClient(product, key, {
    id: "forgotten",
    userId: undefined,
    deviceType: "web",
  });
  await product.call("DELETE", `/api/users/${device.registered.userId}`);
  await until(
    () => device.call("PUT", "/api/installations/forgotten", { deviceType: "web" }),
    ({ status }) => status === 404,
  );
  const anew = await device.call("POST", "/api/installations", { id: "forgotten", deviceType: "web" });
  assert.equal(anew.status, 200, JSON.stringify(anew.body));
});

test("who logs in is proven by the hash of the user id", async () => {
  const device = await registerClient(product, key, { deviceType: "web" });
  const path = `/api/installations/${device.id}/login`;
  const missing = await device.call("POST", path, { userId: "sara" });
  assert.equal(missing.status, 403);
  assert.equal(missing.body.errors[0].pointer, "/userHash");
  assert.match(missing.body.detail, /user-hash/);
  const wrong = await device.call("POST", path, { userId: "sara", userHash: await hashOf("bob") });
  assert.equal(wrong.status, 403);
  const userHash = (await hashOf("sara")).toUpperCase();
  const right = await device.call("POST", path, { userId: "sara", userHash });
  assert.equal(right.status, 200, JSON.stringify(right.body));
  assert.equal(right.body.userId, "sara");
  assert.equal(right.body.isGuest, false);
  // Who is logged in needs to prove it no more.
  assert.equal((await device.call("POST", path, { userId: "sara" })).status, 200);
  const update = { deviceType: "web", userId: "sara", isGuest: true };
  const updated = await device.call("PUT", `/api/installations/${device.id}`, update);
  assert.equal(updated.body.isGuest, false);
  const other = { deviceType: "web", userId: "bob" };
  assert.equal((await device.call("PUT", `/api/installations/${device.id}`, other)).status, 403);
  assert.equal((await withKey("POST", "/api/installations", { ...other, userHash })).status, 403);
  const born = await withKey("POST", "/api/installations", { ...other, userHash: await hashOf("bob") });
  assert.equal(born.body.userId, "bob");
  assert.equal(born.body.isGuest, false);
});

test("with a new secret the old hashes are refused, and without the rule none is asked for", async () => {
  const device = await registerClient(product, key, { deviceType: "web" });
  const path = `/api/installations/${device.id}/login`;
  const old = await hashOf("rosa");
  const { body } = await product.call("POST", "/api/settings/user-hash/rotate");
  assert.deepEqual((await product.call("GET", "/api/settings/user-hash")).body, body);
  assert.equal((await device.call("POST", path, { userId: "rosa", userHash: old })).status, 403);
  assert.equal(
    (await device.call("POST", path, { userId: "rosa", userHash: await hashOf("rosa") })).status,
    200,
  );
  await product.call("PATCH", "/api/settings", { requiresUserHash: false });
  assert.equal((await device.call("POST", path, { userId: "mina" })).body.userId, "mina");
  await product.call("PATCH", "/api/settings", { requiresUserHash: true });
  const { data } = (await product.call("GET", "/api/audit")).body;
  assert.equal(data.filter(({ action }: { action: string }) => action === "user_hash.rotated").length, 1);
});

test("a guest takes everything along to the user; who logs out leaves private topics and keeps the rest", async () => {
  const subscription = JSON.stringify({
    endpoint: "https://push.example/x",
    keys: { p256dh: "a", auth: "b" },
  });
  const device = await registerClient(product, key, { deviceType: "web", deviceToken: subscription });
  const at = `/api/installations/${device.id}`;
  await device.call("PUT", `${at}/topics/sport`, { live: true });
  const joined = await device.call("PUT", `${at}/topics/private%2Forders`, {});
  const given = [
    { topic: "default", live: false },
    { topic: device.id, live: false },
  ];
  const both = [...given, { topic: "private/orders", live: false }, { topic: "sport", live: true }];
  assert.deepEqual(joined.body.topics, both);
  await device.call("POST", `${at}/login`, { userId: "nina", userHash: await hashOf("nina") });
  assert.deepEqual((await device.call("GET", `${at}/topics`)).body.topics, both);
  const out = await device.call("POST", `${at}/logout`);
  assert.equal(out.body.isGuest, true);
  assert.notEqual(out.body.userId, device.registered.userId);
  assert.equal((await device.call("POST", `${at}/logout`)).body.userId, out.body.userId);
  assert.deepEqual((await device.call("GET", `${at}/topics`)).body.topics, [
    ...given,
    { topic: "sport", live: true },
  ]);
  assert.equal((await device.call("GET", at)).body.hasToken, true);
  await device.call("PUT", `${at}/topics/public%2Fnews`);
  await device.call("DELETE", `${at}/topics/sport`);
  const left = await device.call("DELETE", `${at}/topics/default`);
  assert.deepEqual(left.body.topics, [...given, { topic: "news", live: false }]);
  const inUse = (await product.call("GET", "/api/installations/channels")).body;
  assert.ok(inUse.includes("news"));
  assert.ok(!inUse.some((topic: string) => topic.startsWith("private/")));
});

test("one named user after another does not get the private topics of the first", async () => {
  const device = await registerClient(product, key, { deviceType: "ios" });
  const at = `/api/installations/${device.id}`;
  await device.call("POST", `${at}/login`, { userId: "first", userHash: await hashOf("first") });
  await device.call("PUT", `${at}/topics/private%2Forders`, { live: true });
  await device.call("POST", `${at}/login`, { userId: "second", userHash: await hashOf("second") });
  const { topics } = (await device.call("GET", `${at}/topics`)).body;
  assert.deepEqual(
    topics.map(({ topic }: { topic: string }) => topic),
    ["default", device.id],
  );
});

test("a device that the app was removed from, or that was revoked, can call no more", async () => {
  const removed = await registerClient(product, key, { deviceType: "web" });
  const other = await registerClient(product, key, { deviceType: "web" });
  assert.equal((await other.call("DELETE", `/api/installations/${removed.id}`)).status, 403);
  assert.equal((await removed.call("DELETE", `/api/installations/${removed.id}`)).status, 204);
  const asks = (device: typeof removed) => () => device.call("GET", `/api/installations/${device.id}`);
  await until(asks(removed), ({ status }) => status === 401);
  assert.equal((await other.call("POST", `/api/installations/${other.id}/revoke`)).status, 403);
  assert.equal((await product.call("POST", `/api/installations/${other.id}/revoke`)).status, 204);
  await until(asks(other), ({ status }) => status === 401);
});

test("tags, attributes and events are those of the device's own user", async () => {
  const device = await registerClient(product, key, { deviceType: "web" });
  const other = await registerClient(product, key, { deviceType: "web" });
  const { userId } = device.registered;
  const stranger = other.registered.userId;
  const tracked = { eventName: "view", eventData: { value: 3 } };
  const calls: [string, string, (who: { userId: string; installationId: string }) => unknown][] = [
    ["POST", "/api/installations/addTags", (who) => ({ userId: who.userId, tags: ["vip"] })],
    ["POST", "/api/installations/removeTags", (who) => ({ userId: who.userId, tags: ["vip"] })],
    ["POST", "/api/installations/addValueTag", (who) => ({ userId: who.userId, tag: "city", value: "Yazd" })],
    ["POST", "/api/installations/removeValueTag", (who) => ({ userId: who.userId, tag: "city" })],
    ["POST", "/api/installations/attributes", (who) => ({ userId: who.userId, attributes: { a: "b" } })],
    [
      "POST",
      "/api/installations/attributes",
      (who) => ({ ...who, userId: undefined, attributes: { a: "b" } }),
    ],
    ["POST", "/api/installations/track", (who) => ({ ...tracked, installationId: who.installationId })],
    ["POST", "/api/installations/track", (who) => ({ ...tracked, userId: who.userId })],
    ["POST", "/api/installations/trackPurchase", (who) => ({ userId: who.userId, revenue: 3 })],
    ["POST", "/api/installations/trackRevenue", (who) => ({ userId: who.userId, revenue: 3 })],
    [
      "POST",
      "/api/installations/trackBulk",
      (who) => [
        { ...tracked, userId },
        { ...tracked, userId: who.userId },
      ],
    ],
    ["PUT", "/api/installations/userInfo", ({ installationId }) => ({ installationId, data: { a: "c" } })],
    [
      "POST",
      "/api/installations/incrementAttribute",
      ({ installationId }) => ({ installationId, attributes: [{ attribute: "visits" }] }),
    ],
    [
      "POST",
      "/api/installations/updateDeviceToken",
      ({ installationId }) => ({ installationId, deviceToken: null }),
    ],
    ["POST", "/api/installations/events", ({ installationId }) => ({ installationId, eventData: [] })],
  ];
  for (const [method, path, bodyFor] of calls) {
    const own = bodyFor({ userId, installationId: device.id });
    const foreign = bodyFor({ userId: stranger, installationId: other.id });
    const done = await device.call(method, path, own);
    assert.ok([200, 204].includes(done.status), `${path}: ${JSON.stringify(done.body)}`);
    assert.equal((await device.call(method, path, foreign)).status, 403, path);
    assert.equal((await withKey(method, path, own)).status, 401, path);
    assert.ok([200, 204].includes((await product.call(method, path, foreign)).status), path);
  }
  assert.deepEqual((await device.call("GET", `/api/installations/tags/${userId}`)).body, []);
  assert.equal((await device.call("GET", `/api/installations/tags/${stranger}`)).status, 403);
});

test("attributes as Chabok's SDKs write them: dates, lists, unset, increments", async () => {
  const device = await registerClient(product, key, { deviceType: "web" });
  const installationId = device.id;
  const put = (data: unknown, keys: unknown = {}) =>
    device.call("PUT", "/api/installations/userInfo", { installationId, data, __meta: { keys } });
  await put({ name: "Sara", born: Date.UTC(2000, 1, 2), colours: ["red"] }, { born: { type: "date" } });
  await put(
    {},
    { name: { operation: "unset" }, colours: { type: "array", operation: "addToArray", value: ["blue"] } },
  );
  await put({ colours: "red" }, { colours: { type: "array", operation: "removeFromArray" } });
  const grow = (attributes: unknown) =>
    device.call("POST", "/api/installations/incrementAttribute", { installationId, attributes });
  await grow([{ attribute: "score", value: 5 }, "visits"]);
  const { body } = await grow({ score: -2, visits: 1 });
  assert.deepEqual(body, { count: 1 });
  const { userInfo } = (await device.call("GET", `/api/installations/${device.id}`)).body;
  assert.deepEqual(userInfo, { born: "2000-02-02T00:00:00.000Z", colours: ["blue"], score: 3, visits: 2 });
  const refused = await put({ score: "many" });
  assert.equal(refused.body.refused[0].name, "score");
});

test("a device gets another push token, or has none any more", async () => {
  const device = await registerClient(product, key, { deviceType: "android", deviceToken: "one" });
  const hasToken = async () => (await device.call("GET", `/api/installations/${device.id}`)).body.hasToken;
  const update = (deviceToken: string | null, more = {}) =>
    device.call("POST", "/api/installations/updateDeviceToken", {
      installationId: device.id,
      deviceToken,
      ...more,
    });
  assert.equal((await update("NOT_EXIST")).status, 204);
  assert.equal(await hasToken(), false);
  assert.equal((await update("two")).status, 204);
  assert.equal(await hasToken(), true);
  const wrong = await update("no subscription", { deviceType: "web" });
  assert.deepEqual(
    wrong.body.errors?.map(({ pointer }: { pointer: string }) => pointer),
    ["/deviceToken"],
  );
});

test("new devices of one address are limited, those with an access token are not", async () => {
  const small = await startTestProduct();
  try {
    const own = await makePublicKey(small);
    const register = (secret: string) =>
      call(`${small.url}/api/installations`, "POST", { "x-access-token": secret }, { deviceType: "web" });
    const answers = [];
    for (let from = 0; from < 320; from += 40)
      answers.push(...(await Promise.all(Array.from({ length: 40 }, () => register(own)))));
    const refused = answers.filter(({ status }) => status === 429);
    assert.equal(answers.filter(({ status }) => status === 200).length, 300);
    assert.equal(refused.length, 20);
    assert.ok(Number(refused[0]?.headers.get("retry-after")) > 0);
    assert.equal((await register(small.accessToken)).status, 200);
  } finally {
    await small.stop();
  }
});

test("a browser is told what to subscribe to push with, of the account that is used first", async () => {
  const device = await registerClient(product, key, { deviceType: "web" });
  const told = async () =>
    (await device.call("PUT", `/api/installations/${device.id}`, { deviceType: "web" })).body.webPush;
  const add = async (priority: number, isActive: boolean) => {
    const { config: pair } = (await product.call("POST", "/api/providers/kinds/webpush/keys")).body;
    const config = { ...pair, subject: "mailto:a@shop.example" };
    const { body, status } = await product.call("POST", "/api/providers", {
      ...{ channel: "push", provider: "webpush", name: `Push ${priority}`, priority, isActive, config },
    });
    assert.equal(status, 201, JSON.stringify(body));
    return pair.publicKey;
  };
  const second = await add(20, true);
  assert.deepEqual(await told(), { publicKey: second });
  await add(5, false);
  const first = await add(10, true);
  assert.deepEqual(await told(), { publicKey: first });
});
