import sql, { type Sql } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import { validationProblem } from "../lib/problem.ts";
import { hasAliases } from "../users/aliases.ts";
import { findImport } from "./queries/history.ts";

/** Up to here the keys are looked up one by one; beyond, users are read in their order until a page is full. */
const fewRows = 10_000;

/**
 * Restricts `users u` to whom the merged rows of an import of this app mean, as far as they still exist. Throws a
 * validation problem at `pointer` for an import nobody knows.
 */
export async function usersOfImport(
  db: Queryable,
  appKey: number,
  { importId, pointer }: { importId: string; pointer: string },
): Promise<Sql> {
  const row = await findImport(db, appKey, importId);
  if (!row) {
    const detail = `there is no import ${importId} in this app; GET /api/imports lists what there is`;
    throw validationProblem([{ pointer, detail }]);
  }
  // The empty array hides the statistics of the column: the planner takes lengths of small batches for those of all, and
  // beyond its memory limit it would compare keys one by one instead of hashing them.
  const keys = sql`select unnest(user_keys || '{}'::uuid[]) from import_batches where import_id = ${importId}::uuid`;
  // Guests whom the file brought and who have logged in since are the users they became.
  const isIn = (await hasAliases(db, appKey))
    ? sql`(u.user_key in (${keys}) or u.user_key in (
        select owner_key from user_aliases where app_key = ${appKey} and user_key in (${keys})))`
    : sql`u.user_key in (${keys})`;
  // `is true` keeps it a filter. As a join it cost 1.4 s a page with 200,000 users, since all of them are sorted; as a
  // filter 0.1 s. With few keys it is the other way round.
  return row.created + row.updated + row.unchanged <= fewRows ? isIn : sql`(${isIn}) is true`;
}
