import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import sql from "sql-template-tag";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { addUsers, countsOf, startSending } from "../testing/sending.ts";
import { startDueRuns } from "./runs.ts";

const content = { content: "Hi {{user.first_name}}" };

/** A product with users who have a device each, by their ids. */
async function startWithDevices(
  t: TestContext,
  devices: readonly ({ userId: string } & Record<string, unknown>)[],
): Promise<TestProduct> {
  const product = await startTestProduct(t);
  for (const device of devices) {
    const { status, body } = await product.call("POST", "/api/installations", {
      deviceType: "android",
      ...device,
    });
    assert.equal(status, 200, JSON.stringify(body));
  }
  return product;
}

async function draft(product: TestProduct, fields: Record<string, unknown> = {}) {
  const { status, body } = await product.call("POST", "/api/campaigns", {
    ...{ name: "Autumn", channel: "inbox", content, target: {}, ...fields },
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

async function launch(product: TestProduct, id: string) {
  const { status, body } = await product.call("POST", `/api/campaigns/${id}/launch`);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

const campaign = async (product: TestProduct, id: string) =>
  (await product.call("GET", `/api/campaigns/${id}`)).body;

/** As if the time of a campaign had come. */
const makeDue = (product: TestProduct, id: string) =>
  product.db.query(sql`update campaigns set next_run_at = now() where campaign_id = ${id}`);

/** By user: when what is frozen of them is due. */
async function duesOf(product: TestProduct, messageId: string): Promise<Map<string, string>> {
  const { rows } = await product.db.query<{ userId: string; due: Date }>(sql`
    select u.user_id as "userId", c.not_before as due
    from chunks c
    cross join lateral unnest(c.user_keys) as k (user_key)
    join users u on u.user_key = k.user_key
    where c.message_id = ${messageId}`);
  return new Map(rows.map(({ userId, due }) => [userId, due.toISOString()]));
}

test("a campaign for a time waits, can be made a draft again, and goes once", async (t) => {
  const product = await startWithDevices(t, [{ userId: "sara" }]);
  const schedule = { kind: "at", day: "2030-05-01", time: "10:00", timeZone: "Asia/Tehran" };
  const { id } = await draft(product, { schedule });
  const launched = await launch(product, id);
  assert.equal(launched.status, "scheduled");
  assert.equal(launched.nextRunAt, "2030-05-01T06:30:00.000Z");
  const refused = await product.call("PATCH", `/api/campaigns/${id}`, { name: "Winter" });
  assert.equal(refused.status, 409);
  assert.match(refused.body.detail, /make it a draft again/);
  assert.equal((await product.call("POST", `/api/campaigns/${id}/unschedule`)).body.status, "draft");
  await launch(product, id);
  const listed = await product.call("GET", "/api/campaigns?status=scheduled");
  assert.deepEqual(
    listed.body.data.map((each: { id: string }) => each.id),
    [id],
  );
  await makeDue(product, id);
  const gone = await until(
    () => campaign(product, id),
    ({ status }) => status === "finished",
  );
  assert.equal(gone.runs, 1);
  assert.equal(gone.nextRunAt, null);
  assert.equal(gone.message.counts.waiting, 1);
  assert.equal((await product.call("POST", `/api/campaigns/${id}/launch`)).status, 409);
});

test("what is over cannot be scheduled, and what cannot be sent is said at the launch", async (t) => {
  const product = await startTestProduct(t);
  const past = await draft(product, { schedule: { kind: "at", day: "2020-05-01", time: "10:00" } });
  const refused = await product.call("POST", `/api/campaigns/${past.id}/launch`);
  assert.equal(refused.status, 422);
  assert.deepEqual(refused.body.errors, [
    { pointer: "/schedule", detail: "is over already; choose a later time" },
  ]);
  const broken = await draft(product, {
    schedule: { kind: "at", day: "2030-05-01", time: "10:00" },
    variants: [{ content: { content: "{{user.first_name" } }],
    content: { content: "Hi", editions: [{ language: "fa", content: "{% if %}" }] },
    winner: { share: 20, after: 3600 },
    rollout: { share: 10 },
  });
  const { errors } = (await product.call("POST", `/api/campaigns/${broken.id}/launch`)).body;
  assert.deepEqual(
    errors.map(({ pointer }: { pointer: string }) => pointer),
    ["/rollout", "/content/editions/0/content", "/variants/0/content/content"],
  );
});

test("a recurring campaign goes again and again, its runs stand side by side, and ends with its last", async (t) => {
  const product = await startWithDevices(t, [{ userId: "sara" }]);
  const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const schedule = { kind: "recurring", every: "day", time: "10:00", timeZone: "UTC", from: day, runs: 2 };
  const { id } = await draft(product, { schedule });
  await launch(product, id);
  await makeDue(product, id);
  const once = await until(
    () => campaign(product, id),
    ({ status, runs }) => runs === 1 && status === "scheduled",
  );
  assert.equal(once.nextRunAt, `${day}T10:00:00.000Z`);
  const paused = await product.call("POST", `/api/campaigns/${id}/pause`);
  assert.equal(paused.body.status, "paused");
  await makeDue(product, id);
  assert.equal((await product.call("POST", `/api/campaigns/${id}/resume`)).body.status, "scheduled");
  await makeDue(product, id);
  const twice = await until(
    () => campaign(product, id),
    ({ status }) => status === "finished",
  );
  assert.equal(twice.runs, 2);
  assert.equal(twice.nextRunAt, null);
  const { body } = await product.call("GET", `/api/campaigns/${id}/runs`);
  assert.deepEqual(
    body.data.map(({ counts }: { counts: { waiting: number } }) => counts.waiting),
    [1, 1],
  );
  const [latest, first] = body.data;
  assert.equal((await product.call("GET", `/api/campaigns/${id}/report?run=${first.id}`)).body.id, first.id);
  assert.equal((await product.call("GET", `/api/campaigns/${id}/report`)).body.id, latest.id);
});

test("a run that cannot begin says why, and begins when that is mended", async (t) => {
  const product = await startWithDevices(t, [{ userId: "sara" }]);
  const segment = await product.call("POST", "/api/segments", {
    ...{ name: "Adults", kind: "dynamic", target: { userId: "sara" } },
  });
  const schedule = { kind: "at", day: "2030-05-01", time: "10:00" };
  const { id } = await draft(product, { schedule, target: segment.body.id });
  await launch(product, id);
  await product.db.query(sql`
    update campaigns set content = jsonb_set(content, '{content}', '"{{broken"') where campaign_id = ${id}`);
  await makeDue(product, id);
  const stuck = await until(
    () => campaign(product, id),
    ({ status }) => status === "paused",
  );
  assert.match(stuck.failure, /\/content\/content: .*not closed/);
  await product.db.query(sql`
    update campaigns set content = jsonb_set(content, '{content}', '"mended"') where campaign_id = ${id}`);
  await product.call("POST", `/api/campaigns/${id}/resume`);
  const gone = await until(
    () => campaign(product, id),
    ({ status }) => status === "finished",
  );
  assert.equal(gone.failure, null);
});

test("users get it when their own clock says so, also where clocks change that day", async (t) => {
  const product = await startWithDevices(t, [
    { userId: "tokyo", timeZone: "Asia/Tokyo" },
    { userId: "tehran", timeZone: "Asia/Tehran" },
    { userId: "berlin", timeZone: "Europe/Berlin" },
    { userId: "offset", timeZone: "+03:30" },
    { userId: "nowhere" },
  ]);
  await product.call("PATCH", "/api/settings", { timeZone: "America/New_York" });
  const duesOn = async (day: string) => {
    const schedule = { kind: "at", day, time: "10:00", timeZone: "user" };
    const { id } = await draft(product, { schedule });
    const { nextRunAt } = await launch(product, id);
    // As if the first clock on earth showed it now.
    const parts = { db: product.db, publicUrl: () => product.url, templatesToSend: async () => null };
    await startDueRuns(
      parts,
      new Map(),
      (error) => assert.fail(String(error)),
      () => new Date(nextRunAt),
    );
    const row = (await campaign(product, id)).message.id;
    return { messageId: row, dues: await duesOf(product, row) };
  };
  const winter = await duesOn("2030-03-30");
  assert.deepEqual(Object.fromEntries(winter.dues), {
    tokyo: "2030-03-30T01:00:00.000Z",
    tehran: "2030-03-30T06:30:00.000Z",
    offset: "2030-03-30T06:30:00.000Z",
    berlin: "2030-03-30T09:00:00.000Z",
    nowhere: "2030-03-30T14:00:00.000Z",
  });
  const summer = await duesOn("2030-03-31");
  assert.equal(summer.dues.get("berlin"), "2030-03-31T08:00:00.000Z");
  assert.equal(summer.dues.get("tokyo"), "2030-03-31T01:00:00.000Z");
  // Whose hour has come gets it, and the others wait.
  await product.db.query(sql`
    update chunks set not_before = now() where message_id = ${summer.messageId} and not_before < '2030-03-31T02:00Z'`);
  await product.db.query(sql`notify chapar_work`);
  const report = await until(
    async () => (await product.call("GET", `/api/messages/${summer.messageId}`)).body,
    ({ counts }) => counts.waiting === 1,
  );
  assert.equal(report.counts.queued, 4);
  assert.equal(report.hold.kind, "their_hour");
  assert.equal(report.hold.until, "2030-03-31T06:30:00.000Z");
});

test("quiet hours and the frequency cap hold with ten campaigns at once, and every skip says why", async (t) => {
  const { product } = await startSending(t);
  const users = await addUsers(product, 40);
  await product.call("PATCH", "/api/settings", {
    ...{ timeZone: "UTC", frequencyCap: { messages: 3, hours: 24 } },
  });
  const drafts = await Promise.all(Array.from({ length: 10 }, () => draft(product, { channel: "sms" })));
  const launched = await Promise.all(drafts.map(({ id }) => launch(product, id)));
  const reports = await Promise.all(
    launched.map(({ message }) =>
      until(
        async () => (await product.call("GET", `/api/messages/${message.id}`)).body,
        ({ status }) => status === "finished",
      ),
    ),
  );
  const sum = (name: string) => reports.reduce((total, { counts }) => total + counts[name], 0);
  assert.deepEqual([sum("sent"), sum("skipped")], [3 * users.length, 7 * users.length]);
  const { rows } = await product.db.query<{ most: number; least: number }>(sql`
    select max(n)::integer as most, min(n)::integer as least
    from (select count(*) as n from deliveries where state = 'sent' group by user_key) as each`);
  assert.deepEqual(rows, [{ most: 3, least: 3 }]);
  for (const { reasons } of reports) for (const { reason } of reasons) assert.equal(reason, "capped");
  // What does not count for the cap is not held back by it.
  const urgent = await launch(product, (await draft(product, { channel: "sms", limits: { cap: false } })).id);
  const done = await until(
    async () => (await product.call("GET", `/api/messages/${urgent.message.id}`)).body,
    ({ status }) => status === "finished",
  );
  assert.deepEqual(countsOf(done), { targeted: users.length, sent: users.length });
});

test("whoever has night waits for its end by their own clock, and the others do not", async (t) => {
  const product = await startWithDevices(t, [
    { userId: "awake", timeZone: zoneAt(12) },
    { userId: "asleep", timeZone: zoneAt(2) },
  ]);
  await product.call("PATCH", "/api/settings", {
    ...{ timeZone: "UTC", quietHours: { from: "22:00", to: "08:00" } },
  });
  const { message } = await launch(product, (await draft(product)).id);
  const report = await until(
    async () => (await product.call("GET", `/api/messages/${message.id}`)).body,
    ({ counts }) => counts.waiting === 1,
  );
  assert.equal(report.counts.queued, 1);
  const dues = await duesOf(product, message.id);
  const hours = (new Date(dues.get("asleep") ?? 0).getTime() - Date.now()) / 3_600_000;
  assert.ok(hours > 4.9 && hours < 6.1, `${hours} hours`);
  const anyway = await launch(product, (await draft(product, { limits: { quietHours: false } })).id);
  await until(
    async () => (await product.call("GET", `/api/messages/${anyway.message.id}`)).body,
    ({ counts }) => counts.waiting === 2,
  );
});

test("a campaign counts for whoever has it on one device, though its text does not come out for another", async (t) => {
  const product = await startWithDevices(t, [
    { userId: "sara", clientVersion: "1.2" },
    { userId: "sara", deviceType: "ios" },
  ]);
  await product.call("PATCH", "/api/settings", { frequencyCap: { messages: 1, hours: 24 } });
  const finished = async (fields: Record<string, unknown>) => {
    const { message } = await launch(product, (await draft(product, fields)).id);
    return until(
      async () => (await product.call("GET", `/api/messages/${message.id}`)).body,
      ({ status }) => status === "finished",
    );
  };
  const first = await finished({ content: { content: "You have {{device.appVersion}}", missing: "skip" } });
  assert.deepEqual(countsOf(first), { targeted: 2, waiting: 1, skipped: 1 });
  const second = await finished({});
  assert.deepEqual(countsOf(second), { targeted: 2, skipped: 2 });
  assert.deepEqual(
    second.reasons.map(({ reason }: { reason: string }) => reason),
    ["capped"],
  );
});

test("what follows a message that waits for the end of the night leaves time to see it", async (t) => {
  const { product } = await startSending(t);
  await addUsers(product, 1);
  await product.call("POST", "/api/installations", {
    ...{ deviceType: "android", userId: "u0", timeZone: zoneAt(2) },
  });
  await product.call("PATCH", "/api/settings", { quietHours: { from: "22:00", to: "08:00" } });
  const fallback = { media: "sms", delay: 3_600 };
  const { message } = await launch(
    product,
    (await draft(product, { content: { content: "Hi", fallback } })).id,
  );
  // As if the delay was over, and it is still night.
  await product.db.query(sql`
    update chunks set not_before = now() where message_id = ${message.id} and step = 1`);
  const rows = await until(
    async () =>
      (
        await product.db.query<{ step: number; due: Date }>(sql`
          select step, not_before as due from chunks where message_id = ${message.id} order by step`)
      ).rows,
    (found) => found.length === 2 && found.every(({ due }) => due.getTime() > Date.now() + 60_000),
  );
  const [first, second] = rows.map(({ due }) => due.getTime());
  assert.equal((second ?? 0) - (first ?? 0), 3_600_000);
});

/** An offset at which clocks show about this hour now. */
function zoneAt(hour: number): string {
  const now = new Date();
  let hours = (hour - now.getUTCHours() + 24) % 24;
  if (hours > 12) hours -= 24;
  return `${hours < 0 ? "-" : "+"}${String(Math.abs(hours)).padStart(2, "0")}:00`;
}

test("of several workers that look at the same moment one starts a run", async (t) => {
  const product = await startWithDevices(t, [{ userId: "sara" }]);
  const schedule = { kind: "recurring", every: "day", time: "10:00", timeZone: "UTC", from: "2030-05-01" };
  const { id } = await draft(product, { schedule });
  await launch(product, id);
  const parts = { db: product.db, publicUrl: () => product.url, templatesToSend: async () => null };
  const due = new Date("2030-05-03T10:00:01Z");
  await Promise.all(
    Array.from({ length: 8 }, () =>
      startDueRuns(
        parts,
        new Map(),
        (error) => assert.fail(String(error)),
        () => due,
      ),
    ),
  );
  const after = await campaign(product, id);
  // Three were missed, and are made up for by one.
  assert.deepEqual([after.runs, after.nextRunAt], [1, "2030-05-04T10:00:00.000Z"]);
  const { body } = await product.call("GET", `/api/campaigns/${id}/runs`);
  assert.equal(body.data.length, 1);
});

test("a run that another worker is starting keeps no other from starting", async (t) => {
  const product = await startWithDevices(t, [{ userId: "sara" }]);
  const schedule = { kind: "at", day: "2030-05-01", time: "10:00", timeZone: "UTC" };
  const first = await draft(product, { schedule });
  const second = await draft(product, { schedule: { ...schedule, time: "10:01" } });
  for (const { id } of [first, second]) await launch(product, id);
  const parts = { db: product.db, publicUrl: () => product.url, templatesToSend: async () => null };
  // A turn that is over ends by itself, also while the other worker takes its time.
  await product.db.transaction(async (tx) => {
    await tx.query(sql`select from campaigns where campaign_id = ${first.id} for update`);
    let looks = 0;
    const clock = () => {
      assert.ok(++looks < 20, "looks for what another worker has, over and over");
      return new Date("2030-05-01T10:02Z");
    };
    await startDueRuns(parts, new Map(), (error) => assert.fail(String(error)), clock);
  });
  const runs = await Promise.all([first, second].map(async ({ id }) => (await campaign(product, id)).runs));
  assert.deepEqual(runs, [0, 1]);
});

test("who stops a campaign stops all of its runs, also those that the latest has overtaken", async (t) => {
  const product = await startWithDevices(
    t,
    ["sara", "omid", "mina", "reza"].map((userId) => ({ userId })),
  );
  const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const schedule = { kind: "recurring", every: "day", time: "10:00", timeZone: "UTC", from: day };
  const { id } = await draft(product, { schedule, limits: { throttle: 1 } });
  await launch(product, id);
  for (const runs of [1, 2]) {
    await makeDue(product, id);
    await until(
      () => campaign(product, id),
      (found) => found.runs === runs,
    );
  }
  const statuses = async () =>
    (await product.call("GET", `/api/campaigns/${id}/runs`)).body.data.map(
      ({ status }: { status: string }) => status,
    );
  await product.call("POST", `/api/campaigns/${id}/pause`);
  assert.deepEqual(await statuses(), ["paused", "paused"]);
  await product.call("POST", `/api/campaigns/${id}/resume`);
  assert.deepEqual(await statuses(), ["running", "running"]);
  assert.equal((await product.call("POST", `/api/campaigns/${id}/cancel`)).status, 200);
  assert.deepEqual(await statuses(), ["cancelled", "cancelled"]);
});
