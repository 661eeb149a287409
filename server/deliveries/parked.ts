import sql from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import type { Queryable } from "../db/database.ts";
import type { DeliveryKey } from "./reference.ts";
import type { ReceiptState } from "./states.ts";

/** A receipt that spoke of no row when it came. */
export interface ParkedReceipt {
  receiptId: string;
  parkKey: string;
  appKey: number;
  messageId: string | null;
  userKey: string | null;
  accountKey: number | null;
  state: ReceiptState | "dismissed";
  at: Date;
  code: string | null;
  detail: string | null;
}

const columns = sql`
  receipt_id as "receiptId", park_key as "parkKey", app_key as "appKey", message_id as "messageId",
  user_key as "userKey", account_key as "accountKey", state, at, code, detail`;

export async function insertParked(
  db: Queryable,
  receipts: readonly Omit<ParkedReceipt, "receiptId">[],
  now: Date,
): Promise<void> {
  if (receipts.length === 0) return;
  await db.query(sql`
    insert into parked_receipts (
      receipt_id, park_key, app_key, message_id, user_key, account_key, state, at, code, detail, received_at)
    select *, ${now}::timestamptz
    from unnest(
      ${receipts.map(() => uuidv7())}::uuid[],
      ${receipts.map((row) => row.parkKey)}::uuid[],
      ${receipts.map((row) => row.appKey)}::integer[],
      ${receipts.map((row) => row.messageId)}::uuid[],
      ${receipts.map((row) => row.userKey)}::uuid[],
      ${receipts.map((row) => row.accountKey)}::integer[],
      ${receipts.map((row) => row.state)}::text[],
      ${receipts.map((row) => row.at)}::timestamptz[],
      ${receipts.map((row) => row.code)}::text[],
      ${receipts.map((row) => row.detail)}::text[]
    )`);
}

/** What was parked under these keys, in the order it came; it is parked no more. */
export async function takeParked(db: Queryable, parkKeys: readonly string[]): Promise<ParkedReceipt[]> {
  const { rows } = await db.query<ParkedReceipt>(sql`
    with taken as (
      delete from parked_receipts where park_key = any(${parkKeys}::uuid[]) returning *
    )
    select ${columns} from taken order by receipt_id`);
  return rows;
}

/** Those that came in a span of time and whose row is there, held so that no other looks at them meanwhile. */
export async function listParked(
  db: Queryable,
  { since, before, limit }: { since: Date; before: Date; limit: number },
): Promise<ParkedReceipt[]> {
  const { rows } = await db.query<ParkedReceipt>(sql`
    select ${columns}
    from parked_receipts p
    where received_at >= ${since} and received_at < ${before}
      and (exists (
          select from deliveries d
          where d.message_id = p.message_id and d.user_key = p.user_key and d.delivery_id = p.park_key)
        or exists (
          select from provider_ids i where i.account_key = p.account_key and i.provider_hash = p.park_key))
    order by received_at, receipt_id
    limit ${limit}
    for update skip locked`);
  return rows;
}

export async function deleteParked(db: Queryable, receiptIds: readonly string[]): Promise<void> {
  await db.query(sql`delete from parked_receipts where receipt_id = any(${receiptIds}::uuid[])`);
}

/** Forgets those that found nothing for so long that there is nothing to find. */
export async function forgetParked(db: Queryable, before: Date): Promise<void> {
  await db.query(sql`delete from parked_receipts where received_at < ${before}`);
}

/** Forgets those that speak of these users. There are few parked at any time: no index finds them. */
export async function eraseParked(db: Queryable, userKeys: readonly string[]): Promise<void> {
  await db.query(sql`delete from parked_receipts where user_key = any(${userKeys}::uuid[])`);
}

/** The deliveries that providers know under these ids, by `account/hash`. */
export async function findByProviderIds(
  db: Queryable,
  names: readonly { accountKey: number; providerHash: string }[],
): Promise<Map<string, DeliveryKey[]>> {
  const found = new Map<string, DeliveryKey[]>();
  if (names.length === 0) return found;
  const { rows } = await db.query<DeliveryKey & { accountKey: number; providerHash: string }>(sql`
    select i.account_key as "accountKey", i.provider_hash as "providerHash", i.message_id as "messageId",
      i.user_key as "userKey", i.delivery_id as "deliveryId"
    from (
      select distinct *
      from unnest(
        ${names.map((name) => name.accountKey)}::integer[],
        ${names.map((name) => name.providerHash)}::uuid[]) as u (account_key, provider_hash)
    ) as n
    join provider_ids i using (account_key, provider_hash)`);
  for (const { accountKey, providerHash, ...key } of rows) {
    const name = `${accountKey}/${providerHash}`;
    found.set(name, [...(found.get(name) ?? []), key]);
  }
  return found;
}
