import type { Readable } from "node:stream";
import type { Database, Queryable } from "../db/database.ts";
import { streamCsv } from "../lib/csv.ts";
import { Problem } from "../lib/problem.ts";
import { openStoredFile, requireFile } from "./files.ts";
import { commentsColumn } from "./formats/columns.ts";
import { isBlankRow } from "./open.ts";
import { findImport, type ImportRow } from "./queries/history.ts";
import { type ImportErrorRow, listImportErrors } from "./queries/outcomes.ts";
import { type FileRecord, readRecords } from "./read/read.ts";
import { readRecordsInThread } from "./records-in-thread.ts";
import { guardFormula } from "./values/formula.ts";

/** All rows, or those that can be corrected and imported again: a row that a later one replaced is none of them. */
export type ProcessedRows = "all" | "errors";

/**
 * The file with a column more, `Comments`: of each row that was not taken, its line in the upload and every reason, as
 * code and words. As CSV in UTF-8, with the delimiter of the upload; cells are guarded against being run as formulas, and
 * an import of the file takes the guards off again.
 */
export async function openProcessed(
  db: Database,
  appKey: number,
  importId: string,
  wanted: ProcessedRows,
): Promise<{ name: string; csv: Readable }> {
  const row = await findImport(db, appKey, importId);
  if (!row) throw new Problem("not_found", `There is no import ${importId} in this app.`);
  requireFile(row);
  if (row.understood === null) {
    const reason =
      row.faults.length > 0
        ? ` It was refused as a whole: ${row.faults.map(({ detail }) => detail).join(" ")}`
        : "";
    throw new Problem("conflict", `No row of this file was read yet.${reason}`);
  }
  // Whoever breaks the download off ends the reading.
  const stopped = new AbortController();
  const rows = processedRows(db, row, wanted, stopped.signal);
  const csv = streamCsv({ bom: true, delimiter: row.understood.delimiter ?? "," }, rows);
  csv.once("close", () => stopped.abort());
  const name = row.name.replace(/\.(gz|zip)$/i, "").replace(/\.(csv|tsv|txt|xlsx)$/i, "");
  return { name: `${name}-${wanted === "all" ? "processed" : "errors"}.csv`, csv };
}

async function* processedRows(
  db: Database,
  row: ImportRow,
  wanted: ProcessedRows,
  signal: AbortSignal,
): AsyncGenerator<string[]> {
  const records = readStored(db, row, signal);
  const faults = createFaultReader(db, row.importId);
  let header: string[] | null = null;
  // What came back is imported again: its comments are ours, and old.
  const withoutComments = (cells: readonly string[]) =>
    cells.filter((_cell, index) => header?.[index]?.trim() !== commentsColumn);
  for await (const chunk of records) {
    for (const record of chunk) {
      if (!header) {
        header = record.fields ?? [];
        yield [...withoutComments(header), commentsColumn].map(guardFormula);
        continue;
      }
      if (record.fields && isBlankRow(record.fields)) continue;
      const found = await faults.of(record.line);
      if (wanted === "errors" && !found.some(isCorrectable)) continue;
      const comments = commentsOn(record, found, header.length, row);
      yield [...withoutComments(cellsOf(record, header.length)), comments].map(guardFormula);
    }
  }
}

/** A workbook is read beside the thread that answers everybody else. */
async function* readStored(db: Database, row: ImportRow, signal: AbortSignal): AsyncGenerator<FileRecord[]> {
  const { country, encoding } = row.options;
  const options = { country, encoding };
  const file = { fileId: row.fileId, size: row.bytesTotal ?? 0 };
  if (row.understood?.packing !== "xlsx") return yield* readRecords(openStoredFile(db, file), options);
  const from = { databaseUrl: db.url, ...file };
  for await (const { records } of readRecordsInThread({ from, options }, signal)) yield records;
}

/** As many cells as the header has; of a row that cannot be read all there is, in the first. */
function cellsOf(record: FileRecord, width: number): string[] {
  const cells = record.fields ?? [record.text];
  return Array.from({ length: width }, (_, index) => cells[index] ?? "");
}

const isCorrectable = ({ code }: ImportErrorRow) => code !== "duplicate_in_file";

function commentsOn(
  record: FileRecord,
  faults: readonly ImportErrorRow[],
  width: number,
  row: ImportRow,
): string {
  const { line, fields } = record;
  if (faults.length === 0 && line > row.doneLine) return `Line ${line}: not_imported: ${whyNot(row)}`;
  if (faults.length === 0) return "";
  const reasons = faults.map(({ code, detail }) => `${code}: ${detail}`);
  const surplus = fields?.slice(width) ?? [];
  // They have no column, and nothing may be lost.
  if (surplus.length > 0)
    reasons.push(`the values to the right of the last column are ${JSON.stringify(surplus)}`);
  return `Line ${line}: ${reasons.join("; ")}`;
}

const whyNot = ({ status }: ImportRow): string =>
  status === "cancelled" || status === "failed"
    ? "The import ended before it came to this row."
    : "The import has not come to this row yet.";

/** The faults of rows that are asked for in the order of their lines, read a thousand at a time. */
function createFaultReader(db: Queryable, importId: string) {
  const limit = 1000;
  let ahead: ImportErrorRow[] = [];
  let place = 0;
  let isEnd = false;
  let after: readonly [number, number] = [0, 0];

  async function peek(): Promise<ImportErrorRow | null> {
    if (place < ahead.length || isEnd) return ahead[place] ?? null;
    ahead = await listImportErrors(db, importId, { after, limit });
    place = 0;
    isEnd = ahead.length <= limit;
    const last = ahead.at(-1);
    if (last) after = [last.line, last.seq];
    return ahead[0] ?? null;
  }

  return {
    async of(line: number): Promise<ImportErrorRow[]> {
      const found: ImportErrorRow[] = [];
      for (let next = await peek(); next && next.line <= line; next = await peek()) {
        if (next.line === line) found.push(next);
        place++;
      }
      return found;
    },
  };
}
