import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { pushMessage } from "../../testing/push-message.ts";
import type { StandInOptions } from "../../testing/stand-ins/log.ts";
import { type StandInSubscription, startWebpushStandIn } from "../../testing/stand-ins/webpush.ts";
import type { Outbound, Outcome } from "../provider.ts";
import { webpushProvider } from "./webpush.ts";
import { WebpushConfig } from "./webpush-config.ts";

const never = new AbortController().signal;
const keys = webpushProvider.makeKeys?.() ?? {};
const config = (changes: Record<string, unknown> = {}) =>
  WebpushConfig.parse({ ...keys, subject: "mailto:push@example.com", timeoutMs: 400, ...changes });
const messageTo = (subscription: StandInSubscription, changes: Partial<Outbound> = {}) =>
  pushMessage(
    { to: JSON.stringify(subscription), tokenService: "webpush", ...changes },
    { deviceType: "web" },
  );
const detailOf = (outcome: Outcome) => ("detail" in outcome ? outcome.detail : "");

async function startWebpush(t: TestContext, options: StandInOptions = {}, changes = {}) {
  const standIn = await startWebpushStandIn(options);
  const open = (allowsPrivate = true) =>
    webpushProvider.open(config(changes), { allowsPrivate }, { connections: 8 });
  const sender = open();
  t.after(async () => {
    await standIn.stop();
    await sender.close();
  });
  return { standIn, sender, open };
}

test("a browser decrypts what it is to show, and what its click needs", async (t) => {
  const { standIn, sender } = await startWebpush(t);
  const subscription = standIn.subscribe({ publicKey: String(keys.publicKey) });
  const notification = {
    ...{
      title: "فروش",
      body: "Today",
      icon: "https://example.com/i.png",
      mediaUrl: "https://example.com/a.jpg",
    },
    ...{ clickUrl: "https://example.com/sale", dir: "rtl", vibrate: [100, 50], requireInteraction: true },
    ...{ actions: [{ id: "buy", title: "Buy", url: "https://example.com/buy" }], chromeBadge: "b.png" },
    ...{ silentHours: "a member of nobody's contract" },
  };
  const expiresAt = new Date(Date.now() + 3_600_900);
  const outcome = await sender.send(
    messageTo(subscription, { notification, trackId: "autumn", data: { n: 1 }, expiresAt }),
    never,
  );
  assert.equal(outcome.kind, "accepted", JSON.stringify(outcome));
  assert.deepEqual(standIn.last()?.body, {
    ...{
      title: "فروش",
      body: "Today",
      icon: "https://example.com/i.png",
      image: "https://example.com/a.jpg",
    },
    ...{ badge: "b.png", vibrate: [100, 50], dir: "rtl", requireInteraction: true, chromeBadge: "b.png" },
    ...{ clickUrl: "https://example.com/sale", tag: "m-1", silentHours: "a member of nobody's contract" },
    actions: [{ action: "buy", id: "buy", title: "Buy", url: "https://example.com/buy" }],
    ...{
      messageId: "m-1",
      trackId: "autumn",
      content: "Hello",
      channel: "default",
      createdAt: 1772366400000,
    },
    data: { n: 1 },
  });
  const { headers } = standIn.last() ?? { headers: {} as Record<string, string> };
  assert.ok(["3599", "3600"].includes(String(headers.ttl)), String(headers.ttl));
  assert.equal(headers.urgency, "high");
  assert.match(String(headers.topic), /^[\w-]{32}$/);
});

test("messages of a group replace one another, others only their own repeats", async (t) => {
  const { standIn, sender } = await startWebpush(t);
  const subscription = standIn.subscribe();
  const topicOf = async (changes: Partial<Outbound>) => {
    await sender.send(messageTo(subscription, changes), never);
    return standIn.last()?.headers.topic;
  };
  const grouped = { notification: { title: "t", body: "b", groupId: "sales" } };
  assert.equal(await topicOf(grouped), await topicOf({ ...grouped, messageId: "m-2" }));
  assert.notEqual(await topicOf({}), await topicOf({ messageId: "m-2" }));
  assert.equal(await topicOf({}), await topicOf({}));
});

test("a subscription made under another key is dead, and the account is not to blame", async (t) => {
  const { standIn, sender } = await startWebpush(t);
  const subscription = standIn.subscribe({ publicKey: String(webpushProvider.makeKeys?.().publicKey) });
  const outcome = await sender.send(messageTo(subscription), never);
  assert.ok(outcome.kind === "gone" && outcome.cause === "invalid", JSON.stringify(outcome));
  standIn.plan({
    ...{ kind: "status", status: 403 },
    body: "the VAPID credentials in the authorization header do not correspond to the credentials used to create the subscriptions.\n",
  });
  assert.equal((await sender.send(messageTo(subscription), never)).kind, "gone");
  standIn.plan({ kind: "status", status: 403, body: { reason: "VapidPkHashMismatch" } });
  assert.equal((await sender.send(messageTo(subscription), never)).kind, "gone");
  standIn.plan({ kind: "status", status: 403, body: { reason: "BadJwtToken" } });
  assert.equal((await sender.send(messageTo(subscription), never)).kind, "misconfigured");
});

