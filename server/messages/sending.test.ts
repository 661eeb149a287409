import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import sql from "sql-template-tag";
import { until } from "../testing/product.ts";
import { addUsers, countRows, countsOf, phoneOf, startSending } from "../testing/sending.ts";

test("a campaign reaches everyone once, each with their own words", async (t) => {
  const { product, standIn, broadcast, messageThat } = await startSending(t);
  await addUsers(product, 1_234);
  const texts = new Map<unknown, unknown>();
  standIn.plan(({ body }) => {
    texts.set(body.to, body.text);
    return null;
  });
  const id = await broadcast();
  const message = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(message), { targeted: 1_234, sent: 1_234 });
  assert.deepEqual(await countRows(product, id), { sent: 1_234 });
  assert.equal(standIn.accepted.size, 1_234);
  assert.ok([...standIn.seen.values()].every((times) => times === 1));
  assert.equal(texts.get(phoneOf("u77")), "Hi Name u77");
  assert.deepEqual([message.campaign?.name, message.channel, message.hold], ["Autumn", "sms", null]);
});

test("who cannot or must not be reached is skipped, with the reason in the log", async (t) => {
  const { product, standIn, broadcast, messageThat } = await startSending(t);
  await addUsers(product, 6);
  const set = (id: string, change: string) =>
    product.db.query({ text: `update users set ${change} where user_id = $1`, values: [id] } as never);
  await set("u0", "opted_out = '{sms}'");
  await set("u1", "phone = null");
  await set("u2", `phone = '${phoneOf("u3")}'`);
  await set("u4", "attributes = '{}'");
  await product.db.query(sql`
    insert into suppressions (app_key, channel, address, reason, created_at)
    select app_key, 'sms', ${phoneOf("u5")}, 'address_gone', now() from apps`);
  const id = await broadcast({ content: "Hi {{user.first_name}}", missing: "skip" });
  const message = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(message), { targeted: 6, sent: 1, skipped: 5 });
  const log = (await product.call("GET", `/api/messages/${id}/deliveries?state=skipped`)).body.data;
  const reasons = Object.fromEntries(
    log.map((row: { userId: string; reason: string }) => [row.userId, row.reason]),
  );
  const shared = "u2" in reasons ? "u2" : "u3";
  assert.deepEqual(reasons, {
    ...{ u0: "opted_out", u1: "no_address", [shared]: "repeated", u4: "missing_variable", u5: "suppressed" },
  });
  assert.equal(log.find((row: { userId: string }) => row.userId === "u4").detail, "user.first_name");
  assert.equal(
    message.reasons.reduce((sum, { count }) => sum + count, 0),
    5,
  );
  assert.equal(standIn.requests(), 1);
});

test("a failing provider is tried again, what it refuses is failed, and dead addresses are left alone", async (t) => {
  const { product, standIn, broadcast, messageThat } = await startSending(t);
  await addUsers(product, 30);
  const failedOnce = new Set<unknown>();
  standIn.plan(({ body: { to } }) => {
    if (to === phoneOf("u1")) return { kind: "status", status: 422, body: { error: "text too long" } };
    if (to === phoneOf("u2")) return { kind: "gone" };
    if (String(to).endsWith("5") && !failedOnce.has(to)) {
      failedOnce.add(to);
      return { kind: "status", status: 503 };
    }
    return null;
  });
  const id = await broadcast();
  const message = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(message), { targeted: 30, sent: 28, failed: 2 });
  assert.equal(failedOnce.size, 3);
  const log = (await product.call("GET", `/api/messages/${id}/deliveries`)).body.data;
  const of = (userId: string) => log.find((row: { userId: string }) => row.userId === userId);
  assert.deepEqual(
    [of("u1").reason, of("u1").code, of("u1").attempts, of("u1").account],
    ["rejected", "http_422", 1, "Stand-in"],
  );
  assert.match(of("u1").detail, /text too long$/);
  assert.deepEqual([of("u5").state, of("u5").attempts], ["sent", 2]);
  assert.equal(of("u2").reason, "address_gone");

  const again = await messageThat(await broadcast(), ({ status }) => status === "finished");
  assert.deepEqual(
    again.reasons.map(({ reason, count }) => [reason, count]),
    [
      ["rejected", 1],
      ["suppressed", 1],
    ],
  );
});

test("failed recipients are sent to again on wish, unknown ones only when asked for", async (t) => {
  const { product, standIn, broadcast, messageThat } = await startSending(t, { config: { timeoutMs: 300 } });
  await addUsers(product, 10);
  standIn.plan(({ body: { to } }) => {
    if (to === phoneOf("u1")) return { kind: "status", status: 400 };
    return to === phoneOf("u2") ? { kind: "hang" } : null;
  });
  const id = await broadcast();
  const first = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(first), { targeted: 10, sent: 8, failed: 1, unknown: 1 });

  standIn.plan(null);
  const retry = async (body?: object) => (await product.call("POST", `/api/messages/${id}/retry`, body)).body;
  assert.deepEqual(await retry(), { count: 1 });
  const second = await messageThat(id, ({ status, counts }) => status === "finished" && counts.failed === 0);
  assert.deepEqual(countsOf(second), { targeted: 10, sent: 9, unknown: 1 });
  assert.deepEqual(await retry({ unknown: true }), { count: 1 });
  const third = await messageThat(id, ({ status, counts }) => status === "finished" && counts.unknown === 0);
  assert.deepEqual(countsOf(third), { targeted: 10, sent: 10 });
  assert.deepEqual(await countRows(product, id), { sent: 10 });
  assert.deepEqual(third.reasons, []);
  assert.deepEqual(await retry(), { count: 0 });
});

