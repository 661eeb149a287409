import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { until } from "../testing/product.ts";
import { addUsers, countRows, countsOf, phoneOf, startCampaigning } from "../testing/sending.ts";
import { startKavenegarStandIn } from "../testing/stand-ins/kavenegar.ts";
import { startTwilioStandIn } from "../testing/stand-ins/twilio.ts";

test("by Kavenegar two hundred go in one request, and what was not answered is looked up, not sent again", async (t) => {
  const kavenegar = await startKavenegarStandIn({ takesUnanswered: () => true });
  t.after(() => kavenegar.stop());
  const { product, account, broadcast, messageThat } = await startCampaigning(t, {
    ...{ channel: "sms", provider: "kavenegar" },
    config: { ...kavenegar.credentials, baseUrl: kavenegar.url, timeoutMs: 1_000 },
  });
  await addUsers(product, 1_000);
  let requests = 0;
  kavenegar.plan(({ url }) => {
    if (!url.endsWith("/sms/sendarray.json")) return null;
    requests += 1;
    // The second is taken and never answered, the third is refused without a look.
    return requests === 2 ? { kind: "hang" } : requests === 3 ? { kind: "status", status: 503 } : null;
  });
  const id = await broadcast();
  const message = await messageThat(id, ({ status }) => status === "finished", 60_000);
  assert.deepEqual(countsOf(message), { targeted: 1_000, sent: 1_000 }, JSON.stringify(message.reasons));
  assert.equal(kavenegar.messages.size, 1_000);
  assert.ok([...kavenegar.taken.values()].every((times) => times === 1));
  assert.ok(requests <= 8, `${requests} requests`);
  const [first] = kavenegar.messages.values();
  assert.match(first?.message ?? "", /^Hi Name u\d+$/);

  const localids = [...kavenegar.messages.keys()];
  await kavenegar.report(account.receiptsUrl, [
    { localid: localids[0] ?? "", status: 10 },
    { localid: localids[0] ?? "", status: 5 },
    { localid: localids[1] ?? "", status: 11 },
    { localid: localids[2] ?? "", status: 14 },
  ]);
  const reported = await messageThat(id, ({ counts }) => counts.delivered === 1 && counts.failed === 2);
  assert.deepEqual(await countRows(product, id), { sent: 997, delivered: 1, failed: 2 });
  assert.deepEqual(reported.reasons.map(({ code }) => code).sort(), ["status_11", "status_14"]);
  const { rows } = await product.db.query<{ count: number }>(
    sql`select count(*)::integer as count from users where opted_out = '{sms}'`,
  );
  assert.equal(rows[0]?.count, 1, "who blocked the line has left SMS");
});

test("who told Twilio to stop is not written to again, be it found out by sending or by their word", async (t) => {
  const twilio = await startTwilioStandIn({ reports: true });
  t.after(() => twilio.stop());
  const { accountSid, authToken, from } = twilio.credentials;
  const { product, account, broadcast, messageThat } = await startCampaigning(t, {
    ...{ channel: "sms", provider: "twilio" },
    config: { accountSid, authToken, from, baseUrl: twilio.url },
  });
  await addUsers(product, 5);
  twilio.plan(({ body }) =>
    body.To === `+${phoneOf("u1")}`
      ? { kind: "status", status: 400, body: { code: 21610, message: "Unsubscribed", status: 400 } }
      : null,
  );
  const id = await broadcast();
  const message = await messageThat(id, ({ counts }) => counts.delivered === 4);
  assert.deepEqual(countsOf(message), { targeted: 5, delivered: 4, skipped: 1 });
  assert.deepEqual(
    message.reasons.map(({ reason, code }) => [reason, code]),
    [["opted_out", "21610"]],
  );
  const left = async () => {
    const { rows } = await product.db.query<{ userId: string }>(
      sql`select user_id as "userId" from users where opted_out = '{sms}' order by user_id`,
    );
    return rows.map(({ userId }) => userId).join();
  };
  assert.equal(await left(), "u1");
  assert.equal(await twilio.write(account.receiptsUrl, { from: `+${phoneOf("u2")}`, body: " Stop " }), 200);
  assert.equal(await twilio.write(account.receiptsUrl, { from: `+${phoneOf("u3")}`, body: "لغو ۱۱" }), 200);
  assert.equal(
    await twilio.write(account.receiptsUrl, { from: `+${phoneOf("u4")}`, body: "Please stop by" }),
    200,
  );
  await until(left, (users) => users === "u1,u2,u3");
  await twilio.write(account.receiptsUrl, { from: `+${phoneOf("u2")}`, body: "START" });
  await until(left, (users) => users === "u1,u3");
});
