import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fault, SeenRequest } from "../testing/stand-ins/faults.ts";
import type { StandIn } from "../testing/stand-ins/log.ts";
import type { Outbound, Outcome, Provider, Sender } from "./provider.ts";

/** A row of the table of errors of a service: what it does, and what that means for a message. */
export interface ErrorRow {
  name: string;
  fault: Fault;
  kind: Outcome["kind"];
  code?: string;
  cause?: "unregistered" | "invalid";
  afterMs?: number;
}

/** What the suite needs of a provider: how its account is set up against a stand-in that speaks its language. */
export interface ProviderUnderTest<Config, S extends StandIn> {
  provider: Provider<Config>;
  start: () => Promise<S>;
  /** The account of a stand-in. It gives up after `timeoutMs`. */
  configFor(standIn: S, options: { timeoutMs: number }): Config;
  messageFor(standIn: S): Outbound;
  /** Messages for one request, where the provider takes several: 3 or more. */
  batchFor?(standIn: S): Outbound[];
  /** Where the account is told that its service may report. */
  receiptsUrl?: string;
  /** What a delivery is called in the counts of the stand-in. */
  deliveryOf(message: Outbound): string;
  /** What the message looks like on the wire: exactly this path and body, and at least these headers. */
  request(
    message: Outbound,
    standIn: S,
  ): { method: string; url: string; headers: Record<string, string | RegExp>; body: unknown };
  /** What the provider calls the message, as far as it is known beforehand. */
  providerId: RegExp | null;
  errors: readonly ErrorRow[];
  /** What an answer with broken JSON means; accepted without an id, unless it is said otherwise. */
  brokenJson?: Outcome["kind"];
  /** 429 with a Retry-After: of the account, or of less than that. */
  throttled: Outcome["kind"];
  /** An address in a private network is the account's, or that of one message. */
  privateAddress: Outcome["kind"];
  /** Texts that must be in no outcome. */
  secretsOf(config: Config, request: SeenRequest): string[];
  /** The check finds out that nobody is there. */
  checkConnects: boolean;
}

const timeoutMs = 400;
const never = new AbortController().signal;

