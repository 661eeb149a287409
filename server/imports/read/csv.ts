import { isUtf8 } from "node:buffer";
import Papa from "papaparse";
import type { FileRecord } from "./record.ts";
import {
  type CsvOptions,
  type CsvReader,
  createStrictReader,
  type Remainder,
  type StrictReader,
} from "./strict.ts";

/** A record may reach over several pieces, but from this size on it is read as it comes. */
const maxHeldBytes = 256 * 1024;

/**
 * Reads as {@link createStrictReader} does, and says the same of every file, in a third of the time: papaparse splits
 * what is plain, and every row it gives is compared with the text it came from. A row that is not written exactly as
 * RFC 4180 has it is the strict reader's, and the next ones are split again.
 */
export function createCsvReader(options: CsvOptions): CsvReader {
  let remainder: Remainder = { bytes: Buffer.alloc(0), line: options.firstLine };
  let strict: StrictReader | null = null;

  /**
   * Has the strict reader take the first lines, and more of them until it has got somewhere: a row, or a fault. Answers
   * what follows that, for the fast one to go on with; null when all was taken and it is in the middle of something.
   */
  async function readStrictly(from: Remainder, records: FileRecord[]): Promise<Remainder | null> {
    strict = createStrictReader({ ...options, firstLine: from.line });
    for (let at = 0, lines = 1; at < from.bytes.length; lines *= 2) {
      const end = endOfLines(from.bytes, at, lines);
      const found = await strict.read(from.bytes.subarray(at, end));
      at = end;
      for (const record of found) records.push(record);
      const released = found.length > 0 ? strict.release() : null;
      if (!released) continue;
      strict = null;
      const rest = from.bytes.subarray(at);
      return {
        bytes: released.bytes.length === 0 ? rest : Buffer.concat([released.bytes, rest]),
        line: released.line,
      };
    }
    return null;
  }

  return {
    async read(piece) {
      const records: FileRecord[] = [];
      let bytes = remainder.bytes.length === 0 ? piece : Buffer.concat([remainder.bytes, piece]);
      let line = remainder.line;
      if (strict) {
        for (const record of await strict.read(piece)) records.push(record);
        const released = strict.release();
        if (!released || released.bytes.length > maxHeldBytes) return records;
        strict = null;
        ({ bytes, line } = released);
      }
      for (;;) {
        const plain = readPlain(bytes, line, options.delimiter);
        for (const record of plain.records) records.push(record);
        remainder = plain.remainder;
        if (plain.isWhole && remainder.bytes.length <= maxHeldBytes) return records;
        const rest = await readStrictly(remainder, records);
        remainder = { bytes: Buffer.alloc(0), line };
        if (!rest) return records;
        ({ bytes, line } = rest);
      }
    },
    async end() {
      const records: FileRecord[] = [];
      for (let rest: Remainder | null = remainder; !strict && rest; ) {
        if (rest.bytes.length === 0) return records;
        rest = await readStrictly(rest, records);
      }
      return records.concat((await strict?.end()) ?? []);
    },
  };
}

/** Where the `count`-th line from `from` on ends, by line feeds; all there is when there are fewer. */
function endOfLines(bytes: Buffer, from: number, count: number): number {
  let at = from;
  for (let found = 0; found < count; found++) {
    const next = bytes.indexOf(lf, at);
    if (next < 0) return bytes.length;
    at = next + 1;
  }
  return at;
}

const lf = 10;

interface Plain {
  records: FileRecord[];
  remainder: Remainder;
  /** Whether the remainder is only the start of a row, not a row that is not plain. */
  isWhole: boolean;
}

