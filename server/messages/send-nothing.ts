import type { Database } from "../db/database.ts";
import { type NewDelivery, recordDeliveries } from "../deliveries/record.ts";
import { deliveryIdOf } from "./judge.ts";
import { deleteChunks } from "./queries/chunks.ts";
import type { ClaimedChunk } from "./queries/claims.ts";
import type { Claim } from "./send-by-provider.ts";
import { keyOf, recipientsOf } from "./slices.ts";

interface Parts {
  db: Database;
  /** Tells panels and finishes messages of chunks that are through. */
  complete: (chunks: readonly ClaimedChunk[]) => Promise<void>;
}

/**
 * Writes down that these recipients were not sent to, since their message was cancelled; of those that a worker may
 * have sent to before it died, that nobody knows.
 */
export async function sendNothing({ db, complete }: Parts, claim: Claim): Promise<void> {
  const now = new Date();
  const slices = claim.chunks.map((chunk) => ({ chunk, from: 0, to: chunk.userKeys.length }));
  const rows = recipientsOf(slices)
    // An alert has its row in the inbox.
    .filter(({ chunk }) => !chunk.isAlert)
    .filter(({ chunk, position }) => position >= chunk.done || chunk.again.includes(position))
    .map((recipient): NewDelivery => {
      const { chunk, userKey, installationKey, address, position } = recipient;
      const isDoubtful = position >= chunk.done && position < chunk.started;
      return {
        ...{ messageId: chunk.messageId, userKey, deliveryId: deliveryIdOf(recipient), appKey: chunk.appKey },
        ...{
          installationKey,
          step: chunk.step,
          variant: chunk.variant,
          attempts: chunk.attempt,
          address,
          at: now,
        },
        state: isDoubtful ? "unknown" : "cancelled",
        reason: isDoubtful ? "outcome_unknown" : null,
        ...{ code: null, detail: null, accountKey: null, providerId: null, findsByProviderId: false },
      };
    });
  await db.transaction(async (tx) => {
    // First, so that who took them over meanwhile has them to themselves.
    const deleted = await deleteChunks(tx, claim.owner, claim.chunks.map(keyOf));
    if (deleted < claim.chunks.length)
      throw new Error("a lease ran out while cancelled recipients were written");
    await recordDeliveries(tx, claim.slot, rows, now);
  });
  await complete(claim.chunks);
}
