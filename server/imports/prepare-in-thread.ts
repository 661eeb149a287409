import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { PreparedBatch } from "./prepare.ts";
import type { ImportRow } from "./queries.ts";
import { UnreadableFile } from "./read/read.ts";

/** What the thread starts with. */
export interface ThreadTask {
  databaseUrl: string;
  row: ImportRow;
  ahead: number;
}

/** What the thread answers each time it is asked for the next batch. */
export type ThreadAnswer =
  | { kind: "batch"; batch: PreparedBatch }
  | { kind: "end" }
  | { kind: "unreadable"; message: string }
  | { kind: "failed"; error: unknown };

/** {@link prepareBatches} in a thread of its own, with a database connection of its own. */
export async function* prepareInThread(
  databaseUrl: string,
  row: ImportRow,
  ahead: number,
): AsyncGenerator<PreparedBatch> {
  const thread = startThread({ databaseUrl, row, ahead });
  const broken = once(thread, "error").then(([error]) => {
    throw error;
  });
  broken.catch(() => {});
  try {
    // One more is always asked for: the thread works while the last one is merged.
    thread.postMessage("next");
    for (;;) {
      const answered = once(thread, "message") as Promise<[ThreadAnswer]>;
      const [answer] = await Promise.race([answered, broken]);
      if (answer.kind === "end") return;
      if (answer.kind === "unreadable") throw new UnreadableFile(answer.message);
      if (answer.kind === "failed") throw answer.error;
      thread.postMessage("next");
      yield withBuffers(answer.batch);
    }
  } finally {
    await thread.terminate();
  }
}

function startThread(workerData: ThreadTask): Worker {
  // Sources, or the build: the file beside this one has the same ending.
  const ending = import.meta.url.slice(-3);
  const entry = new URL(`./prepare-thread${ending}`, import.meta.url);
  if (ending === ".js") return new Worker(entry, { workerData });
  // In development: a thread does not inherit the loader that reads TypeScript.
  const load = `import(${JSON.stringify(import.meta.resolve("tsx/esm/api"))})
    .then(({ register }) => { register(); return import(${JSON.stringify(entry.href)}); })`;
  return new Worker(load, { eval: true, workerData });
}

/** Buffers cross threads as plain byte arrays. */
function withBuffers(batch: PreparedBatch): PreparedBatch {
  const buffers = (pieces: readonly Uint8Array[]) =>
    pieces.map((piece) => Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
  return {
    ...batch,
    users: { rows: buffers(batch.users.rows) },
    installations: { rows: buffers(batch.installations.rows) },
  };
}
