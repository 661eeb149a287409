import { once } from "node:events";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { hexDigit } from "../lib/hex.ts";
import type { Database, Transaction } from "./database.ts";

/** Rows as COPY takes them, in pieces that each have their memory to themselves. */
export type CopyData = readonly Buffer[];

// https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"; no flags, no extension of the header.
const signature = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const nothing = -1;
const endOfRows = -1;

/** Pieces begin small, for what writes a row or two, and grow. */
const firstPieceBytes = 16_384;
const maxPieceBytes = 262_144;
/** What each cell of a row that is begun has room for; longer ones make their own. */
const roomPerCell = 512;
/** Up to this length a loop is faster than the way out of JavaScript to what encodes text. */
const shortText = 40;

// Types as they stand in pg_type; an array says what is in it.
const textOid = 25;
const uuidOid = 2950;
/** Moments count from 2000-01-01, in microseconds. */
const epochMs = Date.UTC(2000, 0, 1);
const wordSize = 2 ** 32;

/**
 * Writes rows in the binary format of COPY, each cell by the type of its column, which must be the very one the table
 * has. Made ahead, and in another thread if need be: the database does not wait for it and parses little.
 *
 * One call a cell and no object a row, since this runs for every value of an import and every delivery of a send.
 */
export class CopyWriter {
  readonly #columns: number;
  #pieces: Buffer[] = [];
  #piece = Buffer.allocUnsafeSlow(0);
  #at = 0;

  /** `columns`: how many cells follow each {@link row}. */
  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Starts a row. */
  row(): this {
    if (this.#piece.length === 0) {
      this.#newPiece(signature.length);
      this.#at = signature.copy(this.#piece);
    }
    this.#reserve(2 + this.#columns * roomPerCell);
    this.#at = this.#piece.writeInt16BE(this.#columns, this.#at);
    return this;
  }

  text(value: string | null | undefined): this {
    if (value === null || value === undefined) return this.#null();
    this.#makeRoom(4 + value.length * 3);
    const length = this.#encode(value, this.#at + 4);
    this.#length(length);
    this.#at += length;
    return this;
  }

  /** 32 hexadecimal digits with small letters, with dashes between them or without. */
  uuid(value: string | null | undefined): this {
    if (value === null || value === undefined) return this.#null();
    this.#length(16);
    this.#uuidBytes(value);
    return this;
  }

  /** smallint */
  int2(value: number | null): this {
    if (value === null) return this.#null();
    this.#length(2);
    this.#at = this.#piece.writeInt16BE(value, this.#at);
    return this;
  }

  /** integer */
  int4(value: number | null | undefined): this {
    if (value === null || value === undefined) return this.#null();
    this.#length(4);
    this.#at = this.#piece.writeInt32BE(value, this.#at);
    return this;
  }

  /** bigint */
  int8(value: bigint | null | undefined): this {
    if (value === null || value === undefined) return this.#null();
    this.#length(8);
    this.#at = this.#piece.writeBigInt64BE(value, this.#at);
    return this;
  }

  /** double precision */
  float8(value: number | null | undefined): this {
    if (value === null || value === undefined) return this.#null();
    this.#length(8);
    this.#at = this.#piece.writeDoubleBE(value, this.#at);
    return this;
  }

  boolean(value: boolean): this {
    this.#length(1);
    this.#piece[this.#at++] = value ? 1 : 0;
    return this;
  }

  /** timestamptz */
  moment(value: Date | null | undefined): this {
    if (value === null || value === undefined) return this.#null();
    this.#length(8);
    const ms = value.getTime() - epochMs;
    const us = ms * 1000;
    if (Number.isSafeInteger(us)) {
      const high = Math.floor(us / wordSize);
      this.#at = this.#piece.writeInt32BE(high, this.#at);
      this.#at = this.#piece.writeUInt32BE(us - high * wordSize, this.#at);
    } else {
      this.#at = this.#piece.writeBigInt64BE(BigInt(ms) * 1000n, this.#at);
    }
    return this;
  }

  /** jsonb */
  json(value: unknown): this {
    if (value === null || value === undefined) return this.#null();
    const text = toJson(value);
    this.#makeRoom(5 + text.length * 3);
    this.#piece[this.#at + 4] = 1; // the version of the format
    const length = this.#encode(text, this.#at + 5);
    this.#length(length + 1);
    this.#at += length + 1;
    return this;
  }

  /** text[] */
  texts(items: readonly string[] | null | undefined): this {
    if (!items) return this.#null();
    const start = this.#array(items, textOid);
    for (const item of items) this.text(item);
    return this.#endArray(start);
  }

  /** uuid[] */
  uuids(items: readonly string[] | null | undefined): this {
    if (!items) return this.#null();
    const start = this.#array(items, uuidOid);
    for (const item of items) this.uuid(item);
    return this.#endArray(start);
  }

