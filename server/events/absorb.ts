import sql from "sql-template-tag";
import type { Transaction } from "../db/database.ts";
import { type GuestPairs, unnested } from "../installations/guests.ts";
import { addedUp, changeCounters } from "./behaviours.ts";
import { removeEvents } from "./merge.ts";

/** Gives the events of guests to the users they turned out to be; one that both have is one. */
export async function absorbEvents(tx: Transaction, appKey: number, pairs: GuestPairs): Promise<void> {
  const p = unnested(pairs);
  await dropShared(tx, appKey, pairs);
  await tx.query(sql`
    with taken as (
      delete from events e
      using ${p}
      where e.app_key = ${appKey} and e.user_key = p.guest_key
      returning e.*, p.owner_key
    )
    insert into events (
      app_key, user_key, at, event_id, name, installation_key, value, value_text, data, influence_message_id,
      influence_direct, created_at)
    select app_key, owner_key, at, event_id, name, installation_key, value, value_text, data, influence_message_id,
      influence_direct, created_at
    from taken`);
  await tx.query(sql`
    with taken as (
      delete from event_ids e
      using ${p}
      where e.app_key = ${appKey} and e.user_key = p.guest_key
      returning e.*, p.owner_key
    )
    insert into event_ids (app_key, user_key, event_id, at)
    select app_key, owner_key, event_id, at from taken
    on conflict do nothing`);
  const { rows } = await tx.query<{ name: string; shared: number }>(sql`
    with taken as (
      delete from behaviours b
      using ${p}
      where b.app_key = ${appKey} and b.user_key = p.guest_key
      returning b.*, p.owner_key
    ),
    merged as (
      insert into behaviours as b (
        app_key, user_key, name, count, first_at, last_at, last_event_id, last_value, last_value_text, value_count,
        value_sum, value_min, value_max)
      select app_key, owner_key, name, count, first_at, last_at, last_event_id, last_value, last_value_text,
        value_count, value_sum, value_min, value_max
      from taken
      order by owner_key, name
      on conflict (app_key, user_key, name) do update set ${addedUp}
      returning user_key, name, count
    )
    select m.name, count(*) as shared
    from merged m
    join taken t on t.owner_key = m.user_key and t.name = m.name and t.count <> m.count
    group by m.name`);
  if (rows.length === 0) return;
  const changes = rows.map(({ name, shared }) => ({
    name,
    count: 0,
    users: -shared,
    valueCount: 0,
    valueSum: 0,
  }));
  await changeCounters(tx, appKey, changes);
}

/** Removes from the guests what the users have too: the same event, sent again after the log in. */
async function dropShared(tx: Transaction, appKey: number, pairs: GuestPairs): Promise<void> {
  const { rows } = await tx.query<{ userKey: string; eventId: string }>(sql`
    select e.user_key as "userKey", e.event_id as "eventId"
    from ${unnested(pairs)}
    join events e on e.app_key = ${appKey} and e.user_key = p.guest_key
    where exists (
      select from events o
      where o.app_key = ${appKey} and o.user_key = p.owner_key and o.at = e.at and o.event_id = e.event_id
    ) or exists (
      select from event_ids o
      where o.app_key = ${appKey} and o.user_key = p.owner_key and o.event_id = e.event_id
    )`);
  if (rows.length === 0) return;
  const shared = { userKeys: rows.map((row) => row.userKey), eventIds: rows.map((row) => row.eventId) };
  await removeEvents(tx, appKey, shared);
}
