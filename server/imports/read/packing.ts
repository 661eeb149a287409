import { pipeline, Readable } from "node:stream";
import { constants, createGunzip } from "node:zlib";
import { UnreadableFile } from "./record.ts";
import { type FileSource, peek } from "./source.ts";
import { openZip } from "./zip.ts";

/** What a packed file may unpack to at most: more than any list of people, less than a disk. */
export const maxUnpackedBytes = 20e9;
/** Text is packed to a tenth, a very dull table to a hundredth; only a bomb is packed to less than this. */
export const maxRatio = 500;
/** Before this much the ratio says nothing. */
export const ratioFreeBytes = 64 * 1024 * 1024;

export type Packing = "none" | "gzip" | "zip" | "xlsx";

/** A file, unpacked: the bytes of a text, or the parts of a spreadsheet by their name. */
export type Unpacked =
  | { packing: "none" | "gzip" | "zip"; bytes: AsyncIterable<Buffer> }
  | { packing: "xlsx"; parts: Map<string, Uint8Array> };

/** Finds out by the first bytes, never by a name, whether and how a file is packed. */
export async function unpack(source: FileSource, isPartial = false): Promise<Unpacked> {
  const { head, all } = await peek(source.read(), headBytes);
  if (isGzip(head)) return { packing: "gzip", bytes: await withoutPacking(gunzip(all, isPartial), "gzip") };
  if (isZip(head)) {
    const content = await openZip(source);
    if (content.kind === "xlsx") return { packing: "xlsx", parts: content.parts };
    const { bytes, packedSize } = content;
    const limited = limit(bytes, "zip", () => packedSize);
    return { packing: "zip", bytes: await withoutPacking(limited, "zip") };
  }
  return { packing: "none", bytes: await withoutPacking(all, null) };
}

const headBytes = 512;

const startsWith = (head: Buffer, ...bytes: number[]) => bytes.every((byte, at) => head[at] === byte);
const isGzip = (head: Buffer) => startsWith(head, 0x1f, 0x8b); // RFC 1952 §2.3.1
/** An entry, or the end of a directory without any (APPNOTE §4.3.7, §4.3.16). */
export const isZip = (head: Buffer) =>
  startsWith(head, 0x50, 0x4b, 3, 4) || startsWith(head, 0x50, 0x4b, 5, 6);
const isOldOffice = (head: Buffer) => startsWith(head, 0xd0, 0xcf, 0x11, 0xe0); // [MS-CFB] §2.2

const asCsv = "save it as CSV or .xlsx and upload that";
/** What people upload in place of a table, by its first bytes. */
const foreign: [RegExp, string][] = [
  [/^%PDF-/, `This is a PDF; ${asCsv}.`],
  [/^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml)/i, `This is a web page or XML, not a table; ${asCsv}.`],
  [
    /^(?:7z\xbc\xaf|Rar!|BZh\d|\xfd7zXZ|\(\xb5\/\xfd)/,
    "This is packed in a way that is not read here; pack it as .gz or .zip, or upload it unpacked.",
  ],
];

async function withoutPacking(
  bytes: AsyncIterable<Buffer>,
  outer: "gzip" | "zip" | null,
): Promise<AsyncIterable<Buffer>> {
  const { head, all } = await peek(bytes, headBytes);
  if (isGzip(head) || isZip(head)) {
    throw new UnreadableFile(
      `The file is packed twice (inside the ${outer}); unpack it once and upload that.`,
    );
  }
  if (isOldOffice(head)) {
    throw new UnreadableFile(
      "This is an old Excel file (.xls), or one that is protected by a password; save it as .xlsx without a password, or as CSV, and upload that.",
    );
  }
  const start = head.toString("latin1");
  const found = foreign.find(([signature]) => signature.test(start));
  if (found) throw new UnreadableFile(found[1]);
  return all;
}

function gunzip(packed: AsyncIterable<Buffer>, isPartial: boolean): AsyncIterable<Buffer> {
  // Larger pieces than the usual 16 kB: each costs a turn through three streams.
  const unpacked = createGunzip({
    chunkSize: 128 * 1024,
    // Then it is no fault that the end is missing.
    ...(isPartial ? { finishFlush: constants.Z_SYNC_FLUSH } : {}),
  });
  // Ends both when either fails or is left; errors come out of `unpacked`.
  pipeline(Readable.from(packed), unpacked, () => {});
  return limit(unpacked, "gzip", () => unpacked.bytesWritten);
}

/** The same bytes, as long as they are fewer than a bomb would be. `packedBytes` are those they were made from so far. */
async function* limit(
  bytes: AsyncIterable<Buffer>,
  packing: "gzip" | "zip",
  packedBytes: () => number,
): AsyncGenerator<Buffer> {
  let size = 0;
  try {
    for await (const piece of bytes) {
      size += piece.length;
      if (size > maxUnpackedBytes) {
        throw new UnreadableFile(
          `The ${packing} unpacks to more than ${maxUnpackedBytes / 1e9} GB, the most that is read; split the file and upload the parts.`,
        );
      }
      if (size > ratioFreeBytes && size > maxRatio * packedBytes()) {
        throw new UnreadableFile(
          `The ${packing} unpacks to more than ${maxRatio} times its size, as no table does; upload it unpacked if it is one.`,
        );
      }
      yield piece;
    }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (!code?.startsWith("Z_")) throw error;
    throw new UnreadableFile(
      `The ${packing} is not whole: unpacking it stopped (${message}); pack and upload it again.`,
      { cause: error },
    );
  }
}
