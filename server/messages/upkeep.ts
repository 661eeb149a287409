import type { Database } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { applyLateParked } from "../deliveries/apply.ts";
import { CountChanges, sharedSlot, writeCounts } from "../deliveries/counters.ts";
import { forgetParked } from "../deliveries/parked.ts";
import { uuidAt } from "../lib/time.ts";
import { forgetWrittenTo } from "../providers/audience-limit.ts";
import { forgetSoftBounces } from "../users/soft-bounces.ts";
import { forgetRequestKeys, keptForMs } from "./idempotency.ts";
import { inboxDays } from "./inbox.ts";
import { endWaiting, lockOneToSweep, setSwept } from "./queries/control.ts";
import { forgetTouches } from "./queries/touches.ts";

const everyMs = 2_000;
const forgetEveryMs = 600_000;
const dayMs = 86_400_000;
/** Rows ended in one transaction. */
const sweepAtOnce = 5_000;
/** Receipts that found no row for so long will not find one. */
const parkedForMs = 7 * dayMs;
/** Between the look for a receipt and the commit of its row there are milliseconds; later ones are found by the row. */
const parkedSpanMs = { from: 600_000, to: 500 };

/**
 * What has to be done about messages besides sending them: ends those who still wait when its time is over or it was
 * cancelled, applies receipts that came just before their row, and forgets what is of no use any more.
 */
export function startUpkeep(db: Database, onError: (error: unknown) => void): { stop(): Promise<void> } {
  let isStopped = false;
  let forgottenAt = 0;
  const turn = async () => {
    while (!isStopped && (await sweepOne(db, () => isStopped)));
    await applyParkedReceipts(db);
    if (Date.now() - forgottenAt < forgetEveryMs) return;
    forgottenAt = Date.now();
    await forgetParked(db, new Date(Date.now() - parkedForMs));
    await forgetRequestKeys(db, new Date(Date.now() - keptForMs));
    await forgetSoftBounces(db, new Date());
    await forgetWrittenTo(db);
    await forgetTouches(db, new Date());
  };
  let working = Promise.resolve();
  const timer = setInterval(() => {
    working = working.then(turn).catch(onError);
  }, everyMs);
  return {
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await working;
    },
  };
}

/** Ends those who wait of one message, a transaction at a time. False when there is no message to sweep. */
async function sweepOne(db: Database, isStopped: () => boolean): Promise<boolean> {
  let after: string | null = null;
  let found: string | null = null;
  for (;;) {
    const { messageId, isDone, last }: Swept = await sweepSome(db, after);
    if (messageId === null || isStopped()) return false;
    if (isDone) return true;
    // Another message may be first by now: each is swept from its beginning.
    after = messageId === found ? last : null;
    found = messageId;
  }
}

interface Swept {
  messageId: string | null;
  isDone: boolean;
  last: string | null;
}

const sweepSome = (db: Database, after: string | null): Promise<Swept> =>
  db.transaction(async (tx) => {
    const now = new Date();
    const monthAgo = uuidAt(new Date(now.getTime() - inboxDays * dayMs));
    const message = await lockOneToSweep(tx, { now, monthAgo });
    if (!message) return { messageId: null, isDone: true, last: null };
    const { messageId, appKey } = message;
    const state = message.status === "cancelled" ? "cancelled" : "expired";
    const { counts, count, last } = await endWaiting(tx, { messageId, state, after, limit: sweepAtOnce });
    const changes = new CountChanges();
    const none = { reason: null, code: null };
    for (const [variant, ended] of counts) {
      const of = { messageId, variant, ...none };
      changes.moveMany({ ...of, state: "waiting" }, { ...of, state }, ended);
    }
    await writeCounts(tx, sharedSlot, changes, now);
    const isDone = count < sweepAtOnce && after === null;
    if (isDone) await setSwept(tx, messageId, now);
    await notify(tx, "chapar_changes", `${appKey}:message:${messageId}`);
    // The last page of a long sweep is followed by one from the start: somebody may have come in between.
    return { messageId, isDone, last: count < sweepAtOnce ? null : last };
  });

async function applyParkedReceipts(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    const now = new Date();
    const span = {
      since: new Date(now.getTime() - parkedSpanMs.from),
      before: new Date(now.getTime() - parkedSpanMs.to),
    };
    const { changed } = await applyLateParked(tx, span, now);
    for (const { appKey, messageId } of changed)
      await notify(tx, "chapar_changes", `${appKey}:message:${messageId}`);
  });
}
