import sql, { raw } from "sql-template-tag";
import { CopyWriter, copyInto } from "../db/copy.ts";
import type { Queryable, Transaction } from "../db/database.ts";
import type { DeliveryCounts, DeliveryReason, DeliveryState } from "./schema.ts";

/** A delivery with its first outcome. */
export interface NewDelivery {
  messageId: string;
  userKey: string;
  deliveryId: string;
  appKey: number;
  installationKey: string;
  address: string | null;
  state: DeliveryState;
  reason: DeliveryReason | null;
  at: Date;
}

/** Writes rows once, with their outcome, by COPY. */
export async function copyDeliveries(tx: Transaction, rows: readonly NewDelivery[]): Promise<void> {
  const writer = new CopyWriter(10);
  for (const row of rows) {
    writer.row().uuid(row.messageId).uuid(row.userKey).uuid(row.deliveryId).int4(row.appKey);
    writer.uuid(row.installationKey).text(row.address).text(row.state).text(row.reason);
    writer.moment(row.at).moment(row.state === "sent" ? row.at : null);
  }
  await copyInto(
    tx,
    "deliveries (message_id, user_key, delivery_id, app_key, installation_key, address, state, reason, created_at, sent_at)",
    writer.finish(),
  );
}

const countedStates = [
  "waiting",
  "sent",
  "delivered",
  "seen",
  "clicked",
  "failed",
  "skipped",
  "expired",
  "cancelled",
  "unknown",
] as const satisfies readonly DeliveryState[];

/** How counts of one message change; absent states do not. `targeted` grows while the audience is frozen. */
export interface CountChange {
  messageId: string;
  targeted?: number;
  states: Partial<Record<DeliveryState, number>>;
}

/**
 * Adds to the counters, one statement for all messages. `slot` spreads writers that run at once over rows of their
 * own. Messages are taken in the order of their ids, so that two writers cannot deadlock.
 */
export async function changeCounts(
  tx: Queryable,
  slot: number,
  changes: readonly CountChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const ordered = [...changes].sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
  const names = ["targeted", ...countedStates];
  const rows = ordered.map((change) => ({
    message_id: change.messageId,
    targeted: change.targeted ?? 0,
    ...zeroes,
    ...change.states,
  }));
  await tx.query(sql`
    insert into message_counters as c (message_id, slot, ${raw(names.join(", "))})
    select message_id, ${slot}::smallint, ${raw(names.join(", "))}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (message_id uuid, ${raw(names.map((name) => `${name} integer`).join(", "))})
    on conflict (message_id, slot) do update set
      ${raw(names.map((name) => `${name} = c.${name} + excluded.${name}`).join(",\n      "))}`);
}

const zeroes = Object.fromEntries(countedStates.map((state) => [state, 0]));

/** Counts of messages, the slots summed. A message without counters has no recipients. */
export async function sumCounts(
  db: Queryable,
  messageIds: readonly string[],
): Promise<Map<string, DeliveryCounts>> {
  const { rows } = await db.query<DeliveryCounts & { messageId: string }>(sql`
    select message_id as "messageId",
      ${raw(["targeted", ...countedStates].map((name) => `sum(${name}) as ${name}`).join(", "))},
      sum(targeted) - ${raw(countedStates.map((name) => `sum(${name})`).join(" - "))} as queued
    from message_counters
    where message_id = any(${messageIds}::uuid[])
    group by message_id`);
  return new Map(rows.map(({ messageId, ...counts }) => [messageId, counts]));
}

/** A row that a receipt speaks of, locked. */
export interface LockedDelivery {
  position: number;
  messageId: string;
  userKey: string;
  deliveryId: string;
  state: DeliveryState;
  createdAt: Date;
}

/**
 * Locks the rows that these (message, user, installation) triples name, in key order; `position` (from 1) says which
 * triple found the row. Triples without a row are left out.
 */
export async function lockDeliveries(
  tx: Queryable,
  wanted: readonly { appKey: number; messageId: string; userKey: string; installationKey: string }[],
): Promise<LockedDelivery[]> {
  const { rows } = await tx.query<LockedDelivery>(sql`
    select w.position, d.message_id as "messageId", d.user_key as "userKey", d.delivery_id as "deliveryId", d.state,
      d.created_at as "createdAt"
    from unnest(
      ${wanted.map((row) => row.appKey)}::integer[],
      ${wanted.map((row) => row.messageId)}::uuid[],
      ${wanted.map((row) => row.userKey)}::uuid[],
      ${wanted.map((row) => row.installationKey)}::uuid[]
    ) with ordinality as w (app_key, message_id, user_key, installation_key, position)
    join deliveries d on d.message_id = w.message_id and d.user_key = w.user_key
      and d.installation_key = w.installation_key and d.app_key = w.app_key
    order by d.message_id, d.user_key, d.delivery_id
    for update of d`);
  return rows;
}

