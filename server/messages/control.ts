import { type Actor, record } from "../accounts/audit.ts";
import type { Database, Transaction } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { CountChanges, sharedSlot, sumCounts, writeCounts } from "../deliveries/counters.ts";
import { addJob } from "../jobs/queue.ts";
import { Problem } from "../lib/problem.ts";
import {
  type LockedMessage,
  lockMessage,
  setStatus,
  type TakenDelivery,
  takeFailed,
} from "./queries/control.ts";
import { insertChunks, largeSend, type NewChunk, smallSend } from "./queries/new-chunks.ts";
import type { MessageStatus } from "./schema.ts";
import { seqBeside, sizeAtPace } from "./slices.ts";

export const retryTask = "retry_message";

/** Recipients queued again in one transaction. */
const retryAtOnce = 1_000;

/** Whose history has what is done to a message: its own, or that of its campaign; nobody's where that has it already. */
export type Told = { noun: "message" | "campaign"; id: string } | null;

/** Stops before the next sub-batch; recipients stay queued. */
export const pauseMessage = (db: Database, caller: Actor, messageId: string, of?: Told): Promise<void> =>
  change(db, caller, { messageId, verb: "paused", of }, ({ status }) => {
    if (status === "paused") return null;
    if (["accepted", "expanding", "running"].includes(status)) return "paused";
    throw new Problem("conflict", `This message is ${status}: there is nothing left to pause.`);
  });

export const resumeMessage = (db: Database, caller: Actor, messageId: string, of?: Told): Promise<void> =>
  change(db, caller, { messageId, verb: "resumed", of }, ({ status, isFrozen }) => {
    if (status === "paused") return isFrozen ? "running" : "expanding";
    if (["accepted", "expanding", "running"].includes(status)) return null;
    throw new Problem("conflict", `This message is ${status}: it cannot be resumed.`);
  });

/** Ends it: who is queued, or waits in an inbox, will not get it. What was sent stays sent. */
export async function cancelMessage(
  db: Database,
  caller: Actor,
  messageId: string,
  of?: Told,
): Promise<void> {
  const waiting = (await sumCounts(db, [messageId])).get(messageId)?.waiting ?? 0;
  await change(db, caller, { messageId, verb: "cancelled", of }, ({ status }) => {
    if (status === "cancelled") return null;
    if (status === "finished" && waiting === 0)
      throw new Problem("conflict", "This message has finished: everybody has it, or will not get it.");
    return "cancelled";
  });
}

async function change(
  db: Database,
  caller: Actor,
  {
    messageId,
    verb,
    of = { noun: "message", id: messageId },
  }: { messageId: string; verb: "paused" | "resumed" | "cancelled"; of: Told | undefined },
  next: (message: LockedMessage) => MessageStatus | null,
): Promise<void> {
  const { appKey } = caller;
  await db.transaction(async (tx) => {
    const message = await requireLocked(tx, appKey, messageId);
    const status = next(message);
    if (status === null) return;
    await setStatus(tx, messageId, status);
    const detail = { message: messageId, before: { status: message.status }, after: { status } };
    if (of) await record(tx, caller, `${of.noun}.${verb}`, of.id, detail);
    await notify(tx, "chapar_work");
    await notify(tx, "chapar_changes", `${appKey}:message:${messageId}`);
  });
}

async function requireLocked(tx: Transaction, appKey: number, messageId: string): Promise<LockedMessage> {
  const message = await lockMessage(tx, appKey, messageId);
  if (!message) throw new Problem("not_found", `There is no message ${messageId} in this app.`);
  return message;
}

/**
 * Queues those again who were not reached: failed ones, and on wish those of whom nobody knows. They go under the same
 * delivery ids. Answers how many; a large number is queued by a job that starts at once.
 */
