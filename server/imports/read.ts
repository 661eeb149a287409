import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type CsvError, parse } from "csv-parse";

/** One record of the file. `line` is where it starts; the header is line 1. */
export type FileRecord =
  | { line: number; fields: string[]; fault: null }
  | { line: number; fields: null; fault: string };

/** The file as a whole cannot be read; `message` says where and why, for the person who made it. */
export class UnreadableFile extends Error {}

// A record longer than this is an unclosed quote, not data.
const maxRecordBytes = 1024 * 1024;

/** Records of a CSV (UTF-8, RFC 4180), gzipped or not, as a stream: memory does not grow with the file. */
export async function* readRecords(bytes: AsyncIterable<Buffer>): AsyncGenerator<FileRecord> {
  const faults: FileRecord[] = [];
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: maxRecordBytes,
    on_skip: (error: CsvError | undefined) => {
      if (error) faults.push({ line: Number(error.lines ?? 0), fields: null, fault: sentence(error) });
      return undefined;
    },
  });
  const source = Readable.from(await unpacked(bytes));
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      while (faults.length > 0) yield faults.shift() as FileRecord;
      yield { line: info.lines - lineBreaksIn(record), fields: record, fault: null };
    }
    yield* faults;
  } catch (error) {
    throw new UnreadableFile(describe(error), { cause: error });
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** `info.lines` counts to the end of the record; quoted line breaks lie between. */
function lineBreaksIn(record: readonly string[]): number {
  let count = 0;
  for (const field of record) {
    if (field.includes("\n")) count += field.split("\n").length - 1;
  }
  return count;
}

/** Gunzips when the first bytes say so (RFC 1952 §2.3.1), whatever the file is called. */
async function unpacked(bytes: AsyncIterable<Buffer>): Promise<AsyncIterable<Buffer>> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first = await iterator.next();
  const head: Buffer = first.done ? Buffer.alloc(0) : first.value;
  async function* all() {
    yield head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) return all();
  const packed = Readable.from(all());
  const gunzip = createGunzip();
  packed.on("error", (error) => gunzip.destroy(error));
  return packed.pipe(gunzip);
}

function sentence(error: CsvError): string {
  if (error.code === "CSV_QUOTE_NOT_CLOSED") return "A quote is opened here and never closed.";
  if (error.code === "CSV_MAX_RECORD_SIZE")
    return "The row is longer than 1 MB; a quote is probably not closed.";
  if (error.code === "CSV_INVALID_CLOSING_QUOTE")
    return 'Text follows a closing quote; a quote inside a value is written as "".';
  if (error.code === "INVALID_OPENING_QUOTE")
    return 'A quote stands inside a value that does not start with one; write the value as "…" and the quote as "".';
  return error.message;
}

function describe(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  if (code?.startsWith("Z_")) return `The file is not whole: unpacking it stopped (${message}).`;
  if (code?.startsWith("CSV_")) return sentence(error as CsvError);
  return message;
}
