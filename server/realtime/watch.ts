import type { Database } from "../db/database.ts";
import { beat, doubtPresence, wasHeard } from "../installations/presence.ts";

const everyMs = 2_000;
/** A note that was on its way when the connection broke says nothing of afterwards. */
const marginMs = 1_000;

export interface Watch {
  stop(): void;
}

/**
 * Notes again and again that this role hears the broker, so that others may believe who is said to be connected. Rejects
 * where not even the first note could be written.
 */
export async function keepWatch(parts: {
  db: Database;
  brokerId: string;
  isConnected: () => boolean;
  onError: (error: unknown) => void;
}): Promise<Watch> {
  const { db, brokerId } = parts;
  await beat(db, brokerId);
  const timer = setInterval(() => {
    if (parts.isConnected()) beat(db, brokerId).catch(parts.onError);
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}

/**
 * After a connection to an outside broker was away for so long: the broker may have been too, and then no last will was
 * heard. Unless another role heard it meanwhile, whoever was connected is doubted until they say something.
 */
export async function doubtUnwatched(db: Database, brokerId: string, awayMs: number): Promise<void> {
  if (!(await wasHeard(db, brokerId, awayMs - marginMs))) await doubtPresence(db);
}
