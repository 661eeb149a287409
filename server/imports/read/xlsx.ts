import { zipSync } from "fflate";
import { type Row, readSheet } from "read-excel-file/node";
import { type FileRecord, hasNul, maxRecordBytes, shownText, tooLong, UnreadableFile } from "./record.ts";

/** Rows and columns that Excel has, and how many cells may lie between the first and the last that has a value. */
export const maxRows = 1_048_576;
export const maxColumns = 16_384;
export const maxCells = 20_000_000;

const recordsAtOnce = 1_000;

/**
 * Rows of the first sheet; `line` is the row's number. Numbers and dates come back as they were typed: digits without
 * an exponent, ISO 8601 without a zone. What lies right of the header without a value is not there.
 */
export async function* readXlsx(parts: Map<string, Uint8Array>): AsyncGenerator<FileRecord[]> {
  const rows = await readRows(parts);
  let records: FileRecord[] = [];
  let width: number | null = null;
  for (const [index, cells] of rows.entries()) {
    const fields = trimEnd(cells.map(toText), width ?? 0);
    // The padding of a sheet that is far wider than its rows is not kept while the rest is read.
    rows[index] = [];
    if (fields.every((field) => field === "")) continue;
    width ??= fields.length;
    records.push(toRecord(index + 1, fields));
    if (records.length < recordsAtOnce) continue;
    yield records;
    records = [];
  }
  if (records.length > 0) yield records;
}

async function readRows(parts: Map<string, Uint8Array>): Promise<Row[]> {
  for (const part of parts.values()) {
    const xml = Buffer.from(part.buffer, part.byteOffset, part.length);
    if (xml.includes("sheetData")) checkExtent(xml);
  }
  // Packed anew: the reader goes by what is written before each part, the check that was made before by the directory.
  const zip = zipSync(Object.fromEntries(parts), { level: 0 });
  parts.clear();
  let rows: Row[] | undefined;
  try {
    // Nothing but the file is left that could fail here.
    rows = await readSheet<string>(Buffer.from(zip.buffer), { trim: false, parseNumber: toDigits });
  } catch (error) {
    throw unreadable((error as Error).message, error);
  }
  if (!rows)
    throw new UnreadableFile(
      "The first sheet holds no table; make the table the first sheet, or save it as CSV.",
    );
  return rows;
}

function unreadable(reason: string, cause?: unknown): UnreadableFile {
  return new UnreadableFile(
    `The spreadsheet cannot be read (${reason}); open it, save it as .xlsx or CSV, and upload that.`,
    { cause },
  );
}

/**
 * Refuses a sheet that reaches further than it may, from the addresses alone: the reader fills up every row to the last
 * column, so a single cell far away, in a file of a kilobyte, would take all memory. Every place that could open a row
 * or a cell is looked at, and must be written plainly.
 */
function checkExtent(sheet: Buffer): void {
  let rowCount = 0;
  let lastRow = 0;
  let lastColumn = 0;
  // Latin-1 keeps ASCII as it is in UTF-8.
  for (const [, kind, attributes = ""] of sheet
    .toString("latin1")
    .matchAll(/<(?:[^\s<>:/]*:)?(row|c)(?=[\s/>])([^>]*)/g)) {
    if (!/^(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*\/?$/.test(attributes)) {
      throw unreadable(`a ${kind === "c" ? "cell" : "row"} is not written as Excel does`);
    }
    if (kind === "row") lastRow = Math.max(lastRow, ++rowCount);
    const address = /\sr\s*=\s*["']([^"']*)["']/.exec(attributes)?.[1];
    if (address === undefined && kind === "row") continue;
    const [, letters = "", digits] = /^([A-Z]{0,3})(\d{1,7})$/.exec(address ?? "") ?? [];
    if (digits === undefined || (kind === "c" && letters === "")) {
      throw unreadable(`a ${kind === "c" ? "cell" : "row"} has the address "${address ?? ""}"`);
    }
    lastRow = Math.max(lastRow, Number(digits));
    // Empty cells that only have a format end with their tag, and are not filled up to.
    if (!attributes.endsWith("/")) lastColumn = Math.max(lastColumn, columnNumber(letters));
  }
  if (lastRow > maxRows || lastColumn > maxColumns) {
    throw unreadable(`it reaches to row ${lastRow} and column ${lastColumn}, further than Excel does`);
  }
  if (lastRow * lastColumn > maxCells) {
    throw new UnreadableFile(
      `The sheet reaches to row ${lastRow} and column ${lastColumn}, more than ${maxCells / 1e6} million cells; delete the empty rows and columns, or save it as CSV.`,
    );
  }
}

function columnNumber(letters: string): number {
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column;
}

function toText(cell: Row[number]): string {
  if (cell === null) return "";
  return cell instanceof Date ? toIso(cell) : String(cell);
}

/**
 * A number as Excel shows it, which has 15 digits. Larger integers have lost their last digits in Excel already; they
 * keep the exponent, so that nobody takes them for a whole phone number.
 */
function toDigits(text: string): string {
  const number = Number(text);
  if (!Number.isFinite(number)) return text;
  if (Math.abs(number) >= 1e15) return number.toExponential();
  return String(Number(number.toPrecision(15)));
}

/** Excel counts days in fractions, which are off by microseconds: to the second they are right. */
function toIso(date: Date): string {
  const seconds = new Date(Math.round(date.getTime() / 1000) * 1000);
  if (Number.isNaN(seconds.getTime())) return "";
  return seconds.toISOString().replace(/(?:T00:00:00)?\.000Z$/, "");
}

function trimEnd(fields: string[], width: number): string[] {
  let length = fields.length;
  while (length > width && fields[length - 1] === "") length--;
  return fields.slice(0, length);
}

function toRecord(line: number, fields: string[]): FileRecord {
  const unusable = (fault: string): FileRecord => ({
    ...{ line, fields: null, fault },
    text: shownText(Buffer.from(fields.join("\t"))),
  });
  let length = 0;
  for (const field of fields) {
    length += field.length;
    if (field.includes("\0")) return unusable(hasNul);
  }
  return length > maxRecordBytes ? unusable(tooLong) : { line, fields, fault: null };
}
