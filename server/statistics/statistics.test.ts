import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import sql from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import { userKey } from "../lib/keys.ts";
import { startTestProduct, type TestProduct } from "../testing/product.ts";
import { gridOf, ratesOf, trendOf } from "./statistics.ts";

const minuteMs = 60_000;

/** Writes a message with deliveries as they would be: one a user, with a device of a type or none. */
async function addMessage(
  product: TestProduct,
  deliveries: { state: string; device?: string; times?: Record<string, Date>; step?: number }[],
  { campaign = false, at = new Date(), channel = "push" } = {},
): Promise<string> {
  const messageId = uuidv7({ msecs: at.getTime() });
  const campaignId = campaign ? uuidv7() : null;
  if (campaignId)
    await product.db.query(sql`
      insert into campaigns (campaign_id, app_key, name, channel, audience, content, plan, source, phase, created_at,
        updated_at)
      select ${campaignId}, app_key, 'Autumn', ${channel}, '{"target":{}}', '{"content":"-"}', '{}', 'api', 'started',
        now(), now()
      from apps`);
  await product.db.query(sql`
    insert into messages (message_id, app_key, channel, topic, audience_kind, audience, content, source, status,
      priority, campaign_id, campaign_name, created_at)
    select ${messageId}, app_key, ${channel}, 'default', 'users', '{"users":[]}', '{"content":"-"}', 'api', 'running', 0,
      ${campaignId}, ${campaignId && "Autumn"}, ${at}
    from apps`);
  for (const [index, { state, device, times = {}, step = 0 }] of deliveries.entries()) {
    const userId = `u${index}`;
    const id = `${userId}-${device}`;
    if (device) await product.call("POST", "/api/installations", { id, userId, deviceType: device });
    await product.db.query(sql`
      insert into deliveries (message_id, user_key, delivery_id, app_key, installation_key, step, state, created_at,
        sent_at, delivered_at, seen_at, clicked_at)
      select ${messageId}, ${userKey(product.appId, userId)}::uuid, gen_random_uuid(), app_key, coalesce(
          (select installation_key from installations where installation_id = ${id}), gen_random_uuid()),
        ${step}, ${state}::delivery_state, ${at}, ${times.sent ?? null}, ${times.delivered ?? null},
        ${times.seen ?? null}, ${times.clicked ?? null}
      from apps`);
  }
  for (const { state } of deliveries)
    await product.db.query(sql`
      insert into message_counters as c (message_id, slot, variant, targeted, sent, delivered, seen, clicked, failed)
      values (${messageId}, 0, 0, 1, ${Number(state === "sent")}, ${Number(state === "delivered")},
        ${Number(state === "seen")}, ${Number(state === "clicked")}, ${Number(state === "failed")})
      on conflict (message_id, slot, variant) do update set targeted = c.targeted + 1, sent = c.sent + excluded.sent,
        delivered = c.delivered + excluded.delivered, seen = c.seen + excluded.seen,
        clicked = c.clicked + excluded.clicked, failed = c.failed + excluded.failed`);
  return messageId;
}

const statisticsOf = async (product: TestProduct, id: string) =>
  product.call("GET", `/api/messages/${id}/statistics`);

test("a message is broken down by platform and over time", async (t) => {
  const product = await startTestProduct(t);
  const at = new Date(Math.floor((Date.now() - 10 * minuteMs) / minuteMs) * minuteMs);
  const after = (minutes: number) => new Date(at.getTime() + minutes * minuteMs);
  const id = await addMessage(
    product,
    [
      { state: "sent", device: "android", times: { sent: at } },
      { state: "delivered", device: "android", times: { sent: at, delivered: after(1) } },
      // A receipt may be left out.
      { state: "clicked", device: "ios", times: { sent: at, clicked: after(5) } },
      { state: "failed", device: "android" },
      { state: "seen", times: { sent: after(1), seen: after(2) } },
      // What follows goes to a person.
      { state: "sent", step: 1, times: { sent: after(5) } },
    ],
    { at },
  );
  const { status, body } = await statisticsOf(product, id);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(
    body.platforms.map(({ platform, counts }: { platform: string; counts: Record<string, number> }) => [
      platform,
      counts.targeted,
    ]),
    [
      ["android", 3],
      ["ios", 1],
      ["unknown", 1],
    ],
  );
  const { counts } = body.platforms[0];
  assert.deepEqual([counts.sent, counts.delivered, counts.failed, counts.clicked], [1, 1, 1, 0]);
  const { step, points } = body.trend;
  assert.equal(step, 10);
  assert.equal(points[0].at, at.toISOString());
  const sum = (what: string) =>
    points.reduce((total: number, point: Record<string, number>) => total + (point[what] ?? 0), 0);
  assert.deepEqual(["sent", "delivered", "seen", "clicked", "failed"].map(sum), [5, 3, 2, 1, 1]);
  assert.deepEqual([points.at(-1).at, points.at(-1).clicked], [after(5).toISOString(), 1]);
  assert.deepEqual(body.rates, { delivered: 3 / 5, seen: 2 / 5, clicked: 1 / 5, failed: 1 / 6 });
  assert.equal(body.average, null);
  assert.equal((await statisticsOf(product, uuidv7())).status, 404);
});

