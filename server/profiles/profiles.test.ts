import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import sql from "sql-template-tag";
import { emptyImports, importFile, type Json } from "../testing/imports.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";

let product: TestProduct;
before(async () => {
  product = await startTestProduct();
});
after(() => product.stop());
beforeEach(async () => {
  await emptyImports(product.db);
  await product.db.query(sql`truncate messages, chunks, deliveries, message_counters, audit_log`);
});

const ok = async (method: string, path: string, body?: unknown): Promise<Json> => {
  const answer = await product.call(method, path, body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
};
const send = async (request: Json): Promise<string> => {
  const answer = await product.call("POST", "/api/push/toUsers", request);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const id = answer.headers.get("x-push-id") ?? "";
  await until(
    async () => (await ok("GET", `/api/messages/${id}`)).status,
    (status) => status === "finished",
  );
  return id;
};

test("a timeline has every event and message once, the latest first, on pages of any size", async () => {
  await ok("POST", "/api/installations", { id: "phone", userId: "sara", deviceType: "android" });
  await ok("POST", "/api/installations", { id: "tablet", userId: "sara", deviceType: "ios" });
  const first = await send({ user: "sara", content: "One" });
  const sentAt = Date.parse((await ok("GET", `/api/messages/${first}`)).createdAt);
  await send({ user: "sara", content: "Two" });
  await ok(
    "POST",
    "/api/installations/trackBulk",
    [-5_000, -5_000, 0, 0, -1, 1].map((offset, index) => ({
      ...{ userId: "sara", eventName: `e${index}`, eventTime: sentAt + offset },
      eventData: { value: index },
    })),
  );
  const whole = (await ok("GET", "/api/users/sara/timeline")).data;
  const nameOf = (item: Json) => item.name ?? item.content;
  assert.equal(whole.length, 8);
  assert.equal(new Set(whole.map(nameOf)).size, 8);
  for (const [index, item] of whole.slice(1).entries()) assert.ok(whole[index].at >= item.at);
  const message = whole.find((item: Json) => item.content === "One");
  assert.deepEqual(
    message.deliveries.map(({ installationId, state }: Json) => [installationId, state]).sort(),
    [
      ["phone", "waiting"],
      ["tablet", "waiting"],
    ],
  );
  for (const limit of [1, 2, 3, 5]) {
    const paged: Json[] = [];
    for (let cursor = ""; ; ) {
      const page = await ok("GET", `/api/users/sara/timeline?limit=${limit}${cursor}`);
      paged.push(...page.data);
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    assert.deepEqual(paged.map(nameOf), whole.map(nameOf), `pages of ${limit}`);
  }
  const kinds = async (kind: string) =>
    (await ok("GET", `/api/users/sara/timeline?kind=${kind}`)).data.length;
  assert.deepEqual([await kinds("event"), await kinds("message")], [6, 2]);
});

test("behaviours tell count, sum, average, least, most, and when and what was last", async () => {
  await ok("POST", "/api/installations/trackBulk", [
    { userId: "sara", eventName: "buy", eventTime: "2026-03-01T10:00:00Z", eventData: { value: 10 } },
    { userId: "sara", eventName: "buy", eventTime: "2026-03-03T10:00:00Z", eventData: { value: "voucher" } },
    { userId: "sara", eventName: "buy", eventTime: "2026-03-02T10:00:00Z", eventData: { value: 30 } },
    { userId: "sara", eventName: "view", eventTime: "2026-02-02T10:00:00Z" },
  ]);
  assert.deepEqual((await ok("GET", "/api/users/sara/behaviours")).data, [
    {
      ...{ name: "buy", count: 3, lastValue: "voucher", sum: 40, average: 20, min: 10, max: 30 },
      ...{ firstAt: "2026-03-01T10:00:00.000Z", lastAt: "2026-03-03T10:00:00.000Z" },
    },
    {
      ...{ name: "view", count: 1, lastValue: null, sum: null, average: null, min: null, max: null },
      ...{ firstAt: "2026-02-02T10:00:00.000Z", lastAt: "2026-02-02T10:00:00.000Z" },
    },
  ]);
});

test("a person's data comes as one file with all that is known", async () => {
  await importFile(product, ["userId,email", "sara,sara@example.com"], {
    format: "generic",
    segment: "Summer",
  });
  await ok("POST", "/api/installations", { id: "phone", userId: "sara", deviceType: "android" });
  await send({ user: "sara", content: "Hello" });
  const events = Array.from({ length: 620 }, (_, index) => ({
    ...{ userId: "sara", eventName: "view", eventTime: Date.now() - index * 1_000 },
  }));
  await ok("POST", "/api/installations/trackBulk", events);
  const answer = await product.call("GET", "/api/users/sara/export");
  assert.match(answer.headers.get("content-disposition") ?? "", /attachment; filename\*=UTF-8''sara\.json/);
  const { user, installations, segments, behaviours, timeline } = answer.body;
  assert.equal(user.email, "sara@example.com");
  assert.equal(installations[0].id, "phone");
  assert.deepEqual(
    segments.map(({ name }: Json) => name),
    ["Summer"],
  );
  assert.equal(behaviours[0].count, 620);
  assert.equal(timeline.length, 621);
  assert.deepEqual(
    (await ok("GET", "/api/users/sara/segments")).data.map(({ name }: Json) => name),
    ["Summer"],
  );
  assert.equal((await product.call("GET", "/api/users/nobody/export")).status, 404);
});

test("who is deleted is gone from everywhere, with a proof, and what messages add up to stays", async () => {
  const { id: importId } = await importFile(
    product,
    ["userId,email", "sara,sara@example.com", "ali,ali@example.com"],
    {
      format: "generic",
      segment: "Summer",
    },
  );
  const { userId: guest } = await ok("POST", "/api/installations", { id: "phone", deviceType: "android" });
  await send({ user: guest, content: "To the guest" });
  await ok("POST", "/api/installations", { id: "phone", userId: "sara", deviceType: "android" });
  const alone = await send({ user: "sara", content: "Dear Sara, your code is 1234" });
  const both = await send({ users: ["sara", "ali"], content: "Dear both" });
  await ok("POST", "/api/installations/trackBulk", [
    { userId: "sara", eventName: "buy", eventData: { value: 5 }, eventId: "1" },
    { userId: "ali", eventName: "buy", eventData: { value: 7 } },
    { userId: "sara", eventName: "only hers" },
  ]);
  const toBoth = { name: "Two", channel: "sms", content: { content: "Dear two" }, users: ["sara", "ali"] };
  const campaign = (await product.call("POST", "/api/campaigns", toBoth)).body;
  const { message } = await ok("POST", `/api/campaigns/${campaign.id}/launch`);
  await until(
    () => ok("GET", `/api/messages/${message.id}`),
    ({ status }) => status === "finished",
  );
  await product.db.query(sql`
    insert into campaign_touches (app_key, user_key, message_ids, times)
    select app_key, user_key, '{}', '{}' from users where user_id = 'sara'`);
  const before = (await ok("GET", `/api/messages/${both}`)).counts;
  assert.deepEqual([before.targeted, before.waiting, before.failed], [2, 1, 1]);

  const erased = await ok("DELETE", "/api/users/sara");
  assert.deepEqual(
    [erased.installations, erased.events, erased.segments, erased.deliveries, erased.messages, erased.files],
    [1, 2, 1, 4, 3, 1],
  );
  assert.deepEqual((await ok("GET", `/api/campaigns/${campaign.id}`)).audience.users, ["ali"]);
  assert.doesNotMatch(JSON.stringify(await ok("GET", `/api/messages/${message.id}`)), /sara/);
  assert.equal((await product.db.query(sql`select from campaign_touches`)).rowCount, 0);
  for (const id of ["sara", guest]) assert.equal((await product.call("GET", `/api/users/${id}`)).status, 404);
  assert.equal((await product.call("DELETE", "/api/users/sara")).status, 404);
  // Nothing waits for her any more; everybody is still counted.
  const after = (await ok("GET", `/api/messages/${both}`)).counts;
  assert.deepEqual(after, { ...before, waiting: 0, skipped: 1 });
  const { rows: states } = await product.db.query<Json>(sql`
    select state, count(*) as count from deliveries where message_id = ${both} group by state order by state`);
  assert.deepEqual(states, [
    { state: "failed", count: 1 },
    { state: "skipped", count: 1 },
  ]);
  assert.deepEqual((await ok("GET", `/api/messages/${both}`)).audience.users, ["ali"]);
  assert.equal((await ok("GET", `/api/messages/${alone}`)).content, "");
  assert.deepEqual(
    (await ok("GET", "/api/events")).data.map(({ name, count, users, sum }: Json) => [
      name,
      count,
      users,
      sum,
    ]),
    [["buy", 1, 1, 7]],
  );
  for (const what of ["original", "processed"]) {
    const answer = await product.call("GET", `/api/imports/${importId}/${what}`);
    assert.equal(answer.status, 409);
    assert.match(answer.body.detail, /was deleted on \d{4}-\d\d-\d\d, since a person in it was erased/);
  }
  const [entry] = (await ok("GET", "/api/audit")).data;
  assert.equal(entry.subject, createHash("sha256").update(`${product.appId}/sara`).digest("hex"));
  assert.deepEqual([entry.id, entry.action, entry.actor], [erased.auditId, "user.erased", "first token"]);

  // Neither their id nor anything made of it is in any column of any table.
  const { rows: tables } = await product.db.query<Json>(sql`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'migrations'`);
  const { userKey } = await import("../lib/keys.ts");
  const traces = ["sara", guest, ...["sara", guest].map((id) => userKey(product.appId, id))];
  for (const { name } of tables) {
    for (const trace of traces) {
      const { rows } = await product.db.query<Json>({
        ...sql``,
        text: `select count(*)::integer as count from "${name}" t where t::text ilike $1`,
        values: [`%${trace}%`],
      } as never);
      assert.equal(rows[0].count, 0, `${trace} is still in ${name}`);
    }
  }
  // The id is free again.
  await ok("POST", "/api/installations/track", { userId: "sara", eventName: "back" });
  assert.equal((await ok("GET", "/api/users/sara/behaviours")).data.length, 1);
});

test("uninstalls are reported, and an uninstalled device is reached again once it is back", async () => {
  for (const [id, userId] of [
    ["a1", "ali"],
    ["a2", "ali"],
    ["s1", "sara"],
  ])
    await ok("POST", "/api/installations", { id, userId, deviceType: "android", deviceToken: `token-${id}` });
  const from = Date.now();
  for (const id of ["a1", "s1", "s1"])
    assert.equal((await product.call("DELETE", `/api/installations/${id}`)).status, 204);
  assert.equal((await product.call("DELETE", "/api/installations/none")).status, 404);
  const to = Date.now() + 1;
  const report = (query: string, range = `${from}/${to}`) =>
    ok("GET", `/api/installations/v1/uninstall/report/${range}?access_token=${product.accessToken}${query}`);
  const all = await report("&limit=100&offset=0");
  assert.equal(all.count, 2);
  assert.deepEqual(
    all.data.map(({ installationId, userId, deviceType }: Json) => [installationId, userId, deviceType]),
    [
      ["s1", "sara", "android"],
      ["a1", "ali", "android"],
    ],
  );
  assert.match(all.data[0].time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  // The other way round as in the contract's example, and a part of it.
  assert.deepEqual(await report("&limit=1&offset=1", `${to}/${from}`), { count: 2, data: [all.data[1]] });
  assert.deepEqual((await report("&type=churn")).data, [all.data[0]]);
  assert.deepEqual(await report("", `${from - 10_000}/${from - 5_000}`), { count: 0, data: [] });

  const id = await send({ users: ["ali", "sara"], content: "Hello" });
  const { counts } = await ok("GET", `/api/messages/${id}`);
  assert.deepEqual([counts.targeted, counts.skipped, counts.waiting], [3, 2, 1]);
  assert.equal((await ok("POST", "/api/segments/count", { target: {} })).reach.inbox, 1);
  await ok("POST", "/api/installations", { id: "s1", userId: "sara", deviceType: "android" });
  assert.equal((await ok("POST", "/api/segments/count", { target: {} })).reach.inbox, 2);
  assert.equal((await report("")).count, 2);
});
