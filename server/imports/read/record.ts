/** One record of the file. `line` is where it starts; the header is line 1. */
export type FileRecord =
  | { line: number; fields: string[]; fault: null }
  | {
      line: number;
      fields: null;
      fault: string;
      /** What stands there, its beginning at least, to be shown to who wrote it. */
      text: string;
    };

/** Why a file as a whole is not imported. The codes are stable; `detail` is one sentence for who made the file. */
export interface FileFault {
  code:
    | "file_unreadable"
    | "column_missing"
    | "column_twice"
    | "column_misplaced"
    | "column_between"
    | "type_unknown"
    | "key_missing"
    | "mapping_column_unknown"
    | "mapping_field_unknown"
    | "mapping_twice"
    | "attribute_name"
    | "attribute_twice"
    | "segment_is_filter"
    | "attribute_type"
    | "attribute_group"
    | "attribute_limit";
  /** The column or attribute it is about; null for the file. */
  column: string | null;
  detail: string;
}

/**
 * The file as a whole cannot be used; `message` says where and why, for the person who made it, and `faults` says the
 * same one by one.
 */
export class UnreadableFile extends Error {
  readonly faults: readonly FileFault[];

  constructor(message: string, { faults, cause }: { faults?: readonly FileFault[]; cause?: unknown } = {}) {
    super(message, { cause });
    this.faults = faults ?? [{ code: "file_unreadable", column: null, detail: message }];
  }
}

/** A file refused for what its header says. */
export const refusedFor = (faults: readonly FileFault[]): UnreadableFile =>
  new UnreadableFile(faults.map(({ detail }) => detail).join(" "), { faults });

/** A record longer than this is an unclosed quote, not data. */
export const maxRecordBytes = 1024 * 1024;

/** The same sentences whatever the record came from: one CSV line or one row of a sheet. */
export const tooLong = "The row is longer than 1 MB; a quote is probably not closed.";
export const hasNul = "The row contains a NUL byte (0x00), which no text has; write the file again.";

/** What a spreadsheet can show in one cell. */
const maxShownText = 32_000;

/** The start of a record that cannot be read. */
export const shownText = (record: Buffer): string =>
  record
    .subarray(0, maxShownText)
    .toString()
    .replace(/[\r\n]+$/, "")
    .replaceAll("\0", "");
