import type { Logger } from "pino";
import { v7 as uuidv7 } from "uuid";
import { inboxPayload } from "../channels/inbox/payload.ts";
import type { Database, Queryable } from "../db/database.ts";
import { listen, notify } from "../db/notify.ts";
import { findRecorded } from "../deliveries/deliveries.ts";
import { type NewDelivery, recordDeliveries } from "../deliveries/record.ts";
import {
  type CurrentInstallation,
  findConnected,
  findCurrentInstallations,
} from "../installations/installations.ts";
import { deliveryId, nilUuid } from "../lib/keys.ts";
import type { InboxPublisher } from "../realtime/publisher.ts";
import {
  type ClaimedChunk,
  claimChunks,
  deleteChunks,
  extendLeases,
  finishLeftovers,
  finishMessages,
  moveChunks,
  releaseLease,
} from "./queries.ts";

/** A lease that is not extended for this long belongs to nobody: its worker died, or failed with the chunk. */
const leaseMs = 8_000;
const extendEveryMs = 2_000;
/** The truth is in the table; a notification only shortens the wait. */
const pollEveryMs = 1_000;
/** Small sends claimed at once: a thousand messages to one person each are a few transactions, not a thousand. */
const smallAtOnce = 50;
/** Recipients written in one transaction. */
const batchSize = 500;

export interface Dispatcher {
  stop(): Promise<void>;
}

interface Parts {
  db: Database;
  publisher: InboxPublisher;
  logger: Logger;
  /** Groups of chunks worked on at once. */
  lanes: number;
}

/**
 * Works through chunks until stopped: claims some under a lease, looks at each recipient once more, writes the
 * deliveries with their outcome, and then hands the messages to connected devices.
 */
