import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import type { Queryable } from "../db/database.ts";
import { createTestDatabase } from "../testing/database.ts";
import { deleteChunks } from "./queries/chunks.ts";
import { extendLeases } from "./queries/claims.ts";

const owner = uuidv7();

/** Chunks under a lease that is about to run out, in this order in the table. */
async function lease(db: Queryable, count: number): Promise<{ messageId: string; seq: number }[]> {
  const chunks = Array.from({ length: count }, () => ({ messageId: uuidv7(), seq: 0 }));
  for (const { messageId, seq } of chunks)
    await db.query(sql`
      insert into chunks (message_id, seq, app_key, channel, priority, user_keys, installation_keys, not_before,
        lease_owner, lease_until)
      values (${messageId}, ${seq}, 1, 'inbox', 0, ${[uuidv7()]}::uuid[], ${[uuidv7()]}::uuid[], clock_timestamp(),
        ${owner}, clock_timestamp() + interval '1 second')`);
  return chunks;
}

test("leases are extended while a transaction of the same owner takes its chunks in another order", async (t) => {
  const { db } = await createTestDatabase(t);
  const [first, second, third] = await lease(db, 3);
  assert.ok(first && second && third);
  let extended: Promise<void> = Promise.resolve();
  await db.transaction(async (tx) => {
    await deleteChunks(tx, owner, [second]);
    extended = extendLeases(db, { owners: [owner], ms: 60_000 });
    await untilWaiting(db);
    // Whoever extends must not hold this one while they wait for the other: the database would end one of both.
    await deleteChunks(tx, owner, [first]);
  });
  await extended;
  const { rows } = await db.query<{ messageId: string; isExtended: boolean }>(sql`
    select message_id as "messageId", lease_until > clock_timestamp() + interval '30 seconds' as "isExtended"
    from chunks`);
  assert.deepEqual(rows, [{ messageId: third.messageId, isExtended: true }]);
});

/** Until one transaction waits for another of this database. */
async function untilWaiting(db: Queryable): Promise<void> {
  for (;;) {
    const { rowCount } = await db.query(sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    if (rowCount !== 0) return;
  }
}

test("a chunk that was held while leases are extended is extended when it is free", async (t) => {
  const { db } = await createTestDatabase(t);
  const [first, second] = await lease(db, 2);
  assert.ok(first && second);
  let extended: Promise<void> = Promise.resolve();
  await db.transaction(async (tx) => {
    await tx.query(
      sql`update chunks set done = 1 where message_id in (${first.messageId}, ${second.messageId})`,
    );
    extended = extendLeases(db, { owners: [owner], ms: 60_000 });
    await untilWaiting(db);
  });
  await extended;
  const { rowCount } = await db.query(sql`
    select from chunks where done = 1 and lease_until > clock_timestamp() + interval '30 seconds'`);
  assert.equal(rowCount, 2);
});
