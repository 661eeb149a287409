import sql, { join, type Sql } from "sql-template-tag";
import type { Queryable, Transaction } from "../db/database.ts";
import type { AttributeType } from "../users/attribute-types.ts";

export interface SegmentRow {
  segmentId: string;
  name: string;
  /** The name as it is compared. */
  nameKey: string;
  kind: "static" | "dynamic";
  /** Of a dynamic one its filter, in one of the two notations; the other is null. */
  target: unknown;
  rules: unknown;
  attributes: Record<string, AttributeType>;
  isPinned: boolean;
  createdAt: Date;
  createdBy: string | null;
}

const segmentColumns = sql`
  segment_id as "segmentId", name, name_key as "nameKey", kind, target, rules, attributes, is_pinned as "isPinned",
  created_at as "createdAt", created_by as "createdBy"`;

/** What filters of an app can speak of, and in which zone its days are, in one question. */
export async function readVocabulary(
  db: Queryable,
  appKey: number,
): Promise<{
  timeZone: string;
  attributes: Record<string, AttributeType>;
  fastAttributes: string[];
  events: string[];
}> {
  const { rows } = await db.query<{
    timeZone: string;
    attributes: Record<string, AttributeType> | null;
    fastAttributes: string[];
    events: string[];
  }>(sql`
    select time_zone as "timeZone",
      (select json_object_agg(name, type) from attributes where app_key = ${appKey}) as attributes,
      array(select name from attributes where app_key = ${appKey} and fast = 'ready') as "fastAttributes",
      array(select distinct name from event_counters where app_key = ${appKey}) as events
    from apps where app_key = ${appKey}`);
  const row = rows[0];
  if (!row) throw new Error(`no app ${appKey}`);
  return { ...row, attributes: row.attributes ?? {} };
}

/** Those of the ids that are an import or a message of the app. */
export async function listKnownIds(
  db: Queryable,
  appKey: number,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>(sql`
    select import_id as id from imports where app_key = ${appKey} and import_id = any(${ids}::uuid[])
    union all
    select message_id from messages where app_key = ${appKey} and message_id = any(${ids}::uuid[])`);
  return new Set(rows.map(({ id }) => id));
}

/** Whether PostgreSQL takes the patterns as regular expressions. Throws its error when it does not take one of them. */
export async function tryPatterns(db: Queryable, patterns: readonly string[]): Promise<void> {
  await db.query(sql`select '' ~ pattern from unnest(${patterns}::text[]) as p (pattern)`);
}

/** Segments with one of these ids, or one of these names as they are compared. */
export async function findSegments(
  db: Queryable,
  appKey: number,
  by: { ids: readonly string[]; nameKeys: readonly string[] },
): Promise<SegmentRow[]> {
  const { rows } = await db.query<SegmentRow>(sql`
    select ${segmentColumns}
    from segments
    where app_key = ${appKey} and deleted_at is null
      and (segment_id = any(${by.ids}::uuid[]) or name_key = any(${by.nameKeys}::text[]))`);
  return rows;
}

/** One that was deleted, locked until the end of the transaction. */
export async function findDeleted(
  tx: Transaction,
  appKey: number,
  segmentId: string,
): Promise<SegmentRow | null> {
  const { rows } = await tx.query<SegmentRow>(sql`
    select ${segmentColumns}
    from segments
    where app_key = ${appKey} and segment_id = ${segmentId} and deleted_at is not null
    for update`);
  return rows[0] ?? null;
}

// Any number, the same in every process.
const segmentsLock = 7_240_121;

/** Until the end of the transaction nobody else changes what segments of the app are made of. */
export async function lockSegments(tx: Transaction, appKey: number): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(${segmentsLock}, ${appKey}::integer)`);
}

const jsonb = (value: unknown): Sql => sql`${value === null ? null : JSON.stringify(value)}::jsonb`;

/** Makes a segment; false where there is one of this name. */
export async function insertSegment(
  db: Queryable,
  segment: { appKey: number } & SegmentRow,
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    insert into segments (segment_id, app_key, name, name_key, kind, target, rules, attributes, is_pinned, created_at,
      created_by)
    values (${segment.segmentId}, ${segment.appKey}, ${segment.name}, ${segment.nameKey}, ${segment.kind},
      ${jsonb(segment.target)}, ${jsonb(segment.rules)}, ${jsonb(segment.attributes)}, ${segment.isPinned},
      ${segment.createdAt}, ${segment.createdBy})
    on conflict (app_key, name_key) where deleted_at is null do nothing`);
  return rowCount === 1;
}

