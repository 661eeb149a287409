import type { Database } from "../db/database.ts";
import { makePartition } from "../db/partitions.ts";
import { uuidAt } from "../lib/time.ts";

const monthsAhead = 3;
const partitioned = ["deliveries", "provider_ids"];

/** Makes the monthly partitions of deliveries for this month and the next ones. Repeating it changes nothing. */
export async function preparePartitions(db: Database, now: Date): Promise<void> {
  // One month back: ids are made on other machines too, whose clocks may be behind.
  for (let offset = -1; offset <= monthsAhead; offset++) {
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1));
    const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset + 1, 1));
    for (const table of partitioned) {
      await makePartition(db, {
        ...{ table, name: `${table}_${from.toISOString().slice(0, 7).replace("-", "_")}` },
        ...{ from: uuidAt(from), to: uuidAt(to) },
      });
    }
  }
}
