import sql, { join, raw, type Sql } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import { nilUuid } from "../lib/keys.ts";
import type { Interval } from "./schema.ts";

export interface EventNameRow {
  name: string;
  count: number;
  users: number;
  valueCount: number;
  sum: number;
  firstAt: Date;
  lastAt: Date;
}

/** All names of an app, the commonest first: there are at most a thousand. */
export async function listEventNames(db: Queryable, appKey: number): Promise<EventNameRow[]> {
  const { rows } = await db.query<EventNameRow>(sql`
    select name, sum(count)::bigint as count, sum(users)::bigint as users, sum(value_count)::bigint as "valueCount",
      sum(value_sum) as sum, min(first_at) as "firstAt", max(last_at) as "lastAt"
    from event_counters
    where app_key = ${appKey}
    group by name
    order by count desc, name`);
  return rows;
}

/** Where to look: one app's events of some time, of whom `members` selects the user keys; null means everybody. */
export interface EventScope {
  appKey: number;
  from: Date;
  to: Date;
  members: Sql | null;
}

/** Starts of the intervals that a range touches, and the end of the last one, in the time zone. */
export async function listBoundaries(
  db: Queryable,
  { from, to, timeZone, interval }: { from: Date; to: Date; timeZone: string; interval: Interval },
): Promise<Date[]> {
  const step = sql`${`1 ${interval}`}::interval`;
  const { rows } = await db.query<{ at: Date }>(sql`
    select s.local at time zone ${timeZone}::text as at
    from generate_series(
      date_trunc(${interval}::text, ${from}::timestamptz at time zone ${timeZone}::text),
      date_trunc(${interval}::text, (${to}::timestamptz - interval '1 microsecond') at time zone ${timeZone}::text)
        + ${step},
      ${step}
    ) as s (local)
    order by 1`);
  // Where a clock is set back, two hours have one name.
  return rows.map(({ at }) => at).filter((at, index, all) => index === 0 || at > (all[index - 1] as Date));
}

export interface TotalsRow {
  count: number;
  users: number;
  valueCount: number;
  sum: number | null;
}

/**
 * Users are told apart by 64 bits of their keys, which sort twice as fast as the keys: among a million of them two are
 * taken for one in one of forty million analyses.
 */
const who = sql`uuid_hash_extended(e.user_key, 0)`;
const differentUsers = sql`count(distinct ${who})`;

const ofMembers = ({ members }: EventScope): Sql =>
  members ? sql`and e.user_key in (select user_key from members)` : sql``;

const withMembers = ({ members }: EventScope): Sql =>
  members ? sql`with members as materialized (${members})` : sql``;

/** What an event came to in each of the intervals between boundaries: each is a range of the index, read in order. */
export async function listTotals(
  db: Queryable,
  scope: EventScope,
  name: string,
  intervals: readonly { from: Date; to: Date }[],
): Promise<TotalsRow[]> {
  if (scope.members) return listTotalsOfMembers(db, scope, name, intervals);
  const { rows } = await db.query<TotalsRow>(sql`
    select t.count, t.users, t."valueCount", t.sum
    from unnest(
      ${intervals.map(({ from }) => from)}::timestamptz[], ${intervals.map(({ to }) => to)}::timestamptz[]
    ) with ordinality as i ("from", "to", place)
    cross join lateral (
      select count(*) as count, ${differentUsers} as users, count(e.value) as "valueCount", sum(e.value) as sum
      from events e
      where e.app_key = ${scope.appKey} and e.name = ${name} and e.at >= i."from" and e.at < i."to"
    ) as t
    order by i.place`);
  return rows;
}

