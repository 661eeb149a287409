import sql, { raw } from "sql-template-tag";
import type { Queryable, Transaction } from "../db/database.ts";

/** As `shadowPeople`, for events and behaviours; `schema` is what that answered. */
export async function shadowEvents(session: Queryable, schema: string): Promise<void> {
  for (const table of ["events", "event_ids", "behaviours", "event_counters"]) {
    await session.query(sql`
      create temp table ${raw(table)} (like ${raw(`${schema}.${table}`)} including all)`);
  }
}

/**
 * Brings the stored twins of the staged events into the shadow, and the owners of installations that only events speak
 * of. Names are all there; behaviours are rolled up from nothing: a dry run tells how many events are new, not what they add up to.
 */
export async function loadEventShadows(tx: Transaction, appKey: number, schema: string): Promise<void> {
  const real = (table: string) => raw(`${schema}.${table}`);
  await tx.query(sql`
    insert into pg_temp.installation_directory
    select d.*
    from (select distinct installation_key from staged_events where user_key is null) as s
    cross join lateral (
      select * from ${real("installation_directory")}
      where app_key = ${appKey} and installation_key = s.installation_key
      limit 1
    ) as d
    on conflict do nothing`);
  await tx.query(sql`
    insert into pg_temp.events
    select e.*
    from staged_events s
    left join pg_temp.installation_directory d
      on s.user_key is null and d.app_key = ${appKey} and d.installation_key = s.installation_key
    cross join lateral (
      select * from ${real("events")}
      where app_key = ${appKey} and user_key = coalesce(s.user_key, d.user_key) and at = s.at and event_id = s.event_id
      limit 1
    ) as e
    on conflict do nothing`);
  await tx.query(sql`
    insert into pg_temp.event_ids
    select i.*
    from staged_events s
    left join pg_temp.installation_directory d
      on s.user_key is null and d.app_key = ${appKey} and d.installation_key = s.installation_key
    cross join lateral (
      select * from ${real("event_ids")}
      where app_key = ${appKey} and user_key = coalesce(s.user_key, d.user_key) and event_id = s.event_id
      limit 1
    ) as i
    where s.has_id
    on conflict do nothing`);
  await tx.query(sql`
    insert into pg_temp.event_counters
    select * from ${real("event_counters")} where app_key = ${appKey}
    on conflict do nothing`);
}
