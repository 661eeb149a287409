import { ApiProblem } from "../../api/problem.ts";
import type { Strings } from "../../strings/en.ts";

/** What is wrong with the fields of a user, by field, in the reader's language; null when it is something else. */
export function userFaults(error: unknown, strings: Strings): Record<string, string> | null {
  if (!(error instanceof ApiProblem)) return null;
  const texts = strings.users.faults;
  const known: Record<string, string> = {
    userId: error.code === "conflict" ? texts.userIdTaken : texts.userIdInvalid,
    email: texts.emailInvalid,
    phone: texts.phoneInvalid,
    language: texts.languageInvalid,
    tags: texts.tagsInvalid,
  };
  const faults: Record<string, string> = {};
  for (const { pointer, detail } of error.errors) {
    const field = pointer.split("/")[1] ?? "";
    faults[field] = known[field] ?? detail;
  }
  return Object.keys(faults).some((field) => field in known) ? faults : null;
}
