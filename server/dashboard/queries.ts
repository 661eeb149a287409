import sql, { join } from "sql-template-tag";
import type { Channel } from "../channels/schema.ts";
import type { Queryable } from "../db/database.ts";
import { quarterOf } from "../users/tallies.ts";
import type { Numbers, Reach, Sends } from "./schema.ts";

/** Makes one row of what an app had in a quarter of an hour. Whoever is at it at the same time finds nothing left. */
export async function foldTallies(db: Queryable): Promise<void> {
  await db.query(sql`
    with repeated as (
      select app_key, at from tallies group by app_key, at having count(*) > 1
    ),
    taken as (
      delete from tallies t using repeated r
      where t.app_key = r.app_key and t.at = r.at
      returning t.*
    )
    insert into tallies (app_key, at, users, installations, visits, uninstalls)
    select app_key, at, sum(users), sum(installations), sum(visits), sum(uninstalls) from taken group by app_key, at`);
}

/**
 * Quarters of an hour whose messages are to be summed: the present one, those with messages under way, and each again
 * after a sixteenth of its age.
 */
export async function listDueQuarters(
  db: Queryable,
  { now, since, limit }: { now: Date; since: Date; limit: number },
): Promise<Date[]> {
  const { rows } = await db.query<{ at: Date }>(sql`
    select q.at
    from (
      select q.at
      from generate_series(
        ${quarterOf(sql`${since}::timestamptz`)}, ${quarterOf(sql`${now}::timestamptz`)}, interval '15 minutes') as q (at)
      left join send_tallied t on t.at = q.at
      where t.at is null or ${now}::timestamptz - t.tallied_at >= (${now}::timestamptz - q.at - interval '15 minutes') / 16
      union
      select distinct ${quarterOf(sql`created_at`)} from messages where status in ('expanding', 'running')
    ) as q
    order by q.at desc
    limit ${limit}`);
  return rows.map((row) => row.at);
}

/** Sums the counters of the messages that were accepted in these spans, which are those of quarters of an hour. */
export async function tallySends(
  db: Queryable,
  quarters: readonly { at: Date; from: string; to: string }[],
  now: Date,
): Promise<void> {
  if (quarters.length === 0) return;
  await db.query(sql`
    with quarters as (
      select *
      from unnest(
        ${quarters.map(({ at }) => at)}::timestamptz[], ${quarters.map(({ from }) => from)}::uuid[],
        ${quarters.map(({ to }) => to)}::uuid[]
      ) as q (at, first_id, end_id)
    ),
    noted as (
      insert into send_tallied (at, tallied_at)
      select at, ${now}::timestamptz from quarters order by at
      on conflict (at) do update set tallied_at = excluded.tallied_at
    ),
    accepted as (
      select q.at, m.app_key, m.channel, m.message_id
      from quarters q
      join messages m on m.message_id >= q.first_id and m.message_id < q.end_id
    ),
    summed as (
      select a.at, a.app_key, a.channel, sum(c.targeted) as targeted,
        sum(c.sent + c.delivered + c.seen + c.clicked + c.waiting) as sent,
        sum(c.delivered + c.seen + c.clicked) as delivered, sum(c.seen + c.clicked) as seen,
        sum(c.clicked) as clicked, sum(c.failed) as failed
      from accepted a
      join message_counters c using (message_id)
      group by 1, 2, 3
    ),
    explained as (
      select at, app_key, channel, jsonb_object_agg(reason, count) as reasons
      from (
        select a.at, a.app_key, a.channel, r.reason, sum(r.count) as count
        from accepted a
        join message_reasons r using (message_id)
        where r.state = 'failed'
        group by 1, 2, 3, 4
        having sum(r.count) > 0
      ) as r
      group by 1, 2, 3
    )
    insert into send_tallies (
      app_key, at, channel, targeted, sent, delivered, seen, clicked, failed, reasons)
    select app_key, at, channel, targeted, sent, delivered, seen, clicked, failed, coalesce(reasons, '{}')
    from summed
    left join explained using (at, app_key, channel)
    order by app_key, at, channel
    on conflict (app_key, at, channel) do update set
      targeted = excluded.targeted, sent = excluded.sent, delivered = excluded.delivered, seen = excluded.seen,
      clicked = excluded.clicked, failed = excluded.failed, reasons = excluded.reasons`);
}

/** Apps whose reach is to be counted again, and which day it is there. Of what is slow it is seldom. */
export async function listUncounted(db: Queryable, now: Date): Promise<{ appKey: number; day: string }[]> {
  const { rows } = await db.query<{ appKey: number; day: string }>(sql`
    select a.app_key as "appKey", today.day::text as day
    from apps a
    cross join lateral (select (${now}::timestamptz at time zone a.time_zone)::date as day) as today
    where not exists (
      select from reach_days r
      where r.app_key = a.app_key and r.day = today.day
        and r.counted_at > ${now}::timestamptz - greatest(interval '30 seconds', r.took_ms * interval '200 milliseconds')
    )
    order by a.app_key`);
  return rows;
}

