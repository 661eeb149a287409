import { type Actor, record } from "../accounts/audit.ts";
import type { Database, Transaction } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { sumVariantCounts } from "../deliveries/counters.ts";
import { recordTargeted } from "../deliveries/record.ts";
import type { DeliveryCounts } from "../deliveries/schema.ts";
import { Problem } from "../lib/problem.ts";
import { findDueDecision, findOverdueRest, type HeldMessage, lockHeld, openRest } from "./queries/rest.ts";
import type { WinnerMeasure } from "./schema.ts";

/**
 * Lets the rest of an audience have what the first part got: after a look at it, or with the content that is the best
 * of several; `variant` says which, else it is the best by now.
 */
export async function continueMessage(
  db: Database,
  caller: Actor,
  messageId: string,
  { variant, campaignId }: { variant?: number | undefined; campaignId: string },
): Promise<void> {
  const { appKey } = caller;
  await db.transaction(async (tx) => {
    const message = await lockHeld(tx, appKey, messageId);
    if (!message) throw new Problem("conflict", "Nobody waits for this: everybody's turn has come.");
    if (message.winnerBy === null && variant !== undefined)
      throw new Problem("conflict", "Each content keeps its share here: go on without naming one.");
    if (variant !== undefined && variant > message.variants)
      throw new Problem(
        "conflict",
        `There is no content ${variant}: they are numbered from 0 to ${message.variants}.`,
      );
    if (message.winnerBy !== null && !message.isFrozen)
      throw new Problem("conflict", "The audience is still being frozen. Try again in a moment.");
    const winner = await release(tx, message, variant);
    await record(tx, caller, "campaign.continued", campaignId, { message: messageId, after: { winner } });
  });
}

/**
 * Sends the best content to the rest of messages whose time to find it is over. Where the time of the message itself is
 * over, the rest expires by that. Answers how many there were.
 */
export async function decideWinners(db: Database, now: Date): Promise<number> {
  for (let decided = 0; ; decided++) {
    const isFound = await db.transaction(async (tx) => {
      const message = (await findDueDecision(tx, now)) ?? (await findOverdueRest(tx, now));
      if (message) await release(tx, message);
      return message !== null;
    });
    if (!isFound) return decided;
  }
}

/** Answers which content it is; null where each keeps its share. */
async function release(tx: Transaction, message: HeldMessage, chosen?: number): Promise<number | null> {
  const { appKey, messageId, winnerBy } = message;
  const winner =
    winnerBy === null ? null : (chosen ?? bestOf(await sumVariantCounts(tx, messageId), winnerBy));
  const now = new Date();
  const undecided = await openRest(tx, messageId, winner, now);
  if (winner !== null) {
    const moved = [
      { messageId, variant: -1, recipients: -undecided },
      { messageId, variant: winner, recipients: undecided },
    ];
    await recordTargeted(tx, moved, now);
  }
  await notify(tx, "chapar_work");
  await notify(tx, "chapar_changes", `${appKey}:message:${messageId}`);
  return winner;
}

/** The content of which the largest share came so far; of equal ones the first. */
function bestOf(counted: readonly (DeliveryCounts & { variant: number })[], by: WinnerMeasure): number {
  let best = { variant: 0, share: -1 };
  for (const { variant, ...counts } of counted) {
    if (variant < 0) continue;
    const { targeted, queued, failed, skipped, expired, cancelled } = counts;
    const sentTo = targeted - queued - failed - skipped - expired - cancelled;
    const share = sentTo > 0 ? reached(counts, by) / sentTo : 0;
    if (share > best.share) best = { variant, share };
  }
  return best.variant;
}

/** States are exclusive: what was clicked is not counted as seen. */
function reached({ delivered, seen, clicked }: DeliveryCounts, by: WinnerMeasure): number {
  switch (by) {
    case "clicked":
      return clicked;
    case "seen":
      return seen + clicked;
    case "delivered":
      return delivered + seen + clicked;
  }
}
