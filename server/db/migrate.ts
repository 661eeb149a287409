import { readdir, readFile } from "node:fs/promises";
import { Logger, runMigrations } from "graphile-worker";
import sql from "sql-template-tag";
import type { Database } from "./database.ts";

const folder = new URL("./migrations/", import.meta.url);

// Any constant will do, as long as every Chapar process takes the same one.
const migrationLock = 4_217_307;

/**
 * Brings the schema up to this release: plain `.sql` files in order, each once, each in a transaction, under a lock so
 * that several processes may start at once. Forward only. Then the job queue's own schema.
 */
export async function migrate(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(sql`select pg_advisory_xact_lock(${migrationLock})`);
    await tx.query(sql`
      create table if not exists migrations (
        name text primary key,
        applied_at timestamptz not null
      )`);
    const { rows } = await tx.query<{ name: string }>(sql`select name from migrations`);
    const applied = new Set(rows.map((row) => row.name));
    for (const name of (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort()) {
      if (applied.has(name)) continue;
      // A file holds several statements, which only the simple protocol takes: no values.
      await tx.client.query(await readFile(new URL(name, folder), "utf8"));
      await tx.query(sql`insert into migrations (name, applied_at) values (${name}, ${new Date()})`);
    }
  });
  await runMigrations({ pgPool: db.pool, logger: new Logger(() => () => {}) });
}
