import { restorableDays } from "./deleted.ts";
import { Problem } from "./problem.ts";

export const nothingToRestore = (kind: string, id: string): Problem =>
  new Problem(
    "not_found",
    `There is no deleted ${kind} ${id} in this app. What is deleted can be brought back for ${restorableDays} days.`,
  );

export const nameTakenSince = (kind: string, name: string): Problem =>
  new Problem(
    "conflict",
    `There is another ${kind} ${JSON.stringify(name)} by now: rename that one, then bring this one back.`,
  );