test("a paused message sends nothing, shows who is queued, and goes on without a repeat", async (t) => {
  const { product, standIn, account, broadcast, messageThat } = await startSending(t, { ratePerSecond: 400 });
  await addUsers(product, 2_500);
  const id = await broadcast();
  await messageThat(id, ({ counts }) => counts.sent > 100);
  const paused = (await product.call("POST", `/api/messages/${id}/pause`)).body;
  assert.deepEqual([paused.status, paused.hold.kind], ["paused", "paused"]);
  await until(
    async () => {
      const before = standIn.requests();
      await new Promise((resolve) => setTimeout(resolve, 700));
      return standIn.requests() - before;
    },
    (more) => more === 0,
  );
  const { counts } = await messageThat(id, () => true);
  assert.equal(counts.sent, standIn.accepted.size);
  assert.equal(counts.queued, 2_500 - counts.sent);
  const csv: string = (await product.call("GET", `/api/messages/${id}/deliveries.csv?state=queued`)).body;
  const queued: { id: string; state: string }[] = parse(csv, { columns: true });
  assert.equal(new Set(queued.map((row) => row.id)).size, counts.queued);
  assert.equal(queued.length, counts.queued);

  await product.call("PATCH", `/api/providers/${account.id}`, { ratePerSecond: null });
  assert.equal((await product.call("POST", `/api/messages/${id}/resume`)).status, 200);
  const done = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(done), { targeted: 2_500, sent: 2_500 });
  assert.ok([...standIn.seen.values()].every((times) => times === 1));
});

test("a cancelled message ends for all who were queued, and cannot be resumed", async (t) => {
  const { product, standIn, broadcast, messageThat } = await startSending(t, { ratePerSecond: 300 });
  await addUsers(product, 3_000);
  const id = await broadcast();
  await messageThat(id, ({ counts }) => counts.sent > 0);
  assert.equal((await product.call("POST", `/api/messages/${id}/cancel`)).body.status, "cancelled");
  const message = await messageThat(id, ({ finishedAt }) => finishedAt !== null);
  assert.deepEqual([message.counts.queued, message.status], [0, "cancelled"]);
  assert.equal(message.counts.sent + message.counts.cancelled, 3_000);
  assert.equal(message.counts.sent, standIn.accepted.size);
  const { sent, cancelled } = await countRows(product, id);
  assert.deepEqual([sent, cancelled], [message.counts.sent, message.counts.cancelled]);
  assert.equal((await product.call("POST", `/api/messages/${id}/resume`)).status, 409);
  assert.equal((await product.call("POST", `/api/messages/${id}/retry`)).status, 409);
});

test("bad credentials burn nobody: the message says why it waits, and goes on when they are mended", async (t) => {
  const { product, standIn, account, broadcast, messageThat } = await startSending(t);
  await addUsers(product, 500);
  standIn.plan(() => ({ kind: "status", status: 401, body: { error: "wrong key" } }));
  const id = await broadcast();
  const held = await messageThat(id, ({ hold }) => hold?.kind === "account_paused");
  assert.match(held.hold?.detail ?? "", /^Stand-in does not send: .*wrong key/);
  assert.deepEqual(countsOf(held), { targeted: 500, queued: 500 });
  standIn.plan(null);
  await product.call("POST", `/api/providers/${account.id}/resume`);
  const done = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(done), { targeted: 500, sent: 500 });
});

test("without any account a message fails at once and says so; one that is switched off is waited for", async (t) => {
  const { product, account, broadcast, messageThat } = await startSending(t);
  await addUsers(product, 3);
  await product.call("PATCH", `/api/providers/${account.id}`, { isActive: false });
  const id = await broadcast();
  await messageThat(id, ({ hold }) => hold?.kind === "account_paused");
  await product.call("DELETE", `/api/providers/${account.id}`);
  const failed = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(failed.reasons[0], {
    ...{ state: "failed", reason: "no_account", code: null, count: 3 },
    reasonText: "No account of a provider serves this channel",
  });
});

test("a message to one person leaves while a broadcast is under way", async (t) => {
  const { product, standIn, broadcast, message } = await startSending(t, { concurrency: 4 });
  await addUsers(product, 5_000);
  standIn.delay(20);
  const id = await broadcast();
  await until(
    async () => standIn.requests(),
    (requests) => requests > 50,
  );
  const draft = await product.call("POST", "/api/campaigns", {
    ...{ name: "One", channel: "sms", target: {}, content: { content: "now" } },
  });
  const before = standIn.requests();
  await product.call("POST", `/api/campaigns/${draft.body.id}/test`, { users: ["u9"] });
  const seen: unknown[] = [];
  standIn.plan(({ body }) => {
    seen.push(body.text);
    return null;
  });
  await until(
    async () => seen.includes("now"),
    (found) => found,
  );
  assert.ok(standIn.requests() - before < 1_500, "it did not wait for its turn behind thousands");
  assert.equal((await message(id)).status, "running");
  await product.call("POST", `/api/messages/${id}/cancel`);
});

test("whose time is over while the account is paused is told so then, not when it is mended", async (t) => {
  const { product, standIn, broadcast, messageThat } = await startSending(t);
  await addUsers(product, 5);
  standIn.plan({ kind: "status", status: 401, body: { error: "bad key" } });
  const message = await messageThat(
    await broadcast({ content: "Today only", ttl: 1 }),
    ({ status }) => status === "finished",
  );
  assert.deepEqual(countsOf(message), { targeted: 5, expired: 5 });
});