test("a service that asks to wait is left alone that long, and the others go on", async (t) => {
  const { standIn, sender } = await startWebpush(t);
  const other = await startWebpush(t);
  const subscription = standIn.subscribe();
  standIn.plan({ kind: "throttle", retryAfter: 7 });
  const first = await sender.send(messageTo(subscription), never);
  assert.equal(first.kind === "retry" && first.afterMs, 7_000);
  standIn.plan(null);
  const second = await sender.send(messageTo(subscription), never);
  assert.ok(second.kind === "retry" && (second.afterMs ?? 0) > 0 && (second.afterMs ?? 0) <= 7_000);
  assert.equal(standIn.requests(), 1);
  assert.equal((await sender.send(messageTo(other.standIn.subscribe()), never)).kind, "accepted");
});

test("what is no subscription, or leads into a private network, is dead without a request", async (t) => {
  const { standIn, sender, open } = await startWebpush(t);
  const { endpoint, keys: own } = standIn.subscribe();
  const flat = "B".padEnd(87, "A");
  for (const to of [
    "not json",
    "null",
    JSON.stringify({ endpoint }),
    JSON.stringify({ endpoint, keys: { ...own, p256dh: flat } }),
    JSON.stringify({ endpoint, keys: { ...own, auth: "AA" } }),
    JSON.stringify({ endpoint: "ftp://example.com/", keys: own }),
  ]) {
    const outcome = await sender.send({ ...messageTo({ endpoint, keys: own }), to }, never);
    assert.ok(outcome.kind === "gone" && outcome.cause === "invalid", `${to} ${JSON.stringify(outcome)}`);
  }
  const guarded = open(false);
  for (const host of [endpoint, endpoint.replace("http:", "https:"), "https://localhost/push"]) {
    const outcome = await guarded.send(messageTo({ endpoint: host, keys: own }), never);
    assert.ok(outcome.kind === "gone" && outcome.cause === "invalid", JSON.stringify(outcome));
  }
  await guarded.close();
  assert.equal(standIn.requests(), 0);
});

test("only hosts of the list are sent to, where there is one", async (t) => {
  const { standIn, sender } = await startWebpush(t, {}, { allowedHosts: ["*.push.example.com"] });
  const outcome = await sender.send(messageTo(standIn.subscribe()), never);
  assert.equal(outcome.kind, "rejected");
  assert.match(detailOf(outcome), /allowedHosts/);
  assert.equal(standIn.requests(), 0);
});

test("a silent message and one that is too long are refused in words, without a request", async (t) => {
  const { standIn, sender } = await startWebpush(t);
  const subscription = standIn.subscribe();
  const silent = await sender.send(messageTo(subscription, { notification: null }), never);
  assert.equal(silent.kind, "rejected");
  assert.match(detailOf(silent), /must show every push/);
  const long = await sender.send(messageTo(subscription, { data: { text: "x".repeat(4_000) } }), never);
  assert.equal(long.kind, "rejected");
  assert.match(detailOf(long), /web push takes 3993; shorten data, which has 4011/);
  assert.equal(standIn.requests(), 0);
  const fits = await sender.send(messageTo(subscription, { data: { text: "x".repeat(3_800) } }), never);
  assert.equal(fits.kind, "accepted", JSON.stringify(fits));
});

test("what is wrong with keys is said with how to get good ones", () => {
  const other = webpushProvider.makeKeys?.() ?? {};
  const cases: [Record<string, unknown>, string, RegExp][] = [
    [{ privateKey: other.privateKey }, "privateKey", /does not belong to publicKey/],
    [{ publicKey: "abc" }, "publicKey", /65 bytes in base64url; make a pair/],
    [{ subject: "me@example.com" }, "subject", /mailto:/],
    [{ allowedHosts: ["https://a.b"] }, "allowedHosts.0", /is not a host/],
  ];
  for (const [change, place, words] of cases) {
    const result = WebpushConfig.safeParse({ ...keys, subject: "mailto:a@b.c", ...change });
    const [issue] = result.error?.issues ?? [];
    assert.equal(issue?.path.join("."), place);
    assert.match(issue?.message ?? "", words);
  }
});
