import type { Logger } from "pino";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "../db/database.ts";
import { createHints, type Hints, listen } from "../db/notify.ts";
import type { Links } from "../links/links.ts";
import type { Gate } from "../providers/gate.ts";
import type { InboxPublisher } from "../realtime/publisher.ts";
import { divide } from "./divide.ts";
import { createLanes, type Lane } from "./lanes.ts";
import {
  type ClaimedChunk,
  claimCancelled,
  claimLarge,
  claimSmall,
  extendLeases,
  pace,
  releaseChunks,
  routeOf,
} from "./queries/claims.ts";
import { finishLeftovers, finishMessages } from "./queries/messages.ts";
import { sendByInbox } from "./send-by-inbox.ts";
import { sendByProvider } from "./send-by-provider.ts";
import { sendNothing } from "./send-nothing.ts";
import { keyOf } from "./slices.ts";
import { createWake, smallWork } from "./wake.ts";
import { rememberWritings } from "./writing.ts";

/** A lease that is not extended for this long belongs to nobody: its worker died, or failed with the chunk. */
const leaseMs = 8_000;
const extendEveryMs = 2_000;
/** So much before its end a lease counts as over: what is begun then may be somebody else's. */
const leaseMarginMs = 1_000;
/** The truth is in the table; a notification only shortens the wait. */
const pollEveryMs = 1_000;
/** Small sends claimed at once: a thousand messages to one person each are a few transactions, not a thousand. */
const smallAtOnce = 100;
/** Chunks of cancelled messages that are written off together. */
const cancelledAtOnce = 20;
const rememberedServed = 1_000;

export interface Dispatcher {
  stop(): Promise<void>;
}

interface Parts {
  db: Database;
  publisher: InboxPublisher;
  gate: Gate;
  links: Links;
  logger: Logger;
}

/**
 * Works through chunks until stopped: claims some under a lease and has each route (an app and a channel) sent by lanes
 * of its own, so that a slow provider holds up nobody else, and a broadcast no message to one person.
 */
