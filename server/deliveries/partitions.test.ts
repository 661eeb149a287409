import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { makeTestDatabase } from "../testing/database.ts";
import { dropOldPartitions, preparePartitions } from "./partitions.ts";

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

test("months older than are kept are dropped whole, and what messages add up to stays", async (t) => {
  const { db, drop } = await makeTestDatabase();
  t.after(drop);
  for (const month of ["2026-01-15", "2026-04-15"]) await preparePartitions(db, new Date(month));
  const dropped = await dropOldPartitions(db, 2, new Date("2026-04-15"));
  assert.deepEqual(dropped, [
    "deliveries_2025_12",
    "deliveries_2026_01",
    "engagements_2025_12",
    "engagements_2026_01",
    "provider_ids_2025_12",
    "provider_ids_2026_01",
  ]);
  assert.deepEqual(await dropOldPartitions(db, 2, new Date("2026-04-15")), []);
});
