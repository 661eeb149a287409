import type { Outbound } from "../channels/provider.ts";
import type { ProviderChannel, PushService } from "../channels/schema.ts";
import type { Database, Transaction } from "../db/database.ts";
import { type NewDelivery, recordAlerts, recordDeliveries } from "../deliveries/record.ts";
import { dropTokens } from "../installations/installations.ts";
import type { Links } from "../links/links.ts";
import type { Gate, OpenAccount, Route, SendOutcome } from "../providers/gate.ts";
import { heedAddresses, type ToldAddress } from "../users/told.ts";
import { type Judged, judgeForProvider } from "./judge.ts";
import { type ChunkKey, deleteChunks, moveChunks, restartChunk } from "./queries/chunks.ts";
import type { ClaimedChunk } from "./queries/claims.ts";
import { haltMessages } from "./queries/control.ts";
import { insertChunks, type NewChunk } from "./queries/new-chunks.ts";
import { releaseTouches, type Touch } from "./queries/touches.ts";
import { settle } from "./settle.ts";
import {
  batches,
  chunksBeside,
  chunksLater,
  keyOf,
  type Recipient,
  recipientsOf,
  type Slice,
} from "./slices.ts";
import { ruled } from "./verdict.ts";
import type { Writing } from "./writing.ts";

/** Chunks leased together by one lane: of one app and channel. */
export interface Claim {
  owner: string;
  chunks: readonly ClaimedChunk[];
  /** The lane's own row of the counters. */
  slot: number;
  /** False when the lease may have run out while this worker was away: nothing more is to be sent then. */
  isHeld(): boolean;
  /** Lets the lane take the next: what is still to be done for these concerns nobody who waits. */
  letGo(): void;
}

interface Parts {
  db: Database;
  gate: Gate;
  links: Links;
  writingOf: (message: ClaimedChunk) => Writing;
  /** Tells panels and finishes messages of chunks that are through. */
  complete: (chunks: readonly ClaimedChunk[]) => Promise<void>;
}

/** Why a lane stopped before the end of its chunks, and when it may be worth while to go on. */
export type Stopped = { until: Date } | null;

/**
 * Recipients looked at together, at least; those who are given to the provider and written down together are what a
 * crash may repeat, once for each lane of a route.
 */
const lookedAt = 100;
/** What is said of those whom an earlier worker may have sent to. */
const afterCrash = {
  code: "interrupted",
  detail: "The worker died while this was on its way, so it may have gone out.",
} as const;
/** How long a channel is left alone when its account is closed and does not say until when. */
const closedForMs = 1_000;

/**
 * Sends chunks by the account of their channel, sub-batch by sub-batch: who is about to be sent to is marked as started,
 * the provider is called, and rows, positions and counters are written in one transaction. What dies between the two
 * is sent again under the same id where that does no harm, and else is unknown.
 */
export async function sendByProvider(parts: Parts, claim: Claim, signal: AbortSignal): Promise<Stopped> {
  const [first] = claim.chunks;
  if (!first) return null;
  const { appKey, tokenService } = first;
  const route = { appKey, channel: first.channel as ProviderChannel, tokenService };
  const { chunks } = claim;
  // Those that a worker died with just before their end.
  await end(parts, claim, chunks);
  let left = chunks.filter(isLeft);
  while (left.length > 0 && !signal.aborted && claim.isHeld()) {
    const way = await parts.gate.route(appKey, route.channel, tokenService);
    const until = closedUntil(way);
    if (until) {
      // Whose time is over need not wait for the account to be told so.
      left = left.filter(({ expiresAt }) => expiresAt !== null && expiresAt <= new Date());
      if (left.length === 0) return { until };
    }
    const account = way.kind === "open" ? way.account : null;
    const isDivided = route.channel === "push" && (await parts.gate.isDivided(appKey));
    const size = Math.max(lookedAt, account?.batchSize ?? 0, account?.together ?? 0);
    const looked = await look(parts, { route, account, isDivided }, firstBatch(left, size), signal);
    // What the account takes at once is of those who are sent to: the others cost it nothing.
    const { slices, judged } = upTo(account?.batchSize ?? size, looked);
    // Only where a repeat does harm it must be known afterwards what was about to be sent.
    const started = account?.isRepeatSafe === false ? await start(parts, claim, slices) : slices;
    const underWay =
      started &&
      (await sendSlices(
        parts,
        claim,
        { route, account, isDivided },
        { ...looked, slices: started, judged },
        signal,
      ));
    if (!underWay) return null;
    await end(
      parts,
      claim,
      started.map(({ chunk }) => chunk),
    );
    // What was paused or cancelled meanwhile stays where it is.
    const held = new Set(slices.map(({ chunk }) => chunk).filter((chunk) => !isAmong(chunk, underWay)));
    left = left.filter((chunk) => isLeft(chunk) && !held.has(chunk));
  }
  return null;
}

