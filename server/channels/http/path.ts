import { z } from "zod";

/** Where something stands in JSON: names and indexes with dots between them, as `messages.0.id`. */
export const JsonPath = z
  .string()
  .max(200)
  .regex(/^[^.\s]+(\.[^.\s]+)*$/, "is not a path; write names with dots between them, as messages.0.id");

/** What stands at the path; undefined where there is nothing. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return found;
}

/** A path as {@link valueAt} takes it; without one, nothing. */
export const stepsOf = (path: string | undefined): string[] | null => path?.split(".") ?? null;

/** A text, number or boolean as text; null for what is none. */
export const textOf = (value: unknown): string | null =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : null;