export function startDispatch(parts: Parts): Dispatcher {
  const { db, logger } = parts;
  const stopping = new AbortController();
  const wake = createWake(stopping.signal);
  // Large sends and cancelled ones are looked for only when there may be some: each look takes a statement. What nobody
  // hints at, as a lease that ran out, is found by looking now and then, also while small work keeps the loop awake.
  /** When to look for all, by the clock; 0 for now. */
  let lookAt = 0;
  const hints = listen(db, "chapar_work", (work) => {
    if (work !== smallWork) lookAt = 0;
    wake.call();
  });
  const report = (error: unknown) => logger.error({ err: error }, "sending paused for a moment");
  const writingOf = rememberWritings();
  const lanes = createLanes();
  const panels = createHints(db, report);
  const complete = completion(db, panels);
  // One owner a claim, and how many lanes work on it: chunks that a lane failed with are extended no longer.
  const leased = new Map<string, number>();
  const working = new Set<Promise<void>>();
  // Large sends in the order in which they were given a chunk: who waits longest is next.
  const served = new Set<string>();
  // Claims that are left to be made singly: when a group fails, the one at fault must not hold up the others.
  let singly = 0;

  /** Until when a claim is ours for certain, by our own clock: counted from before the database was asked. */
  const heldUntil = new Map<string, number>();
  const isHeld = (owner: string) => performance.now() < (heldUntil.get(owner) ?? 0) - leaseMarginMs;

  const extend = async (): Promise<void> => {
    const asked = performance.now();
    // After a stall somebody else may have them: those are not taken back.
    const owners = [...leased.keys()].filter(isHeld);
    await extendLeases(db, { owners, ms: leaseMs });
    for (const owner of owners) if (leased.has(owner)) heldUntil.set(owner, asked + leaseMs);
  };
  const leases = setInterval(() => {
    extend().catch(report);
    finishLeftovers(db, new Date())
      .then((finished) => tell(panels, finished))
      .catch(report);
  }, extendEveryMs);

  /** Answers what was not sent to its end. */
  const send = async (
    lane: Lane,
    owner: string,
    chunks: readonly ClaimedChunk[],
    letGo: () => void,
  ): Promise<ClaimedChunk[]> => {
    const through = new Set<ClaimedChunk>();
    const claim = { owner, chunks, slot: lane.slot, isHeld: () => isHeld(owner), letGo };
    const work = {
      ...{ ...parts, writingOf },
      complete: async (ended: readonly ClaimedChunk[]) => {
        for (const chunk of ended) through.add(chunk);
        await complete(ended);
      },
    };
    if (lane.kind === "cancelled") await sendNothing(work, claim);
    else if (lane.channel === "inbox") await sendByInbox(work, claim, stopping.signal);
    else {
      const stopped = await sendByProvider(work, claim, stopping.signal);
      if (stopped) lanes.close(lane, stopped.until);
    }
    return chunks.filter((chunk) => !through.has(chunk));
  };

  /** Sends in the background; the lane is free again afterwards, whatever happened. */
  const start = (lane: Lane, owner: string, chunks: readonly ClaimedChunk[]): void => {
    leased.set(owner, (leased.get(owner) ?? 0) + 1);
    let isFree = false;
    const letGo = () => {
      if (isFree) return;
      isFree = true;
      lanes.free(lane);
      if (lane.kind !== "small") lookAt = 0;
      wake.call();
    };
    const work = send(lane, owner, chunks, letGo)
      .then(
        (left) => giveBack(owner, left),
        async (error) => {
          report(error);
          // Alone it is left to its lease: a moment of rest before it is tried again.
          if (chunks.length <= 1) return;
          singly += chunks.length;
          await releaseChunks(
            db,
            owner,
            chunks.map((chunk) => ({ ...keyOf(chunk), isSettled: false })),
          );
        },
      )
      .catch(report)
      .finally(() => {
        const left = (leased.get(owner) ?? 1) - 1;
        if (left > 0) leased.set(owner, left);
        else {
          leased.delete(owner);
          heldUntil.delete(owner);
        }
        working.delete(work);
        letGo();
      });
    working.add(work);
  };
  /** Each route has a lane of its own. What turns out to be of a route without room is given back. */
  const startAll = async (
    kind: "small" | "large",
    owner: string,
    claimed: readonly ClaimedChunk[],
  ): Promise<void> => {
    const tooMuch: ClaimedChunk[] = [];
    for (const group of byRoute(await divide(parts, owner, claimed))) {
      const [first] = group;
      if (first && lanes.isOpen(kind, first)) start(lanes.take(kind, first), owner, group);
      else tooMuch.push(...group);
    }
    if (!leased.has(owner)) heldUntil.delete(owner);
    if (tooMuch.length > 0) await giveBack(owner, tooMuch);
  };
  const giveBack = async (owner: string, chunks: readonly ClaimedChunk[]): Promise<void> => {
    if (chunks.length === 0) return;
    // What an earlier worker started may still be in doubt: a lane that found its account closed did not look.
    const left = chunks.map((chunk) => ({ ...keyOf(chunk), isSettled: chunk.started <= chunk.done }));
    await releaseChunks(db, owner, left);
  };

  const newOwner = (): string => {
    const owner = uuidv7();
    heldUntil.set(owner, performance.now() + leaseMs);
    return owner;
  };

  const claimSmallOnes = async (): Promise<boolean> => {
    if (!lanes.hasRoom()) return false;
    const owner = newOwner();
    const now = new Date();
    const limit = singly > 0 ? 1 : smallAtOnce;
    singly = Math.max(0, singly - 1);
    const blocked = lanes.blocked("small", now);
    const chunks = await claimSmall(db, { owner, ms: leaseMs }, { now, blocked, limit });
    await pace(db, chunks);
    await startAll("small", owner, chunks);
    return chunks.length > 0;
  };
  const claimLargeOnes = async (): Promise<boolean> => {
    if (!lanes.hasRoom()) return false;
    const owner = newOwner();
    const now = new Date();
    const blocked = lanes.blocked("large", now);
    const [chunk] = await claimLarge(
      db,
      { owner, ms: leaseMs },
      { now, blocked, limit: 1, served: [...served] },
    );
    if (!chunk) {
      heldUntil.delete(owner);
      return false;
    }
    await pace(db, [chunk]);
    served.delete(chunk.messageId);
    served.add(chunk.messageId);
    const [oldest] = served;
    if (served.size > rememberedServed && oldest !== undefined) served.delete(oldest);
    await startAll("large", owner, [chunk]);
    return true;
  };
  const claimCancelledOnes = async (): Promise<boolean> => {
    if (!lanes.hasRoom()) return false;
    const owner = newOwner();
    const chunks = await claimCancelled(db, { owner, ms: leaseMs }, cancelledAtOnce);
    if (chunks.length > 0)
      start(lanes.take("cancelled", { appKey: 0, channel: "inbox", tokenService: null }), owner, chunks);
    else heldUntil.delete(owner);
    return chunks.length > 0;
  };

  /** Small ones before a chunk of a large one, each time round. */
  const claimNext = async (): Promise<boolean> => {
    const isAll = Date.now() >= lookAt;
    // Before the look: a hint that comes while it goes on has the next one look again.
    if (isAll) lookAt = Date.now() + pauseUntil(lanes.nextOpening());
    const isSmall = await claimSmallOnes();
    if (!isAll) return isSmall;
    const isAny = (await claimLargeOnes()) || (!isSmall && (await claimCancelledOnes()));
    if (isAny || isSmall) lookAt = 0;
    return isAny || isSmall;
  };
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      const isFound = await claimNext().catch((error) => {
        report(error);
        return false;
      });
      if (isFound) continue;
      const isCalled = await wake.wait(pauseUntil(lanes.nextOpening()));
      if (!isCalled) lookAt = 0;
    }
  })();

  return {
    async stop() {
      stopping.abort();
      hints.stop();
      clearInterval(leases);
      wake.call();
      await loop;
      await Promise.all(working);
      await panels.stop();
    },
  };
}

const pauseUntil = (opening: Date | null): number =>
  opening === null ? pollEveryMs : Math.min(pollEveryMs, Math.max(10, opening.getTime() - Date.now()));

function byRoute(chunks: readonly ClaimedChunk[]): ClaimedChunk[][] {
  const groups = new Map<string, ClaimedChunk[]>();
  for (const chunk of chunks) {
    const name = JSON.stringify(routeOf(chunk));
    const group = groups.get(name);
    if (group) group.push(chunk);
    else groups.set(name, [chunk]);
  }
  return [...groups.values()];
}

/** Finishes the messages of chunks that are through, where no others are left, and tells panels. */
const completion = (db: Database, panels: Hints) => async (chunks: readonly ClaimedChunk[]) => {
  const messageIds = [...new Set(chunks.map(({ messageId }) => messageId))];
  const finished = await finishMessages(db, messageIds, new Date());
  tell(panels, [...chunks, ...finished]);
};

function tell(panels: Hints, messages: readonly { appKey: number; messageId: string }[]): void {
  for (const { appKey, messageId } of messages)
    panels.give("chapar_changes", `${appKey}:message:${messageId}`);
}