/** The rows at the start of `bytes` that are plain. */
function readPlain(bytes: Buffer, line: number, delimiter: string): Plain {
  // A line feed is never part of a letter, so what ends with one can be decoded.
  const lines = bytes.subarray(0, bytes.lastIndexOf(lf) + 1);
  const none = (isWhole: boolean): Plain => ({ records: [], remainder: { bytes, line }, isWhole });
  // Without a line feed there may be lines that end with CR.
  if (lines.length === 0) return none(!bytes.includes("\r"));
  if (!isUtf8(lines) || lines.includes(0)) return none(false);
  // A letter a byte for now: places in the text are places in the file, and most values are ASCII anyway.
  const text = lines.toString("latin1");
  const newline = text[text.indexOf("\n") - 1] === "\r" ? "\r\n" : "\n";
  const { data, errors } = new Papa.Parser({ delimiter, newline }).parse(text, 0, true) as Papa.ParseResult<
    string[]
  >;
  // Its first error ends what it is trusted with.
  const rows = errors[0] ? data.slice(0, errors[0].row ?? 0) : data;
  const checked = checkRows({ text, delimiter, newline }, rows, line);
  return {
    records: checked.records,
    remainder: { bytes: bytes.subarray(checked.length), line: checked.nextLine },
    isWhole: checked.count === data.length && errors.length === 0,
  };
}

/**
 * Compares rows with the text they were read from, value by value, up to the first that does not stand there exactly:
 * with text after a closing quote, spaces around quotes, another line end. What passes is what the
 * strict reader would have read. `length` is how much of the text it covers, blank lines included.
 */
function checkRows(
  { text, delimiter, newline }: { text: string; delimiter: string; newline: string },
  rows: string[][],
  firstLine: number,
): { records: FileRecord[]; count: number; length: number; nextLine: number } {
  const hasOtherEnds = (newline === "\n" ? /\r/ : /(?<!\r)\n|\r(?!\n)/).test(text);
  let nextQuote = text.indexOf('"');
  let nextForeign = indexOfForeign(text, 0);

  /** Where the row that begins at `start` ends if it stands there, else null. */
  function endOfRow(fields: string[], start: number): number | null {
    let at = start;
    for (let column = 0; column < fields.length; column++) {
      const value = fields[column] ?? "";
      if (column > 0 && text[at++] !== delimiter) return null;
      if (at === nextQuote) {
        // The quotes around it, and each quote inside a second time.
        at += value.length + 2 + countQuotes(value);
        nextQuote = text.indexOf('"', at);
      } else {
        at += value.length;
        // A quote inside a value without quotes is a letter like any other.
        if (nextQuote !== -1 && nextQuote < at) {
          if (!text.startsWith(value, at - value.length)) return null;
          nextQuote = text.indexOf('"', at);
        }
        if (hasOtherEnds && /[\r\n]/.test(value)) return null;
      }
    }
    return text.startsWith(newline, at) ? at + newline.length : null;
  }

  const records: FileRecord[] = [];
  let count = 0;
  let length = 0;
  let nextLine = firstLine;
  for (const fields of rows) {
    const end = endOfRow(fields, length);
    if (end === null) break;
    if (end > length + newline.length) {
      const isAscii = nextForeign >= end;
      records.push({ line: nextLine, fields: isAscii ? fields : fields.map(decodeUtf8), fault: null });
      if (!isAscii) nextForeign = indexOfForeign(text, end);
    }
    nextLine += hasOtherEnds ? countAllLineEnds(text.slice(length, end)) : countLineFeeds(text, length, end);
    length = end;
    count++;
  }
  return { records, count, length, nextLine };
}

const foreign = /[\x80-\xff]/g;

/** Where the next byte is that is not ASCII; past the end when there is none. */
function indexOfForeign(text: string, from: number): number {
  foreign.lastIndex = from;
  return foreign.test(text) ? foreign.lastIndex - 1 : text.length;
}

const decodeUtf8 = (bytes: string): string =>
  indexOfForeign(bytes, 0) < bytes.length ? Buffer.from(bytes, "latin1").toString() : bytes;

function countQuotes(value: string): number {
  let count = 0;
  for (let at = value.indexOf('"'); at !== -1; at = value.indexOf('"', at + 1)) count++;
  return count;
}

function countLineFeeds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

const countAllLineEnds = (text: string) => text.match(/\r\n|\n|\r/g)?.length ?? 0;