async function listTotalsOfMembers(
  db: Queryable,
  scope: EventScope,
  name: string,
  intervals: readonly { from: Date; to: Date }[],
): Promise<TotalsRow[]> {
  const { rows } = await db.query<TotalsRow & { place: number }>(sql`
    ${withMembers(scope)}
    select place, sum(count)::bigint as count, count(*) as users, sum(value_count)::bigint as "valueCount",
      sum(value_sum) as sum
    from (
      select width_bucket(e.at, ${intervals.map(({ from }) => from)}::timestamptz[]) as place, e.user_key,
        count(*) as count, count(e.value) as value_count, sum(e.value) as value_sum
      from events e
      where e.app_key = ${scope.appKey} and e.name = ${name} and e.at >= ${scope.from} and e.at < ${scope.to}
        ${ofMembers(scope)}
      group by 1, 2
    ) as u
    group by place`);
  const found = new Map(rows.map(({ place, ...row }) => [place, row]));
  return intervals.map(
    (_, index) => found.get(index + 1) ?? { count: 0, users: 0, valueCount: 0, sum: null },
  );
}

/** Different users who did it. */
export async function countUsersOf(db: Queryable, scope: EventScope, name: string): Promise<number> {
  const { rows } = await db.query<{ users: number }>(sql`
    ${withMembers(scope)}
    select ${differentUsers} as users
    from events e
    where e.app_key = ${scope.appKey} and e.name = ${name} and e.at >= ${scope.from} and e.at < ${scope.to}
      ${ofMembers(scope)}`);
  return rows[0]?.users ?? 0;
}

export interface FunnelRow {
  users: number;
  medianSeconds: number | null;
}

/**
 * How many users came to each step. A step counts when it comes after the one before, and within the time since the first
 * one; of several first steps the latest possible is taken, so that whoever can have come so far in time has.
 */
export async function countFunnel(
  db: Queryable,
  scope: EventScope,
  steps: readonly string[],
  withinHours: number | null,
): Promise<FunnelRow[]> {
  const within =
    withinHours === null
      ? sql`true`
      : sql`e.at - s.start <= ${withinHours * 3_600_000}::float8 * interval '1 ms'`;
  // start_k: when the first step of a chain of k steps was that ends with this event.
  const started = steps.slice(1).reduce(
    (before, name, index) => sql`
      select e.*, case when e.name = ${name} and ${within} then s.start end as ${raw(`start_${index + 2}`)}
      from (
        select f.*, max(${raw(`start_${index + 1}`)}) over w as ${raw(`chain_${index + 2}`)}
        from (${before}) as f
        window w as (partition by who order by at, name rows between unbounded preceding and 1 preceding)
      ) as e
      cross join lateral (select e.${raw(`chain_${index + 2}`)} as start) as s`,
    sql`
      select ${who} as who, e.at, e.name, case when e.name = ${steps[0]} then e.at end as start_1
      from events e
      where e.app_key = ${scope.appKey} and e.name = any(${[...new Set(steps)]}::text[])
        and e.at >= ${scope.from} and e.at < ${scope.to} ${ofMembers(scope)}`,
  );
  const columns = steps.map((_, index) => raw(`start_${index + 1}`));
  const { rows } = await db.query<Record<string, number | null>>(sql`
    ${withMembers(scope)}
    select ${join(
      columns.map(
        (start) => sql`count(${raw(`${start.sql}_s`)}) as ${raw(`${start.sql}_users`)},
        percentile_cont(0.5) within group (order by ${raw(`${start.sql}_s`)}) as ${raw(`${start.sql}_median`)}`,
      ),
    )}
    from (
      select ${join(
        columns.map(
          (start) => sql`min(extract(epoch from at - ${start}))::float8 as ${raw(`${start.sql}_s`)}`,
        ),
      )}
      from (${started}) as e
      group by who
    ) as u`);
  return columns.map((start) => ({
    users: rows[0]?.[`${start.sql}_users`] ?? 0,
    medianSeconds: rows[0]?.[`${start.sql}_median`] ?? null,
  }));
}

