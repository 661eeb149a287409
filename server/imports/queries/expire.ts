import sql from "sql-template-tag";
import type { Queryable } from "../../db/database.ts";

export interface Expiring {
  importId: string;
  appKey: number;
  fileId: string;
}

/** Locks an import that ended longer ago than its app keeps files, and that nobody is undoing. */
export async function lockToExpire(tx: Queryable, now: Date): Promise<Expiring | null> {
  const { rows } = await tx.query<Expiring>(sql`
    select i.import_id as "importId", i.app_key as "appKey", i.file_id as "fileId"
    from apps a
    join imports i using (app_key)
    where a.import_file_days is not null and i.expired_at is null
      and i.ended_at < ${now}::timestamptz - a.import_file_days * interval '1 day'
      and (i.undo_requested_at is null or i.undone_at is not null)
    order by i.ended_at
    limit 1
    for update of i skip locked`);
  return rows[0] ?? null;
}

/** Who the rows meant is kept: segments and the list of users ask for it. A file that a later import reads as well stays. */
export async function expireImport(tx: Queryable, { importId, fileId }: Expiring, now: Date): Promise<void> {
  await tx.query(sql`delete from import_errors where import_id = ${importId}`);
  await tx.query(sql`
    update import_batches
    set lines = '{}', row_keys = '{}', outcomes = '{}', repeated_keys = '{}', new_user_keys = '{}',
      new_installation_keys = '{}'
    where import_id = ${importId}`);
  await tx.query(sql`update imports set expired_at = ${now} where import_id = ${importId}`);
  // Whoever is about to run the file once more has it locked.
  await tx.query(sql`select from files where file_id = ${fileId} for update`);
  await tx.query(sql`
    delete from file_parts
    where file_id = ${fileId}
      and not exists (select from imports where file_id = ${fileId} and expired_at is null)`);
}
