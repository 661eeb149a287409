import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import sql from "sql-template-tag";
import { connectDevice } from "../testing/device.ts";
import { until } from "../testing/product.ts";
import { standInConfig } from "../testing/provider-accounts.ts";
import { addUsers, countsOf, phoneOf, startSending } from "../testing/sending.ts";
import { startStandInProvider } from "../testing/stand-in-provider.ts";

/** Users with a phone: `u0` with the app open, `u1` with the app closed, `u2` without a device. */
async function startSmart(t: TestContext) {
  const sms = await startSending(t);
  const { product } = sms;
  const push = await startStandInProvider();
  t.after(() => push.stop());
  await product.call("POST", "/api/providers", {
    ...{ channel: "push", provider: "http", name: "Push", config: standInConfig(push) },
  });
  await addUsers(product, 3);
  const here = await connectDevice(product, t, { id: "d0", userId: "u0", deviceType: "android" });
  await here.client.publishAsync(here.topic("hello"), "{}");
  await product.call("POST", "/api/installations", {
    ...{ id: "d1", userId: "u1", deviceType: "android", deviceToken: "token-1" },
  });
  return { ...sms, push, here };
}

const texts = {
  content: "Your order is here",
  fallback: { media: "sms", content: "Order: {{user.first_name}}" },
};

test("smart: whoever is connected has it in the inbox, and everybody else by SMS in place of a push", async (t) => {
  const { product, standIn, push, here, messageThat } = await startSmart(t);
  const content = { ...texts, fallback: { ...texts.fallback, policy: "NOT_CONNECTED" } };
  const draft = await product.call("POST", "/api/campaigns", {
    ...{ name: "Smart", channel: "inbox", content, target: {} },
  });
  const launched = await product.call("POST", `/api/campaigns/${draft.body.id}/launch`);
  assert.equal(launched.status, 200, JSON.stringify(launched.body));
  const message = await messageThat(
    launched.body.message.id,
    ({ status, counts }) => status === "finished" && counts.queued === 0,
  );
  assert.deepEqual([...standIn.accepted.keys()].length, 2, JSON.stringify([message.counts, message.reasons]));
  await until(
    async () => here.messages,
    (messages) => messages.length === 1,
  );
  // Two devices in the inbox, two people by SMS, one who needs none.
  assert.deepEqual(countsOf(message), { targeted: 5, waiting: 1, sent: 3, skipped: 1 });
  assert.deepEqual(
    message.reasons.map(({ reason }) => reason),
    ["connected"],
  );
  assert.equal(push.requests(), 0);
  assert.deepEqual(message.fallback, {
    ...{ channel: "sms", content: texts.fallback.content, policy: "NOT_CONNECTED", delay: 0 },
  });
});

test("a text follows an inbox message of a segment that was not shown in time, once for each person", async (t) => {
  const { product, standIn, here, messageThat } = await startSmart(t);
  await product.call("POST", "/api/installations", { id: "d1b", userId: "u1", deviceType: "ios" });
  const said: unknown[] = [];
  standIn.plan(({ body }) => {
    said.push(body.to);
    return null;
  });
  here.client.on("message", (_, payload) => {
    const { id } = JSON.parse(payload.toString());
    here.client.publish(here.topic("ack"), JSON.stringify({ id, state: "seen" }));
  });
  const sent = await product.call("POST", "/api/push/byQuery", {
    ...{ target: {}, content: "It is here", fallback: { media: "sms", delay: 1 } },
  });
  assert.deepEqual([sent.status, sent.body], [200, { count: 3 }], JSON.stringify(sent.body));
  const message = await messageThat(
    sent.headers.get("x-push-id") ?? "",
    ({ status, counts }) => status === "finished" && counts.seen === 1,
  );
  assert.deepEqual(said.sort(), [phoneOf("u1"), phoneOf("u2")].sort());
  assert.deepEqual(
    message.reasons.map(({ reason, count }) => [reason, count]),
    [["already_shown", 1]],
  );
});

test("a fallback needs a delay, and a message that can be shown first", async (t) => {
  const { product } = await startSmart(t);
  const refused = async (path: string, body: object) => (await product.call("POST", path, body)).body.errors;
  assert.deepEqual(
    (await refused("/api/push/byQuery", { target: {}, content: "x", fallback: { media: "sms" } }))[0].pointer,
    "/fallback/delay",
  );
  assert.deepEqual(
    (
      await refused("/api/push/notifyToUsers", {
        ...{ user: "u1", notification: { title: "x" } },
        fallback: { media: "sms", content: "x", policy: "NOT_CONNECTED" },
      })
    )[0].pointer,
    "/fallback/policy",
  );
  const draft = await product.call("POST", "/api/campaigns", {
    ...{ name: "SMS", channel: "sms", target: {}, content: { ...texts } },
  });
  assert.equal(draft.status, 201, JSON.stringify(draft.body));
  const faults = await refused(`/api/campaigns/${draft.body.id}/launch`, {});
  assert.equal(faults[0].pointer, "/content/fallback");
});

