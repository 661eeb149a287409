import sql, { raw } from "sql-template-tag";
import { type CopyData, CopyWriter, copyInto } from "../db/copy.ts";
import type { Database, Transaction } from "../db/database.ts";

/** A thing that happened. */
export interface EventChange {
  line: number;
  eventId: string;
  /** Null: the owner of the installation did it. */
  userKey: string | null;
  userId: string | null;
  installationKey: string | null;
  name: string;
  at: Date;
  value: number | null;
  /** A value that is no number. */
  valueText: string | null;
  data: Record<string, unknown>;
}

/** Events, ready to be copied. */
export interface StagedEvents {
  readonly rows: CopyData;
  /** First days of the months they happened in, ISO 8601. */
  readonly months: readonly string[];
}

/** Takes events, each once. */
export interface EventStage {
  add(event: EventChange): void;
  /** All that came since the start or the last time. */
  finish(): StagedEvents;
}

/** Prepares {@link copyEvents} event by event and keeps none of them. */
export function createEventStage(): EventStage {
  const writer = new CopyWriter(9);
  const months = new Set<number>();
  return {
    add(event) {
      months.add(Date.UTC(event.at.getUTCFullYear(), event.at.getUTCMonth(), 1));
      writer.row().int4(event.line).uuid(event.eventId).uuid(event.userKey).uuid(event.installationKey);
      writer.text(event.name).moment(event.at).float8(event.value).text(event.valueText).json(event.data);
    },
    finish() {
      const firstDays = [...months].map((month) => new Date(month).toISOString().slice(0, 10));
      months.clear();
      return { rows: writer.finish(), months: firstDays };
    },
  };
}

/** Partitions that this process has seen or made, by database. */
const madeMonths = new WeakMap<Database, Set<string>>();

/** Makes the monthly partitions that these events need. Outside of the transaction that stores them: it takes a lock. */
export async function prepareMonths(db: Database, months: readonly string[]): Promise<void> {
  const made = madeMonths.get(db) ?? new Set();
  madeMonths.set(db, made);
  for (const month of months) {
    if (made.has(month)) continue;
    const from = new Date(`${month}T00:00:00Z`);
    const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1));
    // Bounds of a partition cannot be values of a statement; these are made of digits only.
    const bound = (at: Date) => raw(`'${at.toISOString()}'`);
    await db.query(sql`
      create table if not exists ${raw(`events_${month.slice(0, 7).replace("-", "_")}`)} partition of events
      for values from (${bound(from)}) to (${bound(to)})`);
    made.add(month);
  }
}

/** Brings events to the database and stores none of them yet. */
export async function copyEvents(tx: Transaction, events: StagedEvents): Promise<void> {
  await tx.client.query(`
    create temp table if not exists staged_events (
      line integer, event_id uuid, user_key uuid, installation_key uuid, name text, at timestamptz,
      value double precision, value_text text, data jsonb
    ) on commit delete rows;
    create temp table if not exists merged_events (
      event_id uuid, user_key uuid, name text, at timestamptz, value double precision, value_text text
    ) on commit delete rows`);
  await copyInto(tx, "staged_events", events.rows);
}

/**
 * Stores what {@link copyEvents} staged in this transaction and rolls up those that were not there yet: repeated and late
 * ones leave the behaviours as if all had come once and in order. Answers in `merged_events` which were new, and returns
 * the lines whose installation is not known; those are left out.
 */
export async function mergeEvents(tx: Transaction, appKey: number, now: Date): Promise<number[]> {
  await tx.query(sql`
    update staged_events s set user_key = d.user_key
    from staged_events e
    cross join lateral (
      select user_key
      from installation_directory
      where app_key = ${appKey} and installation_key = e.installation_key
      limit 1
    ) as d
    where s.user_key is null and e.user_key is null and s.line = e.line`);
  const { rows } = await tx.query<{ line: number }>(sql`
    delete from staged_events where user_key is null returning line`);
  await tx.query(sql`
    with merged as (
      insert into events as e (
        app_key, user_key, at, event_id, name, installation_key, value, value_text, data, created_at)
      select ${appKey}::integer, user_key, at, event_id, name, installation_key, value, value_text, data,
        ${now}::timestamptz
      from staged_events
      order by user_key, at, event_id
      on conflict (app_key, user_key, at, event_id) do nothing
      returning event_id, user_key, name, at, value, value_text
    )
    insert into merged_events select event_id, user_key, name, at, value, value_text from merged`);
  await rollUp(tx, appKey);
  return rows.map((row) => row.line);
}

