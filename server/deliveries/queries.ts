import sql, { type Sql } from "sql-template-tag";
import { CopyWriter, copyInto } from "../db/copy.ts";
import type { Queryable, Transaction } from "../db/database.ts";
import { nilUuid } from "../lib/keys.ts";
import type { Counted } from "./counters.ts";
import { namesOf, withNames } from "./names.ts";
import type { DeliveryReason, DeliveryState } from "./schema.ts";

/** A delivery with its first outcome. */
export interface NewDelivery extends Counted {
  userKey: string;
  deliveryId: string;
  appKey: number;
  installationKey: string;
  step: number;
  /** How often it was handed to a provider. */
  attempts: number;
  accountKey: number | null;
  providerId: string | null;
  /** Receipts name it by the provider's id. */
  findsByProviderId: boolean;
  detail: string | null;
  address: string | null;
  at: Date;
}

/** Writes rows once, with their outcome, by COPY. */
export async function copyDeliveries(tx: Transaction, rows: readonly NewDelivery[]): Promise<void> {
  const writer = new CopyWriter(17);
  for (const row of rows) {
    writer.row().uuid(row.messageId).uuid(row.userKey).uuid(row.deliveryId).int4(row.appKey);
    writer.uuid(row.installationKey).int2(row.step).int2(row.variant).int2(row.attempts);
    writer.text(row.state).moment(row.at);
    writer
      .moment(row.state === "sent" ? row.at : null)
      .int4(row.accountKey)
      .text(row.providerId);
    writer.text(row.reason).text(row.code).text(row.detail).text(row.address);
  }
  await copyInto(
    tx,
    `deliveries (message_id, user_key, delivery_id, app_key, installation_key, step, variant, attempts, state, created_at, sent_at,
      account_key, provider_id, reason, code, detail, address)`,
    writer.finish(),
  );
}

/** What finds deliveries by the id that a provider gave them. One id given twice is one message: the first stays. */
export async function insertProviderIds(
  tx: Transaction,
  rows: readonly {
    messageId: string;
    accountKey: number;
    providerHash: string;
    userKey: string;
    deliveryId: string;
  }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(sql`
    insert into provider_ids (message_id, account_key, provider_hash, user_key, delivery_id)
    select *
    from unnest(
      ${rows.map((row) => row.messageId)}::uuid[],
      ${rows.map((row) => row.accountKey)}::integer[],
      ${rows.map((row) => row.providerHash)}::uuid[],
      ${rows.map((row) => row.userKey)}::uuid[],
      ${rows.map((row) => row.deliveryId)}::uuid[]
    )
    on conflict do nothing`);
}

/** Notes of waiting rows what came of a push about them. Answers those that are sent by that. */
export async function alertWaiting(
  tx: Queryable,
  alerts: readonly NewDelivery[],
): Promise<{ messageId: string; variant: number; deliveryId: string }[]> {
  const { rows } = await tx.query<{ messageId: string; variant: number; deliveryId: string }>(sql`
    with alerts as (
      select *
      from unnest(
        ${alerts.map((row) => row.messageId)}::uuid[],
        ${alerts.map((row) => row.userKey)}::uuid[],
        ${alerts.map((row) => row.deliveryId)}::uuid[],
        ${alerts.map((row) => row.state === "sent")}::boolean[],
        ${alerts.map((row) => row.attempts)}::smallint[],
        ${alerts.map((row) => row.accountKey)}::integer[],
        ${alerts.map((row) => row.providerId)}::text[],
        ${alerts.map((row) => row.code)}::text[],
        ${alerts.map((row) => row.detail)}::text[],
        ${alerts.map((row) => row.at)}::timestamptz[]
      ) as a (message_id, user_key, delivery_id, is_sent, attempts, account_key, provider_id, code, detail, at)
    ),
    -- In key order, as receipts lock them.
    locked as (
      select d.message_id, d.user_key, d.delivery_id
      from alerts
      join deliveries d using (message_id, user_key, delivery_id)
      where d.state = 'waiting'
      order by d.message_id, d.user_key, d.delivery_id
      for update of d
    ),
    told as (
      update deliveries d
      set state = case when r.is_sent then 'sent'::delivery_state else d.state end,
        sent_at = case when r.is_sent then r.at end,
        attempts = r.attempts, account_key = r.account_key, provider_id = r.provider_id,
        code = case when not r.is_sent then r.code end, detail = case when not r.is_sent then r.detail end
      from locked
      join alerts r using (message_id, user_key, delivery_id)
      where d.message_id = r.message_id and d.user_key = r.user_key and d.delivery_id = r.delivery_id
      returning d.message_id, d.variant, d.delivery_id, r.is_sent
    )
    select message_id as "messageId", variant, delivery_id as "deliveryId" from told where is_sent`);
  return rows;
}

