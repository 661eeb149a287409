/** One record of the file. `line` is where it starts; the header is line 1. */
export type FileRecord =
  | { line: number; fields: string[]; fault: null }
  | { line: number; fields: null; fault: string };

/** The file as a whole cannot be read; `message` says where and why, for the person who made it. */
export class UnreadableFile extends Error {}

/** A record longer than this is an unclosed quote, not data. */
export const maxRecordBytes = 1024 * 1024;

/** The same sentences whatever the record came from: one CSV line or one row of a sheet. */
export const tooLong = "The row is longer than 1 MB; a quote is probably not closed.";
export const hasNul = "The row contains a NUL byte (0x00), which no text has; write the file again.";