test("events after a message are its influence, and what they brought its revenue", async (t) => {
  const product = await startTestProduct(t);
  const at = new Date(Date.now() - 60 * minuteMs);
  const after = (minutes: number) => new Date(at.getTime() + minutes * minuteMs);
  const id = await addMessage(
    product,
    [
      { state: "clicked", times: { sent: at, delivered: at, seen: at, clicked: after(1) } },
      { state: "delivered", times: { sent: at, delivered: at } },
      { state: "failed" },
    ],
    { at },
  );
  const buy = (userId: string, revenue: number, minutes: number) =>
    product.call("POST", "/api/installations/trackPurchase", {
      ...{ userId, eventName: "buy", revenue, eventTime: after(minutes).toISOString() },
    });
  await buy("u0", 20, 2);
  await buy("u0", 5, 3);
  await buy("u1", 7, 2);
  await buy("u2", 100, 2);
  await product.call("POST", "/api/installations/track", {
    ...{ userId: "u1", eventName: "visit", eventData: { value: 3 }, eventTime: after(4).toISOString() },
  });
  const { body } = await statisticsOf(product, id);
  assert.deepEqual(body.influence, {
    events: [
      { name: "buy", direct: 2, indirect: 1, users: 2, value: 32 },
      { name: "visit", direct: 0, indirect: 1, users: 1, value: 3 },
    ],
    revenue: 32,
  });
});

test("a message stands beside the campaigns of its channel in the ninety days before", async (t) => {
  const product = await startTestProduct(t);
  const before = (days: number) => new Date(Date.now() - days * 86_400_000);
  const clicked = [{ state: "clicked" }, { state: "sent" }];
  await addMessage(product, clicked, { campaign: true, at: before(2) });
  await addMessage(product, [{ state: "delivered" }, { state: "failed" }], { campaign: true, at: before(1) });
  // Another channel, and no campaign.
  await addMessage(product, [{ state: "failed" }], { campaign: true, at: before(1), channel: "sms" });
  await addMessage(product, [{ state: "failed" }], { at: before(1) });
  const id = await addMessage(product, clicked, { campaign: true });
  await addMessage(product, [{ state: "failed" }], { campaign: true, at: new Date(Date.now() + 1_000) });
  const { body } = await statisticsOf(product, id);
  assert.deepEqual(body.average, { delivered: 0.75, seen: 0.25, clicked: 0.25, failed: 0.25, messages: 2 });
});

test("who looks on asks the database once in a while", async (t) => {
  const product = await startTestProduct(t);
  const id = await addMessage(product, [{ state: "sent" }]);
  const [first, second] = await Promise.all([statisticsOf(product, id), statisticsOf(product, id)]);
  await product.db.query(sql`update deliveries set state = 'failed', sent_at = null`);
  const third = await statisticsOf(product, id);
  assert.deepEqual([second.body, third.body], [first.body, first.body]);
});

test("whatever the span, it is shown by 48 points at most, and all that happened is in one", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e12 }),
      fc.double({ min: 0, max: 3e9, noNaN: true }),
      (start, ms) => {
        const first = new Date(start);
        const last = new Date(start + Math.floor(ms));
        const { step, from } = gridOf({ first, last });
        const stepMs = step * 1000;
        const place = (at: Date) =>
          new Date(from.getTime() + Math.floor((at.getTime() - from.getTime()) / stepMs) * stepMs);
        const row = { delivered: null, seen: null, clicked: null, failed: null };
        const { points } = trendOf(
          [
            { ...row, sent: place(last), count: 1 },
            { ...row, sent: place(first), count: 2 },
          ],
          { step, from },
        );
        assert.ok(points.length <= 48);
        assert.equal(
          points.reduce((sum, { sent }) => sum + sent, 0),
          3,
        );
      },
    ),
  );
  const nobody = { targeted: 0, queued: 0, waiting: 0, sent: 0, delivered: 0, seen: 0, clicked: 0 };
  const none = { failed: 0, skipped: 0, expired: 0, cancelled: 0, unknown: 0 };
  assert.deepEqual(ratesOf({ ...nobody, ...none }), { delivered: 0, seen: 0, clicked: 0, failed: 0 });
});