/** Until when messages wait for an account; those that are switched off will be switched on again. */
function closedUntil(way: Route): Date | null {
  if (way.kind === "closed") return way.until ?? new Date(Date.now() + closedForMs);
  return way.kind === "off" ? new Date(Date.now() + closedForMs) : null;
}

const isLeft = (chunk: ClaimedChunk) => chunk.done < chunk.userKeys.length;

function firstBatch(chunks: readonly ClaimedChunk[], size: number): Slice[] {
  for (const slices of batches(chunks, size)) return slices;
  return [];
}

/** Marks recipients as about to be sent to, those whose message is still under way. Null when a lease was lost. */
async function start({ db }: Parts, claim: Claim, slices: readonly Slice[]): Promise<Slice[] | null> {
  const moves = slices.map(({ chunk, from, to }) => ({
    ...{ ...keyOf(chunk), done: from, started: startedUpTo(chunk, to), handed: from },
    ...{ again: chunk.again, againAt: chunk.againAt },
  }));
  const underWay = await moveChunks(db, claim.owner, moves);
  return underWay && slices.filter(({ chunk }) => isAmong(chunk, underWay));
}

/** An earlier worker may have been further than this one is about to go. */
const startedUpTo = (chunk: ClaimedChunk, to: number): number => Math.max(chunk.started, to);

const isAmong = (chunk: ClaimedChunk, keys: readonly ChunkKey[]) =>
  keys.some((key) => key.messageId === chunk.messageId && key.seq === chunk.seq);

interface Way {
  route: { appKey: number; channel: ProviderChannel; tokenService: PushService | null };
  account: OpenAccount | null;
  /** The account takes tokens of this service alone. */
  isDivided: boolean;
}

/** A recipient with what became of it. */
interface Result {
  judged: Judged;
  outcome: SendOutcome | null;
}

/** Recipients and what is to be done with each, in the order of their slices. */
interface Looked {
  slices: readonly Slice[];
  judged: readonly Judged[];
  /** Of those whom an earlier worker may have sent to, and who are not sent to twice: what became of it. */
  earlier: ReadonlyMap<Judged, SendOutcome>;
}

async function look(parts: Parts, way: Way, slices: readonly Slice[], signal: AbortSignal): Promise<Looked> {
  const { route, account } = way;
  const judged = await judgeForProvider(
    parts.db,
    route,
    recipientsOf(slices),
    {
      ...{ writingOf: ({ chunk }) => parts.writingOf(chunk), links: parts.links },
      givesCodes: account !== null,
    },
    new Date(),
  );
  const earlier = new Map<Judged, SendOutcome>();
  for (const one of judged) {
    if (one.verdict.kind !== "send" || isElsewhere(one.verdict.outbound, way)) continue;
    if (isDoubtful(one.recipient)) earlier.set(one, { kind: "unknown", ...afterCrash });
    else if (account === null) one.verdict = ruled("failed", "no_account");
  }
  if (account && earlier.size > 0) {
    const doubtful = [...earlier.keys()].flatMap((one) =>
      one.verdict.kind === "send" ? [{ one, outbound: one.verdict.outbound }] : [],
    );
    const found = await account.find(
      doubtful.map(({ outbound }) => outbound),
      signal,
    );
    for (const [index, { one }] of doubtful.entries()) {
      const outcome = found[index];
      if (outcome) earlier.set(one, outcome);
    }
  }
  return { slices, judged, earlier };
}

/**
 * An earlier worker may have sent to them, by an account where a repeat does harm: only those note whom they start with.
 * Whichever account is in charge by now, it does not send to them again.
 */
const isDoubtful = ({ position, chunk }: Recipient): boolean => position < chunk.started;

/** A device that got its token from another service since, or of which nobody knew one: it leaves by another account. */
const isElsewhere = ({ tokenService }: Outbound, { route, isDivided }: Way): boolean =>
  isDivided && tokenService !== route.tokenService;

/** As many of them from the start that no more than `limit` are to be sent to. */
function upTo(limit: number, looked: Looked): Looked {
  const { slices, judged, earlier } = looked;
  let sends = 0;
  const end = judged.findIndex((one) => one.verdict.kind === "send" && !earlier.has(one) && ++sends > limit);
  if (end < 0) return looked;
  let room = end;
  const cut = slices.flatMap(({ chunk, from, to }): Slice[] => {
    const taken = Math.min(room, to - from);
    room -= taken;
    return taken > 0 ? [{ chunk, from, to: from + taken }] : [];
  });
  return { slices: cut, judged: judged.slice(0, end), earlier };
}

