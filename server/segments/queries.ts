import pg from "pg";
import sql, { join, raw, type Sql } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import type { AttributeType } from "../users/attribute-types.ts";
import { indexedValue } from "./attribute-values.ts";
import type { AttributeField } from "./fields.ts";
import type { SegmentCount } from "./schema.ts";

export interface SegmentRow {
  segmentId: string;
  name: string;
  /** The name as it is compared. */
  nameKey: string;
  kind: "static" | "dynamic";
  /** Of a dynamic one. */
  target: unknown;
  attributes: Record<string, AttributeType>;
  createdAt: Date;
  createdBy: string | null;
}

const segmentColumns = sql`
  segment_id as "segmentId", name, name_key as "nameKey", kind, target, attributes, created_at as "createdAt", created_by as "createdBy"`;

/** Segments with one of these ids, or one of these names as they are compared. */
export async function findSegments(
  db: Queryable,
  appKey: number,
  by: { ids: readonly string[]; nameKeys: readonly string[] },
): Promise<SegmentRow[]> {
  const { rows } = await db.query<SegmentRow>(sql`
    select ${segmentColumns}
    from segments
    where app_key = ${appKey} and (segment_id = any(${by.ids}::uuid[]) or name_key = any(${by.nameKeys}::text[]))`);
  return rows;
}

