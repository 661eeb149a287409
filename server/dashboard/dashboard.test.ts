import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { sampleHeader, sampleRows } from "../imports/sample.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { daysFrom, readRange } from "./dashboard.ts";
import { foldTallies } from "./queries.ts";
import type { Dashboard } from "./schema.ts";
import { countReach, countSends } from "./upkeep.ts";

const read = async (product: TestProduct, query = ""): Promise<Dashboard> => {
  const { status, body } = await product.call("GET", `/api/dashboard${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
};

const importFile = async (product: TestProduct, text: string): Promise<string> => {
  const { body } = await product.call("POST", "/api/imports?name=people.csv", text);
  await until(
    () => product.call("GET", `/api/imports/${body.id}`),
    ({ body: { status } }) => status === "completed",
  );
  return body.id;
};

test("new users and devices are as many as there are, whatever becomes of them", async (t) => {
  const product = await startTestProduct(t);
  const { db, call } = product;
  const asStored = async () => {
    const { rows } = await db.query<{ users: number; installations: number }>(sql`
      select (select count(*) from users) as users, (select count(*) from installations) as installations`);
    return rows[0];
  };
  const asTallied = async () => {
    await foldTallies(db);
    const { users, installations } = (await read(product)).sofar.today;
    return { users, installations };
  };
  const file = [sampleHeader, ...sampleRows(300, 7)].join("\n");
  const id = await importFile(product, file);
  await importFile(product, file);
  assert.deepEqual(await asTallied(), await asStored());

  // A guest who logs in is no second user; tags, attributes and events make users.
  const guest = await call("POST", "/api/installations", { deviceType: "web", launchCount: 1 });
  await call("POST", `/api/installations/${guest.body.id}/login`, { userId: "sara" });
  await call("POST", "/api/installations", { id: guest.body.id, deviceType: "web", launchCount: 2 });
  await call("POST", "/api/users", { userId: "mina" });
  const tagged = await call("POST", "/api/installations/addTags", { userId: "omid", tags: ["gold"] });
  assert.equal(tagged.status, 200, JSON.stringify(tagged.body));
  await call("POST", "/api/installations/track", { userId: "nima", eventName: "visit" });
  assert.deepEqual(await asTallied(), await asStored());
  assert.equal((await read(product)).sofar.today.visits, 2);

  await call("DELETE", `/api/installations/${guest.body.id}`);
  assert.equal((await read(product)).sofar.today.uninstalls, 1);
  await call("DELETE", "/api/users/sara?erase=true");
  await call("POST", `/api/imports/${id}/undo`);
  await until(
    () => call("GET", `/api/imports/${id}`),
    ({ body }) => body.undo.status === "done",
  );
  assert.deepEqual(await asTallied(), await asStored());
  const { rows } = await db.query<{ most: number }>(sql`
    select max(count) as most from (select count(*) from tallies group by app_key, at) as t`);
  assert.equal(rows[0]?.most, 1);
});

test("days have the messages that were accepted in them, and what became of them", async (t) => {
  const product = await startTestProduct(t);
  const { db, call } = product;
  await call("POST", "/api/installations", { id: "phone", userId: "Test", deviceType: "android" });
  const now = new Date();
  const sent = await call("POST", "/api/push/toUsers", { users: ["Test", "nobody"], content: "Hello" });
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  const done = ({ body }: { body: { data: { status: string }[] } }) => body.data[0]?.status === "finished";
  await until(() => call("GET", "/api/messages"), done);
  await countSends(db, new Date());
  await countReach(db, new Date(now.getTime() + 86_400_000), {
    onError: (error) => assert.fail(String(error)),
  });
  const { days, sofar, now: reach, today } = await read(product, "");
  assert.equal(days.length, 7);
  const last = days.at(-1);
  assert.deepEqual([last?.day, last?.targeted, last?.sent], [today, 2, 1]);
  assert.deepEqual(last?.channels.inbox, {
    ...{ targeted: 2, sent: 1, delivered: 0, seen: 0, clicked: 0, failed: last?.failed },
  });
  assert.equal(sofar.today.targeted, 2);
  assert.equal(sofar.yesterday.targeted, 0);
  assert.deepEqual([reach?.users, reach?.installations, reach?.inbox, reach?.push], [1, 1, 1, 0]);

  const wrong = await call("GET", "/api/dashboard?from=2026-05-02&to=2026-05-01");
  assert.equal(wrong.status, 422);
});

test("what does not go on by itself is named, the worst first", async (t) => {
  const product = await startTestProduct(t);
  const { db, call } = product;
  await until(
    () => read(product),
    ({ attention }) => attention.length === 0,
  );
  await call("POST", "/api/installations", { id: "phone", userId: "Test", deviceType: "android" });
  await call("POST", "/api/imports?name=broken.csv&format=onesignal", "this,is,no\nexport,of,anything\n");
  const campaign = await call("POST", "/api/campaigns", {
    ...{ name: "Autumn", channel: "inbox", target: {}, content: { content: "Hi" } },
    schedule: { kind: "now" },
  });
  const run = await call("POST", `/api/campaigns/${campaign.body.id}/launch`);
  const messageId = run.body.message?.id;
  await until(
    () => call("GET", `/api/messages/${messageId}`),
    ({ body }) => body.status === "finished",
  );
  await db.query(sql`
    update messages set status = 'paused', halted_detail = 'Template paused' where message_id = ${messageId}`);
  await db.query(sql`
    select graphile_worker.add_job('none', json_build_object('appKey', (select app_key from apps)))`);
  await db.query(sql`update graphile_worker._private_jobs set attempts = 5, last_error = 'no such task'`);
  const { attention } = await until(
    () => read(product),
    ({ attention: found }) => found.some(({ kind }) => kind === "import_failed"),
  );
  assert.deepEqual(
    attention.map(({ kind, name, detail }) => [kind, name, kind === "import_failed" ? "" : detail]),
    [
      ["message_halted", "Autumn", "Template paused"],
      ["import_failed", "broken.csv", ""],
      ["job_failing", "none", "no such task"],
    ],
  );
});

test("a range of days is checked", () => {
  assert.deepEqual(readRange({}, "2026-03-01"), { from: "2026-02-23", to: "2026-03-01" });
  assert.deepEqual(daysFrom("2026-02-27", "2026-03-01"), ["2026-02-27", "2026-02-28", "2026-03-01"]);
  assert.throws(() => readRange({ from: "2025-01-01", to: "2026-01-01" }, "2026-03-01"), /92 days at most/);
});
