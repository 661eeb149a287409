import type { Transaction } from "../db/database.ts";
import { providerHash } from "../lib/keys.ts";
import { applyParked } from "./apply.ts";
import { CountChanges, sharedSlot, writeCounts } from "./counters.ts";
import { alertWaiting, copyDeliveries, insertProviderIds, type NewDelivery } from "./queries.ts";
import { tellOfDeliveries } from "./tell.ts";

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
  await tellOfDeliveries(tx, rows);
  await findable(tx, rows, changes, now);
  await writeCounts(tx, slot, changes, now);
}

/**
 * Writes into rows of the inbox that wait for their device what came of the push that tells it of them: those that it
 * took are sent, of the others the provider's word stays beside them. What was delivered meanwhile is left as it is.
 */
export async function recordAlerts(
  tx: Transaction,
  slot: number,
  alerts: readonly NewDelivery[],
  now: Date,
): Promise<void> {
  if (alerts.length === 0) return;
  const changes = new CountChanges();
  const sent = await alertWaiting(tx, alerts);
  for (const { messageId, variant } of sent) {
    const waiting = { messageId, variant, state: "waiting", reason: null, code: null } as const;
    changes.move(waiting, { ...waiting, state: "sent" });
  }
  const isSent = new Set(sent.map(({ deliveryId }) => deliveryId));
  await tellOfDeliveries(
    tx,
    alerts.filter(({ deliveryId }) => isSent.has(deliveryId)),
  );
  await findable(
    tx,
    alerts.filter(({ state }) => state === "sent"),
    changes,
    now,
  );
  await writeCounts(tx, slot, changes, now);
}

/** Has receipts find rows that an account carried, and applies those that came before them. */
async function findable(
  tx: Transaction,
  rows: readonly NewDelivery[],
  changes: CountChanges,
  now: Date,
): Promise<void> {
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
}

/** Adds frozen recipients to what their messages target. */
export async function recordTargeted(
  tx: Transaction,
  targeted: readonly { messageId: string; variant: number; recipients: number }[],
  now: Date,
): Promise<void> {
  const changes = new CountChanges();
  for (const { recipients, ...of } of targeted) if (recipients !== 0) changes.target(of, recipients);
  await writeCounts(tx, sharedSlot, changes, now);
}

export type { NewDelivery } from "./queries.ts";
