import type { Fault } from "../lib/problem.ts";

// The OneSignal player export, in its own order: 17 default columns, then what was asked for.
const known = [
  "id",
  "identifier",
  "session_count",
  "language",
  "timezone",
  "game_version",
  "device_os",
  "device_type",
  "device_model",
  "ad_id",
  "tags",
  "last_active",
  "playtime",
  "amount_spent",
  "created_at",
  "invalid_identifier",
  "badge_count",
  "external_user_id",
] as const;
export type Column = (typeof known)[number];

/** The seed's five: a file without one of these columns is refused. */
const mandatoryColumns = ["id", "identifier", "device_type", "device_model", "session_count"] as const;

/** Where each known column stands in a row; -1 when the file does not have it. */
export interface ColumnPlan {
  readonly index: Readonly<Record<Column, number>>;
  /** Fields in every row of the file, known columns or not. */
  readonly width: number;
}

export type PlannedColumns = { ok: true; plan: ColumnPlan } | { ok: false; faults: Fault[] };

/** Reads the header: names in any order, any case, with or without blanks around them; unknown ones are ignored. */
export function planColumns(header: readonly string[]): PlannedColumns {
  const names = header.map((name) => name.trim().toLowerCase());
  const faults: Fault[] = [];
  for (const column of mandatoryColumns) {
    if (!names.includes(column)) {
      faults.push({
        pointer: column,
        detail: `The column ${column} is missing. Every file needs ${mandatoryColumns.join(", ")}.`,
      });
    }
  }
  for (const column of known) {
    if (names.filter((name) => name === column).length > 1) {
      faults.push({ pointer: column, detail: `The column ${column} is there twice; keep one of them.` });
    }
  }
  if (faults.length > 0) return { ok: false, faults };
  const index = Object.fromEntries(known.map((column) => [column, names.indexOf(column)])) as Record<
    Column,
    number
  >;
  return { ok: true, plan: { index, width: header.length } };
}