/** How many users did all of the first steps, for each number of them, in whatever order. */
export async function countAnyOrder(
  db: Queryable,
  scope: EventScope,
  steps: readonly string[],
): Promise<number[]> {
  const { rows } = await db.query<{ done: string[]; users: number }>(sql`
    ${withMembers(scope)}
    select done, count(*) as users
    from (
      select array_agg(distinct e.name) as done
      from events e
      where e.app_key = ${scope.appKey} and e.name = any(${[...new Set(steps)]}::text[])
        and e.at >= ${scope.from} and e.at < ${scope.to} ${ofMembers(scope)}
      group by e.user_key
    ) as u
    group by done`);
  return steps.map((_, index) => {
    const needed = steps.slice(0, index + 1);
    const enough = rows.filter(({ done }) => needed.every((name) => done.includes(name)));
    return enough.reduce((sum, { users }) => sum + users, 0);
  });
}

/** Members of each cohort by the interval that they came back in: 0 is the one of their first time, -1 all members. */
export async function countCohorts(
  db: Queryable,
  scope: EventScope,
  names: { first: string; back: string },
  boundaries: readonly Date[],
): Promise<{ cohort: number; later: number; users: number }[]> {
  const { rows } = await db.query<{ cohort: number; later: number; users: number }>(sql`
    with ${scope.members ? sql`members as materialized (${scope.members}),` : sql``}
    firsts as materialized (
      select e.user_key, min(e.at) as at, width_bucket(min(e.at), ${boundaries}::timestamptz[]) as cohort
      from events e
      where e.app_key = ${scope.appKey} and e.name = ${names.first} and e.at >= ${scope.from} and e.at < ${scope.to}
        ${ofMembers(scope)}
      group by e.user_key
    )
    select cohort - 1 as cohort, -1 as later, count(*) as users from firsts group by cohort
    union all
    select cohort - 1, later, count(*)
    from (
      select f.user_key, f.cohort, width_bucket(e.at, ${boundaries}::timestamptz[]) - f.cohort as later
      from firsts f
      join events e on e.app_key = ${scope.appKey} and e.user_key = f.user_key and e.name = ${names.back}
        and e.at > f.at and e.at >= ${scope.from} and e.at < ${scope.to}
      group by 1, 2, 3
    ) as came
    group by cohort, later`);
  return rows;
}

export interface BehaviourRow {
  name: string;
  count: number;
  firstAt: Date;
  lastAt: Date;
  lastValue: number | null;
  lastText: string | null;
  valueCount: number;
  sum: number;
  min: number | null;
  max: number | null;
}

/** The latest first: there are at most a thousand names. */
export async function listBehaviours(
  db: Queryable,
  appKey: number,
  userKey: string,
): Promise<BehaviourRow[]> {
  const { rows } = await db.query<BehaviourRow>(sql`
    select name, count, first_at as "firstAt", last_at as "lastAt", last_value as "lastValue",
      last_value_text as "lastText", value_count as "valueCount", value_sum as sum, value_min as min, value_max as max
    from behaviours
    where app_key = ${appKey} and user_key = ${userKey}
    order by last_at desc, name`);
  return rows;
}

export interface EventRow {
  eventId: string;
  name: string;
  at: Date;
  value: number | null;
  valueText: string | null;
  data: Record<string, unknown>;
  installationId: string | null;
  messageId: string | null;
  isDirect: boolean | null;
}

/** Events of a user before a moment, and of that moment those below an id; the latest first. */
export async function listEventsOf(
  db: Queryable,
  appKey: number,
  page: { userKey: string; before: { at: Date; id: string | null } | null; limit: number },
): Promise<EventRow[]> {
  const { at, id } = page.before ?? { at: null, id: null };
  const { rows } = await db.query<EventRow>(sql`
    select e.event_id as "eventId", e.name, e.at, e.value, e.value_text as "valueText", e.data,
      i.installation_id as "installationId", e.influence_message_id as "messageId", e.influence_direct as "isDirect"
    from (
      select *
      from events
      where app_key = ${appKey} and user_key = ${page.userKey}
        and (${at}::timestamptz is null or (at, event_id) < (${at}::timestamptz, ${id ?? nilUuid}::uuid))
      order by at desc, event_id desc
      limit ${page.limit}
    ) as e
    left join installations i on i.app_key = e.app_key and i.user_key = e.user_key
      and i.installation_key = e.installation_key
    order by e.at desc, e.event_id desc`);
  return rows;
}