/** Names a row. */
interface RowKey {
  messageId: string;
  userKey: string;
  deliveryId: string;
}

/** Those of these rows that wait for their device, by delivery id. */
export const listWaiting = (db: Queryable, rows: readonly RowKey[]): Promise<Set<string>> =>
  listIn(db, rows, ["waiting"]);

/** Which of these rows were handed to their inbox, by delivery id: they wait there, or came further. */
export const listHanded = (db: Queryable, rows: readonly RowKey[]): Promise<Set<string>> =>
  listIn(db, rows, ["waiting", "sent", "delivered", "seen", "clicked"]);

async function listIn(
  db: Queryable,
  rows: readonly RowKey[],
  states: readonly DeliveryState[],
): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const { rows: found } = await db.query<{ deliveryId: string }>(sql`
    select d.delivery_id as "deliveryId"
    from unnest(
      ${rows.map((row) => row.messageId)}::uuid[],
      ${rows.map((row) => row.userKey)}::uuid[],
      ${rows.map((row) => row.deliveryId)}::uuid[]
    ) as r (message_id, user_key, delivery_id)
    join deliveries d using (message_id, user_key, delivery_id)
    where d.state = any(${states}::delivery_state[])`);
  return new Set(found.map(({ deliveryId }) => deliveryId));
}

/** A row that a receipt speaks of, locked. */
export interface LockedDelivery {
  position: number;
  messageId: string;
  userKey: string;
  deliveryId: string;
  appKey: number;
  installationKey: string;
  step: number;
  variant: number;
  state: DeliveryState;
  reason: DeliveryReason | null;
  code: string | null;
  createdAt: Date;
}

/**
 * Locks the rows that these name, by message, user, and delivery or installation, in key order; `position` (from 1)
 * says which found the row. What finds none is left out.
 */
export async function lockDeliveries(
  tx: Queryable,
  wanted: readonly {
    appKey: number;
    messageId: string;
    userKey: string;
    deliveryId: string | null;
    installationKey: string | null;
  }[],
): Promise<LockedDelivery[]> {
  const { rows } = await tx.query<LockedDelivery>(sql`
    select w.position, d.message_id as "messageId", d.user_key as "userKey", d.delivery_id as "deliveryId",
      d.app_key as "appKey", d.installation_key as "installationKey", d.step, d.variant, d.state, d.reason, d.code,
      d.created_at as "createdAt"
    from unnest(
      ${wanted.map((row) => row.appKey)}::integer[],
      ${wanted.map((row) => row.messageId)}::uuid[],
      ${wanted.map((row) => row.userKey)}::uuid[],
      ${wanted.map((row) => row.deliveryId)}::uuid[],
      ${wanted.map((row) => row.installationKey)}::uuid[]
    ) with ordinality as w (app_key, message_id, user_key, delivery_id, installation_key, position)
    join deliveries d on d.message_id = w.message_id and d.user_key = w.user_key and d.app_key = w.app_key
      and d.delivery_id = coalesce(w.delivery_id, d.delivery_id)
      and d.installation_key = coalesce(w.installation_key, d.installation_key)
    where ${isBetween(wanted)}
    order by d.message_id, d.user_key, d.delivery_id
    for update of d`);
  return rows;
}

