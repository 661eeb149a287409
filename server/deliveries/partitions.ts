import sql, { raw } from "sql-template-tag";
import type { Database } from "../db/database.ts";
import { makePartition } from "../db/partitions.ts";
import { uuidAt } from "../lib/time.ts";

const monthsAhead = 3;
const partitioned = ["deliveries", "provider_ids", "engagements"];
/**
 * Nearly every row is changed soon, by its receipt. A version in the same page needs no entry in an index: 214 bytes of
 * WAL a receipt instead of 529, and table and indexes together are smaller than those of full pages are then.
 */
const deliveriesFillFactor = 55;

const nameOf = (table: string, month: Date): string =>
  `${table}_${month.toISOString().slice(0, 7).replace("-", "_")}`;

/** Makes the monthly partitions of deliveries for this month and the next ones. Repeating it changes nothing. */
export async function preparePartitions(db: Database, now: Date): Promise<void> {
  // One month back: ids are made on other machines too, whose clocks may be behind.
  for (let offset = -1; offset <= monthsAhead; offset++) {
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1));
    const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset + 1, 1));
    for (const table of partitioned) {
      await makePartition(db, {
        ...{ table, name: nameOf(table, from) },
        ...{ from: uuidAt(from), to: uuidAt(to) },
        ...(table === "deliveries" ? { fillFactor: deliveriesFillFactor } : {}),
      });
    }
  }
}

/** Since when messages are kept: the beginning of the month so many months ago. */
export const keptSince = (months: number, now: Date): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1));

/**
 * Drops the rows of messages accepted before so many months ago, the present one aside: whole partitions at once. What
 * messages add up to stays. Answers the names of what was dropped.
 */
export async function dropOldPartitions(db: Database, months: number, now: Date): Promise<string[]> {
  const kept = nameOf("", keptSince(months, now));
  const { rows } = await db.query<{ name: string }>(sql`
    select c.relname as name
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    where i.inhparent = any(${partitioned}::regclass[])
    order by c.relname`);
  const old = rows.map(({ name }) => name).filter((name) => name.slice(-kept.length) < kept);
  for (const name of old) await db.query(sql`drop table ${raw(name)}`);
  return old;
}
