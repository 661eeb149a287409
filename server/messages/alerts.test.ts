import assert from "node:assert/strict";
import { test } from "node:test";
import { connectDevice } from "../testing/device.ts";
import { until } from "../testing/product.ts";
import { countRows, countsOf, startSending } from "../testing/sending.ts";

const body =
  '{"to": {{ to | json }}, "shown": {{ notification | json }}, "messageId": {{ messageId | json }}, "deliveryId": {{ deliveryId | json }}}';

/** A product with an account for push, and a way to send to inboxes. */
async function startInbox(t: Parameters<typeof startSending>[0]) {
  const sending = await startSending(t, { channel: "push", config: { body } });
  const { product, standIn } = sending;
  const pushes: Record<string, unknown>[] = [];
  standIn.plan((request) => {
    pushes.push(request.body);
    return null;
  });
  const register = (id: string, more: Record<string, unknown> = {}) =>
    product.call("POST", "/api/installations", {
      ...{ id, userId: "u1", deviceType: "android", deviceToken: `token-${id}`, ...more },
    });
  const send = async (message: object) => {
    const sent = await product.call("POST", "/api/push/toUsers", {
      user: "u1",
      content: "hello",
      ...message,
    });
    assert.equal(sent.status, 200, JSON.stringify(sent.body));
    return sent.headers.get("x-push-id") ?? "";
  };
  const through = (id: string) => sending.messageThat(id, ({ status }) => status === "finished");
  return { ...sending, pushes, register, send, through };
}

test("whoever is connected gets a message in the inbox alone; the others a push besides, of the same message", async (t) => {
  const { product, pushes, register, send, through } = await startInbox(t);
  const here = await connectDevice(product, t, {
    ...{ id: "here", userId: "u1", deviceType: "android", deviceToken: "token-here" },
  });
  await here.client.publishAsync(here.topic("hello"), "");
  await until(
    () => product.call("GET", "/api/users/u1"),
    ({ body }) => body.installations[0].connected,
  );
  await register("away");
  await register("tokenless", { deviceToken: undefined });
  const id = await send({ useAsAlert: true, notification: { title: "Shop" } });
  const message = await through(id);
  assert.deepEqual(countsOf(message), { targeted: 3, sent: 2, waiting: 1 });
  assert.deepEqual(await countRows(product, id), { sent: 2, waiting: 1 });
  assert.deepEqual(
    pushes.map(({ to, shown, messageId }) => [to, shown, messageId]),
    [["token-away", { title: "Shop", body: "hello" }, id]],
  );
  const log = await product.call("GET", `/api/messages/${id}/deliveries`);
  const row = log.body.data.find(
    ({ installationId }: { installationId: string }) => installationId === "away",
  );
  assert.deepEqual([row.state, row.attempts, row.account], ["sent", 1, "Stand-in"]);

  const back = await connectDevice(product, t, { id: "away", deviceType: "android" });
  await back.client.publishAsync(back.topic("hello"), "");
  await until(
    async () => back.messages.length,
    (count) => count === 1,
  );
  assert.equal(back.messages[0].id, id);
  await back.client.publishAsync(back.topic("ack"), JSON.stringify({ id, state: "seen" }));
  await until(
    () => product.call("GET", `/api/messages/${id}`),
    ({ body }) => body.counts.seen === 1 && body.counts.sent === 1,
  );
});

test("messages for the open app, and those for who is there now, are not told of; silent ones show nothing", async (t) => {
  const { product, pushes, register, send, through } = await startInbox(t);
  await register("away");
  for (const [flags, count] of [
    [{ inApp: true, useAsAlert: true }, 0],
    [{ live: true, useAsAlert: true }, 0],
    [{ silent: true }, 1],
    [{}, 2],
  ] as const) {
    await through(await send(flags));
    assert.equal(pushes.length, count, JSON.stringify(flags));
  }
  // What a message says is not on a locked screen unless its sender wants it there.
  assert.deepEqual(
    pushes.map(({ shown }) => shown),
    [null, { title: "demo-shop", body: "You have a new message." }],
  );
  // The words of the app, where it has some; a title of the message's own goes first.
  await product.call("PATCH", "/api/settings", {
    ...{ name: "The shop", defaultTexts: { title: null, alert: "Something for you" } },
  });
  await through(await send({}));
  await product.call("PATCH", "/api/settings", { defaultTexts: { title: "Shop", alert: null } });
  await through(await send({ notification: { title: "Sale" }, alertText: "-20 %" }));
  await through(await send({}));
  assert.deepEqual(
    pushes.slice(2).map(({ shown }) => shown),
    [
      { title: "The shop", body: "Something for you" },
      { title: "Sale", body: "-20 %" },
      { title: "Shop", body: "You have a new message." },
    ],
  );
  const { body: audit } = await product.call("GET", "/api/audit");
  const [last] = audit.data;
  assert.equal(last.action, "settings.changed");
  assert.deepEqual(
    [last.detail.before.defaultTexts, last.detail.after.defaultTexts],
    [
      { title: null, alert: "Something for you" },
      { title: "Shop", alert: null },
    ],
  );
});