export async function saveReach(
  db: Queryable,
  appKey: number,
  count: Reach & { day: string; now: Date; tookMs: number },
): Promise<void> {
  await db.query(sql`
    insert into reach_days (
      app_key, day, users, installations, inbox, push, email, sms, whatsapp, counted_at, took_ms)
    values (${appKey}, ${count.day}::date, ${count.users}, ${count.installations}, ${count.inbox}, ${count.push},
      ${count.email}, ${count.sms}, ${count.whatsapp}, ${count.now}, ${count.tookMs})
    on conflict (app_key, day) do update set
      users = excluded.users, installations = excluded.installations, inbox = excluded.inbox, push = excluded.push,
      email = excluded.email, sms = excluded.sms, whatsapp = excluded.whatsapp, counted_at = excluded.counted_at,
      took_ms = excluded.took_ms`);
}

/** Some days of an app, and when each begins and ends. */
export interface DaySpan {
  day: string;
  from: Date;
  to: Date;
}

type People = Pick<Numbers, "users" | "installations" | "visits" | "uninstalls">;

const spansOf = (spans: readonly DaySpan[]) => sql`
  unnest(
    ${spans.map(({ day }) => day)}::text[], ${spans.map(({ from }) => from)}::timestamptz[],
    ${spans.map(({ to }) => to)}::timestamptz[]
  ) as s (day, first_at, end_at)`;

/** What was tallied in each of these spans, whose days may be any names. */
export async function sumTallies(
  db: Queryable,
  appKey: number,
  spans: readonly DaySpan[],
): Promise<Map<string, People>> {
  const { rows } = await db.query<People & { day: string }>(sql`
    select s.day, t.*
    from ${spansOf(spans)}
    cross join lateral (
      select coalesce(sum(users), 0) as users, coalesce(sum(installations), 0) as installations,
        coalesce(sum(visits), 0) as visits, coalesce(sum(uninstalls), 0) as uninstalls
      from tallies
      where app_key = ${appKey} and at >= s.first_at and at < s.end_at
    ) as t`);
  return new Map(rows.map(({ day, ...people }) => [day, people]));
}

export interface SendsRow extends Sends {
  day: string;
  channel: Channel;
}

export async function sumSends(
  db: Queryable,
  appKey: number,
  spans: readonly DaySpan[],
): Promise<SendsRow[]> {
  const summed = ["targeted", "sent", "delivered", "seen", "clicked", "failed"].map((name) =>
    sql([`sum(t.${name})::bigint as ${name}`]),
  );
  const { rows } = await db.query<SendsRow>(sql`
    select s.day, t.channel, ${join(summed)}
    from ${spansOf(spans)}
    join send_tallies t on t.app_key = ${appKey} and t.at >= s.first_at and t.at < s.end_at
    group by 1, 2`);
  return rows;
}

export async function sumReasons(
  db: Queryable,
  appKey: number,
  { from, to }: { from: Date; to: Date },
): Promise<{ channel: Channel; reason: string; count: number }[]> {
  const { rows } = await db.query<{ channel: Channel; reason: string; count: number }>(sql`
    select t.channel, r.key as reason, sum(r.value::bigint)::bigint as count
    from send_tallies t
    cross join lateral jsonb_each_text(t.reasons) as r
    where t.app_key = ${appKey} and t.at >= ${from} and t.at < ${to}
    group by 1, 2
    order by 3 desc, 1, 2
    limit 50`);
  return rows;
}

const reachColumns = sql`users, installations, inbox, push, email, sms, whatsapp`;

export async function listReach(
  db: Queryable,
  appKey: number,
  { from, to }: { from: string; to: string },
): Promise<(Reach & { day: string })[]> {
  const { rows } = await db.query<Reach & { day: string }>(sql`
    select day::text, ${reachColumns}
    from reach_days
    where app_key = ${appKey} and day >= ${from}::date and day <= ${to}::date`);
  return rows;
}

/** The latest count. */
export async function findReach(db: Queryable, appKey: number): Promise<(Reach & { at: Date }) | null> {
  const { rows } = await db.query<Reach & { at: Date }>(sql`
    select counted_at as at, ${reachColumns} from reach_days where app_key = ${appKey} order by day desc limit 1`);
  return rows[0] ?? null;
}

export async function countConnected(db: Queryable, appKey: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(sql`
    select count(*) as count from presence where app_key = ${appKey}`);
  return rows[0]?.count ?? 0;
}
