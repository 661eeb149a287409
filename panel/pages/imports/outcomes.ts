import type { Import, ImportRows } from "../../../server/imports/schema.ts";

/** What a row came to; `pending` rows are read but not yet written. */
export type Outcome = Exclude<keyof ImportRows, "total"> | "pending";

const colors = {
  created: "var(--state-seen)",
  updated: "var(--state-sent)",
  unchanged: "var(--state-skipped)",
  rejected: "var(--state-failed)",
  discarded: "var(--state-waiting)",
  pending: "var(--state-queued)",
} satisfies Record<Outcome, string>;

/** The shares of a file's rows; they add up to the total. While the import runs, rows on their way are pending. */
export function outcomesOf(
  rows: ImportRows,
  isUnderWay: boolean,
): { key: Outcome; value: number; color: string }[] {
  const settled = rows.created + rows.updated + rows.unchanged + rows.rejected + rows.discarded;
  const pending = Math.max(0, rows.total - settled);
  const shares: { key: Outcome; value: number; color: string }[] = (
    ["created", "updated", "unchanged", "rejected", "discarded"] as const
  ).map((key) => ({ key, value: rows[key], color: colors[key] }));
  // Also when the import was stopped half way: then these were never written.
  if (isUnderWay || pending > 0) shares.push({ key: "pending", value: pending, color: colors.pending });
  return shares;
}

/** Rows to mend and bring again: rejected ones, and those beyond a limit. A row that a later one replaces is none. */
export const errorsOf = ({ rows, options }: Pick<Import, "rows" | "options">): number =>
  rows.rejected + (options.rowLimit === null ? 0 : rows.discarded);
