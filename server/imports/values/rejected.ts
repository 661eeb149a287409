/** Why a row cannot be used. The codes are stable; `detail` is one sentence for who made the file. */
export type RejectionCode =
  | "value_missing"
  | "device_type_unknown"
  | "number_invalid"
  | "date_invalid"
  | "email_invalid"
  | "phone_missing"
  | "phone_invalid"
  | "phone_has_symbols"
  | "tags_invalid"
  | "text_invalid"
  | "text_too_long"
  | "type_mismatch"
  | "bad_json"
  | "location_range"
  | "user_id_invalid"
  | "installation_unknown"
  | "row_unreadable"
  | "row_width";

/** Thrown by whoever reads a value, caught once a row. `column` is the header's name, null for the row as a whole. */
export class Rejected extends Error {
  readonly code: RejectionCode;
  readonly column: string | null;
  /** What else is wrong with the same row. */
  readonly others: readonly Rejected[];

  constructor(code: RejectionCode, column: string | null, detail: string, others: readonly Rejected[] = []) {
    super(detail);
    this.code = code;
    this.column = column;
    this.others = others;
  }
}

/** All that is wrong with a row as one. */
export function rejectedFor([first, ...others]: readonly Rejected[]): Rejected {
  if (!first) throw new Error("a row is rejected for something");
  return others.length === 0 ? first : new Rejected(first.code, first.column, first.message, others);
}

/** Every fault of a row, the first one first. */
export const faultsOf = (rejected: Rejected): readonly Rejected[] => [rejected, ...rejected.others];

export const quoted = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
