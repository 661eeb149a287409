import type { Logger } from "pino";
import { v7 as uuidv7 } from "uuid";
import { inboxPayload } from "../channels/inbox/payload.ts";
import type { Database } from "../db/database.ts";
import { listen, notify } from "../db/notify.ts";
import { type NewDelivery, recordDeliveries } from "../deliveries/record.ts";
import { findConnected, findCurrentInstallations } from "../installations/installations.ts";
import { deliveryId, nilUuid } from "../lib/keys.ts";
import type { InboxPublisher } from "../realtime/publisher.ts";
import {
  type ClaimedChunk,
  claimChunk,
  deleteChunk,
  extendLeases,
  finishLeftovers,
  finishMessage,
  moveChunk,
  releaseLease,
} from "./queries.ts";

/** A lease that is not extended for this long belongs to nobody: its worker died, or failed with the chunk. */
const leaseMs = 8_000;
const extendEveryMs = 2_000;
/** The truth is in the table; a notification only shortens the wait. */
const pollEveryMs = 1_000;
/** Recipients written in one transaction. */
const batchSize = 500;

export interface Dispatcher {
  stop(): Promise<void>;
}

interface Parts {
  db: Database;
  publisher: InboxPublisher;
  logger: Logger;
  /** Chunks worked on at once. */
  lanes: number;
}

/**
 * Works through chunks until stopped: claims one under a lease, looks at each recipient once more, writes the
 * deliveries with their outcome, and then hands the messages to connected devices.
 */
export function startDispatch(parts: Parts): Dispatcher {
  const { db, logger } = parts;
  const stopping = new AbortController();
  const wake = createWake(stopping.signal);
  const hints = listen(db, "chapar_work", () => wake.all());
  const report = (error: unknown) => logger.error({ err: error }, "sending paused for a moment");

  // One owner a claim: a chunk that a lane failed with is extended no longer, and another lane cannot share it.
  const owners = new Set<string>();
  const leases = setInterval(() => {
    extendLeases(db, { owners: [...owners], until: new Date(Date.now() + leaseMs) }).catch(report);
    finishLeftovers(db, new Date()).catch(report);
  }, extendEveryMs);

  const workNext = async (index: number): Promise<boolean> => {
    const owner = uuidv7();
    const now = new Date();
    owners.add(owner);
    try {
      const chunk = await claimChunk(db, { owner, now, until: new Date(now.getTime() + leaseMs) });
      if (!chunk) return false;
      await workChunk(parts, { ...chunk, owner }, index + 1, stopping.signal);
      // Others need not wait for the lease of a worker that stops.
      if (stopping.signal.aborted) await releaseLease(db, owner);
      return true;
    } finally {
      owners.delete(owner);
    }
  };
  const lane = async (index: number) => {
    while (!stopping.signal.aborted) {
      try {
        if (!(await workNext(index))) await wake.wait(pollEveryMs);
      } catch (error) {
        report(error);
        await wake.wait(pollEveryMs);
      }
    }
  };
  const lanes = Array.from({ length: parts.lanes }, (_, index) => lane(index));

  return {
    async stop() {
      stopping.abort();
      hints.stop();
      clearInterval(leases);
      wake.all();
      await Promise.all(lanes);
    },
  };
}

type LeasedChunk = ClaimedChunk & { owner: string };

/** The lease went to another worker while this one was away: the transaction is undone and the chunk left alone. */
class LeaseLost extends Error {}

async function workChunk(parts: Parts, chunk: LeasedChunk, slot: number, signal: AbortSignal): Promise<void> {
  const { db } = parts;
  const size = chunk.userKeys.length;
  // What an earlier worker wrote but perhaps did not hand over: devices drop what they have already, by its id.
  if (chunk.handed < chunk.done) await handOver(parts, chunk, chunk.handed, chunk.done);
  try {
    for (let from = chunk.done; from < size && !signal.aborted; from += batchSize) {
      const to = Math.min(from + batchSize, size);
      await record(parts, chunk, { from, to, slot });
      await handOver(parts, chunk, from, to);
      if (to < size) continue;
      await deleteChunk(db, chunk);
      if (await finishMessage(db, chunk.messageId, new Date())) await announce(parts, chunk);
      return;
    }
    if (chunk.done === size) {
      await deleteChunk(db, chunk);
      await finishMessage(db, chunk.messageId, new Date());
    }
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
  }
}

