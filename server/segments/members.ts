import sql, { raw, type Sql } from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import type { Queryable, Transaction } from "../db/database.ts";
import { type GuestPairs, unnested } from "../installations/guests.ts";
import { nilUuid } from "../lib/keys.ts";
import { nameKey } from "../lib/names.ts";

/** The static segment of this name, made when there is none; null where the name is that of a filter. */
export async function ensureStaticSegment(
  tx: Transaction,
  segment: { appKey: number; name: string; createdBy: string | null; now: Date },
): Promise<{ segmentId: string } | null> {
  const { rows } = await tx.query<{ segmentId: string; kind: string }>(sql`
    insert into segments (segment_id, app_key, name, name_key, kind, created_at, created_by)
    values (${uuidv7()}, ${segment.appKey}, ${segment.name}, ${nameKey(segment.name)}, 'static', ${segment.now},
      ${segment.createdBy})
    on conflict (app_key, name_key) where deleted_at is null do update set name = segments.name
    returning segment_id as "segmentId", kind`);
  const row = rows[0];
  return row?.kind === "static" ? row : null;
}

/** Adds the users of a temporary table (line, user_key) to a static segment. */
export async function addMembers(
  tx: Transaction,
  members: { appKey: number; segmentId: string; importId: string; table: string },
): Promise<void> {
  await tx.query(sql`
    insert into segment_members (app_key, segment_id, user_key, import_id, line)
    select ${members.appKey}::integer, ${members.segmentId}::uuid, user_key, ${members.importId}::uuid, max(line)
    from ${raw(members.table)}
    where user_key is not null
    group by user_key
    order by user_key
    on conflict (app_key, segment_id, user_key, import_id) do update set line = excluded.line`);
}

/** Adds the users that a restriction of `users u` leaves, as nobody's import. */
export async function insertMembersMatching(
  tx: Transaction,
  members: { appKey: number; segmentId: string; users: Sql },
): Promise<void> {
  await tx.query(sql`
    insert into segment_members (app_key, segment_id, user_key, import_id, line)
    select u.app_key, ${members.segmentId}::uuid, u.user_key, ${nilUuid}::uuid, 0
    from users u
    where u.app_key = ${members.appKey} and ${members.users}`);
}

/**
 * Who users are now, by the keys that were asked for: a guest who logged in since is the user. Those that nobody has are
 * left out.
 */
export async function findMembers(
  db: Queryable,
  appKey: number,
  userKeys: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await db.query<{ asked: string; userKey: string }>(sql`
    select user_key as asked, user_key as "userKey"
    from users
    where app_key = ${appKey} and user_key = any(${userKeys}::uuid[])
    union all
    select a.user_key, u.user_key
    from user_aliases a
    join users u on u.app_key = a.app_key and u.user_key = a.owner_key
    where a.app_key = ${appKey} and a.user_key = any(${userKeys}::uuid[])`);
  return new Map(rows.map((row) => [row.asked, row.userKey]));
}

/** Adds users, as nobody's import; answers how many were not there yet. Those who were removed since are left out. */
export async function insertMembers(
  tx: Transaction,
  members: { appKey: number; segmentId: string; userKeys: readonly string[] },
): Promise<number> {
  const { rowCount } = await tx.query(sql`
    insert into segment_members (app_key, segment_id, user_key, import_id, line)
    select u.app_key, ${members.segmentId}::uuid, u.user_key, ${nilUuid}::uuid, 0
    from users u
    where u.app_key = ${members.appKey} and u.user_key = any(${members.userKeys}::uuid[])
    on conflict do nothing`);
  return rowCount ?? 0;
}

/** Takes back what one import added to a segment; who is in it by another import stays. */
export async function removeMembersOfImport(
  db: Queryable,
  members: { appKey: number; segmentId: string; importId: string },
): Promise<void> {
  await db.query(sql`
    delete from segment_members
    where app_key = ${members.appKey} and segment_id = ${members.segmentId} and import_id = ${members.importId}`);
}

/** Puts the users that guests turned out to be in the places of the guests. */
export async function absorbMembers(tx: Transaction, appKey: number, pairs: GuestPairs): Promise<void> {
  await tx.query(sql`
    with taken as (
      delete from segment_members m
      using segments s, ${unnested(pairs)}
      where s.app_key = ${appKey} and m.app_key = ${appKey} and m.segment_id = s.segment_id
        and m.user_key = p.guest_key
      returning m.*, p.owner_key
    )
    insert into segment_members (app_key, segment_id, user_key, import_id, line)
    select app_key, segment_id, owner_key, import_id, line from taken
    on conflict do nothing`);
}

/** Static segments that a user is in, by name. */
export async function listSegmentsOfUser(
  db: Queryable,
  appKey: number,
  userKey: string,
): Promise<{ id: string; name: string }[]> {
  const { rows } = await db.query<{ id: string; name: string }>(sql`
    select s.segment_id as id, s.name
    from segments s
    where s.app_key = ${appKey} and s.deleted_at is null and exists (
      select from segment_members m
      where m.app_key = ${appKey} and m.segment_id = s.segment_id and m.user_key = ${userKey}
    )
    order by s.name_key`);
  return rows;
}

export async function eraseMembers(
  tx: Transaction,
  appKey: number,
  userKeys: readonly string[],
): Promise<number> {
  const { rowCount } = await tx.query(sql`
    delete from segment_members m
    using segments s
    where s.app_key = ${appKey} and m.app_key = ${appKey} and m.segment_id = s.segment_id
      and m.user_key = any(${userKeys}::uuid[])`);
  return rowCount ?? 0;
}
