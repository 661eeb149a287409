import sql from "sql-template-tag";
import type { Queryable } from "../../db/database.ts";

/** True for the first who asks. */
export async function markUndo(
  db: Queryable,
  undo: { appKey: number; importId: string; now: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update imports set undo_requested_at = ${undo.now}
    where import_id = ${undo.importId} and app_key = ${undo.appKey} and undo_requested_at is null`);
  return rowCount === 1;
}

export interface MergedBatch {
  seq: number;
  /** Of rows that created something. */
  createdKeys: string[];
  createdUserKeys: string[];
  newUserKeys: string[];
  newInstallationKeys: string[];
}

/** The first batch after `after`; null when there is none. */
export async function readMergedBatch(
  db: Queryable,
  importId: string,
  after: number,
): Promise<MergedBatch | null> {
  const { rows } = await db.query<MergedBatch>(sql`
    select b.seq, b.new_user_keys::text[] as "newUserKeys", b.new_installation_keys::text[] as "newInstallationKeys",
      c."createdKeys", c."createdUserKeys"
    from import_batches b
    cross join lateral (
      select coalesce(array_agg(r.row_key::text), '{}') as "createdKeys",
        coalesce(array_agg(r.user_key::text), '{}') as "createdUserKeys"
      from unnest(b.row_keys, b.user_keys, b.outcomes) as r (row_key, user_key, outcome)
      where r.outcome = 2
    ) as c
    where b.import_id = ${importId} and b.seq > ${after}
    order by b.seq
    limit 1`);
  return rows[0] ?? null;
}

/**
 * Which of these users and installations other imports have brought as well, at the same time or later. One pass over
 * what those imports merged: an undo is rare, and has time.
 */
export async function noteBroughtAgain(
  db: Queryable,
  own: { appKey: number; importId: string; startedAt: Date },
): Promise<void> {
  await db.query(sql`create temp table if not exists brought_again (key uuid primary key)`);
  await db.query(sql`
    insert into brought_again
    select r.key
    from imports i
    join import_batches b using (import_id)
    cross join lateral (
      select unnest(b.user_keys) as key
      union all
      select unnest(b.row_keys)
    ) as r
    where i.app_key = ${own.appKey} and i.import_id <> ${own.importId} and not i.is_dry_run
      and i.undo_requested_at is null and (i.ended_at is null or i.ended_at > ${own.startedAt})
    on conflict do nothing`);
  await db.query(sql`analyze brought_again`);
}

export async function withoutBroughtAgain(db: Queryable, keys: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>(sql`
    select k.key
    from unnest(${keys}::uuid[]) as k (key)
    where not exists (select from brought_again a where a.key = k.key)`);
  return rows.map((row) => row.key);
}

export async function recordUndone(
  db: Queryable,
  undone: {
    importId: string;
    users: number;
    installations: number;
    events: number;
    isEnd: boolean;
    now: Date;
  },
): Promise<void> {
  await db.query(sql`
    update imports
    set users_removed = users_removed + ${undone.users},
      installations_removed = installations_removed + ${undone.installations},
      events_removed = events_removed + ${undone.events},
      undone_at = case when ${undone.isEnd}::boolean then ${undone.now}::timestamptz end
    where import_id = ${undone.importId}`);
}