test("a mail that follows a notification has its title for a subject", async (t) => {
  const mails = await startStandInProvider();
  t.after(() => mails.stop());
  const { product, messageThat } = await startSending(t, { channel: "push" });
  await product.call("POST", "/api/providers", {
    ...{ channel: "email", provider: "http", name: "Mail" },
    config: {
      ...standInConfig(mails),
      body: '{"to": {{ to | json }}, "subject": {{ subject | json }}, "deliveryId": {{ deliveryId | json }}}',
    },
  });
  await addUsers(product, 1);
  for (const [notification, subject] of [
    [{ title: "Parcel", body: "It is here" }, "Parcel"],
    [{ body: "It is here" }, "demo-shop"],
  ] as const) {
    const sent = await product.call("POST", "/api/push/notifyToUsers", {
      ...{ user: "u0", notification },
      fallback: { content: "Your parcel arrived", delay: 0, media: "email" },
    });
    const message = await messageThat(
      sent.headers.get("x-push-id") ?? "",
      ({ status }) => status === "finished",
    );
    assert.equal(message.counts.sent, 1, JSON.stringify([sent.body, message]));
    assert.deepEqual([mails.last()?.body.to, mails.last()?.body.subject], ["u0@example.com", subject]);
  }
});

test("people without a device count for how large a send is, wait for their text, and can be cancelled", async (t) => {
  const { product, standIn, messageThat } = await startSmart(t);
  await addUsers(product, 5_997, "x");
  const sent = await product.call("POST", "/api/push/byQuery", {
    ...{ target: {}, content: "It is here", fallback: { media: "sms", delay: 3_600 } },
  });
  assert.deepEqual([sent.status, sent.body], [200, { count: 2 }]);
  const id = sent.headers.get("x-push-id") ?? "";
  await messageThat(
    id,
    ({ counts, hold }) => counts.targeted === 6_002 && counts.queued === 6_000 && hold?.kind === "later_step",
  );
  const { rows } = await product.db.query<{ priority: number }>(
    sql`select distinct priority from chunks where message_id = ${id}`,
  );
  assert.deepEqual(rows, [{ priority: 1 }], "six thousand texts do not go before a message to one person");
  const log = (await product.call("GET", `/api/messages/${id}/deliveries?state=queued&user=x5`)).body.data;
  assert.deepEqual(
    log.map(({ channel, userId }: { channel: string; userId: string }) => [channel, userId]),
    [["sms", "x5"]],
  );
  await product.call("POST", `/api/messages/${id}/cancel`);
  const { counts } = await messageThat(id, ({ finishedAt }) => finishedAt !== null);
  assert.deepEqual([counts.targeted, counts.queued], [6_002, 0]);
  assert.ok(counts.cancelled >= 6_000, JSON.stringify(counts));
  assert.equal(standIn.requests(), 0);
});

test("no text follows for somebody who saw it as a guest and logged in since", async (t) => {
  const { product, standIn, messageThat } = await startSmart(t);
  const guest = await connectDevice(product, t, {
    ...{ id: "dg", userId: "guest-1", deviceType: "android", isGuest: true },
  });
  await guest.client.publishAsync(guest.topic("hello"), "{}");
  guest.client.on("message", (_, payload) => {
    const { id } = JSON.parse(payload.toString());
    guest.client.publish(guest.topic("ack"), JSON.stringify({ id, state: "seen" }));
  });
  const sent = await product.call("POST", "/api/push/byQuery", {
    ...{ target: {}, content: "It is here", fallback: { media: "sms", delay: 4 } },
  });
  const id = sent.headers.get("x-push-id") ?? "";
  await messageThat(id, ({ counts }) => counts.seen === 1);
  const login = { id: "dg", userId: "u2", deviceType: "android" };
  assert.equal((await product.call("POST", "/api/installations", login)).status, 200);
  const message = await messageThat(id, ({ status }) => status === "finished");
  const shown = message.reasons.find(({ reason }) => reason === "already_shown");
  assert.equal(shown?.count, 2, JSON.stringify(message.reasons));
  assert.equal(standIn.requests(), 2, "the text is for u0 and u1 alone");
});
