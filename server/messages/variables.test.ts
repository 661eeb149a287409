import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import { userKey } from "../lib/keys.ts";
import { connectDevice } from "../testing/device.ts";
import { startTestProduct, until } from "../testing/product.ts";
import { standInConfig } from "../testing/provider-accounts.ts";
import { addUsers } from "../testing/sending.ts";
import { startStandInProvider } from "../testing/stand-in-provider.ts";
import { findFacts } from "./facts.ts";

async function startShop(t: TestContext) {
  const product = await startTestProduct(t);
  await product.db.query(sql`update apps set time_zone = 'Asia/Tehran', name = 'Shop'`);
  await addUsers(product, 2);
  const texts: string[] = [];
  const standIn = await startStandInProvider({ onAnswer: ({ body }) => texts.push(String(body.text)) });
  t.after(() => standIn.stop());
  const track = async (
    userId: string,
    eventName: string,
    value: unknown,
    more: object = {},
    data: object = {},
  ) => {
    const answer = await product.call("POST", "/api/installations/track", {
      ...{ userId, eventName, ...more, eventData: { value, ...data } },
    });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
  };
  return { product, standIn, texts, track };
}

test("an inbox message speaks of the device it goes to, of what its user did, and of the app", async (t) => {
  const { product, track } = await startShop(t);
  const android = await connectDevice(product, t, {
    ...{ id: "d0", userId: "u0", deviceType: "android", clientVersion: "4.2", osVersion: "14" },
  });
  const web = await connectDevice(product, t, {
    id: "d1",
    userId: "u0",
    deviceType: "web",
    browser: "firefox",
  });
  for (const device of [android, web]) await device.client.publishAsync(device.topic("hello"), "{}");
  await track("u0", "add_to_cart", 3, { eventTime: "2024-03-19T10:00:00Z" });
  await track("u0", "add_to_cart", 7, { eventTime: "2024-03-20T20:31:00Z" }, { title: "Shoes" });
  const content =
    "{{app.name}} {{ user.first_name }} {% if deviceType == 'android' %}A {{device.appVersion}} {{device.osVersion}}" +
    "{% else %}W {{device.browser}}{% endif %} {{ event['add_to_cart']['value'] }} {{ event.add_to_cart.count }}" +
    " {{ event.add_to_cart.sum }} {{ event.add_to_cart.time | date('jYYYY/jM/jD') }}" +
    " {{ event.add_to_cart.data.title }} {{ event.nothing.value | default('none') }} {{ now | date: '%Y' }}";
  const sent = await product.call("POST", "/api/push/toUsers", { user: "u0", content, template: true });
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  const [onAndroid, onWeb] = await until(
    async () => [android.messages[0]?.content, web.messages[0]?.content],
    (texts) => texts.every((text) => text !== undefined),
  );
  const year = new Date().getUTCFullYear();
  assert.equal(onAndroid, `Shop Name u0 A 4.2 14 7 2 10 1403/1/2 Shoes none ${year}`);
  assert.equal(onWeb, `Shop Name u0 W firefox 7 2 10 1403/1/2 Shoes none ${year}`);
  const preview = await product.call("POST", "/api/templates/preview", { userId: "u0", content });
  assert.match(preview.body.text, /^Shop Name u0 [AW] .* 7 2 10 1403\/1\/2 Shoes none/);
  assert.deepEqual(preview.body.missing.includes("event.nothing.value"), true);
});

test("other channels speak of the device that was used last, and a gap is a gap", async (t) => {
  const { product, standIn, texts, track } = await startShop(t);
  await product.call("POST", "/api/providers", {
    ...{ channel: "sms", provider: "http", name: "SMS", config: standInConfig(standIn) },
  });
  for (const [id, launchTime] of [
    ["old", "2024-01-01"],
    ["new", "2024-06-01"],
  ] as const) {
    const deviceType = id === "old" ? "ios" : "android";
    await product.call("POST", "/api/installations", { id, userId: "u0", deviceType });
    await product.db.query(sql`
      update installations set launch_time = ${launchTime}::timestamptz, country = 'IR' where installation_id = ${id}`);
  }
  await track("u1", "visit", "home");
  // Nobody has it shown, so the SMS follows at once.
  const sent = await product.call("POST", "/api/push/toUsers", {
    ...{ users: ["u0", "u1"], content: "-", template: true },
    fallback: {
      ...{ media: "sms", delay: 0 },
      content:
        "{{device.deviceType}}|{{deviceType}}|{{device.country}}|{{event.visit.value}}|{{event.visit.count}}",
    },
  });
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  await until(
    async () => texts.length,
    (size) => size === 2,
  );
  assert.deepEqual(texts.sort(), ["android|android|IR||", "|||home|1"].sort());
});

