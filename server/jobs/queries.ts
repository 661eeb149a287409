import sql from "sql-template-tag";
import type { Database, Queryable } from "../db/database.ts";

export async function recordHeartbeat(
  db: Queryable,
  beat: { workerId: string; jobWorkerIds: string[]; now: Date },
): Promise<void> {
  await db.query(sql`
    insert into workers (worker_id, job_worker_ids, seen_at)
    values (${beat.workerId}, ${beat.jobWorkerIds}, ${beat.now})
    on conflict (worker_id) do update
      set job_worker_ids = excluded.job_worker_ids, seen_at = excluded.seen_at`);
}

/**
 * Forgets workers not seen since `deadline`, and frees every job that was taken before it by somebody who is not among
 * the living. Answers the ids under which those jobs were taken.
 */
export async function freeDeadWorkers(db: Database, deadline: Date): Promise<string[]> {
  return db.transaction(async (tx) => {
    await tx.query(sql`delete from workers where seen_at < ${deadline}`);
    const { rows } = await tx.query<{ locked_by: string }>(sql`
      select distinct locked_by
      from graphile_worker.jobs
      where locked_at < ${deadline}
        and locked_by not in (select unnest(job_worker_ids) from workers)`);
    const dead = rows.map((row) => row.locked_by);
    if (dead.length > 0) await tx.query(sql`select graphile_worker.force_unlock_workers(${dead}::text[])`);
    return dead;
  });
}

/** The same of all workers, when there is none. */
export const freeAllWorkers = (db: Database): Promise<string[]> =>
  freeDeadWorkers(db, new Date(Date.now() + 3_600_000));

export async function removeHeartbeat(db: Queryable, workerId: string): Promise<void> {
  await db.query(sql`delete from workers where worker_id = ${workerId}`);
}

/** How much there is to do; small tables only. */
export async function readBacklog(
  db: Queryable,
): Promise<{ chunks: number; jobs: number; connectedDevices: number }> {
  const { rows } = await db.query<{ chunks: number; jobs: number; connectedDevices: number }>(sql`
    select (select count(*) from chunks) as chunks,
      (select count(*) from graphile_worker._private_jobs) as jobs,
      (select count(*) from presence) as "connectedDevices"`);
  return rows[0] ?? { chunks: 0, jobs: 0, connectedDevices: 0 };
}
