import { once } from "node:events";
import { from as copyFrom } from "pg-copy-streams";
import type { Transaction } from "./database.ts";

/** Rows as COPY takes them, in pieces. Made ahead, the database does not wait for it. */
export type CopyText = readonly Buffer[];

const pieceLength = 262_144;

/**
 * Puts lines into the text format of COPY together. A line is the cells of one row, joined by tabs: {@link textCell}
 * and its like make them. Each caller writes out its own row, since this runs for every value of an import.
 */
export function toCopyText<T>(items: Iterable<T>, line: (item: T) => string): CopyText {
  const pieces: Buffer[] = [];
  let text = "";
  for (const item of items) {
    text += line(item);
    text += "\n";
    if (text.length <= pieceLength) continue;
    pieces.push(Buffer.from(text));
    text = "";
  }
  if (text !== "") pieces.push(Buffer.from(text));
  return pieces;
}

/** What {@link toCopyRows} takes; dates become timestamptz, objects jsonb, arrays text[]. */
export type CopyValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | null
  | undefined
  | readonly string[]
  | object;

/** {@link toCopyText} for rows of any values, in the order of the columns: simpler to call, and half as fast. */
export const toCopyRows = (rows: Iterable<readonly CopyValue[]>): CopyText =>
  toCopyText(rows, (row) => row.map(anyCell).join("\t"));

function anyCell(value: CopyValue): string {
  if (typeof value === "string") return textCell(value);
  if (typeof value === "boolean") return booleanCell(value);
  if (typeof value !== "object" || value === null) return plainCell(value);
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? textsCell(value) : jsonCell(value);
}

/** Writes rows by COPY inside the transaction. `target` is trusted text: a table and its columns, as `staged (a, b)`. */
export async function copyInto(tx: Transaction, target: string, rows: CopyText): Promise<void> {
  if (rows.length === 0) return;
  const stream = tx.client.query(copyFrom(`copy ${target} from stdin`));
  const done = once(stream, "finish");
  for (const piece of rows) {
    if (!stream.write(piece)) await Promise.race([once(stream, "drain"), done]);
  }
  stream.end();
  await done;
}

// https://www.postgresql.org/docs/current/sql-copy.html, "Text Format"
const mustEscape = /[\\\t\n\r]/;
const escapes: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
const nothing = "\\N";

/** Any text. */
export function textCell(value: string | null | undefined): string {
  if (value === null || value === undefined) return nothing;
  return mustEscape.test(value) ? value.replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? found) : value;
}

/** What needs no escaping: numbers, uuids, moments in text form. */
export const plainCell = (value: string | number | bigint | null | undefined): string =>
  value === null || value === undefined ? nothing : `${value}`;

export const booleanCell = (value: boolean): string => (value ? "t" : "f");

export function jsonCell(value: object): string {
  for (const _key in value) {
    const json = JSON.stringify(value);
    return textCell(notInJsonb.test(json) ? JSON.stringify(value, replaceUnstorable) : json);
  }
  return Array.isArray(value) ? "[]" : "{}";
}

// Half a surrogate pair and NUL are JSON and not jsonb (https://www.postgresql.org/docs/current/datatype-json.html): one
// of them would fail the whole COPY.
const notInJsonb = /\\u(d[89a-f]|0000)/i;
const storable = (text: string) => text.toWellFormed().replaceAll("\0", "\ufffd");

function replaceUnstorable(_key: string, value: unknown): unknown {
  if (typeof value === "string") return storable(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storable(name), inner]));
}

// https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
const mustQuote = /["\\]/;

/** A text[]. */
export function textsCell(items: readonly string[] | null | undefined): string {
  if (!items) return nothing;
  let text = "{";
  for (let index = 0; index < items.length; index++) {
    const item = items[index] ?? "";
    text += index === 0 ? '"' : ',"';
    text += mustQuote.test(item) ? item.replace(/["\\]/g, (found) => `\\${found}`) : item;
    text += '"';
  }
  return textCell(`${text}}`);
}
