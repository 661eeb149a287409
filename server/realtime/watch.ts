import type { Database } from "../db/database.ts";
import { beat, doubtPresence, stopBeating, wasHeard } from "../installations/presence.ts";

const everyMs = 2_000;
/** A note that was on its way when the connection broke says nothing of afterwards. */
const marginMs = 1_000;

/** Notes again and again that this role hears the broker, so that others may believe who is said to be connected. */
export interface Watch {
  /** The connection broke: from now on nobody is believed to be connected, unless another role says that it hears. */
  lost(): void;
  /**
   * It is there again. The broker may have been away, and then no last will was heard: unless another role heard it
   * meanwhile, whoever was connected is doubted until they say something.
   */
  back(): Promise<void>;
  stop(): void;
}

/** `awayMs` is how long nobody may have heard an outside broker; null where this role has it to itself. */
export async function keepWatch(parts: {
  db: Database;
  brokerId: string;
  awayMs: number | null;
  /** The database has forgotten who is connected: a crash empties what it keeps of that. */
  onForgotten: () => void;
  onError: (error: unknown) => void;
}): Promise<Watch> {
  const { db, brokerId, onError } = parts;
  const doubt = async (awayMs: number) => {
    if (!(await wasHeard(db, brokerId, awayMs - marginMs))) await doubtPresence(db);
  };
  if (parts.awayMs !== null) await doubt(parts.awayMs);
  await beat(db, brokerId);
  let isHearing = true;
  let lostAtMs = 0;
  const timer = setInterval(() => {
    if (!isHearing) return;
    beat(db, brokerId)
      .then((isFirst) => {
        if (isFirst && isHearing) parts.onForgotten();
      })
      .catch(onError);
  }, everyMs);
  return {
    lost() {
      if (!isHearing) return;
      isHearing = false;
      lostAtMs = Date.now();
      stopBeating(db, brokerId).catch(onError);
    },
    async back() {
      if (isHearing) return;
      await doubt(Date.now() - lostAtMs);
      await beat(db, brokerId);
      isHearing = true;
    },
    stop() {
      isHearing = false;
      clearInterval(timer);
    },
  };
}
