import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type KavenegarOptions, startKavenegarStandIn } from "../../testing/stand-ins/kavenegar.ts";
import { textMessage } from "../../testing/text-message.ts";
import type { Outbound, Outcome } from "../provider.ts";
import { openKavenegar } from "./kavenegar.ts";
import { KavenegarConfig } from "./kavenegar-config.ts";
import { localIdOf, phoneOf, receptorOf } from "./kavenegar-message.ts";

const never = new AbortController().signal;

async function startKavenegar(t: TestContext, options: KavenegarOptions = {}, waitsMs = [5, 5]) {
  const standIn = await startKavenegarStandIn(options);
  const sender = openKavenegar(
    KavenegarConfig.parse({ ...standIn.credentials, baseUrl: standIn.url, timeoutMs: 200 }),
    { allowsPrivate: true },
    { connections: 4 },
    waitsMs,
  );
  t.after(async () => {
    await standIn.stop();
    await sender.close();
  });
  return { standIn, sendAll: sender.batch?.send ?? assert.fail(), sender };
}

const messages = (count: number, changes: (index: number) => Partial<Outbound> = () => ({})): Outbound[] =>
  Array.from({ length: count }, (_, index) =>
    textMessage({
      deliveryUuid: `${String(index).padStart(8, "0")}-1f2a-4b3c-8d4e-000000000001`,
      ...{ to: String(989_120_000_000 + index), ...changes(index) },
    }),
  );
const kindsOf = (outcomes: readonly Outcome[]) => outcomes.map(({ kind }) => kind);

test("a bad number among 200 is found in a few requests, and everybody else gets the message once", async (t) => {
  const { standIn, sendAll } = await startKavenegar(t);
  const outcomes = await sendAll(
    messages(200, (index) => (index === 137 ? { to: "12" } : {})),
    never,
  );
  assert.deepEqual(
    outcomes
      .map(({ kind }, index) => (kind === "accepted" ? null : [index, kind]))
      .filter((row) => row !== null),
    [[137, "gone"]],
  );
  assert.equal(standIn.taken.size, 199);
  assert.ok([...standIn.taken.values()].every((times) => times === 1));
  assert.ok(standIn.requests() < 20, String(standIn.requests()));
});

test("a text that is too long fails alone", async (t) => {
  const { standIn, sendAll } = await startKavenegar(t);
  const outcomes = await sendAll(
    messages(5, (index) => (index === 2 ? { content: "x".repeat(901) } : {})),
    never,
  );
  assert.deepEqual(kindsOf(outcomes), ["accepted", "accepted", "rejected", "accepted", "accepted"]);
  assert.equal(standIn.taken.size, 4);
});

test("what everybody is refused for is not sent again in halves", async (t) => {
  const { standIn, sendAll } = await startKavenegar(t);
  standIn.plan({ kind: "status", status: 418, body: { return: { status: 418, message: "x" } } });
  assert.deepEqual(new Set(kindsOf(await sendAll(messages(200), never))), new Set(["misconfigured"]));
  assert.equal(standIn.requests(), 1);
});

test("messages that were taken without an answer are found, and none goes twice", async (t) => {
  for (const kind of ["hang", "closeAfter", "closeHalfway", "brokenJson"] as const) {
    const { standIn, sendAll } = await startKavenegar(t, { takesUnanswered: () => true });
    standIn.plan(({ url }) => (url.endsWith("/sms/sendarray.json") ? { kind } : null));
    const outcomes = await sendAll(messages(50), never);
    assert.deepEqual(new Set(kindsOf(outcomes)), new Set(["accepted"]), kind);
    assert.ok(
      outcomes.every((outcome) => outcome.kind === "accepted" && /^\d+$/.test(outcome.providerId ?? "")),
    );
    assert.ok([...standIn.taken.values()].every((times) => times === 1));
    assert.equal(standIn.requests(), 2);
  }
});

test("an error of a gateway is not believed before Kavenegar was asked", async (t) => {
  const { standIn, sendAll } = await startKavenegar(t);
  await sendAll(messages(2), never);
  standIn.plan(({ url }) => (url.endsWith("/sms/sendarray.json") ? { kind: "status", status: 502 } : null));
  assert.deepEqual(kindsOf(await sendAll(messages(4), never)), [
    "accepted",
    "accepted",
    "unknown",
    "unknown",
  ]);
});

test("messages that Kavenegar does not know stay unknown, and are not sent again", async (t) => {
  const { standIn, sendAll } = await startKavenegar(t);
  standIn.plan(({ url }) => (url.endsWith("/sms/sendarray.json") ? { kind: "closeAfter" } : null));
  assert.deepEqual(kindsOf(await sendAll(messages(3), never)), ["unknown", "unknown", "unknown"]);
  assert.equal(standIn.requests(), 3);
  assert.equal(standIn.taken.size, 0);
});

test("who stops waits for no look-up, and looks again later", async (t) => {
  const { standIn, sendAll, sender } = await startKavenegar(t, { takesUnanswered: () => true }, [60_000]);
  standIn.plan(({ url }) => (url.endsWith("/sms/sendarray.json") ? { kind: "closeAfter" } : null));
  const stopping = new AbortController();
  const sent = sendAll(messages(3), stopping.signal);
  while (standIn.requests() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  stopping.abort();
  assert.deepEqual(kindsOf(await sent), ["unknown", "unknown", "unknown"]);
  const found = await sender.find?.(
    [...messages(3), ...messages(1, () => ({ deliveryUuid: "f".repeat(32) }))],
    never,
  );
  assert.deepEqual(
    found?.map((outcome) => outcome?.kind ?? null),
    ["accepted", "accepted", "accepted", null],
  );
});

test("a look-up that fails says nothing", async (t) => {
  const { standIn, sender } = await startKavenegar(t);
  for (const fault of [
    { kind: "closeAfter" },
    { kind: "status", status: 500 },
    { kind: "brokenJson" },
  ] as const) {
    standIn.plan(fault);
    assert.deepEqual(await sender.find?.(messages(2), never), [null, null]);
  }
});

test("who has blocked the line has left", async (t) => {
  const { sender } = await startKavenegar(t);
  const outcome = await sender.send(textMessage({ to: "989124104104" }), never);
  assert.equal(outcome.kind, "left");
});

test("phones are written as in Iran, and read as everywhere", () => {
  for (const [phone, receptor] of [
    ["989121234567", "09121234567"],
    ["4917012345678", "004917012345678"],
  ] as const) {
    assert.equal(receptorOf(phone), receptor);
    assert.equal(phoneOf(receptor), phone);
  }
  for (const written of ["+989121234567", "9121234567", "00989121234567", "۰۹۱۲۱۲۳۴۵۶۷"])
    assert.equal(phoneOf(written), "989121234567");
  for (const written of ["", "0211234567", "12"]) assert.equal(phoneOf(written), "");
});

test("a local id is a number below 2^63", () => {
  const id = localIdOf(textMessage({ deliveryUuid: "ffffffff-ffff-ffff-ffff-ffffffffffff" }));
  assert.equal(id, String(2n ** 63n - 1n));
});
