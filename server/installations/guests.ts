import sql from "sql-template-tag";
import type { Transaction } from "../db/database.ts";
import { takeFromTallies } from "../users/tallies.ts";

/** Guests, and the users they turned out to be: at each place one of each, nobody twice. */
export interface GuestPairs {
  guestKeys: readonly string[];
  ownerKeys: readonly string[];
}

/** Gives what other rooms keep of the guests to the users. Wired from above: installations know neither of them. */
export type AbsorbGuests = (tx: Transaction, appKey: number, pairs: GuestPairs) => Promise<void>;

/**
 * Makes one of guests and users whose device has just changed hands (`merged_directory` says which): all devices of the
 * guest, tags, attributes, addresses and whatever `absorb` brings. What the user has wins.
 */
export async function mergeGuests(
  tx: Transaction,
  appKey: number,
  { now, absorb }: { now: Date; absorb: AbsorbGuests },
): Promise<void> {
  const { rows } = await tx.query<{ guestKey: string; ownerKey: string }>(sql`
    with moved as materialized (
      select past_user_key, min(user_key::text)::uuid as user_key
      from merged_directory
      where past_user_key <> user_key
      group by past_user_key
      order by past_user_key
    )
    select m.past_user_key as "guestKey", m.user_key as "ownerKey"
    from moved m
    cross join lateral (
      select is_guest from users where app_key = ${appKey} and user_key = m.past_user_key limit 1 for update
    ) as g
    cross join lateral (
      select is_guest from users where app_key = ${appKey} and user_key = m.user_key limit 1
    ) as o
    where g.is_guest and not o.is_guest`);
  for (const pairs of rounds(rows)) {
    await takeDevices(tx, appKey, pairs);
    await takeProfiles(tx, appKey, pairs, now);
    await absorb(tx, appKey, pairs);
  }
}

/** Several guests may be one user: then they come one after another. */
function* rounds(rows: readonly { guestKey: string; ownerKey: string }[]): Generator<GuestPairs> {
  let rest = [...rows];
  while (rest.length > 0) {
    const round = new Map<string, string>();
    const later: typeof rest = [];
    for (const row of rest) {
      if (round.has(row.ownerKey)) later.push(row);
      else round.set(row.ownerKey, row.guestKey);
    }
    yield { guestKeys: [...round.values()], ownerKeys: [...round.keys()] };
    rest = later;
  }
}

/** The pairs as a table p (guest_key, owner_key), to be selected from. */
export const unnested = ({ guestKeys, ownerKeys }: GuestPairs) =>
  sql`unnest(${guestKeys}::uuid[], ${ownerKeys}::uuid[]) as p (guest_key, owner_key)`;

async function takeDevices(tx: Transaction, appKey: number, pairs: GuestPairs): Promise<void> {
  const { rows } = await tx.query<{ key: string; guestKey: string; ownerKey: string }>(sql`
    select i.installation_key as key, p.guest_key as "guestKey", p.owner_key as "ownerKey"
    from ${unnested(pairs)}
    join installations i on i.app_key = ${appKey} and i.user_key = p.guest_key
    order by i.installation_key`);
  if (rows.length > 0) {
    // One that another log in has moved meanwhile is no longer the guest's, and stays there.
    await tx.query(sql`
      update installation_directory d set
        user_key = k.owner_key,
        past_user_keys = array_append(array_remove(coalesce(d.past_user_keys, '{}'), k.guest_key), k.guest_key)
      from unnest(
        ${rows.map((row) => row.key)}::uuid[],
        ${rows.map((row) => row.guestKey)}::uuid[],
        ${rows.map((row) => row.ownerKey)}::uuid[]
      ) as k (installation_key, guest_key, owner_key)
      where d.app_key = ${appKey} and d.installation_key = k.installation_key and d.user_key = k.guest_key`);
    await tx.query(sql`
      with taken as (
        delete from installations i
        using ${unnested(pairs)}
        where i.app_key = ${appKey} and i.user_key = p.guest_key
        returning i.*, p.owner_key
      )
      insert into installations (
        app_key, user_key, installation_key, installation_id, device_type, device_model, browser, os_version, os_version_n,
        client_version, client_version_n, launch_count, install_date, launch_time, device_token, token_service,
        language, country, time_zone, opted_out, topics, live_topics, lat, lng, uninstalled_at, created_at, updated_at)
      select app_key, owner_key, installation_key, installation_id, device_type, device_model, browser, os_version,
        os_version_n, client_version, client_version_n, launch_count, install_date, launch_time, device_token,
        token_service, language, country, time_zone, opted_out, topics, live_topics, lat, lng, uninstalled_at, created_at,
        updated_at
      from taken
      on conflict do nothing`);
  }
  await tx.query(sql`
    with taken as (
      delete from uninstalls i
      using ${unnested(pairs)}
      where i.app_key = ${appKey} and i.user_key = p.guest_key
      returning i.*, p.owner_key
    )
    insert into uninstalls (app_key, user_key, installation_key, at)
    select app_key, owner_key, installation_key, at from taken
    on conflict do nothing`);
}

async function takeProfiles(tx: Transaction, appKey: number, pairs: GuestPairs, now: Date): Promise<void> {
  // The user keeps the earlier of both times.
  await tx.query(
    takeFromTallies(
      appKey,
      "users",
      sql`(
        select greatest(u.created_at, g.created_at) as created_at
        from ${unnested(pairs)}
        join users g on g.app_key = ${appKey} and g.user_key = p.guest_key
        join users u on u.app_key = ${appKey} and u.user_key = p.owner_key
      ) as gone`,
    ),
  );
  await tx.query(sql`
    update users u set
      email = coalesce(u.email, g.email),
      phone = coalesce(u.phone, g.phone),
      -- That of another number than the user's is not the user's.
      whatsapp_id = coalesce(u.whatsapp_id, case when u.phone <> g.phone then null else g.whatsapp_id end),
      language = coalesce(u.language, g.language),
      opted_out = array(select unnest(u.opted_out) union select unnest(g.opted_out) order by 1),
      left_topics = array(select unnest(u.left_topics) union select unnest(g.left_topics) order by 1),
      attributes = g.attributes || u.attributes,
      tags = array_remove(merge_tags(g.tags, g.value_tags, u.tags, u.value_tags), 'CHABOK_GUEST'),
      value_tags = g.value_tags || u.value_tags,
      created_at = least(u.created_at, g.created_at),
      updated_at = ${now}::timestamptz
    from ${unnested(pairs)}
    join users g on g.app_key = ${appKey} and g.user_key = p.guest_key
    where u.app_key = ${appKey} and u.user_key = p.owner_key`);
  await tx.query(sql`
    with gone as (
      delete from users where app_key = ${appKey} and user_key = any(${pairs.guestKeys}::uuid[])
      returning user_key, user_id
    )
    insert into user_aliases (app_key, user_key, user_id, owner_key, created_at)
    select ${appKey}::integer, g.user_key, g.user_id, p.owner_key, ${now}::timestamptz
    from ${unnested(pairs)}
    join gone g on g.user_key = p.guest_key
    order by p.guest_key
    on conflict (app_key, user_key) do update set owner_key = excluded.owner_key`);
}
