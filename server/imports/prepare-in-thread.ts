import type { Database } from "../db/database.ts";
import { startThread } from "../lib/threads.ts";
import type { PreparedBatch } from "./prepare.ts";
import type { ImportRow } from "./queries/history.ts";
import { readPart } from "./queries/uploads.ts";
import { UnreadableFile } from "./read/read.ts";

/** What the thread starts with. */
export interface ThreadTask {
  databaseUrl: string;
  row: ImportRow;
}

/** What the thread answers each time it is asked for the next batch. */
export type ThreadAnswer =
  | { kind: "batch"; batch: PreparedBatch }
  | { kind: "end" }
  | { kind: "unreadable"; message: string; faults: readonly string[] }
  | { kind: "failed"; error: unknown };

/** {@link prepareBatches} in a thread of its own, with a database connection of its own. Throws when `signal` aborts. */
export async function* prepareInThread(
  db: Database,
  row: ImportRow,
  signal: AbortSignal,
): AsyncGenerator<PreparedBatch> {
  const head = await readPart(db, row.fileId, 0);
  signal.throwIfAborted();
  const task: ThreadTask = { databaseUrl: db.url, row };
  const isZip = head?.subarray(0, 2).toString() === "PK";
  const resourceLimits = isZip ? heap : streamHeap;
  const thread = startThread(import.meta.url, "prepare-thread", { workerData: task, resourceLimits });
  // By hand and not by racing promises: one that lives as long as the thread would keep every batch it lost to.
  let settle: { resolve(answer: ThreadAnswer): void; reject(reason: unknown): void } | null = null;
  let failure: { reason: unknown } | null = null;
  const early: ThreadAnswer[] = [];
  const fail = (reason: unknown) => {
    failure = { reason };
    settle?.reject(reason);
  };
  thread.on("message", (answer: ThreadAnswer) => (settle ? settle.resolve(answer) : early.push(answer)));
  thread.once("error", fail);
  const onAbort = () => fail(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const nextAnswer = () =>
    new Promise<ThreadAnswer>((resolve, reject) => {
      const answer = early.shift();
      if (failure) reject(failure.reason);
      else if (answer) resolve(answer);
      else settle = { resolve, reject };
    }).finally(() => {
      settle = null;
    });
  try {
    // One more is always asked for: the thread works while the last one is merged.
    thread.postMessage("next");
    for (;;) {
      const answer = await nextAnswer();
      if (answer.kind === "end") return;
      if (answer.kind === "unreadable") throw new UnreadableFile(answer.message, { faults: answer.faults });
      if (answer.kind === "failed") throw answer.error;
      thread.postMessage("next");
      yield withBuffers(answer.batch);
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    await thread.terminate();
  }
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