export async function retryMessage(
  db: Database,
  caller: Actor,
  messageId: string,
  {
    isUnknownToo,
    of = { noun: "message", id: messageId },
  }: { isUnknownToo: boolean; of?: NonNullable<Told> },
): Promise<number> {
  const { appKey } = caller;
  return db.transaction(async (tx) => {
    const message = await requireLocked(tx, appKey, messageId);
    if (message.status === "cancelled")
      throw new Problem(
        "conflict",
        "This message was cancelled. Send a new one to those who did not get it.",
      );
    if (message.expiresAt && message.expiresAt <= new Date())
      throw new Problem(
        "conflict",
        "The time of this message is over. Send a new one to those who did not get it.",
      );
    const counts = (await sumCounts(tx, [messageId])).get(messageId);
    const { queued, last } = await queueAgain(tx, appKey, message, { isUnknownToo, after: null });
    const { failed = 0, unknown = 0 } = counts ?? {};
    if (queued > 0) {
      const before = { failed, ...(isUnknownToo ? { unknown } : {}) };
      await record(tx, caller, `${of.noun}.retried`, of.id, { message: messageId, before });
    }
    if (queued < retryAtOnce) return queued;
    await addJob(tx, {
      task: retryTask,
      key: messageId,
      payload: { appKey, messageId, isUnknownToo, after: last },
    });
    return Math.max(queued, failed + (isUnknownToo ? unknown : 0));
  });
}

/** The rest of {@link retryMessage}, a transaction at a time; what was queued by an earlier run is not found again. */
export async function continueRetry(
  db: Database,
  job: { appKey: number; messageId: string; isUnknownToo: boolean; after: string | null },
  signal: AbortSignal,
): Promise<void> {
  let { after } = job;
  for (;;) {
    signal.throwIfAborted();
    const { queued, last } = await db.transaction(async (tx) => {
      const message = await requireLocked(tx, job.appKey, job.messageId);
      if (message.status === "cancelled") return { queued: 0, last: null };
      return queueAgain(tx, job.appKey, message, { isUnknownToo: job.isUnknownToo, after });
    });
    if (queued < retryAtOnce) return;
    after = last;
  }
}

async function queueAgain(
  tx: Transaction,
  appKey: number,
  message: LockedMessage,
  { isUnknownToo, after }: { isUnknownToo: boolean; after: string | null },
): Promise<{ queued: number; last: string | null }> {
  const { messageId } = message;
  const now = new Date();
  const taken = await takeFailed(tx, appKey, { messageId, isUnknownToo, after, limit: retryAtOnce });
  if (taken.length === 0) return { queued: 0, last: null };
  const changes = new CountChanges();
  for (const row of taken) changes.remove(row, 1);
  await writeCounts(tx, sharedSlot, changes, now);
  await insertChunks(tx, chunksOf(appKey, message, taken, now));
  if (message.status === "finished") await setStatus(tx, messageId, "running");
  await notify(tx, "chapar_work");
  await notify(tx, "chapar_changes", `${appKey}:message:${messageId}`);
  return {
    queued: taken.length,
    last:
      taken
        .map(({ userKey }) => userKey)
        .sort()
        .at(-1) ?? null,
  };
}

function chunksOf(
  appKey: number,
  message: LockedMessage,
  taken: readonly TakenDelivery[],
  now: Date,
): NewChunk[] {
  const groups = new Map<string, TakenDelivery[]>();
  for (const row of taken) {
    const name = `${row.step} ${row.variant}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const { throttle } = message;
  const size = sizeAtPace(throttle);
  // Small chunks are taken many at a time; of a small message nobody looks for large ones.
  const isLarge = throttle !== null || (message.priority === largeSend && taken.length >= retryAtOnce);
  return [...groups.values()].flatMap((rows) =>
    Array.from({ length: Math.ceil(rows.length / size) }, (_, part) =>
      rows.slice(part * size, (part + 1) * size),
    ).flatMap((part) => (part[0] ? [chunkOf(part[0], part)] : [])),
  );

  function chunkOf({ step, variant }: TakenDelivery, rows: readonly TakenDelivery[]): NewChunk {
    return {
      ...{
        messageId: message.messageId,
        appKey,
        step,
        variant,
        stage: 0,
        tokenService: null,
        isAlert: false,
      },
      ...{ attempt: 0, addresses: null, notBefore: now },
      channel: step === 0 ? message.channel : (message.content.fallback?.channel ?? message.channel),
      priority: isLarge ? largeSend : smallSend,
      seq: seqBeside(),
      userKeys: rows.map(({ userKey }) => userKey),
      installationKeys: rows.map(({ installationKey }) => installationKey),
    };
  }
}
