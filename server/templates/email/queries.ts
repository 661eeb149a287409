import sql from "sql-template-tag";
import type { Queryable } from "../../db/database.ts";

const keptMinutes = 15;

/** Keeps a page for some minutes, and drops those of before. */
export async function writePreview(
  db: Queryable,
  appKey: number,
  { previewId, html, now }: { previewId: string; html: string; now: Date },
): Promise<void> {
  await db.query(sql`
    with old as (
      delete from email_previews
      where created_at < ${now}::timestamptz - make_interval(mins => ${keptMinutes})
    )
    insert into email_previews (preview_id, app_key, html, created_at)
    values (${previewId}, ${appKey}, ${html}, ${now})`);
}

export async function readPreview(db: Queryable, previewId: string): Promise<string | null> {
  const { rows } = await db.query<{ html: string }>(
    sql`select html from email_previews where preview_id = ${previewId}`,
  );
  return rows[0]?.html ?? null;
}
