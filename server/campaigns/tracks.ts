import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";

/** Whether a campaign of the app has this track id, or had it when it was sent. */
export async function hasTrack(db: Queryable, appKey: number, trackId: string): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(sql`
    select exists (
      select from campaigns
      where app_key = ${appKey} and deleted_at is null and content ? 'trackId' and content ->> 'trackId' = ${trackId}) as found`);
  return rows[0]?.found === true;
}
