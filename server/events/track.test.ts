import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import fc from "fast-check";
import sql from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import { emptyImports } from "../testing/imports.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";

let product: TestProduct;
before(async () => {
  product = await startTestProduct();
});
after(() => product.stop());
beforeEach(() => emptyImports(product.db));

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Json = any;

const post = async (path: string, body: unknown, status = 200): Promise<Json> => {
  const answer = await product.call("POST", `/api/installations/${path}`, body);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return answer.body;
};
const behaviours = async (): Promise<Json[]> => {
  const { rows } = await product.db.query<Json>(sql`
    select u.user_id as "userId", b.name, b.count, b.first_at as "firstAt", b.last_at as "lastAt",
      b.last_value as "lastValue", b.last_value_text as "lastText", b.value_count as "valueCount",
      b.value_sum as "valueSum", b.value_min as "valueMin", b.value_max as "valueMax"
    from behaviours b
    join users u using (app_key, user_key)
    order by u.user_id, b.name`);
  return rows;
};
const events = async (): Promise<Json[]> => {
  const { rows } = await product.db.query<Json>(sql`
    select u.user_id as "userId", e.name, e.at, e.value, e.data, e.influence_message_id as "messageId",
      e.influence_direct as "isDirect"
    from events e
    join users u using (app_key, user_key)
    order by e.at, e.name`);
  return rows;
};

test("the examples of the contract are stored as they say", async () => {
  await product.call("POST", "/api/installations", {
    id: "123456789",
    userId: "buyer",
    deviceType: "android",
  });
  assert.deepEqual(
    await post("track", {
      userId: "09331952921",
      eventName: "addToCart",
      eventTime: 1575965125110,
      eventData: { productId: 12345, productName: "milk" },
    }),
    { queued: true, n: 1 },
  );
  assert.deepEqual(
    await post("trackPurchase", {
      installationId: "123456789",
      eventName: "purchase",
      revenue: 200000,
      currency: "rial",
      eventData: { productId: 12345 },
    }),
    { queued: true, n: 1 },
  );
  assert.deepEqual(await post("trackRevenue", { userId: "09331952921", revenue: 200000, currency: "rial" }), {
    queued: true,
    n: 1,
  });
  assert.deepEqual(
    await post("trackBulk", [
      { userId: "u1", eventName: "addToCart" },
      { userId: "u1", eventName: "purchase", eventData: { value: 5 } },
    ]),
    { queued: true, n: 2 },
  );
  const stored = await events();
  assert.deepEqual(
    stored.map(({ userId, name, value }) => [userId, name, value]).sort(),
    [
      ["09331952921", "Purchase", 200000],
      ["09331952921", "addToCart", null],
      ["buyer", "purchase", 200000],
      ["u1", "addToCart", null],
      ["u1", "purchase", 5],
    ].sort(),
  );
  assert.equal(stored[0].at.getTime(), 1575965125110);
  assert.deepEqual(stored.find(({ userId }) => userId === "buyer").data, {
    ...{ productId: 12345, currency: "RIAL", isRevenue: true, value: 200000 },
  });
});

test("a purchase without a name is a Purchase", async () => {
  await post("trackPurchase", { userId: "u1", revenue: 7 });
  assert.deepEqual(
    (await behaviours()).map(({ name, valueSum }) => [name, valueSum]),
    [["Purchase", 7]],
  );
});

test("an event with an id counts once, whenever it is said to have happened and however it is sent", async () => {
  const event = { userId: "u1", eventName: "order", eventId: "order-1", eventData: { value: 3 } };
  await post("track", event);
  await post("track", { ...event, eventTime: Date.now() - 60_000 });
  await post("trackBulk", [event, event, { ...event, eventId: "order-2" }, { ...event, userId: "u2" }]);
  assert.deepEqual(
    (await behaviours()).map(({ userId, count, valueSum }) => [userId, count, valueSum]),
    [
      ["u1", 2, 6],
      ["u2", 1, 3],
    ],
  );
});

test("an event with a time counts once, one without counts each time", async () => {
  const at = Date.now() - 1_000;
  for (const eventTime of [at, at, String(at), undefined, undefined]) {
    await post("track", { userId: "u1", eventName: "view", ...(eventTime ? { eventTime } : {}) });
  }
  assert.equal((await behaviours())[0].count, 3);
});

