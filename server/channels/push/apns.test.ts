import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { type TestContext, test } from "node:test";
import { pushMessage } from "../../testing/push-message.ts";
import { startApnsStandIn } from "../../testing/stand-ins/apns.ts";
import type { H2Options } from "../../testing/stand-ins/h2.ts";
import type { Outbound, Outcome } from "../provider.ts";
import { apnsProvider } from "./apns.ts";
import { ApnsConfig } from "./apns-config.ts";
import { apnsPayload } from "./apns-payload.ts";
import { readNotification } from "./notification.ts";

const never = new AbortController().signal;
const device = "ab".repeat(32);
const message = (changes: Partial<Outbound> = {}) =>
  pushMessage({ to: device, tokenService: "apns", ...changes }, { deviceType: "ios" });
const detailOf = (outcome: Outcome) => ("detail" in outcome ? outcome.detail : "");

async function startApns(t: TestContext, options: H2Options = {}, config: Record<string, unknown> = {}) {
  const standIn = await startApnsStandIn(options);
  const sender = apnsProvider.open(
    ApnsConfig.parse({ ...standIn.credentials, baseUrl: standIn.url, timeoutMs: 400, ...config }),
    { allowsPrivate: true },
    { connections: 32 },
  );
  t.after(async () => {
    await standIn.stop();
    await sender.close();
  });
  return { standIn, sender };
}

test("everything in a notification has its place in Apple's payload", () => {
  const given = {
    ...{ title: "Sale", body: "Today", sound: "bell.caf", badge: 3, groupId: "sales", category: "SALE" },
    ...{ mediaUrl: "https://example.com/a.jpg", mediaType: "jpeg", clickUrl: "app://sale" },
    ...{ contentAvailable: 1, actions: [{ id: "buy", title: "Buy", options: 4 }], subtitle: "Autumn" },
  };
  const sent = message({ notification: given, trackId: "autumn", data: { n: 1 } });
  assert.deepEqual(apnsPayload(sent, readNotification(given)), {
    aps: {
      alert: { title: "Sale", subtitle: "Autumn", body: "Today" },
      ...{ badge: 3, sound: "bell.caf", "thread-id": "sales", category: "SALE" },
      ...{ "mutable-content": 1, "content-available": 1 },
    },
    ...{ messageId: "m-1", topic: "default", createdAt: 1772366400000, trackId: "autumn", content: "Hello" },
    ...{ clickUrl: "app://sale", actions: [{ id: "buy", title: "Buy", options: 4 }] },
    ...{ image: "https://example.com/a.jpg", mediaType: "jpeg", data: { n: 1 } },
  });
});

test("a message is a request with the headers of its kind, under our id", async (t) => {
  const { standIn, sender } = await startApns(t);
  const sent = message({ expiresAt: new Date(1_900_000_000_500) });
  assert.deepEqual(await sender.send(sent, never), { kind: "accepted", providerId: sent.deliveryUuid });
  const seen = standIn.last();
  assert.equal(seen?.url, `/3/device/${device}`);
  const headersOf = (names: string[]) => names.map((name) => seen?.headers[name]);
  assert.deepEqual(
    headersOf([
      "apns-topic",
      "apns-push-type",
      "apns-priority",
      "apns-expiration",
      "apns-collapse-id",
      "apns-id",
    ]),
    ["com.example.chapar", "alert", "10", "1900000000", "m-1", sent.deliveryUuid],
  );

  await sender.send(message({ notification: null }), never);
  const silent = standIn.last();
  assert.deepEqual(
    [silent?.headers["apns-push-type"], silent?.headers["apns-priority"], silent?.headers["apns-expiration"]],
    ["background", "5", undefined],
  );
  assert.deepEqual(silent?.body.aps, { "content-available": 1 });
  assert.equal(standIn.providerTokens(), 1);
});

test("a provider token that ended is renewed once, and the messages go again", async (t) => {
  const { standIn, sender } = await startApns(t);
  await sender.send(message(), never);
  // Tokens of one second are the same but for their signature.
  standIn.expireTokens();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => sender.send(message(), never)));
  assert.deepEqual(new Set(outcomes.map(({ kind }) => kind)), new Set(["accepted"]));
  assert.equal(standIn.providerTokens(), 2);
});

