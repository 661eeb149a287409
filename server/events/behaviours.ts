import sql, { type Sql } from "sql-template-tag";
import type { Transaction } from "../db/database.ts";

/**
 * The end of a statement whose `with` has `merged`, events that were just stored: adds them to the behaviours of each
 * user, and to what each name adds up to.
 */
export const rolledUp = (appKey: number, slot: number): Sql => sql`
  added (app_key, user_key, name, count, first_at, last_at, last_event_id, last_value, last_value_text, value_count,
    value_sum, value_min, value_max) as materialized (${behavioursOf(sql`merged`, appKey)}),
  rolled as (
    insert into behaviours as b (
      app_key, user_key, name, count, first_at, last_at, last_event_id, last_value, last_value_text, value_count,
      value_sum, value_min, value_max)
    select * from added order by user_key, name
    on conflict (app_key, user_key, name) do update set ${addedUp}
    returning user_key, name, count
  )
  insert into event_counters as c (app_key, name, slot, count, users, value_count, value_sum, first_at, last_at)
  select ${appKey}::integer, e.name, ${slot}::smallint, e.count, coalesce(r.users, 0), e.value_count, e.value_sum,
    e.first_at, e.last_at
  from (
    select name, count(*) as count, count(value) as value_count, coalesce(sum(value), 0) as value_sum,
      min(at) as first_at, max(at) as last_at
    from merged
    group by name
  ) as e
  left join (
    -- Who has the behaviour by these events alone.
    select r.name, count(*) as users
    from rolled r
    join added a on a.user_key = r.user_key and a.name = r.name and a.count = r.count
    group by r.name
  ) as r using (name)
  order by e.name
  on conflict (app_key, name, slot) do update set ${countersAddedUp}`;

/** Two behaviours of one user and name as one: `b` is what is there, `excluded` what comes to it. */
export const addedUp = sql`
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
  value_max = greatest(b.value_max, excluded.value_max)`;

const countersAddedUp = sql`
  count = c.count + excluded.count,
  users = c.users + excluded.users,
  value_count = c.value_count + excluded.value_count,
  value_sum = c.value_sum + excluded.value_sum,
  first_at = least(c.first_at, excluded.first_at),
  last_at = greatest(c.last_at, excluded.last_at)`;

/** The behaviours of the events in `source`, a select to be nested or ordered. All are sorted once, not each group. */
const behavioursOf = (source: Sql, appKey: number) => sql`
  select ${appKey}::integer, user_key, name, count(*)::integer, min(at), max(at),
    (array_agg(event_id) filter (where place = 1))[1],
    max(value) filter (where place = 1),
    max(value_text) filter (where place = 1),
    count(value)::integer, coalesce(sum(value), 0), min(value), max(value)
  from (
    select *, row_number() over (partition by user_key, name order by at desc, event_id desc) as place
    from ${source}
  ) as ordered
  group by user_key, name`;

/** Makes the behaviours that these events were in anew from what is left of the timeline. */
export async function rebuildBehaviours(
  tx: Transaction,
  appKey: number,
  removed: readonly { userKey: string; name: string; value: number | null }[],
): Promise<void> {
  const pairs = sql`(
    select distinct * from unnest(
      ${removed.map((row) => row.userKey)}::uuid[], ${removed.map((row) => row.name)}::text[])
  ) as k (user_key, name)`;
  await tx.query(sql`
    delete from behaviours b
    using ${pairs}
    where b.app_key = ${appKey} and b.user_key = k.user_key and b.name = k.name`);
  const rest = sql`(
    select e.*
    from ${pairs}
    join events e on e.app_key = ${appKey} and e.user_key = k.user_key and e.name = k.name
  ) as rest`;
  const { rows: kept } = await tx.query<{ name: string }>(sql`
    insert into behaviours (
      app_key, user_key, name, count, first_at, last_at, last_event_id, last_value, last_value_text, value_count,
      value_sum, value_min, value_max)
    ${behavioursOf(rest, appKey)}
    returning name`);
  const before = new Set(removed.map(({ userKey, name }) => `${userKey}${name}`));
  const { changes, changeOf } = tallyCounters();
  for (const { name, value } of removed) {
    const change = changeOf(name);
    change.count -= 1;
    change.valueCount -= value === null ? 0 : 1;
    change.valueSum -= value ?? 0;
  }
  for (const pair of before) changeOf(pair.slice(36)).users -= 1; // behind the 36 characters of a key
  for (const { name } of kept) changeOf(name).users += 1;
  await changeCounters(tx, appKey, [...changes.values()]);
}

/** How what a name adds up to changes. */
export interface CounterChange {
  name: string;
  count: number;
  users: number;
  valueCount: number;
  valueSum: number;
}

/** Changes by name, each from nothing. */
export function tallyCounters(): {
  changes: ReadonlyMap<string, CounterChange>;
  changeOf: (name: string) => CounterChange;
} {
  const changes = new Map<string, CounterChange>();
  const changeOf = (name: string) => {
    const change = changes.get(name) ?? { name, count: 0, users: 0, valueCount: 0, valueSum: 0 };
    changes.set(name, change);
    return change;
  };
  return { changes, changeOf };
}

/** Names that nothing is left of are forgotten; of the others the first and last time are looked up anew. */
export async function changeCounters(
  tx: Transaction,
  appKey: number,
  changes: readonly CounterChange[],
): Promise<void> {
  const names = changes.map((change) => change.name);
  await tx.query(sql`
    insert into event_counters as c (app_key, name, slot, count, users, value_count, value_sum, first_at, last_at)
    select ${appKey}::integer, r.name, 0, r.count, r.users, r.value_count, r.value_sum, 'infinity', '-infinity'
    from unnest(
      ${names}::text[],
      ${changes.map((change) => change.count)}::bigint[],
      ${changes.map((change) => change.users)}::bigint[],
      ${changes.map((change) => change.valueCount)}::bigint[],
      ${changes.map((change) => change.valueSum)}::double precision[]
    ) as r (name, count, users, value_count, value_sum)
    order by r.name
    on conflict (app_key, name, slot) do update set ${countersAddedUp}`);
  await tx.query(sql`
    delete from event_counters
    where app_key = ${appKey} and name in (
      select name
      from event_counters
      where app_key = ${appKey} and name = any(${names}::text[])
      group by name
      having sum(count) <= 0)`);
  await tx.query(sql`
    update event_counters c set
      first_at = coalesce(e.first_at, c.first_at),
      last_at = coalesce(e.last_at, c.last_at)
    from unnest(${names}::text[]) as k (name)
    cross join lateral (
      select min(at) as first_at, max(at) as last_at from events where app_key = ${appKey} and name = k.name
    ) as e
    where c.app_key = ${appKey} and c.name = k.name`);
}
