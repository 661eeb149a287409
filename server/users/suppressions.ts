import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import type { LeavableChannel } from "./schema.ts";

/** An address that is dead, and how that was found out. */
export interface DeadAddress {
  channel: LeavableChannel;
  address: string;
  reason: string;
  detail: string | null;
}

/** Sends nothing to these addresses any more. What is said of one first stays. Answers how many were not there yet. */
export async function suppress(
  db: Queryable,
  appKey: number,
  dead: readonly DeadAddress[],
  now: Date,
): Promise<number> {
  if (dead.length === 0) return 0;
  const { rowCount } = await db.query(sql`
    insert into suppressions (app_key, channel, address, reason, detail, created_at)
    select ${appKey}::integer, channel, address, reason, detail, ${now}::timestamptz
    from unnest(
      ${dead.map((row) => row.channel)}::text[],
      ${dead.map((row) => row.address)}::text[],
      ${dead.map((row) => row.reason)}::text[],
      ${dead.map((row) => row.detail)}::text[])
      with ordinality as d (channel, address, reason, detail, position)
    order by channel, address, position
    on conflict do nothing`);
  return rowCount ?? 0;
}

export interface SuppressionRow extends DeadAddress {
  createdAt: Date;
}

/** Suppressed addresses by channel and address, after one. */
export async function listSuppressions(
  db: Queryable,
  appKey: number,
  page: { channel: LeavableChannel | null; after: readonly [string, string] | null; limit: number },
): Promise<SuppressionRow[]> {
  const [afterChannel, afterAddress] = page.after ?? [null, null];
  const { rows } = await db.query<SuppressionRow>(sql`
    select channel, address, reason, detail, created_at as "createdAt"
    from suppressions
    where app_key = ${appKey}
      and (${page.channel}::text is null or channel = ${page.channel}::text)
      and (${afterChannel}::text is null or (channel, address) > (${afterChannel}::text, ${afterAddress}::text))
    order by channel, address
    limit ${page.limit + 1}`);
  return rows;
}

/** Takes an address off the list, and begins anew to count what comes back. False when it was not on it. */
export async function unsuppress(
  db: Queryable,
  appKey: number,
  { channel, address }: { channel: LeavableChannel; address: string },
): Promise<boolean> {
  await db.query(
    sql`delete from soft_bounces where app_key = ${appKey} and channel = ${channel} and address = ${address}`,
  );
  const { rowCount } = await db.query(sql`
    delete from suppressions where app_key = ${appKey} and channel = ${channel} and address = ${address}`);
  return (rowCount ?? 0) > 0;
}

/** Forgets addresses of somebody who is deleted for good. */
export async function eraseSuppressions(
  db: Queryable,
  appKey: number,
  addresses: readonly (string | null)[],
): Promise<void> {
  const known = addresses.filter((address) => address !== null);
  await db.query(sql`delete from suppressions where app_key = ${appKey} and address = any(${known}::text[])`);
  await db.query(sql`delete from soft_bounces where app_key = ${appKey} and address = any(${known}::text[])`);
}
