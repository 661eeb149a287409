import type { Transaction } from "../db/database.ts";
import { type CountChange, changeCounts, copyDeliveries, type NewDelivery } from "./queries.ts";

/**
 * Writes the outcomes of recipients: their rows by COPY, and the counters of their messages, in the caller's
 * transaction. `slot` (from 1) is the worker's own row of the counters.
 */
export async function recordDeliveries(
  tx: Transaction,
  slot: number,
  rows: readonly NewDelivery[],
): Promise<void> {
  await copyDeliveries(tx, rows);
  const changes = new Map<string, CountChange>();
  for (const row of rows) {
    const change = changes.get(row.messageId) ?? { messageId: row.messageId, states: {} };
    change.states[row.state] = (change.states[row.state] ?? 0) + 1;
    changes.set(row.messageId, change);
  }
  await changeCounts(tx, slot, [...changes.values()]);
}

/** Slot of the counters for receipts and acceptance; workers use the ones from 1. */
export const sharedSlot = 0;

/** Adds frozen recipients to what their messages target. */
export async function recordTargeted(
  tx: Transaction,
  targeted: readonly { messageId: string; recipients: number }[],
): Promise<void> {
  await changeCounts(
    tx,
    sharedSlot,
    targeted.map(({ messageId, recipients }) => ({ messageId, targeted: recipients, states: {} })),
  );
}

export type { NewDelivery } from "./queries.ts";
