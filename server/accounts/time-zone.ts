import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";

/** The IANA name of the zone whose days an app counts in. */
export async function readTimeZone(db: Queryable, appKey: number): Promise<string> {
  const { rows } = await db.query<{ timeZone: string }>(sql`
    select time_zone as "timeZone" from apps where app_key = ${appKey}`);
  const row = rows[0];
  if (!row) throw new Error(`no app ${appKey}`);
  return row.timeZone;
}
