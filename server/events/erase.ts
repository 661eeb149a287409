import sql from "sql-template-tag";
import type { Transaction } from "../db/database.ts";
import { changeCounters, tallyCounters } from "./behaviours.ts";

/** Forgets all that these users did. Answers how many events that were. */
export async function eraseEvents(
  tx: Transaction,
  appKey: number,
  userKeys: readonly string[],
): Promise<number> {
  const keys = sql`${userKeys}::uuid[]`;
  const { rowCount } = await tx.query(sql`
    delete from events where app_key = ${appKey} and user_key = any(${keys})`);
  await tx.query(sql`delete from event_ids where app_key = ${appKey} and user_key = any(${keys})`);
  const { rows } = await tx.query<{ name: string; count: number; valueCount: number; valueSum: number }>(sql`
    delete from behaviours
    where app_key = ${appKey} and user_key = any(${keys})
    returning name, count, value_count as "valueCount", value_sum as "valueSum"`);
  const { changes, changeOf } = tallyCounters();
  for (const { name, count, valueCount, valueSum } of rows) {
    const change = changeOf(name);
    change.count -= count;
    change.users -= 1;
    change.valueCount -= valueCount;
    change.valueSum -= valueSum;
  }
  if (changes.size > 0) await changeCounters(tx, appKey, [...changes.values()]);
  return rowCount ?? 0;
}