async function rollUp(tx: Transaction, appKey: number): Promise<void> {
  await tx.query(sql`
    insert into behaviours as b (
      app_key, user_key, name, count, first_at, last_at, last_event_id, last_value, last_value_text, value_count,
      value_sum, value_min, value_max)
    ${behavioursOf(sql`merged_events`, appKey)}
    order by user_key, name
    on conflict (app_key, user_key, name) do update set
      count = b.count + excluded.count,
      first_at = least(b.first_at, excluded.first_at),
      last_at = greatest(b.last_at, excluded.last_at),
      last_event_id = case when (b.last_at, b.last_event_id) < (excluded.last_at, excluded.last_event_id)
        then excluded.last_event_id else b.last_event_id end,
      last_value = case when (b.last_at, b.last_event_id) < (excluded.last_at, excluded.last_event_id)
        then excluded.last_value else b.last_value end,
      last_value_text = case when (b.last_at, b.last_event_id) < (excluded.last_at, excluded.last_event_id)
        then excluded.last_value_text else b.last_value_text end,
      value_count = b.value_count + excluded.value_count,
      value_sum = b.value_sum + excluded.value_sum,
      value_min = least(b.value_min, excluded.value_min),
      value_max = greatest(b.value_max, excluded.value_max)`);
}

/** The behaviours of the events in `source`, a select to be nested or ordered. */
const behavioursOf = (source: ReturnType<typeof sql>, appKey: number) => sql`
  select ${appKey}::integer, user_key, name, count(*)::integer, min(at), max(at),
    (array_agg(event_id order by at desc, event_id desc))[1],
    (array_agg(value order by at desc, event_id desc))[1],
    (array_agg(value_text order by at desc, event_id desc))[1],
    count(value)::integer, coalesce(sum(value), 0), min(value), max(value)
  from ${source}
  group by user_key, name`;

/**
 * Takes events back and makes the behaviours they were in anew from the rest of the timeline. Answers how many were there.
 */
export async function removeEvents(
  tx: Transaction,
  appKey: number,
  events: { userKeys: readonly string[]; eventIds: readonly string[] },
): Promise<number> {
  const { rows } = await tx.query<{ userKey: string; name: string }>(sql`
    delete from events e
    using unnest(${events.userKeys}::uuid[], ${events.eventIds}::uuid[]) as k (user_key, event_id)
    where e.app_key = ${appKey} and e.user_key = k.user_key and e.event_id = k.event_id
    returning e.user_key as "userKey", e.name`);
  if (rows.length === 0) return 0;
  const userKeys = rows.map((row) => row.userKey);
  const names = rows.map((row) => row.name);
  await tx.query(sql`
    delete from behaviours b
    using (select distinct * from unnest(${userKeys}::uuid[], ${names}::text[])) as k (user_key, name)
    where b.app_key = ${appKey} and b.user_key = k.user_key and b.name = k.name`);
  const rest = sql`(
    select e.*
    from (select distinct * from unnest(${userKeys}::uuid[], ${names}::text[])) as k (user_key, name)
    join events e on e.app_key = ${appKey} and e.user_key = k.user_key and e.name = k.name
  ) as rest`;
  await tx.query(sql`
    insert into behaviours (
      app_key, user_key, name, count, first_at, last_at, last_event_id, last_value, last_value_text, value_count,
      value_sum, value_min, value_max)
    ${behavioursOf(rest, appKey)}`);
  return rows.length;
}