/** Makes a segment by filter; false where there is one of this name. */
export async function insertSegment(
  db: Queryable,
  segment: { appKey: number; createdBy: string } & Omit<SegmentRow, "kind" | "createdBy">,
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    insert into segments (segment_id, app_key, name, name_key, kind, target, attributes, created_at, created_by)
    values (${segment.segmentId}, ${segment.appKey}, ${segment.name}, ${segment.nameKey}, 'dynamic',
      ${JSON.stringify(segment.target)}::jsonb, ${JSON.stringify(segment.attributes)}::jsonb, ${segment.createdAt},
      ${segment.createdBy})
    on conflict (app_key, name_key) do nothing`);
  return rowCount === 1;
}

export async function deleteSegment(db: Queryable, appKey: number, segmentId: string): Promise<void> {
  await db.query(sql`
    delete from segments where app_key = ${appKey} and segment_id = ${segmentId} and kind = 'dynamic'`);
}

/** Segments by filter of an app, by name: at most a few hundred. */
export async function listDynamicSegments(db: Queryable, appKey: number): Promise<SegmentRow[]> {
  const { rows } = await db.query<SegmentRow>(sql`
    select ${segmentColumns} from segments where app_key = ${appKey} and kind = 'dynamic' order by name_key`);
  return rows;
}

/** Which of the filters, over `users u`, hold for a user. */
export async function whichHold(
  db: Queryable,
  appKey: number,
  userKey: string,
  filters: readonly Sql[],
): Promise<boolean[]> {
  if (filters.length === 0) return [];
  const { rows } = await db.query<{ hold: boolean[] }>(sql`
    select array[${join(filters.map((filter) => sql`coalesce(bool_or(${filter}), false)`))}] as hold
    from users u
    left join installations i on i.app_key = u.app_key and i.user_key = u.user_key
    where u.app_key = ${appKey} and u.user_key = ${userKey}`);
  return rows[0]?.hold ?? [];
}

/** Newest first; `search` narrows to names with this part, as names are compared. */
export async function listSegmentRows(
  db: Queryable,
  appKey: number,
  page: { search: string; before: string | null; limit: number },
): Promise<SegmentRow[]> {
  const { rows } = await db.query<SegmentRow>(sql`
    select ${segmentColumns}
    from segments
    where app_key = ${appKey}
      and position(${page.search}::text in name_key) > 0
      and (${page.before}::uuid is null or segment_id < ${page.before}::uuid)
    order by segment_id desc
    limit ${page.limit + 1}`);
  return rows;
}

/** How many users of the app the restriction, over `users u`, leaves. */
export async function countUsers(db: Queryable, appKey: number, restriction: Sql): Promise<number> {
  const { rows } = await db.query<{ count: number }>(sql`
    select count(*) as count from users u where u.app_key = ${appKey} and ${restriction}`);
  return rows[0]?.count ?? 0;
}

/**
 * Pairs of a user and one of their installations (null for a user without any) that match `filter`, which
 * `compileCondition` made: a select with the columns user_key and installation_key, to be nested.
 */
export function matchingPairs(appKey: number, filter: Sql): Sql {
  return sql`
    select u.user_key, i.installation_key
    from users u
    left join installations i on i.app_key = u.app_key and i.user_key = u.user_key
    where u.app_key = ${appKey} and ${filter}`;
}

/** Exact numbers of a segment, by one pass: grouped by user first, since a person may match with several devices. */
export async function countSegment(db: Queryable, appKey: number, filter: Sql): Promise<SegmentCount> {
  const { rows } = await db.query<{
    users: number;
    installations: number;
    inbox: number;
    push: number;
    email: number;
    sms: number;
    whatsapp: number;
  }>(sql`
    select count(*) as users,
      coalesce(sum(installations), 0)::bigint as installations,
      coalesce(sum(inbox), 0)::bigint as inbox,
      coalesce(sum(push), 0)::bigint as push,
      count(*) filter (where by_email) as email,
      count(*) filter (where by_sms) as sms,
      count(*) filter (where by_whatsapp) as whatsapp
    from (
      select u.user_key,
        count(i.installation_key) as installations,
        count(*) filter (where not i.opted_out and i.uninstalled_at is null) as inbox,
        count(*) filter (where not i.opted_out and i.uninstalled_at is null
          and i.token_service in ('fcm', 'apns', 'webpush')) as push,
        bool_or(u.email is not null and not u.opted_out @> '{email}') as by_email,
        bool_or(u.phone is not null and not u.opted_out @> '{sms}') as by_sms,
        bool_or(u.phone is not null and not u.opted_out @> '{whatsapp}') as by_whatsapp
      from users u
      left join installations i on i.app_key = u.app_key and i.user_key = u.user_key
      where u.app_key = ${appKey} and ${filter}
      group by u.user_key
    ) as matched`);
  const row = rows[0];
  if (!row) throw new Error("an aggregate always answers one row");
  const { users, installations, ...reach } = row;
  return { users, installations, reach };
}

/** Installations of the segment: what a send to it answers as its count. */
export async function countInstallations(db: Queryable, appKey: number, filter: Sql): Promise<number> {
  const { rows } = await db.query<{ count: number }>(sql`
    select count(i.installation_key) as count
    from users u
    left join installations i on i.app_key = u.app_key and i.user_key = u.user_key
    where u.app_key = ${appKey} and ${filter}`);
  return rows[0]?.count ?? 0;
}

// Any number, the same in every process.
const indexesLock = 7_240_119;

export async function tryLockIndexes(session: Queryable): Promise<boolean> {
  const { rows } = await session.query<{ locked: boolean }>(
    sql`select pg_try_advisory_lock(${indexesLock}) as locked`,
  );
  return rows[0]?.locked ?? false;
}

/** Of the connection, by which {@link cancelStatement} finds what it is doing. */
export async function readStatementId(session: Queryable): Promise<number> {
  const { rows } = await session.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  return rows[0]?.pid ?? 0;
}

export async function cancelStatement(db: Queryable, pid: number): Promise<void> {
  await db.query(sql`select pg_cancel_backend(${pid}::integer)`);
}

export async function listFastIndexes(
  db: Queryable,
  prefix: string,
): Promise<{ index: string; isValid: boolean }[]> {
  const { rows } = await db.query<{ index: string; isValid: boolean }>(sql`
    select c.relname as index, i.indisvalid as "isValid"
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    where i.indrelid = to_regclass('users') and starts_with(c.relname, ${prefix})`);
  return rows;
}

/** Without a lock that keeps writers out; not inside a transaction. */
export async function dropIndex(session: Queryable, index: string): Promise<void> {
  await session.query(sql`drop index concurrently if exists ${raw(pg.escapeIdentifier(index))}`);
}

/** Only users of the app who have a value are in it. Not inside a transaction. */
export async function createFastIndex(
  session: Queryable,
  { index, appKey, field }: { index: string; appKey: number; field: AttributeField },
): Promise<void> {
  const value = indexedValue({ ...field, column: sql`attributes` });
  const how = field.type === "ARRAY" ? sql`gin ((${value}) jsonb_path_ops)` : sql`btree ((${value}))`;
  await session.query(sql`
    create index concurrently ${raw(pg.escapeIdentifier(index))} on users using ${how}
    where app_key = ${raw(String(appKey))} and (${value}) is not null`);
}

export async function updateStatistics(session: Queryable): Promise<void> {
  await session.query(sql`analyze users`);
}