export interface DeliveryUpdate {
  messageId: string;
  userKey: string;
  deliveryId: string;
  state: DeliveryState;
  dismissed: boolean;
  sentAt: Date | null;
  deliveredAt: Date | null;
  seenAt: Date | null;
  clickedAt: Date | null;
}

/** Times already known stay: the first report of a thing is when it happened. */
export async function updateDeliveries(tx: Queryable, updates: readonly DeliveryUpdate[]): Promise<void> {
  if (updates.length === 0) return;
  await tx.query(sql`
    update deliveries d
    set state = r.state::delivery_state,
      dismissed = d.dismissed or r.dismissed,
      sent_at = coalesce(d.sent_at, r.sent_at),
      delivered_at = coalesce(d.delivered_at, r.delivered_at),
      seen_at = coalesce(d.seen_at, r.seen_at),
      clicked_at = coalesce(d.clicked_at, r.clicked_at)
    from unnest(
      ${updates.map((row) => row.messageId)}::uuid[],
      ${updates.map((row) => row.userKey)}::uuid[],
      ${updates.map((row) => row.deliveryId)}::uuid[],
      ${updates.map((row) => row.state)}::text[],
      ${updates.map((row) => row.dismissed)}::boolean[],
      ${updates.map((row) => row.sentAt)}::timestamptz[],
      ${updates.map((row) => row.deliveredAt)}::timestamptz[],
      ${updates.map((row) => row.seenAt)}::timestamptz[],
      ${updates.map((row) => row.clickedAt)}::timestamptz[]
    ) as r (message_id, user_key, delivery_id, state, dismissed, sent_at, delivered_at, seen_at, clicked_at)
    where d.message_id = r.message_id and d.user_key = r.user_key and d.delivery_id = r.delivery_id`);
}

/** Those of the recipients who have a delivery that was not skipped. */
export async function listRecorded(
  db: Queryable,
  recipients: readonly { messageId: string; userKey: string; installationKey: string }[],
): Promise<{ messageId: string; userKey: string; installationKey: string }[]> {
  const { rows } = await db.query<{ messageId: string; userKey: string; installationKey: string }>(sql`
    select d.message_id as "messageId", d.user_key as "userKey", d.installation_key as "installationKey"
    from unnest(
      ${recipients.map((row) => row.messageId)}::uuid[],
      ${recipients.map((row) => row.userKey)}::uuid[],
      ${recipients.map((row) => row.installationKey)}::uuid[]
    ) as r (message_id, user_key, installation_key)
    join deliveries d on d.message_id = r.message_id and d.user_key = r.user_key
      and d.installation_key = r.installation_key
    where d.state <> 'skipped'`);
  return rows;
}

export interface DeliveryRow {
  userKey: string;
  deliveryId: string;
  userId: string | null;
  installationId: string | null;
  deviceType: string | null;
  address: string | null;
  state: DeliveryState;
  reason: DeliveryReason | null;
  dismissed: boolean;
  createdAt: Date;
  sentAt: Date | null;
  deliveredAt: Date | null;
  seenAt: Date | null;
  clickedAt: Date | null;
}

/** Rows of one message in key order, after (userKey, deliveryId). */
export async function listDeliveries(
  db: Queryable,
  appKey: number,
  page: {
    messageId: string;
    state: DeliveryState | null;
    after: readonly [string, string] | null;
    limit: number;
  },
): Promise<DeliveryRow[]> {
  const [afterUser, afterDelivery] = page.after ?? [null, null];
  const { rows } = await db.query<DeliveryRow>(sql`
    select d.user_key as "userKey", d.delivery_id as "deliveryId", u.user_id as "userId",
      i.installation_id as "installationId", i.device_type as "deviceType", d.address, d.state, d.reason, d.dismissed,
      d.created_at as "createdAt", d.sent_at as "sentAt", d.delivered_at as "deliveredAt", d.seen_at as "seenAt",
      d.clicked_at as "clickedAt"
    from (
      select *
      from deliveries
      where message_id = ${page.messageId} and app_key = ${appKey}
        and (${page.state}::delivery_state is null or state = ${page.state}::delivery_state)
        and (${afterUser}::uuid is null or (user_key, delivery_id) > (${afterUser}::uuid, ${afterDelivery}::uuid))
      order by user_key, delivery_id
      limit ${page.limit + 1}
    ) as d
    left join users u on u.app_key = d.app_key and u.user_key = d.user_key
    left join installations i on i.app_key = d.app_key and i.user_key = d.user_key
      and i.installation_key = d.installation_key
    order by d.user_key, d.delivery_id`);
  return rows;
}
