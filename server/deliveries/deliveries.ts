import { z } from "zod";
import type { Channel } from "../channels/schema.ts";
import type { Queryable } from "../db/database.ts";
import { decodeCursor, type Page, toPage } from "../lib/page.ts";
import { type DeliveryRow, type LogFilter, listDeliveries, listRecorded } from "./queries.ts";
import { type Delivery, reasonTexts } from "./schema.ts";

/** A message whose log is read: the channel of each of its steps. */
export interface LoggedMessage {
  messageId: string;
  channels: readonly Channel[];
}

/** How the log of a message is paged and narrowed. */
export interface LogQuery extends LogFilter {
  cursor?: string | undefined;
  limit: number;
}

/** The log of a message: one row a recipient that came to an end of sending, in key order. */
export async function listDeliveryLog(
  db: Queryable,
  appKey: number,
  message: LoggedMessage,
  query: LogQuery,
  accountNames: ReadonlyMap<number, string>,
): Promise<Page<Delivery>> {
  // Keys are hashes, so their version digits are anything: `z.uuid` would refuse most of them.
  const after = decodeCursor(query.cursor, z.tuple([z.guid(), z.guid()]));
  const rows = await listDeliveries(db, appKey, { ...query, messageId: message.messageId, after });
  const page = toPage(rows, query.limit, (row) => [row.userKey, row.deliveryId]);
  return {
    data: page.data.map((row) => toDelivery(row, message, accountNames)),
    nextCursor: page.nextCursor,
  };
}

const toDelivery = (
  row: DeliveryRow,
  message: LoggedMessage,
  accountNames: ReadonlyMap<number, string>,
): Delivery => ({
  id: row.deliveryId,
  userId: row.userId ?? row.address ?? "",
  installationId: row.installationId,
  deviceType: row.deviceType,
  channel: message.channels[row.step] ?? "inbox",
  state: row.state,
  reason: row.reason,
  reasonText: row.reason && reasonTexts[row.reason],
  code: row.code,
  detail: row.detail,
  attempts: row.attempts,
  providerId: row.providerId,
  account: row.accountKey === null ? null : (accountNames.get(row.accountKey) ?? null),
  nextAttemptAt: null,
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

export { claimAddresses, listHanded, listShown, listWaiting } from "./queries.ts";
