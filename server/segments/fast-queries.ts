import pg from "pg";
import sql, { raw } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import { indexedValue } from "./attribute-values.ts";
import type { AttributeField } from "./fields.ts";

// Any number, the same in every process.
const indexesLock = 7_240_119;

export async function tryLockIndexes(session: Queryable): Promise<boolean> {
  const { rows } = await session.query<{ locked: boolean }>(
    sql`select pg_try_advisory_lock(${indexesLock}) as locked`,
  );
  return rows[0]?.locked ?? false;
}

/** Of the connection, by which {@link cancelStatement} finds what it is doing. */
export async function readStatementId(session: Queryable): Promise<number> {
  const { rows } = await session.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  return rows[0]?.pid ?? 0;
}

export async function cancelStatement(db: Queryable, pid: number): Promise<void> {
  await db.query(sql`select pg_cancel_backend(${pid}::integer)`);
}

export async function listFastIndexes(
  db: Queryable,
  prefix: string,
): Promise<{ index: string; isValid: boolean }[]> {
  const { rows } = await db.query<{ index: string; isValid: boolean }>(sql`
    select c.relname as index, i.indisvalid as "isValid"
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    where i.indrelid = to_regclass('users') and starts_with(c.relname, ${prefix})`);
  return rows;
}

/** Without a lock that keeps writers out; not inside a transaction. */
export async function dropIndex(session: Queryable, index: string): Promise<void> {
  await session.query(sql`drop index concurrently if exists ${raw(pg.escapeIdentifier(index))}`);
}

/** Only users of the app who have a value are in it. Not inside a transaction. */
export async function createFastIndex(
  session: Queryable,
  { index, appKey, field }: { index: string; appKey: number; field: AttributeField },
): Promise<void> {
  const value = indexedValue({ ...field, column: sql`attributes` });
  const how = field.type === "ARRAY" ? sql`gin ((${value}) jsonb_path_ops)` : sql`btree ((${value}))`;
  await session.query(sql`
    create index concurrently ${raw(pg.escapeIdentifier(index))} on users using ${how}
    where app_key = ${raw(String(appKey))} and (${value}) is not null`);
}

export async function updateStatistics(session: Queryable): Promise<void> {
  await session.query(sql`analyze users`);
}
