import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { startTestProduct, until } from "../testing/product.ts";
import { standInConfig } from "../testing/provider-accounts.ts";
import { countsOf } from "../testing/sending.ts";
import { startStandInProvider } from "../testing/stand-in-provider.ts";
import { startFcmStandIn } from "../testing/stand-ins/fcm.ts";
import type { MessageReport } from "./schema.ts";

/** A product with an account for tokens of Firebase, and if wanted one for any. */
async function startPush(t: TestContext, { hasOther = true } = {}) {
  const product = await startTestProduct(t);
  const firebase = await startFcmStandIn();
  t.after(() => firebase.stop());
  const other = await startStandInProvider();
  t.after(() => other.stop());
  const add = async (account: object) => {
    const { status, body } = await product.call("POST", "/api/providers", { channel: "push", ...account });
    assert.equal(status, 201, JSON.stringify(body));
    return body.id as string;
  };
  const fcm = await add({
    ...{ provider: "fcm", name: "Firebase" },
    config: { serviceAccount: firebase.serviceAccount, baseUrl: firebase.url, tokenUrl: firebase.tokenUrl },
  });
  if (hasOther) await add({ provider: "http", name: "Other", priority: 1, config: standInConfig(other) });
  const register = (id: string, deviceType: string, deviceToken: string) =>
    product.call("POST", "/api/installations", { id, userId: `user-of-${id}`, deviceType, deviceToken });
  const notifyAll = async () => {
    const sent = await product.call("POST", "/api/push/notifyUsers", { target: {}, content: "hello" });
    return sent.headers.get("x-push-id") ?? "";
  };
  const report = async (id: string): Promise<MessageReport> =>
    (await product.call("GET", `/api/messages/${id}`)).body;
  const log = async (id: string) => {
    const { body } = await product.call("GET", `/api/messages/${id}/deliveries`);
    return new Map<string, { account: string | null; state: string; reason: string | null }>(
      body.data.map((row: { installationId: string }) => [row.installationId, row]),
    );
  };
  const change = (id: string, changes: object) => product.call("PATCH", `/api/providers/${id}`, changes);
  return { product, firebase, other, fcm, register, notifyAll, report, log, change };
}

const isFinished = ({ status }: MessageReport) => status === "finished";

test("each device is sent to by the account that takes its token", async (t) => {
  const { firebase, other, register, notifyAll, report, log } = await startPush(t);
  await register("android", "android", "token-a");
  await register("iphone", "ios", "ab".repeat(32));
  await register("gone", "android", "dead-token");
  const id = await notifyAll();
  const message = await until(() => report(id), isFinished);
  assert.deepEqual(countsOf(message), { targeted: 3, sent: 2, failed: 1 });
  const rows = await log(id);
  assert.deepEqual(
    ["android", "iphone", "gone"].map((device) => [rows.get(device)?.account, rows.get(device)?.reason]),
    [
      ["Firebase", null],
      ["Other", null],
      ["Firebase", "address_gone"],
    ],
  );
  assert.deepEqual([firebase.requests(), other.requests()], [2, 1]);
});

test("a device whose token nobody takes fails, and says so", async (t) => {
  const { register, notifyAll, report, log } = await startPush(t, { hasOther: false });
  await register("android", "android", "token-a");
  await register("iphone", "ios", "ab".repeat(32));
  const id = await notifyAll();
  const message = await until(() => report(id), isFinished);
  assert.deepEqual(countsOf(message), { targeted: 2, sent: 1, failed: 1 });
  assert.equal((await log(id)).get("iphone")?.reason, "no_account");
});

test("while one account hangs the devices of the others are sent to", async (t) => {
  const { product, firebase, other, register, notifyAll, report } = await startPush(t);
  for (let n = 0; n < 30; n++) {
    await register(`android-${n}`, "android", `token-${n}`);
    await register(`iphone-${n}`, "ios", n.toString(16).padStart(64, "a"));
  }
  firebase.plan({ kind: "hang" });
  const id = await notifyAll();
  const held = await until(
    () => report(id),
    ({ counts }) => counts.sent === 30,
  );
  assert.equal(held.counts.queued, 30);
  assert.equal(other.accepted.size, 30);
  await product.call("POST", `/api/messages/${id}/cancel`);
});

test("a token that came from elsewhere meanwhile goes by its own account", async (t) => {
  const { product, firebase, other, fcm, register, notifyAll, report, log, change } = await startPush(t);
  await register("phone", "android", "token-a");
  // Both accounts rest, so that it is divided and waits.
  await change(fcm, { isActive: false });
  other.plan({ kind: "status", status: 401 });
  const id = await notifyAll();
  await until(
    () => report(id),
    ({ hold }) => hold?.kind === "account_paused",
  );
  await register("phone", "ios", "ab".repeat(32));
  await change(fcm, { isActive: true });
  other.plan(null);
  const { body } = await product.call("GET", "/api/providers");
  const paused = body.data.find(({ name }: { name: string }) => name === "Other");
  await product.call("POST", `/api/providers/${paused.id}/resume`);
  await until(() => report(id), isFinished);
  assert.equal((await log(id)).get("phone")?.account, "Other");
  assert.equal(firebase.requests(), 0);
});
