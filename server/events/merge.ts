import sql, { type Sql } from "sql-template-tag";
import { type CopyData, CopyWriter, copyInto } from "../db/copy.ts";
import type { Transaction } from "../db/database.ts";
import { rebuildBehaviours, rolledUp } from "./behaviours.ts";
import { maxEventNames } from "./limits.ts";
import { startOfPartition } from "./partitions.ts";

/** A thing that happened. */
export interface EventChange {
  line: number;
  eventId: string;
  /** The id is made of one that the sender gave: it is the same event whatever else is said of it. */
  hasId: boolean;
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
  /** Starts of the partitions that they are in. */
  readonly partitions: readonly number[];
  readonly names: readonly string[];
  readonly hasIds: boolean;
  /** Some are told by installation. */
  readonly hasInstallations: boolean;
  /** When the first and the last of them happened. */
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** Takes events, each once. */
export interface EventStage {
  add(event: EventChange): void;
  /** All that came since the start or the last time. */
  finish(): StagedEvents;
}

/** Prepares {@link copyEvents} event by event and keeps none of them. */
export function createEventStage(): EventStage {
  const writer = new CopyWriter(11);
  const partitions = new Set<number>();
  const names = new Set<string>();
  let [hasIds, hasInstallations] = [false, false];
  let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return {
    add(event) {
      partitions.add(startOfPartition(event.at).getTime());
      names.add(event.name);
      if (event.hasId) hasIds = true;
      if (event.userKey === null) hasInstallations = true;
      firstMs = Math.min(firstMs, event.at.getTime());
      lastMs = Math.max(lastMs, event.at.getTime());
      writer.row().int4(event.line).uuid(event.eventId).boolean(event.hasId);
      writer.uuid(event.userKey).text(event.userId).uuid(event.installationKey);
      writer.text(event.name).moment(event.at).float8(event.value).text(event.valueText).json(event.data);
    },
    finish() {
      const staged = {
        rows: writer.finish(),
        partitions: [...partitions],
        names: [...names],
        hasIds,
        hasInstallations,
        firstAt: new Date(firstMs),
        lastAt: new Date(lastMs),
      };
      partitions.clear();
      names.clear();
      [hasIds, hasInstallations] = [false, false];
      [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      return staged;
    },
  };
}

/** Brings events to the database and stores none of them yet. */
export async function copyEvents(tx: Transaction, events: StagedEvents): Promise<void> {
  // Temporary tables have no statistics: the planner takes them for large and would compile each statement.
  await tx.client.query(`
    set local jit = off;
    create temp table if not exists staged_events (
      line integer, event_id uuid, has_id boolean, user_key uuid, user_id text, installation_key uuid, name text,
      at timestamptz, value double precision, value_text text, data jsonb
    ) on commit delete rows;
    create temp table if not exists merged_events (
      event_id uuid, user_key uuid, name text, at timestamptz, value double precision, value_text text
    ) on commit delete rows`);
  await copyInto(
    tx,
    `staged_events (
      line, event_id, has_id, user_key, user_id, installation_key, name, at, value, value_text, data)`,
    events.rows,
  );
}

/** An event that was not stored. */
export interface LostEvent {
  line: number;
  /** Nobody knows the installation; or the app has as many names of events as fit. */
  code: "installation_unknown" | "event_names_limit";
}

export interface MergeEventsOptions {
  now: Date;
  /** The writer's row of the counters. */
  slot: number;
  /** What the events of `staged_events e` came after, to be selected from: message_id and is_direct, at most one row. */
  influence?: Sql | null;
  /** Names that the app is known to have: with no others nobody counts them. */
  knownNames?: ReadonlySet<string> | null;
}

/**
 * Stores what {@link copyEvents} staged in this transaction and rolls up those that were not there yet: repeated and late
 * ones leave the behaviours as if all had come once and in order. Answers in `merged_events` which were new, and returns
 * those that were left out. Whose events they are is known by then: {@link findOwners} and `holdUsers` have seen to it.
 */
export async function mergeEvents(
  tx: Transaction,
  appKey: number,
  events: Pick<StagedEvents, "names" | "hasIds">,
  { now, slot, influence = null, knownNames = null }: MergeEventsOptions,
): Promise<LostEvent[]> {
  const lost: LostEvent[] = [];
  if (!knownNames || events.names.some((name) => !knownNames.has(name)))
    lost.push(...(await dropExcessNames(tx, appKey)));
  if (events.hasIds) await dropKnownIds(tx, appKey);
  // The lateral join gives one row at most, so none is stored twice.
  await tx.query(sql`
    with merged as (
      insert into events (
        app_key, user_key, at, event_id, name, installation_key, value, value_text, data, influence_message_id,
        influence_direct, created_at)
      select ${appKey}::integer, e.user_key, e.at, e.event_id, e.name, e.installation_key, e.value, e.value_text,
        e.data, i.message_id, i.is_direct, ${now}::timestamptz
      from staged_events e
      left join lateral (${influence ?? noInfluence}) as i on true
      order by e.user_key, e.at, e.event_id
      on conflict (app_key, user_key, at, event_id) do nothing
      returning event_id, user_key, name, at, value, value_text
    ),
    noted as (
      insert into merged_events select event_id, user_key, name, at, value, value_text from merged
    ),
    ${rolledUp(appKey, slot)}`);
  return lost;
}

const noInfluence = sql`select null::uuid as message_id, null::boolean as is_direct where false`;

/** Gives events told by installation to its owner; takes out those of installations that nobody knows. */
export async function findOwners(tx: Transaction, appKey: number): Promise<LostEvent[]> {
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
  const { rows } = await tx.query<LostEvent>(sql`
    delete from staged_events where user_key is null returning line, 'installation_unknown' as code`);
  return rows;
}

/** New names beyond what an app may have: a mapping gone wrong would make a name of every row. */
async function dropExcessNames(tx: Transaction, appKey: number): Promise<LostEvent[]> {
  const { rows } = await tx.query<LostEvent>(sql`
    with known as materialized (
      select distinct name from event_counters where app_key = ${appKey}
    ),
    excess as (
      select name
      from (
        select name, row_number() over (order by min(line)) as place
        from staged_events
        where name not in (select name from known)
        group by name
      ) as fresh
      where place + (select count(*) from known) > ${maxEventNames}::integer
    )
    delete from staged_events s
    using excess e
    where s.name = e.name
    returning s.line, 'event_names_limit' as code`);
  return rows;
}

/** Takes out events whose id has come before, at whatever time they are said to have happened. */
async function dropKnownIds(tx: Transaction, appKey: number): Promise<void> {
  await tx.query(sql`
    with first as (
      select distinct on (user_key, event_id) user_key, event_id, at, line
      from staged_events
      where has_id
      order by user_key, event_id, line
    ),
    entered as (
      insert into event_ids (app_key, user_key, event_id, at)
      select ${appKey}::integer, user_key, event_id, at from first order by user_key, event_id
      on conflict do nothing
      returning user_key, event_id
    )
    delete from staged_events s
    where s.has_id and s.line not in (select line from first join entered using (user_key, event_id))`);
}

/**
 * Takes events back and makes the behaviours they were in anew from the rest of the timeline. Answers how many were
 * there. Events of a guest who has logged in since are the user's.
 */
export async function removeEvents(
  tx: Transaction,
  appKey: number,
  events: { userKeys: readonly string[]; eventIds: readonly string[] },
): Promise<number> {
  const { rows } = await tx.query<{
    userKey: string;
    name: string;
    eventId: string;
    value: number | null;
  }>(sql`
    delete from events e
    using (
      select coalesce(a.owner_key, k.user_key) as user_key, k.event_id
      from unnest(${events.userKeys}::uuid[], ${events.eventIds}::uuid[]) as k (user_key, event_id)
      left join user_aliases a on a.app_key = ${appKey} and a.user_key = k.user_key
    ) as k
    where e.app_key = ${appKey} and e.user_key = k.user_key and e.event_id = k.event_id
    returning e.user_key as "userKey", e.event_id as "eventId", e.name, e.value`);
  if (rows.length === 0) return 0;
  await tx.query(sql`
    delete from event_ids i
    using unnest(
      ${rows.map((row) => row.userKey)}::uuid[], ${rows.map((row) => row.eventId)}::uuid[]
    ) as k (user_key, event_id)
    where i.app_key = ${appKey} and i.user_key = k.user_key and i.event_id = k.event_id`);
  await rebuildBehaviours(tx, appKey, rows);
  return rows.length;
}
