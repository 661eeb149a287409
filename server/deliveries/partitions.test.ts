import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { makeTestDatabase } from "../testing/database.ts";
import { preparePartitions } from "./partitions.ts";

test("workers that start at once make each partition together", async (t) => {
  const { db, drop } = await makeTestDatabase();
  t.after(drop);
  const now = new Date("2026-05-15T00:00:00Z");
  await Promise.all(Array.from({ length: 6 }, () => preparePartitions(db, now)));
  const { rows } = await db.query<{ name: string }>(sql`
    select inhrelid::regclass::text as name from pg_inherits where inhparent = 'deliveries'::regclass order by 1`);
  assert.deepEqual(
    rows.map(({ name }) => name),
    ["2026_04", "2026_05", "2026_06", "2026_07", "2026_08"].map((month) => `deliveries_${month}`),
  );
});
