import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { startTestProduct, until } from "../testing/product.ts";

test("a chunk that could not be written is tried again by the worker that has failed", async (t) => {
  const product = await startTestProduct(t);
  await product.call("POST", "/api/installations", { id: "d1", userId: "u1", deviceType: "ios" });
  // Numbers of a sequence outlive the roll-back, so they tell that the write was tried.
  await product.db.query(sql`create sequence refusals`);
  await product.db.query(sql`
    create function refuse() returns trigger language plpgsql as $$
    begin
      perform nextval('refusals');
      raise exception 'no space left on device';
    end $$`);
  await product.db.query(sql`
    create trigger refuse before insert on deliveries for each row execute function refuse()`);

  const sent = await product.call("POST", "/api/push/toUsers", { user: "u1", content: "hi" });
  await until(
    async () => (await product.db.query(sql`select from refusals where is_called`)).rowCount,
    (refused) => refused === 1,
  );
  await product.db.query(sql`drop trigger refuse on deliveries`);
  const id = sent.headers.get("x-push-id");
  const message = await until(
    async () => (await product.call("GET", `/api/messages/${id}`)).body,
    (found) => found.status === "finished",
    30_000,
  );
  assert.equal(message.counts.waiting, 1);
});

test("one message that cannot be written does not hold up those claimed with it", async (t) => {
  const product = await startTestProduct(t);
  for (const user of ["bad", "good"]) {
    await product.call("POST", "/api/installations", { id: user, userId: user, deviceType: "ios" });
  }
  await product.db.query(sql`
    create function refuse_bad() returns trigger language plpgsql as $$
    begin
      if exists (select from messages m where m.message_id = new.message_id and m.content ->> 'content' = 'bad') then
        raise exception 'refused';
      end if;
      return new;
    end $$`);
  await product.db.query(sql`
    create trigger refuse_bad before insert on deliveries for each row execute function refuse_bad()`);

  const sent = await product.call("POST", "/api/push/toUsers", [
    { user: "bad", content: "bad" },
    { user: "good", content: "good" },
    { user: "good", content: "good too" },
  ]);
  const ids = (sent.headers.get("x-push-id") ?? "").split(",");
  const statuses = async () =>
    Promise.all(ids.map(async (id) => (await product.call("GET", `/api/messages/${id}`)).body.status));
  await until(statuses, (found) => found.join() === "running,finished,finished", 30_000);
  await product.db.query(sql`drop trigger refuse_bad on deliveries`);
  await until(statuses, (found) => found.every((status) => status === "finished"), 30_000);
});

test("a large send that nobody hints at is found although small ones keep coming", async (t) => {
  const product = await startTestProduct(t);
  for (const user of ["one", "many"])
    await product.call("POST", "/api/installations", { id: user, userId: user, deviceType: "ios" });
  // As a worker that died leaves it: under a lease that runs out.
  await product.db.query(sql`
    create function lease() returns trigger language plpgsql as $$
    begin
      if exists (select from messages m where m.message_id = new.message_id and m.content ->> 'content' = 'to many') then
        new.priority := 1;
        new.lease_owner := gen_random_uuid();
        new.lease_until := clock_timestamp() + interval '1 second';
        update messages m set priority = 1 where m.message_id = new.message_id;
      end if;
      return new;
    end $$`);
  await product.db.query(sql`
    create trigger lease before insert on chunks for each row execute function lease()`);
  const sent = await product.call("POST", "/api/push/toUsers", { user: "many", content: "to many" });
  const place = `/api/messages/${sent.headers.get("x-push-id")}`;
  const isFinished = async () => (await product.call("GET", place)).body.status === "finished";
  const deadline = Date.now() + 15_000;
  while (!(await isFinished()) && Date.now() < deadline)
    await product.call("POST", "/api/push/toUsers", { user: "one", content: "to one" });
  assert.ok(await isFinished(), "it waited for a pause");
});