test("nothing is asked that no text speaks of, and one question a kind for all recipients", async (t) => {
  const { product, track } = await startShop(t);
  await track("u0", "visit", 1);
  await track("u0", "buy", 2);
  const [row] = (await product.db.query<{ appKey: number }>(sql`select app_key as "appKey" from apps`)).rows;
  const appKey = row?.appKey ?? 0;
  let asked = 0;
  const counting: Queryable = {
    query: (...given: Parameters<Queryable["query"]>) => {
      asked++;
      return product.db.query(...given);
    },
  } as Queryable;
  const spoken = Array.from({ length: 100 }, (_, index) => ({
    userKey: userKey(product.appId, `u${index}`),
    installationKey: "00000000-0000-0000-0000-000000000000",
  }));
  const nothing = { device: false, events: [], eventData: false, promo: false };
  await findFacts(counting, appKey, nothing, spoken);
  assert.equal(asked, 0);
  const factsOf = await findFacts(counting, appKey, { ...nothing, device: true, events: "all" }, spoken);
  assert.equal(asked, 2);
  const [first, second] = spoken;
  assert.ok(first && second);
  assert.deepEqual(Object.keys(factsOf(first).event ?? {}).sort(), ["buy", "visit"]);
  assert.deepEqual(factsOf(second), { event: {} });
});

test("who comes later is told what the others were: of their device, with the code that is theirs", async (t) => {
  const { product, track } = await startShop(t);
  await track("u0", "visit", 4);
  await product.db.query(sql`update apps set time_zone = 'UTC'`);
  await product.call("POST", "/api/installations", { id: "d0", userId: "u0", deviceType: "ios" });
  await product.call("POST", "/api/installations", { id: "d1", userId: "u0", deviceType: "web" });
  const upload = await fetch(`${product.url}/api/containers/updateGlobalPromoCodes`, {
    ...{ method: "POST", headers: { "x-access-token": product.accessToken, "content-type": "text/csv" } },
    body: "G-1\nG-2\nG-3",
  });
  assert.equal(upload.status, 200);
  const draft = await product.call("POST", "/api/campaigns", {
    ...{ name: "Codes", channel: "inbox", target: {} },
    content: {
      content: "{{app.name}} {{device.deviceType}} {{event.visit.value}}: {{promo_code}}",
      editions: [{ platform: "web", content: "No code on the web." }],
    },
  });
  const launched = await product.call("POST", `/api/campaigns/${draft.body.id}/launch`);
  assert.equal(launched.status, 200, JSON.stringify(launched.body));
  await until(
    async () => (await product.call("GET", `/api/campaigns/${draft.body.id}`)).body.status,
    (status) => status === "finished",
  );
  const given = async () =>
    (await product.db.query<{ code: string }>(sql`select code from promo_given`)).rows.map(
      ({ code }) => code,
    );
  assert.deepEqual(await given(), ["G-1"]);
  for (const [id, deviceType, expected] of [
    ["d0", "ios", "Shop ios 4: G-1"],
    ["d1", "web", "No code on the web."],
  ] as const) {
    const device = await connectDevice(product, t, { id, userId: "u0", deviceType });
    await device.client.publishAsync(device.topic("hello"), "{}");
    const text = await until(
      async () => device.messages[0]?.content,
      (content) => content !== undefined,
    );
    assert.equal(text, expected);
  }
  assert.deepEqual(await given(), ["G-1"]);
  // A test shows a code that is still to be had, and takes none.
  const tested = await product.call("POST", `/api/campaigns/${draft.body.id}/test`, { users: ["u0"] });
  assert.equal(tested.status, 200, JSON.stringify(tested.body));
  await until(
    async () => (await product.db.query(sql`select from deliveries`)).rowCount,
    (count) => count === 4,
  );
  assert.deepEqual(await given(), ["G-1"]);
});
