import sql from "sql-template-tag";
import type { Transaction } from "../db/database.ts";
import { nilUuid } from "../lib/keys.ts";

/**
 * Forgets users in what imports keep: their keys, and the whole of every file that has a row of theirs, since a file is
 * kept as it came. Answers how many files were deleted. An import that is still running goes on.
 */
export async function eraseFromImports(
  tx: Transaction,
  appKey: number,
  { userKeys, installationKeys }: { userKeys: readonly string[]; installationKeys: readonly string[] },
): Promise<number> {
  const { rows } = await tx.query<{ importId: string }>(sql`
    select distinct b.import_id as "importId"
    from imports i
    join import_batches b using (import_id)
    where i.app_key = ${appKey} and b.user_keys && ${userKeys}::uuid[]`);
  if (rows.length === 0) return 0;
  const importIds = rows.map((row) => row.importId);
  // Rows of theirs in the packed arrays, and what they were the first to bring, become nobody's.
  await tx.query(sql`
    update import_batches b set
      user_keys = r.user_keys,
      row_keys = r.row_keys,
      new_user_keys = array(select k from unnest(b.new_user_keys) as k where k <> all(${userKeys}::uuid[])),
      new_installation_keys = array(
        select k from unnest(b.new_installation_keys) as k where k <> all(${installationKeys}::uuid[]))
    from import_batches o
    cross join lateral (
      select array_agg(case when is_theirs then ${nilUuid}::uuid else user_key end order by place) as user_keys,
        array_agg(case when is_theirs then ${nilUuid}::uuid else row_key end order by place) as row_keys
      from (
        select *, user_key = any(${userKeys}::uuid[]) as is_theirs
        from unnest(o.user_keys, o.row_keys) with ordinality as r (user_key, row_key, place)
      ) as rows
    ) as r
    where o.import_id = any(${importIds}::uuid[]) and o.user_keys && ${userKeys}::uuid[]
      and b.import_id = o.import_id and b.seq = o.seq`);
  const { rows: files } = await tx.query<{ fileId: string }>(sql`
    update files f set erased_at = now()
    from imports i
    where i.import_id = any(${importIds}::uuid[]) and f.file_id = i.file_id and f.erased_at is null
      and i.ended_at is not null
    returning f.file_id as "fileId"`);
  await tx.query(
    sql`delete from file_parts where file_id = any(${files.map(({ fileId }) => fileId)}::uuid[])`,
  );
  return files.length;
}
