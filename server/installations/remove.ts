import sql from "sql-template-tag";
import type { Transaction } from "../db/database.ts";
import { notifyAll } from "../db/notify.ts";
import { takeFromTallies } from "../users/tallies.ts";
import { revoked } from "./presence.ts";

interface Unused {
  keys: readonly string[];
  /** Who was changed after this moment stays. */
  unchangedSince: Date;
}

/** Removes those of these installations that nothing has changed since and that are not connected. Answers how many. */
export async function removeInstallations(
  tx: Transaction,
  appKey: number,
  { keys, unchangedSince }: Unused,
): Promise<number> {
  if (keys.length === 0) return 0;
  const { rowCount } = await tx.query(sql`
    with listed as (
      select d.installation_key, d.user_key
      from unnest(${keys}::uuid[]) as k (installation_key)
      cross join lateral (
        select installation_key, user_key
        from installation_directory
        where app_key = ${appKey} and installation_key = k.installation_key
        limit 1
      ) as d
      where not exists (
        select from presence p where p.app_key = ${appKey} and p.installation_key = k.installation_key
      )
      order by d.installation_key
    ),
    removed as (
      delete from installations i
      using listed l
      where i.app_key = ${appKey} and i.user_key = l.user_key and i.installation_key = l.installation_key
        and i.updated_at <= ${unchangedSince}
      returning i.installation_key, i.created_at
    ),
    tallied as (${takeFromTallies(appKey, "installations", sql`removed`)})
    delete from installation_directory d
    using removed r
    where d.app_key = ${appKey} and d.installation_key = r.installation_key`);
  return rowCount ?? 0;
}

/** Removes those of these users that nothing has changed since and that have neither devices nor events. Answers how many. */
export async function removeUsers(
  tx: Transaction,
  appKey: number,
  { keys, unchangedSince }: Unused,
): Promise<number> {
  if (keys.length === 0) return 0;
  const { rows } = await tx.query<{ count: number }>(sql`
    with removed as (
      delete from users u
      using unnest(${keys}::uuid[]) as k (user_key)
      where u.app_key = ${appKey} and u.user_key = k.user_key and u.updated_at <= ${unchangedSince}
        and not exists (
          select from installations i where i.app_key = ${appKey} and i.user_key = u.user_key
        )
        and not exists (select from behaviours b where b.app_key = ${appKey} and b.user_key = u.user_key)
      returning u.created_at
    ),
    tallied as (${takeFromTallies(appKey, "users", sql`removed`)})
    select count(*) as count from removed`);
  return rows[0]?.count ?? 0;
}

/** Forgets all devices of these users. Answers their keys. */
export async function eraseInstallations(
  tx: Transaction,
  appKey: number,
  userKeys: readonly string[],
): Promise<string[]> {
  const { rows } = await tx.query<{ key: string; device: string }>(sql`
    with removed as (
      delete from installations i
      using apps a
      where a.app_key = ${appKey} and i.app_key = ${appKey} and i.user_key = any(${userKeys}::uuid[])
      returning i.installation_key as key, a.app_id || '/' || i.installation_id as device, i.created_at
    ),
    tallied as (${takeFromTallies(appKey, "installations", sql`removed`)})
    select key, device from removed`);
  const keys = rows.map((row) => row.key);
  await tx.query(sql`
    delete from installation_directory where app_key = ${appKey} and installation_key = any(${keys}::uuid[])`);
  await tx.query(
    sql`delete from presence where app_key = ${appKey} and installation_key = any(${keys}::uuid[])`,
  );
  if (rows.length > 0)
    await notifyAll(
      tx,
      rows.map(({ device }) => ({ channel: revoked, payload: device })),
    );
  await tx.query(
    sql`delete from uninstalls where app_key = ${appKey} and user_key = any(${userKeys}::uuid[])`,
  );
  // Devices that were theirs once and are another's now do not tell so any more.
  await tx.query(sql`
    update installation_directory d set past_user_keys = array(
      select k from unnest(d.past_user_keys) as k where k <> all(${userKeys}::uuid[])
    )
    where d.app_key = ${appKey} and d.past_user_keys && ${userKeys}::uuid[]`);
  return keys;
}

/** Locks a user until the transaction ends, and forgets them. False when there is none. */
export async function eraseUser(tx: Transaction, appKey: number, userKey: string): Promise<boolean> {
  const { rows } = await tx.query<{ count: number }>(sql`
    with removed as (
      delete from users where app_key = ${appKey} and user_key = ${userKey}
      returning created_at
    ),
    tallied as (${takeFromTallies(appKey, "users", sql`removed`)})
    select count(*) as count from removed`);
  await tx.query(sql`delete from user_aliases where app_key = ${appKey} and owner_key = ${userKey}`);
  return rows[0]?.count === 1;
}
