import assert from "node:assert/strict";
import { test } from "node:test";
import { type Fault, type StandInProvider, startStandInProvider } from "../testing/stand-in-provider.ts";
import type { Outbound, Outcome, Provider, Sender } from "./provider.ts";

/** What the suite needs of a provider: how its account is set up against a stand-in that speaks its language. */
export interface ProviderUnderTest<Config> {
  provider: Provider<Config>;
  /** The account of a stand-in. It gives up after `timeoutMs`, and `secret` is its credential. */
  configFor(standIn: { url: string }, options: { timeoutMs: number; secret: string }): Config;
  message: Outbound;
  /** A server that understands the wire of the provider and the faults below; the generic one without it. */
  start?: () => Promise<StandInProvider>;
}

const secret = "sk-very-secret-0123456789";
const timeoutMs = 400;

/** What every provider has to make of what a service may do. */
const rows: readonly { name: string; fault: Fault; kind: Outcome["kind"] }[] = [
  ...[500, 502, 503, 408].map((status) => statusRow(status, "retry")),
  ...[401, 402, 403].map((status) => statusRow(status, "misconfigured")),
  ...[400, 404, 422].map((status) => statusRow(status, "rejected")),
  statusRow(504, "unknown"),
  { name: "a dead address", fault: { kind: "gone" }, kind: "gone" },
  { name: "429", fault: { kind: "throttle" }, kind: "throttle" },
  { name: "no answer in time", fault: { kind: "hang" }, kind: "unknown" },
  { name: "a connection closed after the message was read", fault: { kind: "closeAfter" }, kind: "unknown" },
  {
    name: "a connection closed while the message was written",
    fault: { kind: "closeBefore" },
    kind: "unknown",
  },
  { name: "an answer that breaks off", fault: { kind: "closeHalfway" }, kind: "unknown" },
  {
    name: "an answer that trickles without an end",
    fault: { kind: "trickle", everyMs: 50 },
    kind: "unknown",
  },
];

function statusRow(status: number, kind: Outcome["kind"]) {
  return { name: `status ${status}`, fault: { kind: "status", status } as const, kind };
}

/** Registers the tests that every provider has to pass. */
export function testProvider<Config>(name: string, subject: ProviderUnderTest<Config>): void {
  const { provider, message } = subject;
  const never = new AbortController().signal;

  const withSender = async (
    work: (standIn: StandInProvider, sender: Sender) => Promise<void>,
    outside = { allowsPrivate: true },
  ) => {
    const standIn = await (subject.start ?? startStandInProvider)();
    const config = subject.configFor(standIn, { timeoutMs, secret });
    const sender = provider.open(config, outside, { connections: 4 });
    try {
      await work(standIn, sender);
    } finally {
      await standIn.stop();
      await sender.close();
    }
  };

  test(`${name}: a message that is taken is accepted, with the provider's id and under ours`, () =>
    withSender(async (standIn, sender) => {
      const outcome = await sender.send(message, never);
      assert.deepEqual(outcome, { kind: "accepted", providerId: `m-${message.deliveryId}` });
      assert.equal(standIn.seen.get(message.deliveryId), 1);
      assert.ok(standIn.last()?.text.includes(message.to));
    }));

  for (const { name: what, fault, kind } of rows)
    test(`${name}: ${what} is ${kind}`, () =>
      withSender(async (standIn, sender) => {
        standIn.plan(fault);
        const outcome = await sender.send(message, never);
        assert.equal(outcome.kind, kind, JSON.stringify(outcome));
        assertWords(outcome);
        // What failed must not stand in the way of the next message.
        standIn.plan(null);
        assert.equal((await sender.send(message, never)).kind, "accepted");
      }));

  test(`${name}: Retry-After is obeyed in seconds and as a date`, () =>
    withSender(async (standIn, sender) => {
      standIn.plan({ kind: "throttle", retryAfter: 7 });
      const seconds = await sender.send(message, never);
      assert.equal(seconds.kind === "throttle" && seconds.afterMs, 7000);
      standIn.plan({ kind: "throttle", retryAfter: new Date(Date.now() + 60_000) });
      const date = await sender.send(message, never);
      const afterMs = date.kind === "throttle" ? (date.afterMs ?? 0) : 0;
      assert.ok(afterMs > 30_000 && afterMs <= 60_000, String(afterMs));
    }));

  test(`${name}: a 2xx with broken JSON is accepted, without an id`, () =>
    withSender(async (standIn, sender) => {
      standIn.plan({ kind: "brokenJson" });
      assert.deepEqual(await sender.send(message, never), { kind: "accepted", providerId: null });
    }));

  test(`${name}: where nobody listens nothing was sent, so it is retry`, () =>
    withSender(async (standIn, sender) => {
      await standIn.stop();
      const outcome = await sender.send(message, never);
      assert.equal(outcome.kind, "retry");
      assertWords(outcome);
      assert.equal((await sender.check(never)).ok, false);
    }));

  test(`${name}: who is told to stop waiting says unknown for what was written`, () =>
    withSender(async (standIn, sender) => {
      standIn.plan({ kind: "hang" });
      const stopping = new AbortController();
      const sent = sender.send(message, stopping.signal);
      while (standIn.requests() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      stopping.abort();
      assert.equal((await sent).kind, "unknown");
      assert.equal((await sender.send(message, stopping.signal)).kind, "retry");
    }));

  test(`${name}: no secret gets into an outcome, though the service repeats it`, () =>
    withSender(async (standIn, sender) => {
      for (const status of [400, 401, 429, 500]) {
        const echo = (request: { headers: unknown; text: string; url: string }) =>
          `bad key: ${JSON.stringify(request.headers)} ${request.url} ${request.text}`;
        standIn.plan((request) => ({ kind: "status", status, body: { error: echo(request), code: secret } }));
        const outcome = await sender.send(message, never);
        assert.notEqual(outcome.kind, "accepted");
        assert.ok(!JSON.stringify(outcome).includes(secret), JSON.stringify(outcome));
      }
    }));

  test(`${name}: an address of a private network is refused unless the operator allows it`, () =>
    withSender(
      async (standIn, sender) => {
        const outcome = await sender.send(message, never);
        assert.equal(outcome.kind, "misconfigured");
        assert.match("detail" in outcome ? outcome.detail : "", /ALLOW_PRIVATE_ADDRESSES/);
        assert.equal((await sender.check(never)).ok, false);
        assert.equal(standIn.requests(), 0);
      },
      { allowsPrivate: false },
    ));

  test(`${name}: a check reaches the service and sends nothing`, () =>
    withSender(async (standIn, sender) => {
      const { ok, detail } = await sender.check(never);
      assert.ok(ok, detail);
      assert.equal(standIn.seen.size, 0);
    }));
}

function assertWords(outcome: Outcome): void {
  if (outcome.kind === "accepted") return;
  assert.ok(outcome.code.length > 0 && outcome.code.length <= 64, outcome.code);
  assert.ok(outcome.detail.length > 10, outcome.detail);
}
