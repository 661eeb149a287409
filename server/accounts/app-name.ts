import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";

/** What the app is called where its users see it. */
export const readAppName = async (db: Queryable, appKey: number): Promise<string> =>
  (await readAppWords(db, appKey)).name;

/** What texts may say of the app, and the time zone that their dates are in. */
export async function readAppWords(
  db: Queryable,
  appKey: number,
): Promise<{ name: string; timeZone: string }> {
  const { rows } = await db.query<{ name: string; timeZone: string }>(sql`
    select name, time_zone as "timeZone" from apps where app_key = ${appKey}`);
  return rows[0] ?? { name: "", timeZone: "UTC" };
}
