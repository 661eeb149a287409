import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import yauzl, { type Entry, RandomAccessReader, type ZipFile } from "yauzl";
import { UnreadableFile } from "./record.ts";
import type { FileSource } from "./source.ts";

/** What the parts of a spreadsheet may unpack to together: it has to be held in memory. */
export const maxXlsxBytes = 100 * 1024 * 1024;
/** A spreadsheet has a few parts a sheet; a zip that holds one file has few entries beside it. */
export const maxZipEntries = 2_000;

export type ZipContent =
  | { kind: "file"; bytes: AsyncIterable<Buffer>; packedSize: number }
  | { kind: "xlsx"; parts: Map<string, Uint8Array> };

/** A zip that holds one file, or a spreadsheet, which is a zip of many. Throws {@link UnreadableFile} for any other. */
export async function openZip(source: FileSource): Promise<ZipContent> {
  const zip = await readingZip(() =>
    yauzl.fromRandomAccessReaderPromise(new SourceReader(source), source.size, {
      // Names are only told, so those that would leave a folder do no harm.
      decodeStrings: false,
      autoClose: false,
    }),
  );
  if (zip.entryCount > maxZipEntries) {
    throw new UnreadableFile(
      `The zip has ${zip.entryCount} entries, more than the ${maxZipEntries} that are looked at; upload a zip that holds one file.`,
    );
  }
  const entries = new Map<string, Entry>();
  await readingZip(async () => {
    for await (const entry of zip.eachEntry()) entries.set(nameOf(entry), entry);
  });
  if (entries.has("[Content_Types].xml") && entries.has("xl/workbook.xml")) {
    return { kind: "xlsx", parts: await readParts(zip, entries) };
  }
  refuseOtherDocuments(entries);
  const files = [...entries].filter(([name]) => !isAside(name));
  const [file] = files;
  if (!file || files.length > 1) {
    const names = files.slice(0, 3).map(([name]) => name);
    const found = file
      ? `${files.length} files (${names.join(", ")}${files.length > 3 ? " …" : ""})`
      : "no file";
    throw new UnreadableFile(`The zip holds ${found}; upload a zip that holds exactly one file.`);
  }
  const entry = file[1];
  refuseUnreadable(entry);
  return { kind: "file", bytes: entryBytes(zip, entry), packedSize: entry.compressedSize };
}

const nameOf = (entry: Entry) => entry.fileNameRaw.toString("utf8").replaceAll("\\", "/").replace(/^\//, "");

/** Folders, and what macOS and Windows put beside the files. */
const isAside = (name: string) =>
  name.endsWith("/") ||
  name.startsWith("__MACOSX/") ||
  /(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/i.test(name);

function refuseOtherDocuments(entries: Map<string, Entry>): void {
  if (entries.has("content.xml") && entries.has("mimetype")) {
    throw new UnreadableFile("This is an OpenDocument file (.ods); save it as .xlsx or CSV and upload that.");
  }
  if (entries.has("xl/workbook.bin")) {
    throw new UnreadableFile("This is a binary Excel file (.xlsb); save it as .xlsx or CSV and upload that.");
  }
  if (entries.has("[Content_Types].xml")) {
    throw new UnreadableFile(
      "This is an Office document without a sheet; save a table as .xlsx or CSV and upload that.",
    );
  }
}

function refuseUnreadable(entry: Entry): void {
  if (entry.isEncrypted()) {
    throw new UnreadableFile("The zip is protected by a password; pack it without one and upload it again.");
  }
  if (!entry.canDecodeFileData()) {
    throw new UnreadableFile(
      `The zip is packed with method ${entry.compressionMethod}, which is not read here; pack it in the usual way (Deflate), or as .gz.`,
    );
  }
}

/** The parts that a table is made of, really unpacked: what the directory says of their size is not believed. */
async function readParts(zip: ZipFile, entries: Map<string, Entry>): Promise<Map<string, Uint8Array>> {
  const parts = new Map<string, Uint8Array>();
  let size = 0;
  for (const [name, entry] of entries) {
    if (!name.endsWith(".xml") && !name.endsWith(".xml.rels")) continue;
    refuseUnreadable(entry);
    const pieces: Buffer[] = [];
    for await (const piece of entryBytes(zip, entry)) {
      size += piece.length;
      if (size > maxXlsxBytes) {
        throw new UnreadableFile(
          `The spreadsheet unpacks to more than ${maxXlsxBytes / 1024 / 1024} MB, the most that is read of one; save the sheet as CSV and upload that.`,
        );
      }
      pieces.push(piece);
    }
    parts.set(name, Buffer.concat(pieces));
  }
  return parts;
}

/** What an entry unpacks to, checked against the sum that the directory has of it. */
async function* entryBytes(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  const stream = await readingZip(() => zip.openReadStreamPromise(entry));
  let sum = 0;
  const pieces = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await readingZip(() => pieces.next());
      if (next.done) break;
      sum = crc32(next.value, sum);
      yield next.value;
    }
  } finally {
    stream.destroy();
  }
  if (sum !== entry.crc32) {
    throw new UnreadableFile("The zip is damaged: its check sum does not fit; pack and upload it again.");
  }
}

/** The store of the bytes failed, which is no fault of the file. */
class SourceFailed extends Error {}

/** Does something that fails where the zip is not what it says it is. */
async function readingZip<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    if (error instanceof SourceFailed) throw error.cause;
    const { message } = error as Error;
    if (/strong encryption/i.test(message)) {
      throw new UnreadableFile(
        "The zip is protected by a password; pack it without one and upload it again.",
      );
    }
    throw new UnreadableFile(`The zip is not whole (${message}); pack and upload it again.`, {
      cause: error,
    });
  }
}

/** Lets yauzl read from a {@link FileSource}; of its many small reads most come from the piece read last. */
class SourceReader extends RandomAccessReader {
  readonly #source: FileSource;
  #piece: Buffer = Buffer.alloc(0);
  #pieceAt = 0;

  constructor(source: FileSource) {
    super();
    this.#source = source;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#range(start, end), { objectMode: false });
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null) => void,
  ): void {
    this.#copy(buffer.subarray(offset, offset + length), position).then(() => done(null), done);
  }

  async #copy(target: Buffer, position: number): Promise<void> {
    const inPiece = position - this.#pieceAt;
    if (inPiece >= 0 && inPiece + target.length <= this.#piece.length) {
      this.#piece.copy(target, 0, inPiece);
      return;
    }
    let filled = 0;
    for await (const piece of this.#range(position, this.#source.size)) {
      this.#piece = piece;
      this.#pieceAt = position + filled;
      filled += piece.copy(target, filled);
      if (filled === target.length) return;
    }
    throw new Error("the file ends too early");
  }

  async *#range(start: number, end: number): AsyncGenerator<Buffer> {
    let left = end - start;
    try {
      for await (const piece of this.#source.read(start)) {
        yield piece.subarray(0, left);
        left -= piece.length;
        if (left <= 0) return;
      }
    } catch (error) {
      throw new SourceFailed("reading the stored file failed", { cause: error });
    }
  }
}
