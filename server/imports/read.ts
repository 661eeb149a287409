import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type CsvError, Parser } from "csv-parse";

/** One record of the file. `line` is where it starts; the header is line 1. */
export type FileRecord =
  | { line: number; fields: string[]; fault: null }
  | { line: number; fields: null; fault: string };

/** The file as a whole cannot be read; `message` says where and why, for the person who made it. */
export class UnreadableFile extends Error {}

// A record longer than this is an unclosed quote, not data.
const maxRecordBytes = 1024 * 1024;

/**
 * Records of a CSV (UTF-8, RFC 4180), gzipped or not, as a stream of lists: memory does not grow with the file. A
 * record that cannot be read is a fault of its first line, and reading goes on at the next line: the parser alone
 * would take a stray quote for the start of a value and swallow rows until the next one.
 */
export async function* readRecords(bytes: AsyncIterable<Buffer>): AsyncGenerator<FileRecord[]> {
  const file = createResumingReader();
  try {
    for await (const chunk of await unpacked(bytes)) {
      const records = await file.read(chunk);
      if (records.length > 0) yield records;
    }
    const records = await file.end();
    if (records.length > 0) yield records;
  } catch (error) {
    const reason = describe(error);
    throw reason === null ? error : new UnreadableFile(reason, { cause: error });
  }
}

/**
 * Hands each record over as it is read, with the bytes read so far, instead of passing it through a stream: that takes
 * as long as parsing it, and the parser's own callback makes an object of everything it knows for each record.
 */
class CollectingParser extends Parser {
  readonly #collect: (fields: string[], bytes: number) => void;

  constructor(isStartOfFile: boolean, collect: (fields: string[], bytes: number) => void) {
    super({
      bom: isStartOfFile,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: maxRecordBytes,
    });
    this.#collect = collect;
  }

  override push(record: string[] | null): boolean {
    if (record === null) return super.push(null);
    this.#collect(record, this.info.bytes);
    return true;
  }
}

/** Parses the pieces of a file, with a new parser on the line after each fault. */
function createResumingReader() {
  /** What was given since the end of the last whole record, which is at `nextLine`. */
  let held: Buffer = Buffer.alloc(0);
  let nextLine = 1;
  let records: FileRecord[] = [];
  let fault: CsvError | null = null;
  /** Whether what comes still belongs to a line that was given up because of its length. */
  let isDiscarding = false;
  let run = startRun();

  function startRun() {
    // Bytes given to this run: in whole records, and of these no longer held.
    let settled = 0;
    let dropped = 0;
    const collect = (fields: string[], bytes: number) => {
      // Our own count of lines: the parser's goes astray where line ends are mixed.
      const from = settled - dropped;
      const start = skipLineEnds(held, from);
      const line = nextLine + countLineEnds(held, from, start);
      nextLine = line + countLineEnds(held, start, bytes - dropped);
      settled = bytes;
      records.push({ line, fields, fault: null });
    };
    const parser = new CollectingParser(nextLine === 1, collect);
    const failed = new Promise<CsvError>((resolve) =>
      parser.once("error", (error) => resolve(error as CsvError)),
    );
    parser.resume();
    /** Answers the fault that ended the run, if one did. */
    const give = async (pass: (done: (error?: Error | null) => void) => void): Promise<CsvError | null> => {
      const passed = new Promise<null>((resolve) => pass((error) => error || resolve(null)));
      const found = await Promise.race([failed, passed]);
      held = held.subarray(settled - dropped);
      dropped = settled;
      return found;
    };
    return {
      write: (chunk: Buffer) => give((done) => parser.write(chunk, done)),
      end: () => give((done) => parser.end(() => done())),
    };
  }

  /** Gives up the line that was begun and goes on after it. False while the end of that line has not come. */
  async function resume(isEnd: boolean): Promise<boolean> {
    const start = skipLineEnds(held, 0);
    const end = lineEnd(held, start);
    if (end === null && !isEnd && held.length <= maxRecordBytes) return false;
    const line = nextLine + countLineEnds(held, 0, start);
    records.push({ line, fields: null, fault: fault ? sentence(fault) : "" });
    nextLine = line + 1;
    held = held.subarray(end ?? held.length);
    isDiscarding = end === null;
    run = startRun();
    fault = held.length > 0 ? await run.write(held) : null;
    return true;
  }

  async function advance(given: Buffer | null): Promise<FileRecord[]> {
    let chunk = given;
    if (chunk && isDiscarding) {
      const end = lineEnd(chunk, 0);
      if (end === null) return [];
      isDiscarding = false;
      chunk = chunk.subarray(end);
    }
    if (chunk) held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    fault ??= chunk ? await run.write(chunk) : await run.end();
    while (fault && (await resume(chunk === null))) {
      if (!fault && chunk === null) fault = await run.end();
    }
    const taken = records;
    records = [];
    return taken;
  }

  return { read: (chunk: Buffer) => advance(chunk), end: () => advance(null) };
}

const lf = 10;
const cr = 13;

/** The first byte from `from` on that is no line end. */
function skipLineEnds(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === lf || bytes[at] === cr) at++;
  return at;
}

/** Where the line that begins at `from` ends, its line end included; null when it does not. */
function lineEnd(bytes: Buffer, from: number): number | null {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === lf) return at + 1;
    if (bytes[at] === cr) return bytes[at + 1] === lf ? at + 2 : at + 1;
  }
  return null;
}

/** Line ends of every kind: LF, CRLF and, from old spreadsheets, CR alone. */
function countLineEnds(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    if (bytes[at] === lf || (bytes[at] === cr && bytes[at + 1] !== lf)) count++;
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
  // Larger pieces than the usual 16 kB: each costs a turn through three streams.
  const gunzip = createGunzip({ chunkSize: 128 * 1024 });
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

/** What is wrong with the file, in words; null when the fault is not the file's (the database went away). */
function describe(error: unknown): string | null {
  const { code, message } = error as { code?: string; message: string };
  if (code?.startsWith("Z_")) return `The file is not whole: unpacking it stopped (${message}).`;
  return code?.startsWith("CSV_") ? sentence(error as CsvError) : null;
}
