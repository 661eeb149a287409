import { z } from "zod";
import type { Queryable, Transaction } from "../db/database.ts";
import { decodeCursor, type Page, toPage } from "../lib/page.ts";
import {
  type CountChange,
  changeCounts,
  type DeliveryRow,
  type DeliveryUpdate,
  listDeliveries,
  listRecorded,
  lockDeliveries,
  updateDeliveries,
} from "./queries.ts";
import { sharedSlot } from "./record.ts";
import { type Delivery, type DeliveryState, reasonTexts } from "./schema.ts";
import { advance, type ReceiptState } from "./states.ts";

/** A later word about a delivery, as a device or a provider reported it. */
export interface Receipt {
  appKey: number;
  messageId: string;
  installationKey: string;
  /** Whose the installation is and was: the row stands under one of them. */
  userKeys: readonly string[];
  state: ReceiptState | "dismissed";
  at: Date;
}

/**
 * Applies receipts in bulk: rows and counters change together. Receipts for rows that do not exist are ignored, as
 * are repeated ones. Answers the messages whose counts changed.
 */
export async function applyReceipts(
  tx: Transaction,
  receipts: readonly Receipt[],
  now: Date,
): Promise<{ appKey: number; messageId: string }[]> {
  const wanted = receipts.flatMap((receipt) => receipt.userKeys.map((userKey) => ({ ...receipt, userKey })));
  if (wanted.length === 0) return [];
  const rows = await lockDeliveries(tx, wanted);
  const updates = new Map<string, DeliveryUpdate>();
  const before = new Map<string, DeliveryState>();
  const appKeys = new Map<string, number>();
  for (const row of rows) {
    const receipt = wanted[row.position - 1];
    if (!receipt) continue;
    const key = `${row.messageId}/${row.deliveryId}`;
    before.set(key, before.get(key) ?? row.state);
    appKeys.set(row.messageId, receipt.appKey);
    updates.set(
      key,
      withReceipt(updates.get(key) ?? unchanged(row), receipt, clamp(receipt.at, row.createdAt, now)),
    );
  }
  await updateDeliveries(tx, [...updates.values()]);
  const changes = new Map<string, CountChange>();
  for (const [key, update] of updates) {
    const from = before.get(key);
    if (!from || from === update.state) continue;
    const change = changes.get(update.messageId) ?? { messageId: update.messageId, states: {} };
    change.states[from] = (change.states[from] ?? 0) - 1;
    change.states[update.state] = (change.states[update.state] ?? 0) + 1;
    changes.set(update.messageId, change);
  }
  await changeCounts(tx, sharedSlot, [...changes.values()]);
  return [...changes.keys()].map((messageId) => ({ messageId, appKey: appKeys.get(messageId) ?? 0 }));
}

function unchanged(row: {
  messageId: string;
  userKey: string;
  deliveryId: string;
  state: DeliveryState;
}): DeliveryUpdate {
  const { messageId, userKey, deliveryId, state } = row;
  return {
    ...{ messageId, userKey, deliveryId, state },
    ...{ dismissed: false, sentAt: null, deliveredAt: null, seenAt: null, clickedAt: null },
  };
}

/** What was seen was delivered, what was clicked was seen: a report that got lost is made up for by a later one. */
function withReceipt(update: DeliveryUpdate, receipt: Receipt, at: Date): DeliveryUpdate {
  if (receipt.state === "dismissed")
    return { ...withReceipt(update, { ...receipt, state: "delivered" }, at), dismissed: true };
  const state = advance(update.state, receipt.state);
  const reached = (step: ReceiptState[]) => step.includes(receipt.state as ReceiptState);
  return {
    ...update,
    state,
    sentAt: update.sentAt ?? at,
    deliveredAt: update.deliveredAt ?? (reached(["delivered", "seen", "clicked"]) ? at : null),
    seenAt: update.seenAt ?? (reached(["seen", "clicked"]) ? at : null),
    clickedAt: update.clickedAt ?? (reached(["clicked"]) ? at : null),
  };
}

/** A device's clock may be wrong; nothing happens before the delivery was made, or in the future. */
const clamp = (at: Date, from: Date, to: Date) => (at < from ? from : at > to ? to : at);

/** The log of a message: one row a recipient, in key order. */
export async function listDeliveryLog(
  db: Queryable,
  appKey: number,
  query: { messageId: string; state?: DeliveryState | undefined; cursor?: string | undefined; limit: number },
): Promise<Page<Delivery>> {
  // Keys are hashes, so their version digits are anything: `z.uuid` would refuse most of them.
  const after = decodeCursor(query.cursor, z.tuple([z.guid(), z.guid()]));
  const rows = await listDeliveries(db, appKey, { ...query, state: query.state ?? null, after });
  const page = toPage(rows, query.limit, (row) => [row.userKey, row.deliveryId]);
  return { data: page.data.map(toDelivery), nextCursor: page.nextCursor };
}

/** All of {@link listDeliveryLog}, a thousand rows at a time. */
export async function* eachDelivery(
  db: Queryable,
  appKey: number,
  query: { messageId: string; state?: DeliveryState | undefined },
): AsyncGenerator<Delivery> {
  let cursor: string | undefined;
  do {
    const page = await listDeliveryLog(db, appKey, { ...query, cursor, limit: 1000 });
    yield* page.data;
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
}

const toDelivery = (row: DeliveryRow): Delivery => ({
  id: row.deliveryId,
  userId: row.userId ?? row.address ?? "",
  installationId: row.installationId,
  deviceType: row.deviceType,
  channel: "inbox",
  state: row.state,
  reason: row.reason,
  reasonText: row.reason && reasonTexts[row.reason],
  dismissed: row.dismissed,
  createdAt: row.createdAt.toISOString(),
  sentAt: row.sentAt?.toISOString() ?? null,
  deliveredAt: row.deliveredAt?.toISOString() ?? null,
  seenAt: row.seenAt?.toISOString() ?? null,
  clickedAt: row.clickedAt?.toISOString() ?? null,
});

/** Which of these recipients of a message have a delivery, as `message/user/installation`. */
export async function findRecorded(
  db: Queryable,
  recipients: readonly { messageId: string; userKey: string; installationKey: string }[],
): Promise<Set<string>> {
  if (recipients.length === 0) return new Set();
  const rows = await listRecorded(db, recipients);
  return new Set(rows.map((row) => `${row.messageId}/${row.userKey}/${row.installationKey}`));
}

export { sumCounts } from "./queries.ts";
