/** One value that a change touched, as text; null where there was or is none. */
export interface Change {
  field: string;
  before: string | null;
  after: string | null;
}

/** What an entry of the history tells, value by value: those that differ, or all where it is no change of one to another. */
export function changesOf(detail: Record<string, unknown>): Change[] {
  const { before, after, ...others } = detail;
  const told = Object.entries(others).map(([field, value]) => ({
    field,
    before: null,
    after: written(value),
  }));
  if (!isRecord(before) && !isRecord(after)) return told;
  const [old, now] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
  const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const changed = fields
    .map((field) => ({ field, before: written(old[field]), after: written(now[field]) }))
    .filter((change) => change.before !== change.after);
  return [...changed, ...told];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function written(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}
