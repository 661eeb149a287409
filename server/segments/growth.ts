import { prepareAnalysis } from "../db/analysis.ts";
import type { Database } from "../db/database.ts";
import { countUsers } from "./count-queries.ts";
import { findSegments, insertSize, listUnsized } from "./queries.ts";
import { conditionOf } from "./resolve.ts";

const everyMs = 10 * 60_000;
const limitMs = 10 * 60_000;

/**
 * Keeps how many users each segment has, once a day of its app. Several workers do no harm: the first one's number stays.
 * `onError` is told of a segment that could not be counted; the others are.
 */
export function startGrowth(db: Database, onError: (error: unknown) => void): { stop(): Promise<void> } {
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = running.then(() => measureSegments(db, new Date(), { onError, isStopped: () => isStopped }));
  };
  const timer = setInterval(run, everyMs);
  run();
  return {
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** Counts every segment that has not been counted on its app's present day. */
export async function measureSegments(
  db: Database,
  now: Date,
  { onError, isStopped = () => false }: { onError: (error: unknown) => void; isStopped?: () => boolean },
): Promise<void> {
  try {
    for (const { appKey, segmentId, day } of await listUnsized(db, now)) {
      if (isStopped()) return;
      await measure(db, { appKey, segmentId, day }).catch(onError);
    }
  } catch (error) {
    onError(error);
  }
}

async function measure(
  db: Database,
  { appKey, segmentId, day }: { appKey: number; segmentId: string; day: string },
): Promise<void> {
  const [row] = await findSegments(db, appKey, { ids: [segmentId], nameKeys: [] });
  if (!row) return;
  const condition = await conditionOf(db, appKey, row);
  const users = await db.transaction(async (tx) => {
    await prepareAnalysis(tx, limitMs);
    return countUsers(tx, condition, { appKey });
  });
  await insertSize(db, { segmentId, day, users });
}
