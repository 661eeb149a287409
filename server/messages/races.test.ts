import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { startWorker } from "../app-worker.ts";
import { until } from "../testing/product.ts";
import { standInConfig } from "../testing/provider-accounts.ts";
import { addUsers, countRows, countsOf, startSending } from "../testing/sending.ts";
import { startStandInProvider } from "../testing/stand-in-provider.ts";

test("two workers, pauses, deletions, opt-outs and log-ins meanwhile: everybody has one end", async (t) => {
  const { product, standIn, broadcast, message, messageThat } = await startSending(t, { concurrency: 16 });
  const second = await startWorker({ ...product.config, mqttPort: product.mqttPort });
  t.after(() => second.stop());
  // Guests have no words of their own for a phone, so each gets one.
  await addUsers(product, 3_000);
  for (let index = 0; index < 20; index++)
    await product.call("POST", "/api/installations", {
      ...{ id: `g${index}`, userId: `guest${index}`, deviceType: "android", isGuest: true },
    });
  await product.db.query(sql`
    update users set phone = '97150' || lpad((row_number)::text, 7, '0')
    from (select user_key as k, row_number() over () from users where is_guest) as g where user_key = g.k`);
  standIn.delay(2);
  const id = await broadcast({ content: "hi" });
  const post = (path: string, body?: object) => product.call("POST", path, body);
  const meddle = async () => {
    for (let turn = 0; (await message(id)).status !== "finished" && turn < 20; turn++) {
      await post(`/api/messages/${id}/pause`);
      await product.call("PATCH", `/api/users/u${turn * 7}`, { optedOut: ["sms"] });
      await product.call("DELETE", `/api/users/u${turn * 11 + 1}`);
      await post("/api/installations", {
        id: `g${turn}`,
        userId: `u${turn * 13 + 2}`,
        deviceType: "android",
      });
      await post("/api/users", { userId: `late${turn}`, phone: `+98935000${String(turn).padStart(4, "0")}` });
      await post(`/api/messages/${id}/resume`);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  };
  await meddle();
  await post(`/api/messages/${id}/resume`);
  const done = await messageThat(id, ({ status }) => status === "finished", 60_000);
  const { targeted = 0, ...ended } = countsOf(done);
  assert.equal(targeted, 3_020);
  assert.equal(
    Object.values(ended).reduce((sum, count) => sum + count, 0),
    targeted,
  );
  assert.deepEqual(await countRows(product, id), ended);
  assert.equal(standIn.accepted.size, ended.sent);
  assert.ok(
    [...standIn.seen.values()].every((times) => times === 1),
    "nobody was sent to twice",
  );
});

test("a cancel that meets a pause and a retry leaves nobody queued", async (t) => {
  const { product, standIn, broadcast, messageThat } = await startSending(t);
  await addUsers(product, 2_000);
  standIn.plan(({ number }) => (number % 3 === 0 ? { kind: "status", status: 503 } : null));
  const id = await broadcast({ content: "hi" });
  await messageThat(id, ({ counts }) => counts.sent > 200);
  await Promise.all(
    ["pause", "resume", "cancel", "pause", "resume"].map((action) =>
      product.call("POST", `/api/messages/${id}/${action}`),
    ),
  );
  const ended = await messageThat(id, ({ finishedAt }) => finishedAt !== null);
  assert.deepEqual([ended.status, ended.counts.queued], ["cancelled", 0]);
  assert.equal(ended.counts.sent, standIn.accepted.size);
  const { targeted: _, ...states } = countsOf(ended);
  assert.deepEqual(await countRows(product, id), states);
});

test("a worker that dies between sending and writing leaves texts unknown rather than send them twice", async (t) => {
  const { product, standIn, broadcast, messageThat } = await startSending(t, {
    config: { timeoutMs: 60_000 },
  });
  await addUsers(product, 50);
  const { id: account } = (await product.call("GET", "/api/providers")).body.data[0];
  const switchTo = (isActive: boolean) => product.call("PATCH", `/api/providers/${account}`, { isActive });
  await switchTo(false);
  const id = await broadcast({ content: "hi" });
  // Started by a worker that is no more: its lease runs out, and nothing says what became of it.
  const hold = () =>
    product.db.query(sql`
      update chunks
      set lease_owner = gen_random_uuid(), lease_until = clock_timestamp() + interval '1 second', started = 20
      where message_id = ${id} and lease_owner is null`);
  await until(hold, ({ rowCount }) => rowCount === 1);
  // Others find it, and the account closed: they put it back as it was.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await switchTo(true);
  const message = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(message), { targeted: 50, sent: 30, unknown: 20 });
  assert.equal(standIn.requests(), 30);
  assert.equal(message.reasons[0]?.reason, "outcome_unknown");
});

test("whom a worker died with is not sent to by another account either, though that one may repeat", async (t) => {
  const { product, standIn, broadcast, messageThat } = await startSending(t);
  await addUsers(product, 50);
  const { id: account } = (await product.call("GET", "/api/providers")).body.data[0];
  await product.call("PATCH", `/api/providers/${account}`, { isActive: false });
  const id = await broadcast({ content: "hi" });
  const hold = () =>
    product.db.query(sql`
      update chunks set started = 20 where message_id = ${id} and lease_owner is null`);
  await until(hold, ({ rowCount }) => rowCount === 1);
  const second = await startStandInProvider();
  t.after(() => second.stop());
  const made = await product.call("POST", "/api/providers", {
    ...{ channel: "sms", provider: "http", name: "Second" },
    config: { ...standInConfig(second), isRepeatSafe: true },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const message = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(message), { targeted: 50, sent: 30, unknown: 20 });
  assert.deepEqual([standIn.requests(), second.requests()], [0, 30]);
});

test("topics and suppressed addresses that users left are respected, and can be joined again", async (t) => {
  const { product, broadcast, messageThat } = await startSending(t);
  const [user = ""] = await addUsers(product, 1);
  await product.call("POST", "/api/installations", { id: "d1", userId: user, deviceType: "android" });
  const left = await product.call("PATCH", `/api/users/${user}`, { leftTopics: ["news"] });
  assert.deepEqual(left.body.leftTopics, ["news"]);
  const send = async (channel: string) => {
    const sent = await product.call("POST", "/api/push/toUsers", { user, channel, content: "hi" });
    return messageThat(sent.headers.get("x-push-id") ?? "", ({ status }) => status === "finished");
  };
  assert.equal((await send("news")).reasons[0]?.reason, "opted_out");
  assert.equal((await send("sport")).reasons[0]?.reason, "subscription_not_found");
  await product.call("PUT", "/api/installations/d1/topics/private%2Fsport", {});
  assert.equal((await send("sport")).counts.waiting, 1);

  const { phone } = (await product.call("GET", `/api/users/${user}`)).body;
  const added = await product.call("POST", "/api/suppressions", { channel: "sms", address: `+${phone}` });
  assert.deepEqual(added.body, { channel: "sms", address: phone });
  const skipped = await messageThat(await broadcast(), ({ status }) => status === "finished");
  assert.equal(skipped.reasons[0]?.reason, "suppressed");
  assert.equal((await product.call("GET", "/api/suppressions?channel=sms")).body.data[0].reason, "manual");
  assert.equal((await product.call("DELETE", `/api/suppressions/sms/${phone}`)).status, 204);
  assert.equal((await product.call("DELETE", `/api/suppressions/sms/${phone}`)).status, 404);
  const sent = await messageThat(await broadcast(), ({ status }) => status === "finished");
  assert.equal(sent.counts.sent, 1);
});
