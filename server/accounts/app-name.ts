import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";

/** What the app is called where its users see it. */
export async function readAppName(db: Queryable, appKey: number): Promise<string> {
  const { rows } = await db.query<{ name: string }>(sql`select name from apps where app_key = ${appKey}`);
  return rows[0]?.name ?? "";
}
