import sql, { raw } from "sql-template-tag";
import type { Queryable, Transaction } from "../db/database.ts";
import { userKey } from "../lib/keys.ts";
import type { Adoption } from "./merge.ts";
import { tallyMade } from "./tallies.ts";

// A guest who logs in becomes the user: their row goes, and an alias says who is meant by what still speaks of them.

/** Whom a user id means: the user of that id, or the one whom that guest turned out to be. They need not be there. */
export async function resolveUser(
  db: Queryable,
  app: { appKey: number; appId: string },
  userId: string,
): Promise<{ userKey: string; userId: string }> {
  const key = userKey(app.appId, userId);
  const { rows } = await db.query<{ userKey: string; userId: string }>(sql`
    select u.user_key as "userKey", u.user_id as "userId"
    from user_aliases a
    join users u on u.app_key = a.app_key and u.user_key = a.owner_key
    where a.app_key = ${app.appKey} and a.user_key = ${key}`);
  return rows[0] ?? { userKey: key, userId };
}

/** Whom guests turned out to be, by the key of the guest; others are left out. */
export async function findAliases(
  db: Queryable,
  appKey: number,
  userKeys: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await db.query<{ userKey: string; ownerKey: string }>(sql`
    select user_key as "userKey", owner_key as "ownerKey"
    from user_aliases
    where app_key = ${appKey} and user_key = any(${userKeys}::uuid[])`);
  return new Map(rows.map((row) => [row.userKey, row.ownerKey]));
}

/** The guests that a user was: what was sent to one stands under their key. */
export async function listGuests(
  db: Queryable,
  appKey: number,
  ownerKey: string,
): Promise<{ userKey: string; userId: string }[]> {
  const { rows } = await db.query<{ userKey: string; userId: string }>(sql`
    select user_key as "userKey", user_id as "userId"
    from user_aliases
    where app_key = ${appKey} and owner_key = ${ownerKey}`);
  return rows;
}

/** Keys of the guests that these users were, by the user's. */
export async function findGuests(
  db: Queryable,
  appKey: number,
  ownerKeys: readonly string[],
): Promise<Map<string, string[]>> {
  const { rows } = await db.query<{ ownerKey: string; userKeys: string[] }>(sql`
    select owner_key as "ownerKey", array_agg(user_key) as "userKeys"
    from user_aliases
    where app_key = ${appKey} and owner_key = any(${ownerKeys}::uuid[])
    group by owner_key`);
  return new Map(rows.map((row) => [row.ownerKey, row.userKeys]));
}

export async function hasAliases(db: Queryable, appKey: number): Promise<boolean> {
  const { rowCount } = await db.query(sql`select from user_aliases where app_key = ${appKey} limit 1`);
  return rowCount === 1;
}

/** The staged changes that name guests who have logged in. Those that name nobody are found by what they do name. */
export async function findByAlias(tx: Transaction, appKey: number): Promise<Adoption[]> {
  if (!(await hasAliases(tx, appKey))) return [];
  const { rows } = await tx.query<Adoption>(sql`
    select distinct s.user_key as "userKey", u.user_key as "ownerKey", u.user_id as "ownerId", u.is_guest as "isGuest"
    from staged_users s
    cross join lateral (
      select owner_key from user_aliases where app_key = ${appKey} and user_key = s.user_key limit 1
    ) as a
    cross join lateral (
      select user_key, user_id, is_guest from users where app_key = ${appKey} and user_key = a.owner_key limit 1
    ) as u
    where s.found_by is null`);
  return rows;
}

/**
 * Makes sure that whom the rows of a staged table name are there and stay until the transaction ends: one that nobody
 * knew is made, and a guest who has logged in becomes the user. `table` is trusted text, with columns user_key and
 * user_id.
 */
export async function holdUsers(tx: Transaction, appKey: number, table: string, now: Date): Promise<void> {
  const missing = await lockUsers(tx, appKey, table);
  if (missing.length === 0) return;
  const aliases = await findAliases(tx, appKey, missing);
  if (aliases.size > 0) {
    await tx.query(sql`
      update ${raw(table)} s set user_key = a.owner_key
      from unnest(${[...aliases.keys()]}::uuid[], ${[...aliases.values()]}::uuid[]) as a (user_key, owner_key)
      where s.user_key = a.user_key`);
    await lockUsers(tx, appKey, table);
  }
  const unknown = missing.filter((key) => !aliases.has(key));
  await tx.query(sql`
    with made as (
      insert into users (app_key, user_key, user_id, is_guest, attributes, tags, value_tags, created_at, updated_at)
      select distinct on (user_key) ${appKey}::integer, user_key, user_id, false, '{}'::jsonb, '{}'::text[], '{}'::jsonb,
        ${now}::timestamptz, ${now}::timestamptz
      from ${raw(table)}
      where user_key = any(${unknown}::uuid[]) and user_id is not null
      order by user_key
      on conflict do nothing
      returning user_key
    )
    ${tallyMade(appKey, now)}`);
}

/** Whoever is merged into another or erased waits for us, and we for them. Answers the keys that there are none of. */
async function lockUsers(tx: Transaction, appKey: number, table: string): Promise<string[]> {
  const { rows } = await tx.query<{ userKey: string }>(sql`
    select n.user_key as "userKey"
    from (select distinct user_key from ${raw(table)} order by user_key) as n
    left join lateral (
      select true as is_held from users where app_key = ${appKey} and user_key = n.user_key limit 1 for key share
    ) as h on true
    where h.is_held is null`);
  return rows.map((row) => row.userKey);
}
