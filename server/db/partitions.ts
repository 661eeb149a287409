import sql, { raw } from "sql-template-tag";
import type { Database } from "./database.ts";

// Any number, the same in every process.
const partitionLock = 5_117_204;

interface NewPartition {
  table: string;
  name: string;
  from: string;
  to: string;
  /** How full new rows make a page, in percent; the rest is for their later versions. */
  fillFactor?: number;
}

/**
 * Makes a partition of a table, unless it is there. Names are trusted text; bounds are made of letters and digits, since
 * those of a partition cannot be values of a statement. Outside of the transaction that fills it: it takes a lock.
 */
export async function makePartition(
  db: Database,
  { table, name, from, to, fillFactor = 100 }: NewPartition,
): Promise<void> {
  await db.transaction(async (tx) => {
    // "If not exists" looks first and makes then: two who come at once would both make it.
    await tx.query(sql`select pg_advisory_xact_lock(${partitionLock})`);
    await tx.query(sql`
      create table if not exists ${raw(name)} partition of ${raw(table)}
      for values from (${raw(`'${from}'`)}) to (${raw(`'${to}'`)})
      with (fillfactor = ${raw(String(fillFactor))})`);
  });
}
