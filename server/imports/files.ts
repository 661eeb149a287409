import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { Database } from "../db/database.ts";
import { deleteParts, insertPart, readPart } from "./queries.ts";

const partSize = 1024 * 1024;

export interface StoredFile {
  size: number;
  sha256: Buffer;
}

/**
 * Streams an upload into the database, a megabyte a part. Parts of an upload that breaks off are removed again; the
 * error goes on.
 */
export async function storeFile(db: Database, fileId: string, upload: Readable): Promise<StoredFile> {
  const hash = createHash("sha256");
  let size = 0;
  let seq = 0;
  let pending: Buffer[] = [];
  let pendingSize = 0;
  const flush = async () => {
    if (pendingSize === 0) return;
    await insertPart(db, { fileId, seq: seq++, bytes: Buffer.concat(pending) });
    pending = [];
    pendingSize = 0;
  };
  try {
    for await (const chunk of upload as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
      pending.push(chunk);
      pendingSize += chunk.length;
      if (pendingSize >= partSize) await flush();
    }
    await flush();
    return { size, sha256: hash.digest() };
  } catch (error) {
    await deleteParts(db, fileId);
    throw error;
  }
}

/** The bytes of a stored file, a part at a time. `onRead` hears how many were read so far. */
export async function* readStoredFile(
  db: Database,
  fileId: string,
  onRead: (bytes: number) => void = () => {},
): AsyncGenerator<Buffer> {
  let read = 0;
  for (let seq = 0; ; seq++) {
    const part = await readPart(db, fileId, seq);
    if (!part) return;
    read += part.length;
    onRead(read);
    yield part;
  }
}