export function startDispatch(parts: Parts): Dispatcher {
  const { db, logger } = parts;
  const stopping = new AbortController();
  const wake = createWake(stopping.signal);
  const hints = listen(db, "chapar_work", () => wake.all());
  const report = (error: unknown) => logger.error({ err: error }, "sending paused for a moment");
  // One owner a claim: chunks that a lane failed with are extended no longer, and another lane cannot share them.
  const owners = new Set<string>();

  const leases = setInterval(() => {
    extendLeases(db, { owners: [...owners], until: new Date(Date.now() + leaseMs) }).catch(report);
    finishLeftovers(db, new Date()).catch(report);
  }, extendEveryMs);

  // Claims that are left to be made singly: when a group fails, the one at fault must not hold up the others.
  let singly = 0;
  const workNext = async (slot: number): Promise<boolean> => {
    const owner = uuidv7();
    const now = new Date();
    owners.add(owner);
    let claimed = 0;
    try {
      const lease = { owner, now, until: new Date(now.getTime() + leaseMs) };
      const chunks = await claimChunks(db, lease, singly > 0 ? 1 : smallAtOnce);
      singly = Math.max(0, singly - 1);
      claimed = chunks.length;
      if (chunks.length === 0) return false;
      await workChunks(parts, { owner, chunks, slot }, stopping.signal);
      if (stopping.signal.aborted) await releaseLease(db, owner);
      return true;
    } catch (error) {
      if (claimed > 1) {
        singly += claimed;
        await releaseLease(db, owner);
      }
      throw error;
    } finally {
      owners.delete(owner);
    }
  };
  const lane = async (index: number) => {
    while (!stopping.signal.aborted) {
      const found = await workNext(index + 1).catch((error) => {
        report(error);
        return false;
      });
      if (!found) await wake.wait(pollEveryMs);
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

/** Some recipients of a chunk, from position `from` up to `to`. */
interface Slice {
  chunk: ClaimedChunk;
  from: number;
  to: number;
}

/** Chunks leased together by one lane. */
interface Claim {
  owner: string;
  chunks: readonly ClaimedChunk[];
  /** The lane's own row of the counters. */
  slot: number;
}

async function workChunks(parts: Parts, claim: Claim, signal: AbortSignal): Promise<void> {
  const { owner, chunks } = claim;
  // What an earlier worker wrote but perhaps did not hand over: devices drop what they have already, by its id.
  const unhanded = chunks.filter((chunk) => chunk.handed < chunk.done);
  await handOver(
    parts,
    unhanded.map((chunk) => ({ chunk, from: chunk.handed, to: chunk.done })),
  );
  await complete(
    parts,
    owner,
    chunks.filter((chunk) => chunk.done >= chunk.userKeys.length),
  );
  for (const slices of batches(chunks)) {
    if (signal.aborted) return;
    if (!(await record(parts, claim, slices))) return;
    await handOver(parts, slices);
    const ended = slices.filter(({ chunk, to }) => to === chunk.userKeys.length);
    await complete(
      parts,
      owner,
      ended.map(({ chunk }) => chunk),
    );
  }
}

/** What is left of the chunks, cut so that each list of slices has at most `batchSize` recipients. */
function* batches(chunks: readonly ClaimedChunk[]): Generator<Slice[]> {
  let batch: Slice[] = [];
  let room = batchSize;
  for (const chunk of chunks) {
    for (let from = chunk.done; from < chunk.userKeys.length; ) {
      const to = Math.min(from + room, chunk.userKeys.length);
      batch.push({ chunk, from, to });
      room -= to - from;
      from = to;
      if (room > 0) continue;
      yield batch;
      batch = [];
      room = batchSize;
    }
  }
  if (batch.length > 0) yield batch;
}

/** The leases are somebody else's by now. */
class LeaseLost extends Error {}

/**
 * Writes the rows of some recipients with their outcome, and how far their chunks are, in one transaction. False when
 * a lease was lost while this worker was away: then nothing was written, and the chunks are left to who has them.
 */
async function record({ db }: Parts, { owner, slot }: Claim, slices: readonly Slice[]): Promise<boolean> {
  const moves = slices.map(({ chunk, from, to }) => ({ ...keyOf(chunk), done: to, handed: from }));
  try {
    await db.transaction(async (tx) => {
      if (!(await moveChunks(tx, owner, moves))) throw new LeaseLost();
      const now = new Date();
      const rows: NewDelivery[] = [];
      for (const ofApp of byApp(slices)) {
        const pairs = pairsOf(ofApp);
        const appKey = ofApp[0]?.chunk.appKey ?? 0;
        const current = await findCurrentInstallations(tx, appKey, pairs);
        const connected = await findConnected(tx, appKey, pairs.installationKeys);
        const repeats = await findRepeats(tx, ofApp, current);
        for (const slice of ofApp) rows.push(...deliveriesOf(slice, { current, connected, repeats }, now));
      }
      await recordDeliveries(tx, slot, rows);
      await announce(
        tx,
        slices.map(({ chunk }) => chunk),
      );
    });
    return true;
  } catch (error) {
    if (error instanceof LeaseLost) return false;
    throw error;
  }
}

/** What recipients look like at the moment of sending, by installation key. */
interface Looks {
  current: ReadonlyMap<string, CurrentInstallation>;
  connected: ReadonlySet<string>;
  /** Which have the message already, under the user that they were of before. */
  repeats: Repeats;
}

/** Recipients (see {@link pairOf}) whose device has the message already. */
type Repeats = ReadonlySet<string>;
const pairOf = (messageId: string, userKey: string, installationKey: string) =>
  `${messageId}/${userKey}/${installationKey}`;

/**
 * An audience is frozen range by range of user keys. A device that changed hands meanwhile may have been met twice: under
 * the user of before, and under the one of now.
 */
async function findRepeats(
  db: Queryable,
  slices: readonly Slice[],
  current: ReadonlyMap<string, CurrentInstallation>,
): Promise<Repeats> {
  const repeats = new Set<string>();
  const elsewhere: { messageId: string; userKey: string; installationKey: string; repeat: string }[] = [];
  const moved = new Set<string>();
  for (const { chunk, from, to } of slices) {
    const { messageId } = chunk;
    for (let index = from; index < to; index++) {
      const installationKey = chunk.installationKeys[index] ?? "";
      const now = current.get(installationKey);
      if (!now?.pastUserKeys) continue;
      const frozenKey = chunk.userKeys[index] ?? "";
      const repeat = pairOf(messageId, frozenKey, installationKey);
      if (frozenKey !== now.userKey) moved.add(repeat);
      for (const userKey of [now.userKey, ...now.pastUserKeys]) {
        if (userKey !== frozenKey) elsewhere.push({ messageId, userKey, installationKey, repeat });
      }
    }
  }
  const recorded = await findRecorded(db, elsewhere);
  // Of two that are about to be sent, the one under the user of now is.
  const about = new Set(elsewhere.map(({ repeat }) => repeat));
  for (const { messageId, userKey, installationKey, repeat } of elsewhere) {
    const other = pairOf(messageId, userKey, installationKey);
    if (recorded.has(other) || (moved.has(repeat) && about.has(other))) repeats.add(repeat);
  }
  return repeats;
}

function deliveriesOf(
  { chunk, from, to }: Slice,
  { current, connected, repeats }: Looks,
  now: Date,
): NewDelivery[] {
  return chunk.installationKeys.slice(from, to).map((installationKey, index) => {
    const userKey = chunk.userKeys[from + index] ?? "";
    const address = chunk.addresses?.[from + index] || null;
    return {
      messageId: chunk.messageId,
      userKey,
      deliveryId: deliveryId(chunk.messageId, userKey, address ?? installationKey),
      appKey: chunk.appKey,
      installationKey,
      address,
      ...(repeats.has(pairOf(chunk.messageId, userKey, installationKey))
        ? { state: "skipped" as const, reason: "repeated" as const }
        : outcomeOf(
            chunk,
            installationKey,
            current.get(installationKey),
            connected.has(installationKey),
            now,
          )),
      at: now,
    };
  });
}

function outcomeOf(
  chunk: ClaimedChunk,
  installationKey: string,
  installation: CurrentInstallation | undefined,
  isConnected: boolean,
  now: Date,
): Pick<NewDelivery, "state" | "reason"> {
  if (installationKey === nilUuid) return { state: "failed", reason: "device_not_found" };
  if (!installation) return { state: "skipped", reason: "removed" };
  if (installation.isUninstalled) return { state: "skipped", reason: "uninstalled" };
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
async function handOver({ db, publisher }: Parts, slices: readonly Slice[]): Promise<void> {
  for (const ofApp of byApp(slices)) {
    const appKey = ofApp[0]?.chunk.appKey ?? 0;
    const pairs = pairsOf(ofApp);
    const connected = await findConnected(db, appKey, pairs.installationKeys);
    if (connected.size === 0) continue;
    const current = await findCurrentInstallations(db, appKey, pairs);
    const repeats = await findRepeats(db, ofApp, current);
    for (const { chunk, from, to } of ofApp) {
      if (chunk.expiresAt && chunk.expiresAt <= new Date()) continue;
      const recipients = chunk.installationKeys
        .slice(from, to)
        .filter((key, index) => {
          const userKey = chunk.userKeys[from + index] ?? "";
          return connected.has(key) && !repeats.has(pairOf(chunk.messageId, userKey, key));
        })
        .map((key) => current.get(key))
        .filter((installation) => installation && !installation.optedOut && !installation.isUninstalled)
        .map((installation) => ({ appId: chunk.appId, installationId: installation?.installationId ?? "" }));
      if (recipients.length === 0) continue;
      await publisher.publish(
        recipients,
        JSON.stringify(inboxPayload({ ...chunk, createdAt: chunk.messageCreatedAt })),
      );
    }
  }
}

/** Forgets chunks that were recorded and handed over, and finishes the messages that had no others. */
async function complete({ db }: Parts, owner: string, chunks: readonly ClaimedChunk[]): Promise<void> {
  if (chunks.length === 0) return;
  await deleteChunks(db, owner, chunks.map(keyOf));
  const messageIds = [...new Set(chunks.map(({ messageId }) => messageId))];
  await announce(db, await finishMessages(db, messageIds, new Date()));
}

/** Tells panels of a few of the messages: they read the list anew anyway. */
async function announce(
  db: Queryable,
  messages: readonly { appKey: number; messageId: string }[],
): Promise<void> {
  const changed = new Set(messages.map(({ appKey, messageId }) => `${appKey}:message:${messageId}`));
  for (const payload of [...changed].slice(0, 3)) await notify(db, "chapar_changes", payload);
}

const keyOf = ({ messageId, seq }: ClaimedChunk) => ({ messageId, seq });

const pairsOf = (slices: readonly Slice[]) => ({
  userKeys: slices.flatMap(({ chunk, from, to }) => chunk.userKeys.slice(from, to)),
  installationKeys: slices.flatMap(({ chunk, from, to }) => chunk.installationKeys.slice(from, to)),
});

function byApp(slices: readonly Slice[]): Slice[][] {
  const groups = new Map<number, Slice[]>();
  for (const slice of slices) {
    const group = groups.get(slice.chunk.appKey);
    if (group) group.push(slice);
    else groups.set(slice.chunk.appKey, [slice]);
  }
  return [...groups.values()];
}

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
