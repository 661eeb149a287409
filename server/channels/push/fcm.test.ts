import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { type TestContext, test } from "node:test";
import { pushMessage } from "../../testing/push-message.ts";
import { type FcmOptions, startFcmStandIn } from "../../testing/stand-ins/fcm.ts";
import type { Outcome } from "../provider.ts";
import { fcmProvider } from "./fcm.ts";
import { FcmConfig } from "./fcm-config.ts";

const never = new AbortController().signal;

async function startFcm(t: TestContext, options: FcmOptions = {}, config: Record<string, unknown> = {}) {
  const standIn = await startFcmStandIn(options);
  const { serviceAccount, url: baseUrl } = standIn;
  const sender = fcmProvider.open(
    FcmConfig.parse({ serviceAccount, baseUrl, timeoutMs: 400, ...config }),
    { allowsPrivate: true },
    { connections: 32 },
  );
  t.after(async () => {
    await standIn.stop();
    await sender.close();
  });
  return { standIn, sender };
}

const detailOf = (outcome: Outcome) => ("detail" in outcome ? outcome.detail : "");

test("one access token serves all messages, and is asked for once however many wait for it", async (t) => {
  const { standIn, sender } = await startFcm(t);
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, index) => sender.send(pushMessage({ to: `token-${index}` }), never)),
  );
  assert.ok(outcomes.every(({ kind }) => kind === "accepted"));
  assert.equal(standIn.tokenRequests(), 1);
  assert.equal(standIn.accepted.size, 50);
  assert.ok(standIn.mostAtOnce() <= 32);
});

test("a token that is not taken any more is renewed once, and the message goes again", async (t) => {
  const { standIn, sender } = await startFcm(t);
  await sender.send(pushMessage(), never);
  standIn.revokeTokens();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => sender.send(pushMessage(), never)));
  assert.ok(outcomes.every(({ kind }) => kind === "accepted"));
  assert.equal(standIn.tokenRequests(), 2);
});

test("who refuses new tokens too is set up wrongly", async (t) => {
  const { standIn, sender } = await startFcm(t);
  standIn.plan({ kind: "status", status: 401 });
  const outcome = await sender.send(pushMessage(), never);
  assert.equal(outcome.kind, "misconfigured");
  assert.match(detailOf(outcome), /may not send for this project/);
  assert.equal(standIn.requests(), 2);
});

test("what the token endpoint answers is what becomes of the message", async (t) => {
  const { standIn, sender } = await startFcm(t);
  const cases = [
    [{ status: 400, error: "invalid_grant" }, "misconfigured", /key was deleted/],
    [{ status: 503 }, "retry", /access token/],
    [{ status: 429, headers: { "retry-after": "3" } }, "throttle", /access token/],
    ["hang", "retry", /did not answer/],
  ] as const;
  for (const [plan, kind, words] of cases) {
    standIn.planTokens(plan);
    const outcome = await sender.send(pushMessage(), never);
    assert.equal(outcome.kind, kind, JSON.stringify(outcome));
    assert.match(detailOf(outcome), words);
    if (outcome.kind === "throttle") assert.equal(outcome.afterMs, 3_000);
  }
  assert.equal(standIn.seen.size, 0);
  standIn.planTokens(null);
  assert.equal((await sender.send(pushMessage(), never)).kind, "accepted");
});

test("what a service did not look at when it said goodbye goes again, and the rest goes on", async (t) => {
  const { standIn, sender } = await startFcm(t);
  await sender.send(pushMessage(), never);
  standIn.plan(({ number }) => (number === 5 ? { kind: "goaway" } : null));
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, (_, index) => sender.send(pushMessage({ to: `token-${index}` }), never)),
  );
  const kinds = new Set(outcomes.map(({ kind }) => kind));
  assert.deepEqual([...kinds].sort(), ["accepted", "retry"]);
  assert.equal((await sender.send(pushMessage(), never)).kind, "accepted");
});

test("no more streams are opened than the service takes, on as many connections as that needs", async (t) => {
  const { standIn, sender } = await startFcm(t, { maxConcurrentStreams: 4, delayMs: 20 });
  const outcomes = await Promise.all(
    Array.from({ length: 64 }, (_, index) => sender.send(pushMessage({ to: `token-${index}` }), never)),
  );
  assert.ok(outcomes.every(({ kind }) => kind === "accepted"));
  assert.ok(standIn.mostAtOnce() <= 32);
  assert.ok(standIn.connections() > 1 && standIn.connections() <= 8, String(standIn.connections()));
});

test("a message that is too long is refused before it is sent, with what to shorten", async (t) => {
  const { standIn, sender } = await startFcm(t);
  const outcome = await sender.send(pushMessage({ data: { text: "سلام".repeat(600) } }), never);
  assert.equal(outcome.kind, "rejected");
  assert.match(
    detailOf(outcome),
    /^The message has \d+ bytes, and FCM takes 4096; shorten data, which has \d+\.$/,
  );
  assert.equal(standIn.requests() + standIn.tokenRequests(), 0);
  assert.equal(
    (await sender.send(pushMessage({ data: { text: "x".repeat(3_500) } }), never)).kind,
    "accepted",
  );
});

test("a check says whether the project takes our messages, and sends nothing to anybody", async (t) => {
  const { standIn, sender } = await startFcm(t);
  assert.deepEqual((await sender.check(never)).ok, true);
  const other = await startFcm(t, {}, { projectId: "another-project" });
  const { ok, detail } = await other.sender.check(never);
  assert.equal(ok, false);
  assert.match(detail, /another-project/);
  assert.equal(standIn.seen.size, 0);
});

test("what is wrong with a service account is said with where to get a good one", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  const good = { project_id: "p", client_email: "a@b", private_key: pem };
  const cases: [string, RegExp][] = [
    ["not json", /is not JSON; paste the whole file/],
    [JSON.stringify({ project_info: {} }), /google-services\.json, which belongs into the app/],
    [JSON.stringify({ ...good, type: "authorized_user" }), /type authorized_user/],
    [JSON.stringify({ ...good, client_email: undefined }), /has no client_email/],
    [JSON.stringify({ ...good, private_key: "abc" }), /private_key that cannot be read/],
  ];
  assert.ok(FcmConfig.safeParse({ serviceAccount: JSON.stringify(good) }).success);
  for (const [serviceAccount, words] of cases) {
    const [issue] = FcmConfig.safeParse({ serviceAccount }).error?.issues ?? [];
    assert.deepEqual(issue?.path, ["serviceAccount"]);
    assert.match(issue?.message ?? "", words);
  }
});