test("what is wrong is said with its place and the cure, and in bulk keeps nothing else out", async () => {
  const wrong: [body: Json, pointer: string, words: RegExp][] = [
    [{ eventName: "a" }, "/userId", /either userId or installationId/],
    [{ userId: "u", installationId: "i", eventName: "a" }, "/userId", /either/],
    [{ userId: "u" }, "/eventName", /expected a name/],
    [{ userId: "u", eventName: "" }, "/eventName", /expected a name/],
    [{ userId: "u", eventName: "a", eventTime: 1575965125 }, "/eventTime", /seconds must be multiplied/],
    [{ userId: "u", eventName: "a", eventTime: Date.now() + 1e9 }, "/eventTime", /in the future/],
    [{ userId: "u", eventName: "a", eventTime: "yesterday" }, "/eventTime", /milliseconds since 1970/],
    [{ userId: "u", eventName: "a", eventData: [1] }, "/eventData", /record|object/],
    [{ userId: "u", eventName: "a", eventData: { big: "x".repeat(9_000) } }, "/eventData", /8 KB/],
  ];
  for (const [body, pointer, words] of wrong) {
    const answer = await post("track", body, 422);
    assert.equal(answer.errors[0].pointer, pointer, JSON.stringify(answer));
    assert.match(answer.errors[0].detail, words);
  }
  const unknown = await post("track", { installationId: "nobody's", eventName: "a" }, 404);
  assert.match(unknown.detail, /There is no installation "nobody's" in this app; register it first/);

  const bulk = await post("trackBulk", [
    ...wrong.map(([body]) => body),
    { userId: "good", eventName: "a" },
    { installationId: "nobody's", eventName: "a" },
    "text",
  ]);
  assert.equal(bulk.n, 1);
  assert.deepEqual(
    bulk.refused.map(({ index }: Json) => index),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11],
  );
  assert.deepEqual(
    (await events()).map(({ userId }) => userId),
    ["good"],
  );
  const tooMany = await post(
    "trackBulk",
    Array.from({ length: 1_001 }, () => ({})),
    422,
  );
  assert.match(tooMany.detail, /at most 1000 events/);
});

test("names of events are limited, and known ones go on", async () => {
  const names = Array.from({ length: 1_000 }, (_, index) => ({ userId: "u1", eventName: `name ${index}` }));
  assert.equal((await post("trackBulk", names)).n, 1_000);
  const { n, refused } = await post("trackBulk", [
    { userId: "u1", eventName: "one more" },
    { userId: "u1", eventName: "name 7" },
  ]);
  assert.equal(n, 1);
  assert.match(refused[0].detail, /1000 names of events/);
  assert.match((await post("track", { userId: "u1", eventName: "one more" }, 422)).detail, /no more fit/);
});

/** What behaviours are by definition: a fold over distinct events in the order of time. */
function fold(all: readonly { id: string; userId: string; name: string; at: number; value: Json }[]) {
  const distinct = new Map(all.map((event) => [`${event.userId}/${event.id}`, event]));
  const folded = new Map<string, Json>();
  for (const { userId, name, at, value } of [...distinct.values()].sort((a, b) => a.at - b.at)) {
    const key = `${userId}/${name}`;
    const before = folded.get(key);
    const number = typeof value === "number" ? value : null;
    folded.set(key, {
      ...{ userId, name, count: (before?.count ?? 0) + 1 },
      firstAt: before?.firstAt ?? new Date(at),
      lastAt: new Date(at),
      lastValue: number,
      lastText: typeof value === "string" ? value : null,
      valueCount: (before?.valueCount ?? 0) + (number === null ? 0 : 1),
      valueSum: (before?.valueSum ?? 0) + (number ?? 0),
      valueMin: number === null ? (before?.valueMin ?? null) : Math.min(before?.valueMin ?? number, number),
      valueMax: number === null ? (before?.valueMax ?? null) : Math.max(before?.valueMax ?? number, number),
    });
  }
  return [...folded.values()].sort((a, b) => (`${a.userId}/${a.name}` < `${b.userId}/${b.name}` ? -1 : 1));
}

const start = Date.UTC(2026, 0, 1);
const anyEvent = fc.record({
  userId: fc.constantFrom("a", "b", "c"),
  name: fc.constantFrom("view", "buy"),
  value: fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant(undefined), fc.constantFrom("x", "y")),
});