/** Writes the rows of some recipients with their outcome, and how far the chunk is, in one transaction. */
async function record(
  { db }: Parts,
  chunk: LeasedChunk,
  { from, to, slot }: { from: number; to: number; slot: number },
): Promise<void> {
  await db.transaction(async (tx) => {
    const held = await moveChunk(tx, { ...chunk, done: to, handed: from });
    if (!held) throw new LeaseLost();
    const pairs = {
      userKeys: chunk.userKeys.slice(from, to),
      installationKeys: chunk.installationKeys.slice(from, to),
    };
    const current = await findCurrentInstallations(tx, chunk.appKey, pairs);
    const connected = await findConnected(tx, chunk.appKey, pairs.installationKeys);
    const now = new Date();
    const rows = pairs.installationKeys.map((installationKey, index): NewDelivery => {
      const userKey = pairs.userKeys[index] ?? "";
      const address = chunk.addresses?.[from + index] || null;
      return {
        messageId: chunk.messageId,
        userKey,
        deliveryId: deliveryId(chunk.messageId, userKey, address ?? installationKey),
        appKey: chunk.appKey,
        installationKey,
        address,
        ...outcomeOf(
          chunk,
          current.get(installationKey),
          connected.has(installationKey),
          now,
          installationKey,
        ),
        at: now,
      };
    });
    await recordDeliveries(tx, slot, rows);
    await notify(tx, "chapar_changes", `${chunk.appKey}:message:${chunk.messageId}`);
  });
}

function outcomeOf(
  chunk: ClaimedChunk,
  installation: { optedOut: boolean } | undefined,
  isConnected: boolean,
  now: Date,
  installationKey: string,
): Pick<NewDelivery, "state" | "reason"> {
  if (installationKey === nilUuid) return { state: "failed", reason: "device_not_found" };
  if (!installation) return { state: "skipped", reason: "removed" };
  if (installation.optedOut) return { state: "skipped", reason: "opted_out" };
  if (chunk.expiresAt && chunk.expiresAt <= now) return { state: "expired", reason: null };
  if (isConnected) return { state: "sent", reason: null };
  if (chunk.content.live) return { state: "skipped", reason: "not_connected" };
  return { state: "waiting", reason: null };
}

/**
 * Publishes to the recipients who are connected now. Asked after the rows are committed: a device that says hello
 * either finds its row there, or is found here, so that nobody falls between the two.
 */
async function handOver(
  { db, publisher }: Parts,
  chunk: ClaimedChunk,
  from: number,
  to: number,
): Promise<void> {
  const keys = chunk.installationKeys.slice(from, to);
  const connected = await findConnected(db, chunk.appKey, keys);
  if (connected.size === 0) return;
  const pairs = { userKeys: chunk.userKeys.slice(from, to), installationKeys: keys };
  const current = await findCurrentInstallations(db, chunk.appKey, pairs);
  const payload = JSON.stringify(inboxPayload({ ...chunk, createdAt: chunk.messageCreatedAt }));
  const recipients = [...connected]
    .map((key) => current.get(key))
    .filter((found) => found && !found.optedOut);
  await publisher.publish(
    recipients.map((recipient) => ({ appId: chunk.appId, installationId: recipient?.installationId ?? "" })),
    payload,
  );
}

const announce = ({ db }: Parts, chunk: ClaimedChunk) =>
  notify(db, "chapar_changes", `${chunk.appKey}:message:${chunk.messageId}`);

/** Lets lanes sleep until somebody calls, or a time has passed. */
function createWake(signal: AbortSignal) {
  const sleepers = new Set<() => void>();
  return {
    all() {
      for (const rouse of sleepers) rouse();
    },
    wait(ms: number): Promise<void> {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const rouse = () => {
          clearTimeout(timer);
          sleepers.delete(rouse);
          resolve();
        };
        const timer = setTimeout(rouse, ms);
        sleepers.add(rouse);
      });
    },
  };
}
