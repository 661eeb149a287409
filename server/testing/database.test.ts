import assert from "node:assert/strict";
import test from "node:test";
import sql from "sql-template-tag";
import { createTestDatabase } from "./database.ts";

test("every test gets a migrated database of its own", async (t) => {
  const [one, other] = await Promise.all([createTestDatabase(t), createTestDatabase(t)]);
  await one.db.query(sql`create table mine (number int)`);
  const found = await other.db.query(sql`
    select 1 from pg_tables where schemaname = 'public' and tablename in ('mine', 'migrations')`);
  assert.equal(found.rowCount, 1);
  assert.notEqual(one.url, other.url);
});
