import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";

/**
 * Puts a job into the durable queue as part of the caller's transaction: it runs if and only if that commits.
 * `key` names the job, so that asking twice is asking once.
 */
export async function addJob(
  db: Queryable,
  job: { task: string; key: string; payload: object },
): Promise<void> {
  await db.query(sql`
    select graphile_worker.add_job(
      ${job.task}::text, payload := ${JSON.stringify(job.payload)}::json, job_key := ${`${job.task}:${job.key}`}::text,
      max_attempts := 100)`);
}
