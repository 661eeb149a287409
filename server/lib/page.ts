import { z } from "zod";
import { validationProblem } from "./problem.ts";

/** Query of every list: at most `limit` items, after the place that the previous answer's `nextCursor` names. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).describe("Items per page, 1–500"),
  cursor: z.string().max(500).optional().describe("`nextCursor` of the previous page"),
});
export type PageQuery = z.infer<typeof PageQuery>;

export interface Page<T> {
  data: T[];
  /** Give it back as `cursor` to read on; null at the end. */
  nextCursor: string | null;
}

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable() });

/** Packs the sort key of the last item shown. Opaque to the caller. */
function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/** The key that {@link encodeCursor} packed, checked against `Key`. A foreign cursor is a validation problem. */
export function decodeCursor<T>(cursor: string | undefined, Key: z.ZodType<T>): T | null {
  if (cursor === undefined) return null;
  try {
    return Key.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch {
    throw validationProblem([
      { pointer: "?cursor", detail: "is not a cursor of this list; start again without it" },
    ]);
  }
}

/** Cuts the one row more than `limit` that the query fetched to see whether there is a next page. */
export function toPage<T>(
  rows: T[],
  limit: number,
  keyOf: (row: T) => readonly (string | number)[],
): Page<T> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