/** Answers the chunks whose message is still to be sent; null when a lease was lost. */
async function sendSlices(
  parts: Parts,
  claim: Claim,
  way: Way,
  { slices, judged: looked, earlier }: Looked,
  signal: AbortSignal,
): Promise<ChunkKey[] | null> {
  if (slices.length === 0) return [];
  const { account } = way;
  // Of messages that were paused or cancelled since nobody is sent to.
  const going = new Set(slices.map(({ chunk }) => chunk));
  const judged = looked.filter(({ recipient }) => going.has(recipient.chunk));
  const toSend = judged.flatMap((one) =>
    one.verdict.kind === "send" && !earlier.has(one) && !isElsewhere(one.verdict.outbound, way)
      ? [{ one, ...one.verdict }]
      : [],
  );
  const outcomes =
    account && toSend.length > 0
      ? await account.send(
          toSend.map(({ outbound }) => outbound),
          signal,
        )
      : [];
  const outcomeOf = new Map<Judged, SendOutcome>([
    ...earlier,
    ...toSend.map(({ one }, index): [Judged, SendOutcome] => [one, outcomes[index] ?? { kind: "unsent" }]),
  ]);
  return record(
    parts,
    claim,
    way,
    slices,
    judged.map((one) => ({
      judged: one,
      outcome: outcomeOf.get(one) ?? (one.verdict.kind === "send" ? { kind: "unsent" } : null),
    })),
  );
}

/** The leases are somebody else's by now. */
class LeaseLost extends Error {}

/** Writes what came of a sub-batch and moves its chunks. Null when a lease was lost: then nothing is written. */
async function record(
  { db }: Parts,
  claim: Claim,
  way: Way,
  slices: readonly Slice[],
  results: readonly Result[],
): Promise<ChunkKey[] | null> {
  const { route, account } = way;
  const now = new Date();
  const rows: NewDelivery[] = [];
  const alerts: NewDelivery[] = [];
  const deferred: Judged[] = [];
  const again = new Map<ClaimedChunk, { positions: number[]; at: Date }>();
  const told: { judged: Judged; outcome: SendOutcome }[] = [];
  const halted = new Map<string, string>();
  const later: { recipient: Recipient; until: Date }[] = [];
  const unreached: Touch[] = [];
  for (const { judged, outcome } of results) {
    const { recipient } = judged;
    const written = recipient.chunk.isAlert ? alerts : rows;
    if (judged.verdict.kind === "later") {
      later.push({ recipient, until: judged.verdict.until });
      continue;
    }
    if (outcome === null) {
      // Who is not alerted still has the message in the inbox, and the row that says so.
      if (judged.verdict.kind !== "ruled" || recipient.chunk.isAlert) continue;
      const { state, reason, detail } = judged.verdict;
      rows.push(rowOf(judged, now, { state, reason, detail, attempts: recipient.chunk.attempt }));
      continue;
    }
    if (outcome.kind === "halted") halted.set(recipient.chunk.messageId, outcome.detail);
    else told.push({ judged, outcome });
    const settled = settle(outcome, {
      ...{ attempt: recipient.chunk.attempt, now },
      isRepeatSafe: !isDoubtful(recipient) && account?.isRepeatSafe === true,
      ...{ expiresAt: recipient.chunk.expiresAt, random: Math.random() },
    });
    if (settled.kind === "defer") deferred.push(judged);
    else if (settled.kind === "again") {
      const waiting = again.get(recipient.chunk) ?? { positions: [], at: settled.at };
      waiting.positions.push(recipient.position);
      if (settled.at > waiting.at) waiting.at = settled.at;
      again.set(recipient.chunk, waiting);
    } else {
      const row = rowOf(judged, now, { ...settled, attempts: recipient.chunk.attempt + 1 });
      row.code = settled.code;
      row.accountKey = account?.accountKey ?? null;
      row.providerId = settled.providerId;
      row.findsByProviderId = account?.needsLookup ?? false;
      written.push(row);
      if (isUnreached(judged, settled.state) && judged.verdict.kind === "send")
        unreached.push({ messageId: row.messageId, userKey: judged.verdict.user.userKey });
    }
  }
  const moved = slices.map(({ chunk, to }) => {
    const waiting = again.get(chunk);
    const againAt = waiting && (!chunk.againAt || waiting.at > chunk.againAt) ? waiting.at : chunk.againAt;
    return { chunk, to, again: [...chunk.again, ...(waiting?.positions ?? [])], againAt };
  });
  try {
    const underWay = await db.transaction(async (tx) => {
      const moves = moved.map(({ chunk, to, again, againAt }) => ({
        ...{ ...keyOf(chunk), done: to, started: startedUpTo(chunk, to), handed: to, again, againAt },
      }));
      const stillUnderWay = await moveChunks(tx, claim.owner, moves);
      if (!stillUnderWay) throw new LeaseLost();
      await recordDeliveries(tx, claim.slot, rows, now);
      await recordAlerts(tx, claim.slot, alerts, now);
      await insertChunks(tx, [...chunksOf(deferred, way, now), ...chunksLater(later)]);
      await releaseTouches(tx, route.appKey, unreached);
      await haltMessages(tx, route.appKey, halted);
      await obey(tx, route, told, now);
      return stillUnderWay;
    });
    for (const { chunk, to, again, againAt } of moved)
      Object.assign(chunk, { done: to, started: startedUpTo(chunk, to), again, againAt });
    return underWay;
  } catch (error) {
    if (error instanceof LeaseLost) return null;
    throw error;
  }
}

