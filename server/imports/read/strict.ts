import { isUtf8 } from "node:buffer";
import { type CsvError, Parser } from "csv-parse";
import type { Delimiter } from "./delimiter.ts";
import { type FileRecord, hasNul, maxRecordBytes, shownText, tooLong } from "./record.ts";

export interface CsvOptions {
  delimiter: Delimiter;
  /** The number of the first line that is given. */
  firstLine: number;
  /** What to say of a record with bytes that are not UTF-8. */
  unknownBytes: () => string;
}

/** What follows the last whole record, and the line it starts on. */
export interface Remainder {
  bytes: Buffer;
  line: number;
}

/** Turns the pieces of a text into records. */
export interface CsvReader {
  read(piece: Buffer): Promise<FileRecord[]>;
  end(): Promise<FileRecord[]>;
}

export interface StrictReader extends CsvReader {
  /** Where another reader can go on; null while a fault is not settled. This one must not be used after that. */
  release(): Remainder | null;
}

/**
 * Hands each record over as it is read, with the bytes read so far, instead of passing it through a stream: that takes
 * as long as parsing it, and the parser's own callback makes an object of everything it knows for each record.
 */
class CollectingParser extends Parser {
  readonly #collect: (fields: string[], bytes: number) => void;

  constructor(delimiter: Delimiter, collect: (fields: string[], bytes: number) => void) {
    super({
      delimiter,
      // All three, not the first that comes: files are joined from parts that were written by different systems.
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      // A quote inside a value without quotes is a letter like any other: 5" pipe. What this lets through besides is
      // found by comparing the values with their text.
      relax_quotes: true,
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

/**
 * Records of a CSV in UTF-8 (RFC 4180). A record that cannot be read is a fault of its first line, and reading goes on
 * at the next line: the parser alone would take a stray quote for the start of a value and swallow rows until the next
 * one. So each fault starts a new parser on the line after it.
 */
export function createStrictReader({ delimiter, firstLine, unknownBytes }: CsvOptions): StrictReader {
  /** What was given since the end of the last whole record, which is at `nextLine`. */
  let held: Buffer = Buffer.alloc(0);
  let nextLine = firstLine;
  let records: FileRecord[] = [];
  let fault: string | null = null;
  /** Whether what comes still belongs to a line that was given up because of its length. */
  let isDiscarding = false;
  let run = startRun();

  function startRun() {
    // Bytes given to this run: in whole records, and of these no longer held.
    let settled = 0;
    let dropped = 0;
    let broken: string | null = null;
    const collect = (fields: string[], bytes: number) => {
      if (broken) return;
      // Our own count of lines: the parser's goes astray where line ends are mixed.
      const from = settled - dropped;
      const start = skipLineEnds(held, from);
      const line = nextLine + countLineEnds(held, from, start);
      const record = held.subarray(start, bytes - dropped);
      const reason = faultOf(record);
      // It may have swallowed the lines after it, so it is not taken for read.
      if (reason === null && !standsThere(fields, record.toString())) {
        broken = textAfterQuote;
        return;
      }
      nextLine = line + countLineEnds(held, start, bytes - dropped);
      settled = bytes;
      records.push(
        reason === null
          ? { line, fields, fault: null }
          : { line, fields: null, fault: reason, text: shownText(record) },
      );
    };
    const parser = new CollectingParser(delimiter, collect);
    const failed = new Promise<string>((resolve) =>
      parser.once("error", (error) => resolve(sentence(error as CsvError))),
    );
    parser.resume();
    /** Answers the fault that ended the run, if one did. */
    const give = async (pass: (done: (error?: Error | null) => void) => void): Promise<string | null> => {
      const passed = new Promise<null>((resolve) => pass((error) => error || resolve(null)));
      const found = broken ?? (await Promise.race([failed, passed])) ?? broken;
      held = held.subarray(settled - dropped);
      // Blank lines are done with; but a CR at the end may be half of a line end.
      const blank = skipLineEnds(held, 0);
      const done = blank === held.length && held[blank - 1] === cr ? blank - 1 : blank;
      nextLine += countLineEnds(held, 0, done);
      held = held.subarray(done);
      settled += done;
      dropped = settled;
      // The parser counts the letters of the values only, so a row of nothing but delimiters has no end for it.
      return found ?? (held.length > maxRecordBytes ? tooLong : null);
    };
    return {
      write: (chunk: Buffer) => give((done) => parser.write(chunk, done)),
      end: () => give((done) => parser.end(() => done())),
    };
  }

  /** Whether the values of a record are what its text says, each bare or in quotes as RFC 4180 has it. */
  function standsThere(fields: string[], text: string): boolean {
    let at = 0;
    for (let column = 0; column < fields.length; column++) {
      const value = fields[column] ?? "";
      if (column > 0 && text[at++] !== delimiter) return false;
      const written = text[at] === '"' ? `"${value.replaceAll('"', '""')}"` : value;
      if (!text.startsWith(written, at)) return false;
      at += written.length;
    }
    return at === text.length || text[at] === "\n" || text[at] === "\r";
  }

  /** What the parser does not see is wrong with a record. */
  function faultOf(record: Buffer): string | null {
    if (record.length > maxRecordBytes) return tooLong;
    if (record.includes(0)) return hasNul;
    return isUtf8(record) ? null : unknownBytes();
  }

  /** Gives up the line that was begun and goes on after it. False while the end of that line has not come. */
  async function resume(isEnd: boolean): Promise<boolean> {
    const start = skipLineEnds(held, 0);
    const end = lineEnd(held, start, isEnd);
    if (end === null && !isEnd && held.length <= maxRecordBytes) return false;
    const line = nextLine + countLineEnds(held, 0, start);
    const text = shownText(held.subarray(start, end ?? held.length));
    records.push({ line, fields: null, fault: fault ?? "", text });
    nextLine = line + 1;
    isDiscarding = end === null;
    held = held.subarray(end ?? endOfDiscarded(held));
    run = startRun();
    fault = held.length > 0 && !isDiscarding ? await run.write(held) : null;
    return true;
  }

  async function advance(given: Buffer | null): Promise<FileRecord[]> {
    let piece = given;
    if (isDiscarding) {
      const rest = piece ? Buffer.concat([held, piece]) : held;
      const end = lineEnd(rest, 0, piece === null);
      held = rest.subarray(end ?? endOfDiscarded(rest));
      if (end === null && piece) return [];
      isDiscarding = false;
      piece = held;
      held = Buffer.alloc(0);
    }
    if (piece) held = held.length === 0 ? piece : Buffer.concat([held, piece]);
    fault ??= piece ? await run.write(piece) : null;
    if (!given) fault ??= await run.end();
    while (fault && (await resume(given === null))) {
      if (!fault && !given) fault = await run.end();
    }
    const taken = records;
    records = [];
    return taken;
  }

  return {
    read: (piece: Buffer) => advance(piece),
    end: () => advance(null),
    release: () => (fault || isDiscarding ? null : { bytes: held, line: nextLine }),
  };
}

const lf = 10;
const cr = 13;

/** The first byte from `from` on that is no line end. */
function skipLineEnds(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === lf || bytes[at] === cr) at++;
  return at;
}

/** Where the line that begins at `from` ends, its line end included; null when it does not, or may be half there. */
function lineEnd(bytes: Buffer, from: number, isEnd: boolean): number | null {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === lf) return at + 1;
    if (bytes[at] !== cr) continue;
    if (at + 1 === bytes.length && !isEnd) return null;
    return bytes[at + 1] === lf ? at + 2 : at + 1;
  }
  return null;
}

/** How much of a line without an end can be dropped: a CR that came last may be half of its end. */
const endOfDiscarded = (line: Buffer) => (line.at(-1) === cr ? line.length - 1 : line.length);

/** Line ends of every kind: LF, CRLF and, from old spreadsheets, CR alone. */
function countLineEnds(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    if (bytes[at] === lf || (bytes[at] === cr && bytes[at + 1] !== lf)) count++;
  }
  return count;
}

const textAfterQuote = 'Text follows a closing quote; a quote inside a value is written as "".';

function sentence(error: CsvError): string {
  if (error.code === "CSV_QUOTE_NOT_CLOSED") return "A quote is opened here and never closed.";
  if (error.code === "CSV_MAX_RECORD_SIZE") return tooLong;
  return error.message;
}