/** Writes what can change of a segment. Throws a unique violation where another one has the name. */
export async function updateSegment(
  db: Queryable,
  appKey: number,
  segment: Omit<SegmentRow, "kind" | "createdAt" | "createdBy">,
): Promise<void> {
  await db.query(sql`
    update segments
    set name = ${segment.name}, name_key = ${segment.nameKey}, target = ${jsonb(segment.target)},
      rules = ${jsonb(segment.rules)}, attributes = ${jsonb(segment.attributes)}, is_pinned = ${segment.isPinned}
    where app_key = ${appKey} and segment_id = ${segment.segmentId}`);
}

/** Puts a segment out of sight, with its members as they are. */
export async function deleteSegment(
  db: Queryable,
  appKey: number,
  segmentId: string,
  now: Date,
): Promise<void> {
  await db.query(sql`
    update segments set deleted_at = ${now} where app_key = ${appKey} and segment_id = ${segmentId}`);
}

/** Throws a unique violation where another one has the name by now. */
export async function undeleteSegment(db: Queryable, appKey: number, segmentId: string): Promise<void> {
  await db.query(sql`
    update segments set deleted_at = null where app_key = ${appKey} and segment_id = ${segmentId}`);
}

/** Forgets segments of all apps that were deleted before a moment, and who was in them. */
export async function purgeSegments(db: Queryable, before: Date): Promise<void> {
  await db.query(sql`
    with gone as (
      delete from segments where deleted_at < ${before} returning app_key, segment_id
    )
    delete from segment_members m
    using gone g
    where m.app_key = g.app_key and m.segment_id = g.segment_id`);
}

/** Segments by filter of an app, by name: at most a few hundred. */
export async function listDynamicSegments(db: Queryable, appKey: number): Promise<SegmentRow[]> {
  const { rows } = await db.query<SegmentRow>(sql`
    select ${segmentColumns}
    from segments
    where app_key = ${appKey} and kind = 'dynamic' and deleted_at is null
    order by name_key`);
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
  page: { search: string; isPinned: boolean; before: string | null; limit: number },
): Promise<SegmentRow[]> {
  const { rows } = await db.query<SegmentRow>(sql`
    select ${segmentColumns}
    from segments
    where app_key = ${appKey} and deleted_at is null
      and position(${page.search}::text in name_key) > 0
      and (is_pinned or not ${page.isPinned}::boolean)
      and (${page.before}::uuid is null or segment_id < ${page.before}::uuid)
    order by segment_id desc
    limit ${page.limit + 1}`);
  return rows;
}

/** Segments of all apps that have no size of the day it is in their app's time zone. */
export async function listUnsized(
  db: Queryable,
  now: Date,
): Promise<{ appKey: number; segmentId: string; day: string }[]> {
  const { rows } = await db.query<{ appKey: number; segmentId: string; day: string }>(sql`
    select s.app_key as "appKey", s.segment_id as "segmentId", today.day::text as day
    from segments s
    join apps a using (app_key)
    cross join lateral (select (${now}::timestamptz at time zone a.time_zone)::date as day) as today
    where s.deleted_at is null
      and not exists (select from segment_sizes z where z.segment_id = s.segment_id and z.day = today.day)
    order by s.segment_id`);
  return rows;
}

/** Keeps the size of a day; one that is there already stays, and a segment that is gone has none. */
export async function insertSize(
  db: Queryable,
  size: { segmentId: string; day: string; users: number },
): Promise<void> {
  await db.query(sql`
    insert into segment_sizes (segment_id, day, users)
    select segment_id, ${size.day}::date, ${size.users}::bigint from segments where segment_id = ${size.segmentId}
    on conflict do nothing`);
}

/** Oldest first. */
export async function listSizes(db: Queryable, segmentId: string): Promise<{ day: string; users: number }[]> {
  const { rows } = await db.query<{ day: string; users: number }>(sql`
    select day::text, users from segment_sizes where segment_id = ${segmentId} order by day`);
  return rows;
}
