import { setMaxListeners } from "node:events";
import type { Logger } from "pino";
import type { Outbound, Outcome, Provider, Sender } from "../channels/provider.ts";
import type { Database } from "../db/database.ts";
import { createGate } from "../lib/gate.ts";
import { storable } from "../lib/storable.ts";
import { announceAccount } from "./announce.ts";
import { admitAudience } from "./audience-limit.ts";
import { batchSizeOf, followBatchSize } from "./batch-size.ts";
import { admits, type Breaker, closedBreaker, failed, started, succeeded } from "./breaker.ts";
import { createGoneGuard } from "./gone-guard.ts";
import {
  type AccountRow,
  leaseStarts,
  pauseAccount,
  readNextStart,
  restAccount,
  writeHealth,
} from "./queries.ts";

/** What became of a message given to an account. `unsent`: it was never started, and may be given to it again. */
export type SendOutcome = Outcome | { kind: "unsent" };

/** An account that messages can be given to now. */
export interface OpenAccount {
  accountKey: number;
  accountId: string;
  name: string;
  provider: string;
  ratePerSecond: number | null;
  isRepeatSafe: boolean;
  /** Receipts do not name the delivery: what the provider called the message is kept. */
  needsLookup: boolean;
  /** Messages to give at once: what it takes in about 250 ms, at least 1, at most 200. */
  readonly batchSize: number;
  /** Of these, how many go in one request. */
  together: number;
  /**
   * One outcome a message, in their order. `unsent` where the account closed, was throttled, or `signal` was aborted
   * before it was started; what was started is waited for.
   */
  send(messages: readonly Outbound[], signal: AbortSignal): Promise<SendOutcome[]>;
  /** What the service says of messages that may have gone out; null for one that it does not know. */
  find(messages: readonly Outbound[], signal: AbortSignal): Promise<(Outcome | null)[]>;
}

/** Why an account takes nothing now; `until` null when somebody has to mend it first. */
export interface Closed {
  until: Date | null;
  detail: string;
  /** It fails, or for long: somebody else should carry its messages. Else it is only too busy for a moment. */
  isOutage: boolean;
}

/** An account as a worker has it open: its connections, and what it found out about it. */
export interface LiveAccount {
  readonly revision: number;
  readonly open: OpenAccount;
  closedAt(nowMs: number): Closed | null;
  /** Takes over what other workers wrote into the row. */
  follow(row: AccountRow): void;
  /** Writes what happened last, at most every few seconds. */
  writeHealth(nowMs: number): Promise<void>;
  /** Starts nothing more, waits for what is under way and closes the connections. */
  close(): Promise<void>;
}

/** A rest that is longer is no moment any more. */
const outageMs = 30_000;
/** A worker does not take starts that are further away; it would sit on its messages. */
const furthestStartMs = 2_000;
const healthEveryMs = 5_000;
const firstThrottleMs = 1_000;
const longestThrottleMs = 60_000;
const probeWaitMs = 250;