  /** All rows; the writer is empty again. */
  finish(): CopyData {
    if (this.#piece.length === 0) return [];
    this.#reserve(2);
    this.#at = this.#piece.writeInt16BE(endOfRows, this.#at);
    this.#pieces.push(this.#piece.subarray(0, this.#at));
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#piece = Buffer.allocUnsafeSlow(0);
    this.#at = 0;
    return pieces;
  }

  #null(): this {
    this.#length(nothing);
    return this;
  }

  #length(bytes: number): void {
    const piece = this.#piece;
    piece[this.#at++] = bytes >>> 24;
    piece[this.#at++] = bytes >>> 16;
    piece[this.#at++] = bytes >>> 8;
    piece[this.#at++] = bytes;
  }

  /** For a cell: what the others of its row need stays free behind it. */
  #makeRoom(bytes: number): void {
    if (bytes > roomPerCell) this.#reserve(bytes + this.#columns * roomPerCell);
  }

  /** Makes room for so many bytes in one piece. */
  #reserve(bytes: number): void {
    if (this.#at + bytes > this.#piece.length) this.#newPiece(bytes);
  }

  #newPiece(atLeast: number): void {
    if (this.#at > 0) this.#pieces.push(this.#piece.subarray(0, this.#at));
    const usual = Math.min(maxPieceBytes, Math.max(firstPieceBytes, this.#piece.length * 4));
    this.#piece = Buffer.allocUnsafeSlow(Math.max(usual, atLeast));
    this.#at = 0;
  }

  /** Writes text at `from`, where there is room for three bytes a unit; answers how many bytes it took. */
  #encode(text: string, from: number): number {
    if (text.length > shortText) return this.#piece.write(text, from);
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) return this.#piece.write(text, from);
      this.#piece[from + index] = code;
    }
    return text.length;
  }

  #uuidBytes(text: string): void {
    const end = this.#at + 16;
    for (let index = 0; this.#at < end; index += 2) {
      if (text.charCodeAt(index) === dash) index++;
      const high = hexDigit(text.charCodeAt(index));
      this.#piece[this.#at++] = (high << 4) | hexDigit(text.charCodeAt(index + 1));
    }
  }

  /** Begins with a length that is known at the end only, so there is room for all of it in this piece. */
  #array(items: readonly string[], oid: number): ArrayStart {
    let bytes = 20;
    for (const item of items) bytes += 4 + Math.max(16, item.length * 3);
    this.#makeRoom(4 + bytes);
    const start = this.#at;
    this.#length(0);
    this.#length(items.length === 0 ? 0 : 1); // dimensions
    this.#length(0); // no nulls
    this.#length(oid);
    if (items.length === 0) return start;
    this.#length(items.length);
    this.#length(1); // the first index
    return start;
  }

  #endArray(start: ArrayStart): this {
    this.#piece.writeInt32BE(this.#at - start - 4, start);
    return this;
  }
}

/** Where in the piece an array begins. */
type ArrayStart = number;

const dash = 45;

// Half a surrogate pair and NUL are JSON and not jsonb (https://www.postgresql.org/docs/current/datatype-json.html): one
// of them would fail the whole COPY.
const notInJsonb = /\\u(d[89a-f]|0000)/i;
const storable = (text: string) => text.toWellFormed().replaceAll("\0", "\ufffd");

export function toJson(value: unknown): string {
  if (typeof value === "object" && value !== null && isEmpty(value))
    return Array.isArray(value) ? "[]" : "{}";
  const json = JSON.stringify(value);
  return notInJsonb.test(json) ? JSON.stringify(value, replaceUnstorable) : json;
}

function isEmpty(value: object): boolean {
  for (const _key in value) return false;
  return true;
}

function replaceUnstorable(_key: string, value: unknown): unknown {
  if (typeof value === "string") return storable(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storable(name), inner]));
}

/** Writes rows by COPY inside the transaction. `target` is trusted text: a table and its columns, as `staged (a, b)`. */
export async function copyInto(tx: Transaction, target: string, rows: CopyData): Promise<void> {
  if (rows.length === 0) return;
  const stream = tx.client.query(copyFrom(`copy ${target} from stdin with (format binary)`));
  const done = once(stream, "finish");
  for (const piece of rows) {
    if (!stream.write(piece)) await Promise.race([once(stream, "drain"), done]);
  }
  stream.end();
  await done;
}

/**
 * The bytea that a query gives, straight from the wire: as a value of a row it would come as text of twice its length.
 * Null when there is no row. `query` is trusted text, with one column.
 */
export async function copyBytesOut(db: Database, query: string): Promise<Buffer | null> {
  const client = await db.pool.connect();
  let failure: Error | undefined;
  try {
    const stream = client.query(copyTo(`copy (${query}) to stdout (format binary)`));
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const data = Buffer.concat(chunks);
    // The header, how many columns there are, how long the first is; without a row there is the header and -1.
    const start = signature.length + 2 + 4;
    const length = data.length < start ? nothing : data.readInt32BE(start - 4);
    return length === nothing ? null : data.subarray(start, start + length);
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    client.release(failure);
  }
}
