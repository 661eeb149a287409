import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { Database } from "../db/database.ts";
import { prefetch } from "../lib/prefetch.ts";
import { Problem } from "../lib/problem.ts";
import type { ImportRow } from "./queries/history.ts";
import { insertPart, readPart } from "./queries/uploads.ts";
import { type FileSource, inBlocks } from "./read/source.ts";

/** Every part but the last has this size, so that a place in the file is found without looking. */
const partSize = 1024 * 1024;

export interface StoredFile {
  size: number;
  sha256: Buffer;
}

/**
 * Streams an upload into the database, a megabyte a part; `onPart` hears how many bytes are stored. Of an upload that
 * breaks off the parts are left to the caller; the error goes on.
 */
export async function storeFile(
  db: Database,
  fileId: string,
  upload: Readable,
  onPart: (size: number) => Promise<void>,
): Promise<StoredFile> {
  const hash = createHash("sha256");
  let size = 0;
  let seq = 0;
  for await (const bytes of inBlocks(upload, partSize)) {
    hash.update(bytes);
    size += bytes.length;
    await insertPart(db, { fileId, seq: seq++, bytes });
    await onPart(size);
  }
  return { size, sha256: hash.digest() };
}

/**
 * A stored file, readable from any place. `onRead` hears how many of its bytes were read so far, each counted once
 * however often it is read.
 */
export function openStoredFile(
  db: Database,
  file: { fileId: string; size: number },
  onRead: (bytes: number) => void = () => {},
): FileSource {
  async function* readParts(first: number): AsyncGenerator<Buffer> {
    for (let seq = first; ; seq++) {
      const part = await readPart(db, file.fileId, seq);
      if (!part) return;
      yield part;
    }
  }

  const seen = new Set<number>();
  let read = 0;
  async function* readFrom(from = 0) {
    let seq = Math.floor(from / partSize);
    // The next part is on its way while this one is read.
    for await (const part of prefetch(readParts(seq), 1)) {
      if (!seen.has(seq)) {
        seen.add(seq);
        read += part.length;
        onRead(read);
      }
      yield part.subarray(Math.max(0, from - seq * partSize));
      seq++;
    }
  }
  return { size: file.size, read: readFrom };
}

/** The size of an import's file, in bytes; throws a problem when it is not there to be read. */
export function requireFile(row: ImportRow): number {
  const { bytesTotal, fileErasedAt } = row;
  requireResults(row);
  if (bytesTotal === null)
    throw new Problem("conflict", "The file of this import never came in whole; upload it again.");
  if (fileErasedAt) {
    const day = fileErasedAt.toISOString().slice(0, 10);
    throw new Problem("conflict", `The file was deleted on ${day}, since a person in it was erased.`);
  }
  return bytesTotal;
}

/** Throws a problem where file and results of an import are kept no longer. */
export function requireResults({ expiredAt }: ImportRow): void {
  if (!expiredAt) return;
  const day = expiredAt.toISOString().slice(0, 10);
  throw new Problem(
    "gone",
    `The file of this import, and what became of each row, was deleted on ${day}: the app keeps it no longer. Its totals stay.`,
  );
}
