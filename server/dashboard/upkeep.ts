import type { Database } from "../db/database.ts";
import { uuidAt } from "../lib/time.ts";
import { countFilter } from "../segments/count.ts";
import { foldTallies, listDueQuarters, listUncounted, saveReach, tallySends } from "./queries.ts";

const everyMs = 5_000;
const foldEveryMs = 60_000;
/** It rests so many times as long as the last count took, so that counting many messages slows no sending. */
const restShare = 20;
const quarterMs = 15 * 60_000;
/** A message may wait for its device for a month. */
const followedMs = 32 * 24 * 60 * 60_000;
/** What one statement sums: after the first start a whole month is due, the latest quarters first. */
const quartersAtOnce = 96;

/**
 * Counts what the overview shows, again and again. Several workers do no harm: they count the same.
 * `onError` is told of what could not be counted; the rest is.
 */
export function startDashboardUpkeep(
  db: Database,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  let isStopped = false;
  let foldAt = 0;
  let sendsAt = 0;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const round = async () => {
    if (Date.now() >= foldAt) {
      foldAt = Date.now() + foldEveryMs;
      await foldTallies(db).catch(onError);
    }
    if (Date.now() >= sendsAt) {
      const from = Date.now();
      await countSends(db, new Date()).catch(onError);
      sendsAt = Date.now() + (Date.now() - from) * restShare;
    }
    if (!isStopped) await countReach(db, new Date(), { onError, isStopped: () => isStopped }).catch(onError);
  };
  const run = () => {
    running = round().finally(() => {
      if (!isStopped) timer = setTimeout(run, everyMs);
    });
  };
  run();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Sums what became of messages, by the quarter of an hour in which they were accepted. */
export async function countSends(db: Database, now: Date): Promise<void> {
  const since = new Date(now.getTime() - followedMs);
  const due = await listDueQuarters(db, { now, since, limit: quartersAtOnce });
  const quarters = due.map((at) => ({
    ...{ at, from: uuidAt(at), to: uuidAt(new Date(at.getTime() + quarterMs)) },
  }));
  await tallySends(db, quarters, now);
}

/** Counts how many users and devices each app has, and whom each channel reaches. */
export async function countReach(
  db: Database,
  now: Date,
  { onError, isStopped = () => false }: { onError: (error: unknown) => void; isStopped?: () => boolean },
): Promise<void> {
  for (const { appKey, day } of await listUncounted(db, now)) {
    if (isStopped()) return;
    await countReachOf(db, { appKey, day, now }).catch(onError);
  }
}

async function countReachOf(
  db: Database,
  { appKey, day, now }: { appKey: number; day: string; now: Date },
): Promise<void> {
  const from = Date.now();
  const everybody = { target: {}, perRule: false, estimate: false };
  const { users, installations, reach } = await countFilter(db, appKey, everybody);
  await saveReach(db, appKey, {
    ...{ ...reach, users, installations, day, now },
    tookMs: Date.now() - from,
  });
}