export function openLiveAccount(parts: {
  row: AccountRow;
  provider: Provider;
  config: unknown;
  sender: Sender;
  db: Database;
  logger: Logger;
}): LiveAccount {
  const { row, provider, config, sender, db } = parts;
  const { accountKey, revision, ratePerSecond } = row;
  const logger = parts.logger.child({ account: row.name, accountId: row.accountId, provider: row.provider });
  const enter = createGate(row.concurrency);
  const together = sender.batch?.most ?? 1;
  const size = followBatchSize(row.concurrency * together);
  const goneGuard = createGoneGuard();
  // Each message under way listens to it.
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  const writes = new Set<Promise<void>>();

  let breaker: Breaker = closedBreaker;
  let misconfigured = row.misconfiguredDetail;
  let restsUntilMs = 0;
  let restsDetail = "";
  let trustsGoneUntilMs = 0;
  let isPausedForGone = false;
  let isClosing = false;
  /** Of this worker: others may have taken all starts for a while. */
  let startsFromMs = 0;
  let throttles = 0;
  let throttledAtMs = 0;
  const health = {
    successAt: null as Date | null,
    failureAt: null as Date | null,
    failure: null as string | null,
    accepted: 0,
    failed: 0,
  };
  let healthWrittenMs = 0;
  follow(row);

  function follow(next: AccountRow): void {
    const nowMs = Date.now();
    misconfigured ??= next.misconfiguredDetail;
    trustsGoneUntilMs = nowMs + (next.trustsGoneMs ?? 0);
    // Never shorter: an earlier end is written with another revision only, for which all begins anew.
    if (next.restsMs !== null && nowMs + next.restsMs > restsUntilMs) {
      restsUntilMs = nowMs + next.restsMs;
      restsDetail = next.restsDetail ?? "";
    }
  }

  function closedAt(nowMs: number): Closed | null {
    if (misconfigured !== null) return { until: null, detail: misconfigured, isOutage: true };
    if (isClosing) {
      const detail = "The account is being opened again.";
      return { until: new Date(nowMs + probeWaitMs), detail, isOutage: false };
    }
    const isFailing = breaker.phase !== "closed";
    if (restsUntilMs > nowMs) {
      const isOutage = isFailing || restsUntilMs - nowMs > outageMs;
      return { until: new Date(restsUntilMs), detail: restsDetail, isOutage };
    }
    if (startsFromMs > nowMs) {
      const detail = `The account takes ${ratePerSecond} messages a second, and these are taken.`;
      return { until: new Date(startsFromMs), detail, isOutage: false };
    }
    if (admits(breaker, nowMs) > 0) return null;
    const untilMs = breaker.phase === "open" ? breaker.untilMs : nowMs + probeWaitMs;
    return { until: new Date(untilMs), detail: restsDetail, isOutage: isFailing };
  }

  /** Beside the messages: they do not wait for what is written about the account. */
  function write(what: string, work: () => Promise<void>): void {
    const writing = work()
      .catch((error) => logger.warn({ err: error }, `${what} could not be written`))
      .finally(() => writes.delete(writing));
    writes.add(writing);
  }

  function rest(forMs: number, detail: string, nowMs: number): void {
    const extendsByMs = nowMs + forMs - restsUntilMs;
    if (extendsByMs <= 0) return;
    restsUntilMs = nowMs + forMs;
    restsDetail = detail;
    // Dozens under way at once say the same a moment apart: one row tells it to the other workers.
    if (extendsByMs < Math.min(forMs / 2, 1_000)) return;
    logger.warn({ restsMs: Math.round(forMs) }, detail);
    write("the rest of an account", () =>
      db.transaction(async (tx) => {
        if (await restAccount(tx, row, { forMs, detail })) await announceAccount(tx, row);
      }),
    );
  }

  function pause(detail: string): void {
    if (misconfigured !== null) return;
    misconfigured = detail;
    logger.warn({ detail }, "an account is paused until somebody mends it");
    write("the pause of an account", () =>
      db.transaction(async (tx) => {
        if (await pauseAccount(tx, row, detail)) await announceAccount(tx, row);
      }),
    );
  }

  function throttle(afterMs: number | undefined, detail: string, startedMs: number, nowMs: number): void {
    // What was under way when the first one came back is of the same push-back.
    const isFirst = startedMs >= throttledAtMs;
    if (isFirst) {
      throttles += 1;
      throttledAtMs = nowMs;
    }
    // A Retry-After of 0 would have us come back at once, for ever.
    if (afterMs) rest(afterMs, detail, nowMs);
    else if (isFirst)
      rest(Math.min(firstThrottleMs * 2 ** (throttles - 1), longestThrottleMs), detail, nowMs);
  }

  function note(outcome: Outcome, startedMs: number): void {
    const now = new Date();
    const nowMs = now.getTime();
    if (outcome.kind === "accepted") {
      health.successAt = now;
      health.accepted += 1;
      if (startedMs > throttledAtMs) throttles = 0;
    } else {
      health.failed += 1;
    }
    if (outcome.kind !== "accepted" && outcome.kind !== "gone") {
      health.failureAt = now;
      health.failure = outcome.detail;
    }
    switch (outcome.kind) {
      case "accepted":
      case "rejected":
      case "left":
      case "halted":
        breaker = succeeded(breaker);
        goneGuard.note(false);
        return;
      case "gone":
        breaker = succeeded(breaker);
        if (goneGuard.note(true) && trustsGoneUntilMs <= nowMs && misconfigured === null) {
          isPausedForGone = true;
          pause(
            "More than half of the last addresses were called dead, so the account is more likely set up for another app " +
              `than all these people gone; the last answer was: ${outcome.detail.replace(/\.$/, "")}. Check the account; if they are gone, resume it.`,
          );
        }
        return;
      case "throttle":
        breaker = succeeded(breaker);
        throttle(outcome.afterMs, outcome.detail, startedMs, nowMs);
        return;
      case "misconfigured":
        pause(outcome.detail);
        return;
      case "retry":
      case "unknown": {
        const before = breaker.phase;
        breaker = failed(breaker, nowMs, Math.random());
        if (breaker.phase === "open" && before !== "open")
          rest(breaker.untilMs - nowMs, `Too many messages failed, the last since: ${outcome.detail}`, nowMs);
        return;
      }
      default:
        outcome satisfies never;
    }
  }

  async function writeHealthAt(nowMs: number): Promise<void> {
    const { successAt, failureAt, failure, accepted, failed } = health;
    if (accepted + failed === 0 || nowMs - healthWrittenMs < healthEveryMs) return;
    healthWrittenMs = nowMs;
    Object.assign(health, { successAt: null, failureAt: null, failure: null, accepted: 0, failed: 0 });
    await writeHealth(db, accountKey, {
      ...{ lastSuccessAt: successAt, lastFailureAt: failureAt, lastFailure: failure, accepted, failed },
    });
  }

  /** In how many ms the next `count` messages may start, a rate apart; null when others have taken all for a while. */
  async function takeStarts(count: number, rate: number): Promise<number | null> {
    const lease = await leaseStarts(db, accountKey, {
      count,
      ratePerSecond: rate,
      atMostMs: furthestStartMs,
    });
    if (lease) return Math.max(lease.startsInMs, 0);
    const nextMs = (await readNextStart(db, accountKey)) ?? 0;
    startsFromMs = Date.now() + Math.max(nextMs - furthestStartMs / 2, probeWaitMs);
    return null;
  }

  /** In one request, where the service takes several; else it is one. */
  const sendTogether = (messages: readonly Outbound[]): Promise<Outcome[]> =>
    sender.batch?.send(messages, ending.signal) ??
    Promise.all(messages.map((message) => sender.send(message, ending.signal)));

  /** A message and its place among those that were given. */
  interface Admitted {
    message: Outbound;
    index: number;
  }

  /** Those whom the service lets us write to now, and when there will be room for the others. */
  async function admitted(
    messages: readonly Outbound[],
  ): Promise<{ messages: Admitted[]; roomInMs: number | null }> {
    const all = messages.map((message, index) => ({ message, index }));
    const limit = provider.audienceLimit?.(config);
    if (!limit) return { messages: all, roomInMs: null };
    const found = await admitAudience(
      db,
      row.appKey,
      limit,
      messages.map(({ to }) => to),
    ).catch((error) => {
      logger.warn({ err: error }, "whom an account has written to could not be read");
      return null;
    });
    // Nothing was sent to anybody yet, so nobody is in doubt.
    if (!found) {
      rest(firstThrottleMs, "How many people it has written to could not be read just now.", Date.now());
      return { messages: [], roomInMs: null };
    }
    const { addresses, roomInMs } = found;
    return { messages: all.filter(({ message }) => addresses.has(message.to)), roomInMs };
  }

  async function send(all: readonly Outbound[], signal: AbortSignal): Promise<SendOutcome[]> {
    const outcomes: SendOutcome[] = all.map(() => ({ kind: "unsent" }));
    const { messages, roomInMs } = await admitted(all);
    const underWay: Promise<void>[] = [];
    const give = async (given: readonly Admitted[], leave: () => void): Promise<void> => {
      const startedMs = Date.now();
      let came: readonly Outcome[] = [];
      try {
        came = await sendTogether(given.map(({ message }) => message));
      } catch (error) {
        // It says that it never does; whether the messages went out is anybody's guess.
        logger.error({ err: error }, "a provider threw");
      } finally {
        leave();
      }
      for (const [at, { index }] of given.entries()) {
        const outcome = came[at] && asStored(came[at]);
        outcomes[index] = outcome ?? {
          ...{ kind: "unknown", code: "internal", detail: "The provider failed on our side." },
        };
        if (outcome) note(outcome, startedMs);
      }
    };

    const begunMs = performance.now();
    let begun = 0;
    let leased = { from: 0, to: ratePerSecond === null ? messages.length : 0, atMs: 0 };
    for (let index = 0, count = 0; index < messages.length; index += count) {
      count = Math.min(together, messages.length - index);
      if (ratePerSecond !== null) {
        if (index >= leased.to) {
          const starts = Math.min(messages.length - index, Math.max(batchSizeOf(ratePerSecond), together));
          const startsInMs = await takeStarts(starts, ratePerSecond).catch((error) => {
            logger.warn({ err: error }, "the rate of an account could not be read");
            return null;
          });
          if (startsInMs === null) break;
          leased = { from: index, to: index + starts, atMs: performance.now() + startsInMs };
        }
        await sleepUntil(leased.atMs + ((index - leased.from) * 1000) / ratePerSecond, signal);
        count = Math.min(count, leased.to - index);
      }
      const leave = await enter(signal).catch(() => null);
      if (leave === null) break;
      const nowMs = Date.now();
      count = Math.min(count, admits(breaker, nowMs));
      if (isClosing || misconfigured !== null || restsUntilMs > nowMs || count === 0) {
        leave();
        break;
      }
      for (let each = 0; each < count; each += 1) breaker = started(breaker, nowMs);
      begun += count;
      underWay.push(give(messages.slice(index, index + count), leave));
    }
    await Promise.all(underWay);
    size.note(begun, performance.now() - begunMs);
    if (roomInMs !== null)
      rest(
        roomInMs,
        "As many people were written to first as the service lets a business within a day. The others follow when there is room.",
        Date.now(),
      );
    if (!isPausedForGone) return outcomes;
    // They are not believed until somebody has looked.
    return outcomes.map((outcome) => (outcome.kind === "gone" ? { ...outcome, kind: "retry" } : outcome));
  }

  return {
    revision,
    closedAt,
    follow,
    open: {
      ...{ accountKey, accountId: row.accountId, name: row.name, provider: row.provider, ratePerSecond },
      isRepeatSafe: provider.isRepeatSafe(config, row.channel),
      needsLookup: !provider.echoesDeliveryId(config),
      get batchSize() {
        return Math.max(
          1,
          Math.min(
            ratePerSecond === null ? size.current : batchSizeOf(ratePerSecond),
            admits(breaker, Date.now()),
          ),
        );
      },
      together,
      send,
      find: async (messages, signal) =>
        (
          await sender.find?.(messages, signal).catch((error) => {
            logger.error({ err: error }, "a provider threw");
            return null;
          })
        )?.map((outcome) => outcome && asStored(outcome)) ?? messages.map(() => null),
    },
    writeHealth: writeHealthAt,
    async close() {
      isClosing = true;
      await sender.close();
      await Promise.all(writes);
      healthWrittenMs = 0;
      await writeHealthAt(Date.now());
    },
  };
}

/** What cannot be written down would take with it what became of all the others. */
const asStored = (outcome: Outcome): Outcome =>
  outcome.kind === "accepted"
    ? { ...outcome, providerId: outcome.providerId && storable(outcome.providerId) }
    : { ...outcome, code: storable(outcome.code), detail: storable(outcome.detail) };

/** Waits until a moment of `performance.now()`, or until the signal is aborted. */
function sleepUntil(atMs: number, signal: AbortSignal): Promise<void> {
  const ms = atMs - performance.now();
  // A timer is no finer than a millisecond.
  if (ms < 1 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