export interface DeliveryUpdate {
  messageId: string;
  variant: number;
  userKey: string;
  deliveryId: string;
  state: DeliveryState;
  reason: DeliveryReason | null;
  code: string | null;
  /** Of a new reason. */
  detail: string | null;
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
      reason = r.reason,
      code = r.code,
      detail = case when r.reason is null then null else coalesce(r.detail, d.detail) end,
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
      ${updates.map((row) => row.reason)}::text[],
      ${updates.map((row) => row.code)}::text[],
      ${updates.map((row) => row.detail)}::text[],
      ${updates.map((row) => row.dismissed)}::boolean[],
      ${updates.map((row) => row.sentAt)}::timestamptz[],
      ${updates.map((row) => row.deliveredAt)}::timestamptz[],
      ${updates.map((row) => row.seenAt)}::timestamptz[],
      ${updates.map((row) => row.clickedAt)}::timestamptz[]
    ) as r (message_id, user_key, delivery_id, state, reason, code, detail, dismissed, sent_at, delivered_at, seen_at, clicked_at)
    where d.message_id = r.message_id and d.user_key = r.user_key and d.delivery_id = r.delivery_id
      and ${isBetween(updates)}`);
}

/** Keeps PostgreSQL from planning for months that none of these is in: half of the time that a few rows take. */
function isBetween(rows: readonly { messageId: string }[]): Sql {
  // Some devices write them in capitals, which sort elsewhere.
  const messageIds = rows.map(({ messageId }) => messageId.toLowerCase());
  let [first = nilUuid, last = nilUuid] = [messageIds[0], messageIds[0]];
  for (const messageId of messageIds) {
    if (messageId < first) first = messageId;
    if (messageId > last) last = messageId;
  }
  return sql`d.message_id between ${first}::uuid and ${last}::uuid`;
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
  step: number;
  attempts: number;
  state: DeliveryState;
  reason: DeliveryReason | null;
  code: string | null;
  detail: string | null;
  accountKey: number | null;
  providerId: string | null;
  dismissed: boolean;
  createdAt: Date;
  sentAt: Date | null;
  deliveredAt: Date | null;
  seenAt: Date | null;
  clickedAt: Date | null;
}

/** What a log is narrowed to. `userKeys`: of these users alone. */
export interface LogFilter {
  state: DeliveryState | null;
  reason: DeliveryReason | null;
  userKeys: readonly string[] | null;
}

/** Rows of one message in key order, after (userKey, deliveryId). */
export async function listDeliveries(
  db: Queryable,
  appKey: number,
  page: LogFilter & {
    messageId: string;
    after: readonly [string, string] | null;
    limit: number;
  },
): Promise<DeliveryRow[]> {
  const [afterUser, afterDelivery] = page.after ?? [null, null];
  const { rows } = await db.query<DeliveryRow>(sql`
    select d.user_key as "userKey", d.delivery_id as "deliveryId", ${namesOf}, d.address, d.step, d.attempts, d.state,
      d.reason, d.code, d.detail, d.account_key as "accountKey", d.provider_id as "providerId", d.dismissed,
      d.created_at as "createdAt", d.sent_at as "sentAt", d.delivered_at as "deliveredAt", d.seen_at as "seenAt",
      d.clicked_at as "clickedAt"
    from (
      select *
      from deliveries
      where message_id = ${page.messageId} and app_key = ${appKey}
        and (${page.state}::delivery_state is null or state = ${page.state}::delivery_state)
        and (${page.reason}::text is null or reason = ${page.reason}::text)
        and (${page.userKeys}::uuid[] is null or user_key = any(${page.userKeys}::uuid[]))
        and (${afterUser}::uuid is null or (user_key, delivery_id) > (${afterUser}::uuid, ${afterDelivery}::uuid))
      order by user_key, delivery_id
      limit ${page.limit + 1}
    ) as d
    ${withNames}
    order by d.user_key, d.delivery_id`);
  return rows;
}

/** Those of these users who were shown a message itself, as `message/user`: what follows it is not for them. */
export async function listShown(
  db: Queryable,
  appKey: number,
  recipients: readonly { messageId: string; userKey: string }[],
): Promise<Set<string>> {
  if (recipients.length === 0) return new Set();
  const { rows } = await db.query<{ messageId: string; userKey: string }>(sql`
    select distinct d.message_id as "messageId", d.user_key as "userKey"
    from unnest(
      ${recipients.map((row) => row.messageId)}::uuid[], ${recipients.map((row) => row.userKey)}::uuid[]
    ) as r (message_id, user_key)
    join deliveries d on d.app_key = ${appKey} and d.message_id = r.message_id and d.user_key = r.user_key
      and d.step = 0 and d.state in ('delivered', 'seen', 'clicked')`);
  return new Set(rows.map((row) => `${row.messageId}/${row.userKey}`));
}

/** Gives addresses that several users share to the first of them who is to get the message; answers who has each. */
export async function claimAddresses(
  db: Queryable,
  claims: readonly { messageId: string; addressHash: string; userKey: string }[],
): Promise<Map<string, string>> {
  if (claims.length === 0) return new Map();
  const [messages, hashes, users] = [
    claims.map((row) => row.messageId),
    claims.map((row) => row.addressHash),
    claims.map((row) => row.userKey),
  ];
  await db.query(sql`
    insert into shared_addresses (message_id, address_hash, user_key)
    select * from unnest(${messages}::uuid[], ${hashes}::uuid[], ${users}::uuid[]) as c (message_id, address_hash, user_key)
    order by message_id, address_hash, user_key
    on conflict do nothing`);
  const { rows } = await db.query<{ messageId: string; addressHash: string; userKey: string }>(sql`
    select s.message_id as "messageId", s.address_hash as "addressHash", s.user_key as "userKey"
    from unnest(${messages}::uuid[], ${hashes}::uuid[]) as c (message_id, address_hash)
    join shared_addresses s using (message_id, address_hash)`);
  return new Map(rows.map((row) => [`${row.messageId}/${row.addressHash}`, row.userKey]));
}