/** Whether a campaign that counted for somebody does not, after all: of devices another one may have got it. */
const isUnreached = ({ recipient: { chunk } }: Judged, state: NewDelivery["state"]): boolean =>
  chunk.isCapped && chunk.channel !== "push" && chunk.step === 0 && state !== "sent" && state !== "unknown";

/** A row for somebody to whom no account carried anything; built member by member, since there are thousands a second. */
function rowOf(
  { recipient, deliveryId }: Judged,
  at: Date,
  why: Pick<NewDelivery, "state" | "reason" | "detail" | "attempts">,
): NewDelivery {
  return {
    messageId: recipient.chunk.messageId,
    userKey: recipient.userKey,
    deliveryId,
    appKey: recipient.chunk.appKey,
    installationKey: recipient.installationKey,
    step: recipient.chunk.step,
    variant: recipient.chunk.variant,
    attempts: why.attempts,
    state: why.state,
    reason: why.reason,
    code: null,
    detail: why.detail,
    accountKey: null,
    providerId: null,
    findsByProviderId: false,
    address: recipient.address,
    at,
  };
}

/** Recipients that were not sent to, since their account closed, in chunks of their own: due as soon as it is open. */
const chunksOf = (deferred: readonly Judged[], { isDivided }: Way, now: Date): NewChunk[] =>
  chunksBeside(
    deferred.map(({ recipient, verdict }) => ({
      recipient,
      tokenService:
        isDivided && verdict.kind === "send" ? verdict.outbound.tokenService : recipient.chunk.tokenService,
    })),
    { notBefore: now },
  );

/** What a provider said of addresses: dead ones are not written to again, nor are people who have left. */
async function obey(
  tx: Transaction,
  { appKey, channel }: Way["route"],
  told: readonly { judged: Judged; outcome: SendOutcome }[],
  now: Date,
): Promise<void> {
  const tokens: Parameters<typeof dropTokens>[2][number][] = [];
  const addresses: ToldAddress[] = [];
  for (const { judged, outcome } of told) {
    const what = whatIsTold(outcome);
    if (!what || !("detail" in outcome) || judged.verdict.kind !== "send") continue;
    const { outbound, user } = judged.verdict;
    if (channel !== "push") {
      const { deliveryId } = judged;
      addresses.push({ what, channel, address: outbound.to, deliveryId, detail: outcome.detail });
    } else if (outcome.kind === "gone")
      tokens.push({
        ...{ userKey: user.userKey, installationKey: judged.recipient.installationKey, token: outbound.to },
        ...{ isUnregistered: outcome.cause === "unregistered", since: outcome.since ?? null },
      });
  }
  await dropTokens(tx, appKey, tokens, now);
  await heedAddresses(tx, appKey, addresses, now);
}

/** What an outcome says of the address; null for nothing that lasts. */
function whatIsTold(outcome: SendOutcome): ToldAddress["what"] | null {
  if (outcome.kind === "gone" || outcome.kind === "left") return outcome.kind;
  return outcome.kind === "rejected" && outcome.isUnreachable ? "unreached" : null;
}

/** Of chunks that are through, those to try again take their place; the others are done with. */
async function end(parts: Parts, claim: Claim, worked: readonly ClaimedChunk[]): Promise<void> {
  const chunks = worked.filter((chunk) => !isLeft(chunk));
  for (const chunk of chunks.filter(({ again }) => again.length > 0)) {
    await restartChunk(parts.db, claim.owner, {
      ...keyOf(chunk),
      userKeys: chunk.again.map((position) => chunk.userKeys[position] ?? ""),
      installationKeys: chunk.again.map((position) => chunk.installationKeys[position] ?? ""),
      attempt: chunk.attempt + 1,
      notBefore: chunk.againAt ?? new Date(),
    });
  }
  const through = chunks.filter(({ again }) => again.length === 0);
  if (through.length === 0) return;
  await deleteChunks(parts.db, claim.owner, through.map(keyOf));
  await parts.complete(through);
}