/** What every provider has to make of connections that break, and of services that take their time. */
const brokenRows: readonly ErrorRow[] = [
  { name: "no answer in time", fault: { kind: "hang" }, kind: "unknown", code: "timeout" },
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

/** A row of a status, with the words that the service has for it or these. */
export const statusRow = (
  status: number,
  kind: Outcome["kind"],
  { body, ...rest }: Partial<Omit<ErrorRow, "name" | "fault" | "kind">> & { body?: unknown } = {},
): ErrorRow => ({
  name: `status ${status}${body === undefined ? "" : ` ${JSON.stringify(body)}`}`,
  fault: { kind: "status", status, ...(body === undefined ? {} : { body }) },
  ...{ kind, ...rest },
});

/** Registers the tests that every provider has to pass. */
export function testProvider<Config, S extends StandIn>(
  name: string,
  subject: ProviderUnderTest<Config, S>,
): void {
  const { provider } = subject;

  const withSender = async (
    work: (parts: { standIn: S; sender: Sender; message: Outbound; config: Config }) => Promise<void>,
    outside = { allowsPrivate: true },
  ) => {
    const standIn = await subject.start();
    const config = subject.configFor(standIn, { timeoutMs });
    const { receiptsUrl = null } = subject;
    const sender = provider.open(config, outside, { connections: 4, receiptsUrl });
    try {
      await work({ standIn, sender, message: subject.messageFor(standIn), config });
    } finally {
      await standIn.stop();
      await sender.close();
    }
  };

  test(`${name}: a message that is taken is accepted, under our id and as the wire wants it`, () =>
    withSender(async ({ standIn, sender, message }) => {
      const outcome = await sender.send(message, never);
      assert.ok(outcome.kind === "accepted", JSON.stringify(outcome));
      if (subject.providerId) assert.match(outcome.providerId ?? "", subject.providerId);
      else assert.equal(outcome.providerId, null);
      assert.equal(standIn.seen.get(subject.deliveryOf(message)), 1);
      assert.equal(standIn.accepted.get(subject.deliveryOf(message)), 1);
      const seen = standIn.last();
      const { headers, ...wanted } = subject.request(message, standIn);
      assert.deepEqual({ method: seen?.method, url: seen?.url, body: seen?.body }, wanted);
      for (const [header, value] of Object.entries(headers))
        if (typeof value === "string") assert.equal(seen?.headers[header], value, header);
        else assert.match(String(seen?.headers[header]), value, header);
    }));

  for (const { name: what, fault, kind, ...rest } of [...brokenRows, ...subject.errors])
    test(`${name}: ${what} is ${kind}`, () =>
      withSender(async ({ standIn, sender, message }) => {
        standIn.plan(fault);
        const outcome = await sender.send(message, never);
        assert.equal(outcome.kind, kind, JSON.stringify(outcome));
        for (const [member, value] of Object.entries(rest))
          assert.equal(outcome[member as keyof Outcome], value, JSON.stringify(outcome));
        assertWords(outcome);
        // What failed must not stand in the way of the next message.
        standIn.plan(null);
        if ("afterMs" in outcome) return;
        let next = await sender.send(message, never);
        // The goodbye itself may come a moment after the word that a message was not looked at.
        if (next.kind === "retry") next = await sender.send(message, never);
        assert.equal(next.kind, "accepted", JSON.stringify(next));
      }));

  for (const retryAfter of [7, new Date(Date.now() + 3_600_000)])
    test(`${name}: Retry-After is obeyed ${retryAfter instanceof Date ? "as a date" : "in seconds"}`, () =>
      withSender(async ({ standIn, sender, message }) => {
        standIn.plan({ kind: "throttle", retryAfter });
        const outcome = await sender.send(message, never);
        assert.equal(outcome.kind, subject.throttled, JSON.stringify(outcome));
        const afterMs = ("afterMs" in outcome && outcome.afterMs) || 0;
        if (retryAfter === 7) assert.equal(afterMs, 7_000);
        else assert.ok(afterMs > 3_000_000 && afterMs <= 3_600_000, String(afterMs));
      }));

  const { brokenJson = "accepted" } = subject;
  test(`${name}: what was answered with broken JSON is ${brokenJson}, without an id`, () =>
    withSender(async ({ standIn, sender, message }) => {
      standIn.plan({ kind: "brokenJson" });
      const outcome = await sender.send(message, never);
      assert.equal(outcome.kind, brokenJson, JSON.stringify(outcome));
      if (outcome.kind === "accepted") assert.equal(outcome.providerId, null);
    }));

  test(`${name}: where nobody listens nothing was sent, so it is retry`, () =>
    withSender(async ({ standIn, sender, message }) => {
      await standIn.stop();
      const outcome = await sender.send(message, never);
      assert.equal(outcome.kind, "retry", JSON.stringify(outcome));
      assertWords(outcome);
      if (subject.checkConnects) assert.equal((await sender.check(never)).ok, false);
    }));

  test(`${name}: who is told to stop waiting says unknown for what was written`, () =>
    withSender(async ({ standIn, sender, message }) => {
      standIn.plan({ kind: "hang" });
      const stopping = new AbortController();
      const sent = sender.send(message, stopping.signal);
      while (standIn.requests() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      stopping.abort();
      assert.equal((await sent).kind, "unknown");
      assert.equal((await sender.send(message, stopping.signal)).kind, "retry");
    }));

  test(`${name}: no secret gets into an outcome, though the service repeats it`, () =>
    withSender(async ({ standIn, sender, message, config }) => {
      for (const status of [400, 401, 403, 429, 500]) {
        let secrets: string[] = [];
        standIn.plan((request) => {
          secrets = subject.secretsOf(config, request);
          const echo = `bad key: ${JSON.stringify(request.headers)} ${request.url} ${secrets.join(" ")}`;
          const [first] = secrets;
          // Wherever one of the services has its words and codes.
          const body = {
            error: typeof first === "string" ? { message: echo, status: first, code: first } : echo,
            ...{ message: echo, reason: first, code: first, detail: echo },
            return: { status, message: echo },
          };
          return { kind: "status", status, body };
        });
        const outcome = await sender.send(message, never);
        assert.notEqual(outcome.kind, "accepted");
        assert.ok(secrets.length > 0);
        for (const secret of secrets)
          assert.ok(!JSON.stringify(outcome).includes(secret), JSON.stringify(outcome));
        if ("afterMs" in outcome) return;
      }
    }));

  test(`${name}: an address of a private network is refused unless the operator allows it`, () =>
    withSender(
      async ({ standIn, sender, message }) => {
        const outcome = await sender.send(message, never);
        assert.equal(outcome.kind, subject.privateAddress, JSON.stringify(outcome));
        if (subject.privateAddress === "misconfigured") {
          assert.match("detail" in outcome ? outcome.detail : "", /ALLOW_PRIVATE_ADDRESSES/);
          assert.equal((await sender.check(never)).ok, false);
        }
        assert.equal(standIn.requests(), 0);
      },
      { allowsPrivate: false },
    ));

  const { batchFor } = subject;
  if (batchFor) {
    test(`${name}: several messages are one request, with an outcome each in their order`, () =>
      withSender(async ({ standIn, sender }) => {
        const messages = batchFor(standIn);
        const outcomes = (await sender.batch?.send(messages, never)) ?? [];
        assert.equal(standIn.requests(), 1);
        const ids = outcomes.map((outcome) => (outcome.kind === "accepted" ? outcome.providerId : null));
        assert.ok(messages.length >= 3 && messages.length === ids.length);
        assert.ok(!ids.includes(null) && new Set(ids).size === ids.length, JSON.stringify(outcomes));
      }));

    for (const { name: what, fault, kind } of [...brokenRows, ...subject.errors])
      test(`${name}: ${what} is ${kind} for each message of a request`, () =>
        withSender(async ({ standIn, sender }) => {
          const messages = batchFor(standIn);
          standIn.plan(fault);
          const outcomes = (await sender.batch?.send(messages, never)) ?? [];
          assert.deepEqual(
            outcomes.map((outcome) => outcome.kind),
            messages.map(() => kind),
          );
          outcomes.forEach(assertWords);
        }));
  }

  test(`${name}: a check reaches the service and sends nothing to anybody`, () =>
    withSender(async ({ standIn, sender }) => {
      const { ok, detail } = await sender.check(never);
      assert.ok(ok, detail);
      assert.equal(standIn.accepted.size, 0);
    }));
}

function assertWords(outcome: Outcome): void {
  if (outcome.kind === "accepted") return;
  assert.ok(outcome.code.length > 0 && outcome.code.length <= 64, outcome.code);
  assert.ok(outcome.detail.length > 10, outcome.detail);
}
