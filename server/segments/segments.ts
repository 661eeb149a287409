import type { Sql } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import { validationProblem } from "../lib/problem.ts";
import { compileCondition } from "./compile.ts";
import { parseTarget } from "./parse.ts";
import { countInstallations, countSegment, matchingPairs } from "./queries.ts";
import type { SegmentCount } from "./schema.ts";

/** The SQL filter of a `target`, or a validation problem with every fault in it. */
function filterOf(target: unknown): Sql {
  const parsed = parseTarget(target);
  if (!parsed.ok) throw validationProblem(parsed.faults);
  return compileCondition(parsed.condition);
}

export const countTarget = (db: Queryable, appKey: number, target: unknown): Promise<SegmentCount> =>
  countSegment(db, appKey, filterOf(target));

export const countTargetInstallations = (db: Queryable, appKey: number, target: unknown): Promise<number> =>
  countInstallations(db, appKey, filterOf(target));

/** A select of (user_key, installation_key) pairs in the target, for the sending engine to nest in its expansion. */
export const targetAudience = (appKey: number, target: unknown): Sql =>
  matchingPairs(appKey, filterOf(target));
