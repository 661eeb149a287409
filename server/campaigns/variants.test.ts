import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { applyReceipts } from "../deliveries/apply.ts";
import { connectDevice } from "../testing/device.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { addUsers, countsOf, startSending } from "../testing/sending.ts";

async function launch(product: TestProduct, fields: Record<string, unknown>) {
  const draft = await product.call("POST", "/api/campaigns", { name: "Autumn", target: {}, ...fields });
  assert.equal(draft.status, 201, JSON.stringify(draft.body));
  const { status, body } = await product.call("POST", `/api/campaigns/${draft.body.id}/launch`);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

const report = async (product: TestProduct, messageId: string) =>
  (await product.call("GET", `/api/messages/${messageId}`)).body;

/** Users with a device each, as many as this, without the API. */
async function addDevices(product: TestProduct, count: number): Promise<void> {
  await product.db.query(sql`
    with people as (
      insert into users (app_key, user_key, user_id, is_guest, attributes, tags, value_tags, created_at, updated_at)
      select (select app_key from apps where app_id = ${product.appId}), md5('user' || n)::uuid, 'user-' || n, false, '{}',
        '{}', '{}', now(), now()
      from generate_series(1, ${count}::integer) as n
      returning app_key, user_key, user_id
    )
    insert into installations (app_key, user_key, installation_key, installation_id, device_type, opted_out, topics,
      created_at, updated_at)
    select app_key, user_key, md5(user_id || ' device')::uuid, user_id || '-device', 'android', false, '{}', now(), now()
    from people`);
  await product.db.query(sql`
    insert into installation_directory (app_key, installation_key, user_key)
    select app_key, installation_key, user_key from installations`);
  await product.db.query(sql`analyze users, installations, installation_directory`);
}

/** By user key: which content they were frozen for, or that they wait for the best. */
async function splitOf(product: TestProduct, messageId: string): Promise<Map<string, string>> {
  const { rows } = await product.db.query<{ userKey: string; part: string }>(sql`
    select k.user_key as "userKey", c.stage || '/' || c.variant as part
    from chunks c
    cross join lateral unnest(c.user_keys) as k (user_key)
    where c.message_id = ${messageId}`);
  return new Map(rows.map(({ userKey, part }) => [userKey, part]));
}

const people = 100_000;

test("of 100,000 each content gets its share, users stay in theirs within a campaign, and the winner goes to the rest once", async (t) => {
  const product = await startTestProduct(t);
  await addDevices(product, people);
  const fields = {
    ...{ channel: "inbox", content: { content: "A" }, variants: [{ content: { content: "B" } }] },
    ...{ winner: { share: 20 }, limits: { quietHours: false, cap: false } },
  };
  const held = async () => {
    const { id, message } = await launch(product, fields);
    await product.call("POST", `/api/messages/${message.id}/pause`);
    await until(
      () => report(product, message.id),
      ({ frozenAt }) => frozenAt !== null,
      60_000,
    );
    return { id, messageId: message.id };
  };
  const first = await held();
  const split = await splitOf(product, first.messageId);
  const sizes: Record<string, number> = {};
  for (const part of split.values()) sizes[part] = (sizes[part] ?? 0) + 1;
  // Who was sent to before the pause has no chunk any more.
  const { rows: sent } = await product.db.query<{ userKey: string; variant: number }>(sql`
    select user_key as "userKey", variant from deliveries where message_id = ${first.messageId}`);
  for (const { userKey, variant } of sent) split.set(userKey, `0/${variant}`);
  for (const { variant } of sent) sizes[`0/${variant}`] = (sizes[`0/${variant}`] ?? 0) + 1;
  assert.deepEqual(Object.keys(sizes).sort(), ["0/0", "0/1", "1/-1"]);
  // Five standard deviations of a fair draw.
  for (const [part, share] of [["0/0", 0.1] as const, ["0/1", 0.1] as const, ["1/-1", 0.8] as const]) {
    const deviation = Math.sqrt(people * share * (1 - share));
    assert.ok(Math.abs((sizes[part] ?? 0) - people * share) < 5 * deviation, `${part}: ${sizes[part]}`);
  }

  const second = await held();
  const other = await splitOf(product, second.messageId);
  let alike = 0;
  for (const [userKey, part] of other) if (part === "0/0" && split.get(userKey) === "0/0") alike++;
  // A tenth of a tenth, and not the same tenth again.
  assert.ok(alike < 0.02 * people, `${alike} users are tried on in both campaigns`);
  await product.call("POST", `/api/messages/${second.messageId}/cancel`);

  await product.call("POST", `/api/messages/${first.messageId}/resume`);
  const tried = await until(
    () => report(product, first.messageId),
    ({ hold }) => hold?.kind === "rollout",
    60_000,
  );
  assert.equal(tried.rest.recipients, sizes["1/-1"]);
  assert.equal(tried.variants.length, 2);
  await click(product, first.messageId, { variant: 0, clicks: 40 });
  await click(product, first.messageId, { variant: 1, clicks: 60 });
  const chosen = await Promise.all(
    [1, 2].map(() => product.call("POST", `/api/campaigns/${first.id}/continue`)),
  );
  assert.deepEqual(chosen.map(({ status }) => status).sort(), [200, 409]);
  const done = await until(
    () => report(product, first.messageId),
    ({ status }) => status === "finished",
    60_000,
  );
  assert.equal(done.counts.targeted, people);
  assert.equal(done.counts.waiting + done.counts.clicked, people);
  const [a, b] = done.variants;
  assert.deepEqual([a.isWinner, b.isWinner], [false, true]);
  assert.equal(a.counts.targeted, sizes["0/0"]);
  assert.equal(b.counts.targeted, people - a.counts.targeted);
  assert.equal(b.counts.queued, 0);
  const { rows } = await product.db.query<{ rows: number; users: number; b: number }>(sql`
    select count(*)::integer as rows, count(distinct user_key)::integer as users,
      count(*) filter (where variant = 1)::integer as b
    from deliveries where message_id = ${first.messageId}`);
  assert.deepEqual(rows, [{ rows: people, users: people, b: b.counts.targeted }]);
});

async function click(
  product: TestProduct,
  messageId: string,
  { variant, clicks }: { variant: number; clicks: number },
): Promise<void> {
  await product.db.transaction(async (tx) => {
    const { rows } = await tx.query<{ appKey: number; userKey: string; deliveryId: string }>(sql`
      select app_key as "appKey", user_key as "userKey", delivery_id as "deliveryId"
      from deliveries
      where message_id = ${messageId} and variant = ${variant}
      limit ${clicks}`);
    const now = new Date();
    await applyReceipts(
      tx,
      rows.map(({ appKey, ...key }) => ({
        ...{ appKey, subject: { messageId, ...key }, state: "clicked" as const },
        ...{ at: now, code: null, detail: null },
      })),
      now,
    );
  });
}

test("the best content goes to the rest by itself when its time has come, and each text is its own", async (t) => {
  const texts: string[] = [];
  const { product } = await startSending(t, {
    standIn: { onAnswer: ({ body }) => texts.push(String(body.text ?? body.content ?? body.body)) },
  });
  const users = await addUsers(product, 60);
  const { message } = await launch(product, {
    ...{ channel: "sms", content: { content: "A for {{user.first_name}}" } },
    variants: [{ content: { content: "B for {{user.first_name}}" } }],
    winner: { share: 50, by: "delivered", after: 60 },
  });
  const tried = await until(
    () => report(product, message.id),
    ({ hold, counts, rest }) => hold?.kind === "winner" && counts.queued === rest.recipients,
  );
  assert.equal(tried.counts.queued, tried.rest.recipients);
  assert.ok(tried.rest.decidesAt);
  const [a, b] = tried.variants;
  assert.equal(a.counts.sent + b.counts.sent + tried.rest.recipients, users.length);
  await product.db.query(sql`update messages set decide_at = now() where message_id = ${message.id}`);
  const done = await until(
    () => report(product, message.id),
    ({ status }) => status === "finished",
  );
  assert.deepEqual(countsOf(done), { targeted: users.length, sent: users.length });
  // None was delivered: of equal ones the first.
  assert.equal(done.variants[0].isWinner, true);
  assert.equal(texts.filter((text) => text.startsWith("B for Name u")).length, b.counts.sent);
  assert.equal(new Set(texts).size, users.length);
});

test("the best content is found also while devices wait to be told of what is in their inbox", async (t) => {
  const product = await startTestProduct(t);
  await addDevices(product, 40);
  const { message } = await launch(product, {
    ...{ channel: "inbox", content: { content: "A" }, variants: [{ content: { content: "B" } }] },
    winner: { share: 50, by: "clicked", after: 60 },
  });
  await until(
    () => report(product, message.id),
    ({ hold }) => hold?.kind === "winner",
  );
  // As while the account for pushes is switched off.
  await product.db.query(sql`
    insert into chunks (message_id, seq, app_key, channel, token_service, is_alert, priority, user_keys,
      installation_keys, not_before)
    select message_id, -1, app_key, 'push', 'fcm', true, 1, array[user_key], array[installation_key],
      now() + interval '1 day'
    from deliveries where message_id = ${message.id} limit 1`);
  await product.db.query(sql`update messages set decide_at = now() where message_id = ${message.id}`);
  const done = await until(
    () => report(product, message.id),
    ({ counts }) => counts.waiting === 40,
  );
  assert.equal(done.variants[0].isWinner, true);
});

test("a first part goes, and the rest once somebody has looked at it; or never", async (t) => {
  const { product } = await startSending(t);
  const users = await addUsers(product, 80);
  const fields = { channel: "sms", content: { content: "Hello" }, rollout: { share: 25 } };
  const { id, message } = await launch(product, fields);
  const looked = await until(
    () => report(product, message.id),
    ({ hold, counts, rest }) => hold?.kind === "rollout" && counts.queued === rest.recipients,
  );
  assert.equal(looked.counts.sent + looked.rest.recipients, users.length);
  assert.ok(looked.counts.sent > 0 && looked.counts.sent < 50);
  const wrong = await product.call("POST", `/api/campaigns/${id}/continue`, { variant: 1 });
  assert.equal(wrong.status, 409);
  assert.equal((await product.call("POST", `/api/campaigns/${id}/continue`)).status, 200);
  const done = await until(
    () => report(product, message.id),
    ({ status }) => status === "finished",
  );
  assert.deepEqual(countsOf(done), { targeted: users.length, sent: users.length });

  const stopped = await launch(product, fields);
  await until(
    () => report(product, stopped.message.id),
    ({ hold }) => hold?.kind === "rollout",
  );
  await product.call("POST", `/api/campaigns/${stopped.id}/cancel`);
  const ended = await until(
    () => report(product, stopped.message.id),
    ({ counts }) => counts.queued === 0,
  );
  assert.equal(ended.counts.cancelled + ended.counts.sent, users.length);
});

test("a pace is kept, and pausing does not save it up", async (t) => {
  const { product, standIn } = await startSending(t);
  await addUsers(product, 30);
  // Two a second, a few at a time.
  const { message } = await launch(product, {
    ...{ channel: "sms", content: { content: "Hello" }, limits: { throttle: 120 } },
  });
  await until(
    () => report(product, message.id),
    ({ counts }) => counts.sent > 0,
  );
  const { rows } = await product.db.query<{ recipients: number; ahead: number }>(sql`
    select 30 - coalesce(sum(cardinality(user_keys)), 0)::integer as recipients,
      extract(epoch from (select next_at from messages where message_id = ${message.id}) - now())::float8 as ahead
    from chunks where message_id = ${message.id}`);
  const [{ recipients, ahead } = { recipients: 0, ahead: 0 }] = rows;
  assert.ok(recipients <= 20 && recipients > 0, `${recipients} at once`);
  assert.ok(ahead > 0 && ahead < 10, `the next in ${ahead} s`);
  assert.ok(standIn.requests() <= 20);
  await product.call("POST", `/api/messages/${message.id}/cancel`);
});

test("who speaks another language, or is on another platform, gets the words for it", async (t) => {
  const product = await startTestProduct(t);
  const [fa, ios, en] = await Promise.all(
    [
      { userId: "fa", deviceType: "android", language: "fa-IR" },
      { userId: "ios", deviceType: "ios", language: "en" },
      { userId: "en", deviceType: "android", language: "en-GB" },
    ].map((registration) => connectDevice(product, t, registration)),
  );
  await fa?.client.publishAsync(fa.topic("hello"), "{}", { qos: 1 });
  await launch(product, {
    channel: "inbox",
    content: {
      content: "Hello",
      notification: { title: "Shop", body: "Hello" },
      editions: [
        { language: "fa", content: "سلام" },
        { platform: "ios", content: "Hello iPhone", notification: { body: "Look" } },
      ],
    },
  });
  const shown = async (device: typeof fa) => {
    const [message] = await until(
      async () => device?.messages ?? [],
      (messages) => messages.length > 0,
    );
    return [message.content, message.notification.title, message.notification.body];
  };
  // Those who say hello later are shown the same.
  for (const device of [ios, en]) await device?.client.publishAsync(device.topic("hello"), "{}", { qos: 1 });
  assert.deepEqual(await shown(fa), ["سلام", "Shop", "سلام"]);
  assert.deepEqual(await shown(ios), ["Hello iPhone", "Shop", "Look"]);
  assert.deepEqual(await shown(en), ["Hello", "Shop", "Hello"]);
});

const withFallback = {
  ...{ channel: "inbox", content: { content: "A", fallback: { media: "sms", delay: 3_600 } } },
  limits: { quietHours: false, cap: false },
};

test("what follows leaves the rest the time to see what they got a day later", async (t) => {
  const product = await startTestProduct(t);
  await addDevices(product, 20);
  const { id, message } = await launch(product, { ...withFallback, rollout: { share: 50 } });
  // As if somebody took a day to look.
  await product.db.query(sql`
    update chunks set not_before = not_before - interval '1 day' where message_id = ${message.id} and stage = 1`);
  const before = Date.now();
  assert.equal((await product.call("POST", `/api/campaigns/${id}/continue`)).status, 200);
  const { rows } = await product.db.query<{ stage: number; due: Date }>(sql`
    select stage, not_before as due from chunks where message_id = ${message.id} and step = 1 order by stage`);
  assert.deepEqual(
    rows.map(({ stage }) => stage),
    [0, 1],
  );
  for (const { due, stage } of rows)
    assert.ok(
      due.getTime() >= (stage === 1 ? before : 0) + 3_600_000,
      `stage ${stage}: ${due.toISOString()}`,
    );
});

test("whatever content somebody gets, what follows is that of the campaign, or repeats their own words", async (t) => {
  const texts: string[] = [];
  const { product } = await startSending(t, {
    standIn: { onAnswer: ({ body }) => texts.push(String(body.text ?? body.content ?? body.body)) },
  });
  // Without a device: what follows goes at once.
  const users = await addUsers(product, 30);
  const sent = async (fallback: Record<string, unknown>) => {
    texts.length = 0;
    const { message } = await launch(product, {
      ...{ channel: "inbox", content: { content: "A", fallback: { media: "sms", delay: 0, ...fallback } } },
      ...{ variants: [{ content: { content: "B" } }], limits: { quietHours: false, cap: false } },
    });
    await until(
      () => report(product, message.id),
      ({ status }) => status === "finished",
    );
    assert.equal(texts.length, users.length);
    return [...new Set(texts)].sort();
  };
  assert.deepEqual(await sent({ content: "Look into the app" }), ["Look into the app"]);
  assert.deepEqual(await sent({}), ["A", "B"]);
});

test("whom a small send failed for, a thousand at once, are tried again, and at the pace that was set", async (t) => {
  const { product } = await startSending(t);
  await addUsers(product, 1_000);
  const { message } = await launch(product, { channel: "sms", content: { content: "Hello" } });
  const finished = () =>
    until(
      () => report(product, message.id),
      ({ status }) => status === "finished",
      30_000,
    );
  await finished();
  const fail = () =>
    product.db.query(sql`
      update deliveries set state = 'failed', reason = 'rejected' where message_id = ${message.id}`);
  const retry = () => product.call("POST", `/api/messages/${message.id}/retry`);
  await fail();
  assert.equal((await retry()).body.count, 1_000);
  await finished();
  await fail();
  await product.db.query(sql`
    update messages set throttle = 120, priority = 1, status = 'paused' where message_id = ${message.id}`);
  await retry();
  const { rows } = await product.db.query<{ chunks: number; most: number }>(sql`
    select count(*)::integer as chunks, max(cardinality(user_keys)) as most
    from chunks where message_id = ${message.id}`);
  assert.deepEqual(rows, [{ chunks: 100, most: 10 }]);
});

test("whose message is over before anybody said a word expire, and are not sent to", async (t) => {
  const { product } = await startSending(t);
  const users = await addUsers(product, 40);
  const { message } = await launch(product, {
    ...{ channel: "sms", content: { content: "Today only", ttl: 3600 }, rollout: { share: 30 } },
  });
  await until(
    () => report(product, message.id),
    ({ hold, counts, rest }) => hold?.kind === "rollout" && counts.queued === rest.recipients,
  );
  await product.db.query(sql`update messages set expires_at = now() where message_id = ${message.id}`);
  const over = await until(
    () => report(product, message.id),
    ({ status }) => status === "finished",
  );
  assert.equal(over.counts.sent + over.counts.expired, users.length);
  assert.ok(over.counts.expired > 0);
});
