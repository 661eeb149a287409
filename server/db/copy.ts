import { once } from "node:events";
import { from as copyFrom } from "pg-copy-streams";
import type { Transaction } from "./database.ts";

/** What a column of a COPY may be given; dates become timestamptz, objects jsonb, arrays text[]. */
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

/** Rows as COPY takes them, in pieces. Made ahead, the database does not wait for it. */
export type CopyText = readonly Buffer[];

const pieceLength = 262_144;

/** Puts rows into the text format of COPY; each has its values in the order of the columns. */
export function toCopyRows(rows: Iterable<readonly CopyValue[]>): CopyText {
  const pieces: Buffer[] = [];
  let text = "";
  for (const row of rows) {
    // By hand and not by map and join: this runs for every value of an import.
    for (let index = 0; index < row.length; index++) {
      if (index > 0) text += "\t";
      text += toCopyText(row[index]);
    }
    text += "\n";
    if (text.length <= pieceLength) continue;
    pieces.push(Buffer.from(text));
    text = "";
  }
  if (text !== "") pieces.push(Buffer.from(text));
  return pieces;
}

/** Writes rows by COPY inside the transaction. `target` is trusted text: a table and its columns, as `staged (a, b)`. */
export async function copyInto(tx: Transaction, target: string, rows: CopyText): Promise<void> {
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
const escaped = (text: string) =>
  mustEscape.test(text) ? text.replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? found) : text;

function toCopyText(value: CopyValue): string {
  if (value === null || value === undefined) return "\\N";
  switch (typeof value) {
    case "string":
      return escaped(value);
    case "number":
    case "bigint":
      return String(value);
    case "boolean":
      return value ? "t" : "f";
    default:
      if (value instanceof Date) return value.toISOString();
      return escaped(Array.isArray(value) ? toArrayText(value) : JSON.stringify(value));
  }
}

// https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
const toArrayText = (items: readonly string[]) =>
  `{${items.map((item) => `"${item.replace(/["\\]/g, (found) => `\\${found}`)}"`).join(",")}}`;
