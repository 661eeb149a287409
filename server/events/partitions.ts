import sql, { raw } from "sql-template-tag";
import type { Database } from "../db/database.ts";
import { makePartition } from "../db/partitions.ts";

/** From here on a partition is a month; what is older came by import, and shares a partition a year. */
const monthlySince = 2025;

/** The first moment of the partition that an event of this moment is in. */
export function startOfPartition(at: Date): Date {
  const year = at.getUTCFullYear();
  return new Date(Date.UTC(year, year < monthlySince ? 0 : at.getUTCMonth(), 1));
}

function endOfPartition(start: Date): Date {
  const year = start.getUTCFullYear();
  return new Date(
    year < monthlySince ? Date.UTC(year + 1, 0, 1) : Date.UTC(year, start.getUTCMonth() + 1, 1),
  );
}

function nameOf(start: Date): string {
  const year = start.getUTCFullYear();
  if (year < monthlySince) return `events_${year}`;
  return `events_${start.toISOString().slice(0, 7).replace("-", "_")}`;
}

/** Partitions of late that this process has seen or made, by database. Older ones may have been dropped since. */
const seen = new WeakMap<Database, Set<number>>();

/** Makes the partitions that start at these moments. Outside of the transaction that fills them: it takes a lock. */
export async function preparePartitions(db: Database, starts: readonly number[]): Promise<void> {
  const made = seen.get(db) ?? new Set();
  seen.set(db, made);
  for (const moment of starts) {
    if (made.has(moment)) continue;
    const start = new Date(moment);
    const { rows } = await db.query<{ oid: number | null }>(sql`select to_regclass(${nameOf(start)}) as oid`);
    const isThere = Boolean(rows[0]?.oid);
    const bounds = { from: start.toISOString(), to: endOfPartition(start).toISOString() };
    if (!isThere) await makePartition(db, { table: "events", name: nameOf(start), ...bounds });
    if (start >= keptSince(new Date(), 1)) made.add(moment);
  }
}

const sweepEveryMs = 6 * 3_600_000;

/** Drops what is older than so many months, now and a few times a day; null keeps all. */
export function startRetention(
  db: Database,
  months: number | null,
  { onDropped, onError }: { onDropped: (names: string[]) => void; onError: (error: unknown) => void },
): { stop(): void } {
  if (months === null) return { stop: () => {} };
  const sweep = async () => {
    const names = await dropPartitionsBefore(db, keptSince(new Date(), months));
    if (names.length > 0) onDropped(names);
  };
  const safeSweep = () => void sweep().catch(onError);
  safeSweep();
  const timer = setInterval(safeSweep, sweepEveryMs);
  return { stop: () => clearInterval(timer) };
}

/** The moment before which nothing is kept, with so many months of it. */
export const keptSince = (now: Date, months: number): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1));

/**
 * Drops the partitions that ended before this moment, and the ids of their events. Behaviours keep what these added to
 * them. Answers the names of what was dropped.
 */
export async function dropPartitionsBefore(db: Database, moment: Date): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(sql`
    select c.relname as name
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'events'::regclass
    order by c.relname`);
  const old = rows.filter(({ name }) => {
    const [, year = "", month = "1"] = name.split("_");
    return endOfPartition(new Date(Date.UTC(Number(year), Number(month) - 1, 1))) <= moment;
  });
  for (const { name } of old) {
    await db.query(sql`drop table ${raw(name)}`);
  }
  if (old.length > 0) await db.query(sql`delete from event_ids where at < ${moment}`);
  return old.map(({ name }) => name);
}
