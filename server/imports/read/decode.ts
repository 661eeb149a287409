import { isAscii } from "node:buffer";
import iconv from "iconv-lite";
import type { Encoding } from "../fields.ts";
import { byteOrderMark, guessFromBytes, guessUtf16 } from "./encoding.ts";
import { peek } from "./source.ts";

/** What the choice between UTF-8 and a code page is made from: so much, from the first byte that is not ASCII. */
const sampleBytes = 64 * 1024;

export interface DecodeOptions {
  encoding?: Encoding | null | undefined;
  /** ISO 3166 alpha-2; decides between code pages where the bytes do not. */
  country?: string | null | undefined;
}

/**
 * Text of any encoding as UTF-8, without its byte order mark. Bytes that mean nothing in the encoding come out as
 * bytes that UTF-8 does not know, so that the record they stand in can be told. ASCII is taken for UTF-8, until other
 * bytes come; `onEncoding` hears both.
 */
export async function* decode(
  bytes: AsyncIterable<Buffer>,
  options: DecodeOptions,
  onEncoding: (encoding: Encoding) => void,
): AsyncGenerator<Buffer> {
  const { head, all } = await peek(bytes, 1024);
  const mark = byteOrderMark(head);
  const known = options.encoding ?? mark?.encoding ?? guessUtf16(head);
  const text = mark && mark.encoding === known ? skip(all, mark.length) : all;
  onEncoding(known ?? "utf-8");
  if (known) yield* transcode(text, known);
  else yield* decodeUndecided(text, options.country, onEncoding);
}

async function* decodeUndecided(
  bytes: AsyncIterable<Buffer>,
  country: string | null | undefined,
  onEncoding: (encoding: Encoding) => void,
): AsyncGenerator<Buffer> {
  const iterator = bytes[Symbol.asyncIterator]();
  try {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      const piece = next.value;
      if (isAscii(piece)) {
        yield piece;
        continue;
      }
      const start = piece.findIndex((byte) => byte >= 0x80);
      if (start > 0) yield piece.subarray(0, start);
      const rest: AsyncIterable<Buffer> = { [Symbol.asyncIterator]: () => iterator };
      const { head, all } = await peek(joined(piece.subarray(start), rest), sampleBytes);
      const encoding = guessFromBytes(head, country);
      onEncoding(encoding);
      yield* transcode(all, encoding);
      return;
    }
  } finally {
    await iterator.return?.();
  }
}

async function* joined(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function* skip(bytes: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const piece of bytes) {
    const skipped = Math.min(left, piece.length);
    left -= skipped;
    yield piece.subarray(skipped);
  }
}

/** A byte that UTF-8 has nowhere (RFC 3629 §1). */
const unknownByte = Buffer.from([0xff]);

async function* transcode(bytes: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  if (encoding === "utf-8") {
    yield* bytes;
    return;
  }
  const isUtf16 = encoding.startsWith("utf-16");
  const decoder = iconv.getDecoder(encoding);
  // Half a pair of UTF-16 means nothing, and neither do the five bytes that Windows-1252 leaves open.
  const unknown = isUtf16 ? /\p{Surrogate}/u : /\ufffd/;
  let held = "";
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    const text = held + decoder.write(piece);
    // The other half may come with the next piece.
    const isCut = (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800;
    held = isCut ? text.slice(-1) : "";
    yield toUtf8(isCut ? text.slice(0, -1) : text, unknown);
  }
  const end = toUtf8(held + (decoder.end() ?? ""), unknown);
  if (end.length > 0) yield end;
  if (isUtf16 && size % 2 === 1) yield unknownByte;
}

function toUtf8(text: string, unknown: RegExp): Buffer {
  if (!unknown.test(text)) return Buffer.from(text);
  const known = text.split(unknown).map((part) => Buffer.from(part));
  return Buffer.concat(known.flatMap((part, position) => (position === 0 ? [part] : [unknownByte, part])));
}