test("events in any order, repeated, from several connections at once, give the behaviours of a plain fold", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyEvent, { minLength: 1, maxLength: 60 }),
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 1, max: 6 }),
      async (drawn, stream, connections) => {
        await emptyImports(product.db);
        // No two at one moment: which of those is the last is ours to say, and another test's.
        const all = drawn.map((event, index) => ({
          ...event,
          id: `e${index}`,
          at: start + ((index * 7919) % 1_000_003) * 9_973,
        }));
        const random = () => (stream.next().value as number) / 0x7fffffff;
        const sent = [...all, ...all.filter(() => random() < 0.4)].sort(() => random() - 0.5);
        const items = sent.map(({ id, userId, name, at, value }, index) => ({
          ...{ userId, eventName: name, eventTime: at },
          // With its own id, or known by all that it says.
          ...(Number(id.slice(1)) % 2 === 0 ? { eventId: id } : {}),
          ...(value === undefined ? {} : { eventData: { value } }),
          index,
        }));
        const lanes = Array.from({ length: connections }, (_, lane) =>
          items.filter(({ index }) => index % connections === lane),
        );
        await Promise.all(
          lanes.map(async (lane, number) => {
            if (number % 2 === 0) await post("trackBulk", lane);
            else for (const event of lane) await post("track", event);
          }),
        );
        assert.deepEqual(await behaviours(), fold(all));
        const names = (await product.call("GET", "/api/events")).body.data;
        for (const { name, count, users } of names) {
          const ofName = fold(all).filter((row) => row.name === name);
          assert.equal(
            count,
            ofName.reduce((sum, row) => sum + row.count, 0),
          );
          assert.equal(users, ofName.length);
        }
      },
    ),
    { numRuns: 25 },
  );
});

test("of two events at one moment the same one is the last, in whichever order they come", async () => {
  const pair = ["x", "y"].map((value) => ({
    ...{ userId: "u1", eventName: "view", eventTime: start, eventId: value },
    eventData: { value },
  }));
  await post("trackBulk", pair);
  const [first] = await behaviours();
  await emptyImports(product.db);
  for (const event of [...pair].reverse()) await post("track", event);
  assert.deepEqual((await behaviours())[0].lastText, first.lastText);
});

test("an event within twelve hours of a message is tagged with it, as direct when it was clicked", async () => {
  await product.call("POST", "/api/installations", { id: "phone", userId: "reader", deviceType: "android" });
  const sent = await product.call("POST", "/api/push/toUsers", { user: "reader", content: "Sale" });
  const acceptedId = sent.headers.get("x-push-id");
  const now = Date.now();
  const hour = 3_600_000;
  // As if it had been accepted a day ago: the id says when.
  const messageId = uuidv7({ msecs: now - 24 * hour });
  const touch = (sentAt: Date, clickedAt: Date | null) =>
    product.db.query(sql`
      update deliveries set sent_at = ${sentAt}, delivered_at = ${sentAt}, clicked_at = ${clickedAt}
      where message_id = ${messageId}`);
  await until(
    async () =>
      (await product.db.query(sql`select from deliveries where message_id = ${acceptedId}`)).rowCount,
    (count) => count === 1,
  );
  await product.db.query(sql`update messages set message_id = ${messageId} where message_id = ${acceptedId}`);
  await product.db.query(
    sql`update deliveries set message_id = ${messageId} where message_id = ${acceptedId}`,
  );
  await touch(new Date(now - 10 * hour), null);
  await post("track", { userId: "reader", eventName: "indirect" });
  await post("track", { userId: "reader", eventName: "before", eventTime: now - 11 * hour });
  await touch(new Date(now - 10 * hour), new Date(now - 2 * hour));
  await post("track", { userId: "reader", eventName: "direct" });
  await post("track", { userId: "reader", eventName: "not yet clicked", eventTime: now - 3 * hour });
  await touch(new Date(now - 13 * hour), null);
  await post("track", { userId: "reader", eventName: "too late" });
  await post("track", { userId: "other", eventName: "somebody else" });
  assert.deepEqual(
    Object.fromEntries((await events()).map((event) => [event.name, [event.messageId, event.isDirect]])),
    {
      indirect: [messageId, false],
      before: [null, null],
      direct: [messageId, true],
      "not yet clicked": [messageId, false],
      "too late": [null, null],
      "somebody else": [null, null],
    },
  );
});