test("a push that fails leaves the message in the inbox; a dead token is forgotten, and the app counts as removed", async (t) => {
  const { product, standIn, register, send, through } = await startInbox(t);
  await register("away");
  standIn.plan({ kind: "status", status: 400, body: { error: "too long" } });
  const refused = await through(await send({}));
  assert.deepEqual(countsOf(refused), { targeted: 1, waiting: 1 });
  const log = await product.call("GET", `/api/messages/${refused.id}/deliveries`);
  assert.match(log.body.data[0].detail, /too long/);

  standIn.plan({ kind: "gone" });
  const gone = await through(await send({}));
  assert.deepEqual(countsOf(gone), { targeted: 1, waiting: 1 });
  const [device] = (await product.call("GET", "/api/users/u1")).body.installations;
  assert.deepEqual([device.hasToken, device.uninstalledAt !== null], [false, true]);
  const report = await product.call(
    "GET",
    `/api/installations/v1/uninstall/report/${Date.now() - 60_000}/${Date.now() + 60_000}`,
  );
  assert.deepEqual([report.body.count, report.body.data[0].installationId], [1, "away"]);

  // It registers again: it was there all the time, or it is back.
  await register("away");
  const [again] = (await product.call("GET", "/api/users/u1")).body.installations;
  assert.deepEqual([again.hasToken, again.uninstalledAt], [true, null]);
});

test("whoever comes back before the push leaves is not told of what they have", async (t) => {
  const { product, account, pushes, register, send, through } = await startInbox(t);
  await register("away");
  const resting = { isActive: true, ratePerSecond: 0.1 };
  assert.equal((await product.call("PATCH", `/api/providers/${account.id}`, resting)).status, 200);
  // Takes the one start of the next ten seconds.
  await through(await send({}));
  const id = await send({});
  await until(
    () => product.call("GET", `/api/messages/${id}`),
    ({ body }) => body.counts.waiting === 1,
  );
  const back = await connectDevice(product, t, { id: "away", deviceType: "android" });
  await back.client.publishAsync(back.topic("hello"), "");
  await until(
    async () => back.messages.length,
    (count) => count === 2,
  );
  await product.call("PATCH", `/api/providers/${account.id}`, { ratePerSecond: null });
  const message = await through(id);
  assert.deepEqual([message.counts.sent, pushes.length], [1, 1]);
});

test("the push of an inbox message that was cancelled does not leave, and counts nowhere", async (t) => {
  const { product, account, pushes, register, send, through, messageThat } = await startInbox(t);
  await register("away");
  const slow = await product.call("PATCH", `/api/providers/${account.id}`, { ratePerSecond: 0.1 });
  assert.equal(slow.status, 200);
  // Takes the one start of the next ten seconds.
  await through(await send({}));
  const id = await send({});
  await messageThat(id, ({ counts }) => counts.waiting === 1);
  const held = await messageThat(id, ({ status }) => status === "running");
  assert.deepEqual(countsOf(held), { targeted: 1, waiting: 1 });
  assert.equal((await product.call("POST", `/api/messages/${id}/cancel`)).status, 200);
  const ended = await messageThat(
    id,
    ({ counts, finishedAt }) => counts.cancelled === 1 && finishedAt !== null,
  );
  assert.deepEqual(countsOf(ended), { targeted: 1, cancelled: 1 });
  assert.equal(pushes.length, 1);
});
