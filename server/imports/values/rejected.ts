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

  constructor(code: RejectionCode, column: string | null, detail: string) {
    super(detail);
    this.code = code;
    this.column = column;
  }
}

export const quoted = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
