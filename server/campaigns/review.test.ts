import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { addUsers, startSending } from "../testing/sending.ts";

async function draft(product: TestProduct, fields: Record<string, unknown>) {
  const { status, body } = await product.call("POST", "/api/campaigns", { name: "Autumn", ...fields });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

const codesOf = (review: { warnings: { code: string }[] }) => review.warnings.map(({ code }) => code).sort();

test("a review says for how many, how long, at what cost, and what speaks against it", async (t) => {
  const { product, account } = await startSending(t, { ratePerSecond: 10 });
  await addUsers(product, 40);
  await product.db.query(sql`update users set phone = null where user_id in ('u0', 'u1')`);
  await product.db.query(sql`update users set attributes = '{}' where user_id < 'u2'`);
  await product.call("PATCH", `/api/providers/${account.id}`, { price: { amount: 0.05, currency: "EUR" } });
  await product.call("PATCH", "/api/settings", { frequencyCap: { messages: 2, hours: 24 } });
  const { id } = await draft(product, {
    ...{ channel: "sms", target: {}, content: { content: "Hi {{user.first_name}} {{promo_code}}" } },
    variants: [{ content: { content: "Hello {{user.first_name}}" } }],
  });
  const { status, body } = await product.call("POST", `/api/campaigns/${id}/review`);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(body.faults, []);
  assert.deepEqual([body.recipients, body.reached], [40, 38]);
  assert.equal(body.seconds, 4);
  assert.deepEqual(body.cost, { amount: 1.9, currency: "EUR" });
  assert.equal(body.startsAt, null);
  assert.deepEqual(codesOf(body), [
    ...["capped", "few_for_variants", "few_promo_codes", "missing_variables", "unreached"],
  ]);
  await product.call("PATCH", `/api/campaigns/${id}`, { limits: { throttle: 60, cap: false } });
  const slower = await product.call("POST", `/api/campaigns/${id}/review`);
  assert.equal(slower.body.seconds, 38);
  assert.ok(!codesOf(slower.body).includes("capped"));
});

test("a review says what a launch would be refused for, and when the first runs are", async (t) => {
  const product = await startTestProduct(t);
  const { id } = await draft(product, {
    ...{ channel: "sms", topic: "news", content: { content: "" } },
    schedule: {
      kind: "recurring",
      every: "week",
      time: "10:00",
      timeZone: "Asia/Tehran",
      from: "2030-01-05",
    },
  });
  const { body } = await product.call("POST", `/api/campaigns/${id}/review`);
  assert.deepEqual(
    body.faults.map(({ pointer }: { pointer: string }) => pointer),
    ["/topic", "/content/content"],
  );
  assert.equal(body.startsAt, "2030-01-05T06:30:00.000Z");
  assert.equal(body.next.length, 5);
  assert.equal(body.next[1], "2030-01-12T06:30:00.000Z");
});

test("the calendar has what was and what is to come", async (t) => {
  const product = await startTestProduct(t);
  await product.call("POST", "/api/installations", { userId: "sara", deviceType: "android" });
  const gone = await draft(product, { channel: "inbox", target: {}, content: { content: "now" } });
  await product.call("POST", `/api/campaigns/${gone.id}/launch`);
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const coming = await draft(product, {
    ...{ channel: "inbox", target: {}, content: { content: "daily" } },
    schedule: {
      ...{ kind: "recurring", every: "day", time: "10:00", timeZone: "UTC", runs: 3 },
      from: day(2).slice(0, 10),
    },
  });
  await product.call("POST", `/api/campaigns/${coming.id}/launch`);
  const query = `from=${encodeURIComponent(day(-1))}&to=${encodeURIComponent(day(30))}`;
  const { body } = await product.call("GET", `/api/campaigns/calendar?${query}`);
  assert.deepEqual(
    body.data.map((entry: { campaignId: string }) => entry.campaignId),
    [gone.id, coming.id, coming.id, coming.id],
  );
  assert.deepEqual(body.data.map((entry: { status: string }) => entry.status).slice(1), [
    "scheduled",
    "scheduled",
    "scheduled",
  ]);
  assert.equal(body.data[1].at, `${day(2).slice(0, 10)}T10:00:00.000Z`);
  const tooLong = await product.call("GET", `/api/campaigns/calendar?from=${day(0)}&to=${day(200)}`);
  assert.equal(tooLong.status, 422);
});

test("a test goes to the devices that are marked for it, and a copy says the same", async (t) => {
  const product = await startTestProduct(t);
  for (const userId of ["tester", "sara"])
    await product.call("POST", "/api/installations", { userId, deviceType: "android" });
  const tagged = await product.call("POST", "/api/push/addTags", { tags: ["CHABOK_TEST"], user: "tester" });
  if (tagged.status !== 200)
    await product.db.query(sql`update users set tags = '{CHABOK_TEST}' where user_id = 'tester'`);
  const { id } = await draft(product, {
    ...{ channel: "inbox", target: {}, content: { content: "A" }, rollout: { share: 10 } },
    variants: [{ content: { content: "B" } }],
  });
  const { body } = await product.call("POST", `/api/campaigns/${id}/test`, { testDevices: true, variant: 1 });
  assert.deepEqual(body, { count: 1 });
  const [sent] = (
    await until(
      async () => (await product.call("GET", "/api/messages")).body,
      ({ data }) => data[0]?.status === "finished",
    )
  ).data;
  assert.deepEqual([sent.content, sent.counts.targeted], ["B", 1]);
  const none = await product.call("POST", `/api/campaigns/${id}/test`, { users: ["tester"], variant: 3 });
  assert.equal(none.status, 422);
  const copy = (await product.call("POST", `/api/campaigns/${id}/duplicate`)).body;
  assert.equal(copy.name, "Autumn (2)");
  assert.deepEqual(
    [copy.status, copy.rollout, copy.variants[0].content.content],
    [...["draft", { share: 10 }, "B"]],
  );
  const again = (await product.call("POST", `/api/campaigns/${copy.id}/duplicate`)).body;
  assert.equal(again.name, "Autumn (3)");
  const found = await product.call("GET", "/api/campaigns?search=autumn%20(3)&status=draft");
  assert.deepEqual(
    found.body.data.map((each: { id: string }) => each.id),
    [again.id],
  );
});
