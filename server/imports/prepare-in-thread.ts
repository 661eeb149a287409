import type { Database } from "../db/database.ts";
import type { PreparedBatch } from "./prepare.ts";
import type { ImportRow } from "./queries/history.ts";
import { readPart } from "./queries/uploads.ts";
import { isZip } from "./read/packing.ts";
import { itemsOfThread } from "./threads.ts";

/** What the thread starts with. */
export interface PrepareTask {
  databaseUrl: string;
  row: ImportRow;
}

/** {@link prepareBatches} in a thread of its own, with a database connection of its own. Throws when `signal` aborts. */
export async function* prepareInThread(
  db: Database,
  row: ImportRow,
  signal: AbortSignal,
): AsyncGenerator<PreparedBatch> {
  const head = await readPart(db, row.fileId, 0);
  const workerData: PrepareTask = { databaseUrl: db.url, row };
  const resourceLimits = head && isZip(head) ? heap : streamHeap;
  const batches = itemsOfThread<PreparedBatch>("prepare-thread", { workerData, resourceLimits }, signal);
  for await (const batch of batches) yield withBuffers(batch);
}

/**
 * Hardly anything of a row outlives it, so a small young generation does: 48 MB were no faster and cost 20 MB. The old one
 * is kept small, or it grows to several times what a stream needs; a workbook is read as a whole and needs its room.
 */
const heap = { maxYoungGenerationSizeMb: 24 };
const streamHeap = { ...heap, maxOldGenerationSizeMb: 96 };

/** What a batch's rows are in: handed to the other thread, not copied. */
export function transferable({ rows, people, events }: PreparedBatch): ArrayBuffer[] {
  const pieces = [rows, people?.users.rows, people?.installations.rows, events?.rows];
  return pieces.flatMap((each) => (each ?? []).map((piece) => piece.buffer as ArrayBuffer)); // never shared
}

/** Buffers cross threads as plain byte arrays. */
function withBuffers(batch: PreparedBatch): PreparedBatch {
  const { people, events } = batch;
  return {
    ...batch,
    rows: toBuffers(batch.rows),
    people: people && {
      users: { ...people.users, rows: toBuffers(people.users.rows) },
      installations: { ...people.installations, rows: toBuffers(people.installations.rows) },
    },
    events: events && { ...events, rows: toBuffers(events.rows) },
  };
}

const toBuffers = (pieces: readonly Uint8Array[]) =>
  pieces.map((piece) => Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
