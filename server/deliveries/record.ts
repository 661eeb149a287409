import type { Transaction } from "../db/database.ts";
import { providerHash } from "../lib/keys.ts";
import { applyParked } from "./apply.ts";
import { CountChanges, sharedSlot, writeCounts } from "./counters.ts";
import { copyDeliveries, insertProviderIds, type NewDelivery } from "./queries.ts";

/**
 * Writes the outcomes of recipients in the caller's transaction: their rows by COPY, what finds them by a provider's id,
 * what receipts said already, and the counters of their messages. `slot` (from 1) is the writer's own row of these.
 */
export async function recordDeliveries(
  tx: Transaction,
  slot: number,
  rows: readonly NewDelivery[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  await copyDeliveries(tx, rows);
  const changes = new CountChanges();
  for (const row of rows) changes.add(row);
  const carried = rows.filter((row) => row.accountKey !== null);
  const byProvider = carried.flatMap((row) =>
    row.findsByProviderId && row.providerId !== null && row.accountKey !== null
      ? [{ ...row, accountKey: row.accountKey, providerHash: providerHash(row.accountKey, row.providerId) }]
      : [],
  );
  await insertProviderIds(tx, byProvider);
  if (carried.length > 0) {
    const keys = [...carried.map((row) => row.deliveryId), ...byProvider.map((row) => row.providerHash)];
    await applyParked(tx, keys, changes, now);
  }
  await writeCounts(tx, slot, changes, now);
}

/** Adds frozen recipients to what their messages target. */
export async function recordTargeted(
  tx: Transaction,
  targeted: readonly { messageId: string; recipients: number }[],
  now: Date,
): Promise<void> {
  const changes = new CountChanges();
  for (const { messageId, recipients } of targeted) if (recipients > 0) changes.target(messageId, recipients);
  await writeCounts(tx, sharedSlot, changes, now);
}

export type { NewDelivery } from "./queries.ts";
