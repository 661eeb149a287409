import pg from "pg";
import sql from "sql-template-tag";
import type { Queryable } from "./database.ts";

const analysisSettings = {
  work_mem: "64MB",
  // Six million keys may be hashed; of more, PostgreSQL would compare each with each where they stand beside an `or`.
  hash_mem_multiplier: "4",
  // A filter taken to leave one user and leaving a hundred thousand had every event compared with each of them.
  enable_material: "off",
  jit: "off",
  enable_presorted_aggregate: "off",
};

/**
 * For what looks at millions of rows in this transaction: memory for its sorts and hashes, and no compiling, which takes
 * longer than it saves where the planner takes a range of an index for larger than it is. Different users are counted
 * three times as fast where their keys are sorted by themselves, not in rows (which PostgreSQL has as a setting since 16).
 * A statement that runs longer than `timeoutMs` ends with an error that {@link isTimeout} knows; 0 is no limit.
 */
export async function prepareAnalysis(tx: Queryable, timeoutMs = 0): Promise<void> {
  const settings = { ...analysisSettings, statement_timeout: `${timeoutMs}ms` };
  await tx.query(sql`
    select set_config(s.name, w.setting, true)
    from unnest(${Object.keys(settings)}::text[], ${Object.values(settings)}::text[]) as w (name, setting)
    join pg_settings s on s.name = w.name`);
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const queryCanceled = "57014";

export const isTimeout = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === queryCanceled;