test("who is told that new tokens ended too has a wrong clock", async (t) => {
  const { standIn, sender } = await startApns(t);
  standIn.plan({ kind: "status", status: 403, body: { reason: "ExpiredProviderToken" } });
  const outcome = await sender.send(message(), never);
  assert.equal(outcome.kind, "misconfigured");
  assert.match(detailOf(outcome), /clock/);
  assert.equal(standIn.requests(), 2);
});

test("a device that is gone says since when", async (t) => {
  const { standIn, sender } = await startApns(t);
  standIn.plan({
    kind: "status",
    status: 410,
    body: { reason: "Unregistered", timestamp: 1_700_000_000_000 },
  });
  const outcome = await sender.send(message(), never);
  assert.ok(outcome.kind === "gone" && outcome.cause === "unregistered");
  assert.deepEqual(outcome.since, new Date(1_700_000_000_000));
});

test("streams are as many as Apple allows, who begins with one", async (t) => {
  const { standIn, sender } = await startApns(t, { maxConcurrentStreams: 1 });
  await sender.send(message(), never);
  standIn.allowStreams(100);
  const outcomes = await Promise.all(Array.from({ length: 30 }, () => sender.send(message(), never)));
  assert.ok(outcomes.every(({ kind }) => kind === "accepted"));
});

test("a connection that is closed between messages is followed by another one", async (t) => {
  const { standIn, sender } = await startApns(t);
  assert.equal((await sender.send(message(), never)).kind, "accepted");
  standIn.goAway();
  while (standIn.connections() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal((await sender.send(message(), never)).kind, "accepted");
});

test("a message that is too long is refused before it is sent, with what to shorten", async (t) => {
  const { standIn, sender } = await startApns(t);
  const outcome = await sender.send(
    message({ notification: { title: "Shop", body: "x".repeat(4_100) } }),
    never,
  );
  assert.equal(outcome.kind, "rejected");
  assert.match(detailOf(outcome), /APNs takes 4096; shorten notification/);
  assert.equal(standIn.requests(), 0);
});

test("a check tells a wrong key and a wrong app from good ones, and reaches no device", async (t) => {
  const { sender } = await startApns(t);
  assert.equal((await sender.check(never)).ok, true);
  const app = await startApns(t, {}, { bundleId: "com.example.other" });
  const wrongApp = await app.sender.check(never);
  assert.equal(wrongApp.ok, false);
  assert.match(wrongApp.detail, /bundleId/);
  const team = await startApns(t, {}, { teamId: "ANOTHERONE" });
  assert.match((await team.sender.check(never)).detail, /keyId, teamId and privateKey/);
});

test("what is wrong with a key is said with where to get a good one", () => {
  const pem = (key: ReturnType<typeof generateKeyPairSync>["privateKey"]) =>
    String(key.export({ type: "pkcs8", format: "pem" }));
  const p256 = pem(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
  const p384 = pem(generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey);
  const good = { keyId: "ABCDE12345", teamId: "ABCDE12345", bundleId: "com.example.shop", privateKey: p256 };
  const cases: [Record<string, string>, string, RegExp][] = [
    [{ privateKey: "abc" }, "privateKey", /paste the whole \.p8 file/],
    [{ privateKey: p384 }, "privateKey", /P-256/],
    [{ privateKey: "-----BEGIN CERTIFICATE-----" }, "privateKey", /is a certificate/],
    [{ keyId: "short" }, "keyId", /ten letters and digits/],
    [{ bundleId: "a b" }, "bundleId", /as com\.example\.shop/],
    [{ baseUrl: "https://push.example.com/3" }, "baseUrl", /leave the rest out/],
  ];
  assert.ok(ApnsConfig.safeParse(good).success);
  for (const [change, place, words] of cases) {
    const [issue] = ApnsConfig.safeParse({ ...good, ...change }).error?.issues ?? [];
    assert.deepEqual(issue?.path, [place]);
    assert.match(issue?.message ?? "", words);
  }
});
