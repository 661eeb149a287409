import sql, { type Sql } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";

/** How many of each there are more; less where it is below zero. */
export interface Tally {
  users?: number;
  installations?: number;
  visits?: number;
  uninstalls?: number;
}

/** The quarter of an hour that a moment is in. Whatever the time zone, its days begin with one. */
export const quarterOf = (at: Sql): Sql => sql`date_bin('15 minutes', ${at}, timestamptz 'epoch')`;

/** Adds to what the app had in this quarter of an hour. A row of its own, so that nobody waits for anybody. */
export async function addTally(tx: Queryable, appKey: number, tally: Tally, now: Date): Promise<void> {
  const { users = 0, installations = 0, visits = 0, uninstalls = 0 } = tally;
  await tx.query(sql`
    insert into tallies (app_key, at, users, installations, visits, uninstalls)
    values (${appKey}, ${quarterOf(sql`${now}::timestamptz`)}, ${users}, ${installations}, ${visits}, ${uninstalls})`);
}

/** End of a statement that counts users who were made; `made` has a row for each. */
export const tallyMade = (appKey: number, now: Date): Sql => sql`
  insert into tallies (app_key, at, users)
  select ${appKey}::integer, ${quarterOf(sql`${now}::timestamptz`)}, count(*) from made having count(*) > 0`;

/** Statement that takes rows out of the tallies again, each in its own quarter. `gone` has a column created_at. */
export const takeFromTallies = (appKey: number, what: "users" | "installations", gone: Sql): Sql => sql`
  insert into tallies (app_key, at, users, installations)
  select ${appKey}::integer, ${quarterOf(sql`created_at`)},
    ${what === "users" ? sql`-count(*)` : sql`0`}, ${what === "installations" ? sql`-count(*)` : sql`0`}
  from ${gone}
  group by 2`;
