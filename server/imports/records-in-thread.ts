import { createGate } from "../lib/gate.ts";
import {
  type FileRecord,
  type FileSource,
  type ReadOptions,
  readRecords,
  type Understood,
} from "./read/read.ts";
import { itemsOfThread } from "./threads.ts";

/** What the thread starts with: the bytes, or where they are stored. */
export interface RecordsTask {
  from: { bytes: Uint8Array } | { databaseUrl: string; fileId: string; size: number };
  options: ReadOptions;
}

export interface ReadRecordsItem {
  records: FileRecord[];
  understood: Understood | null;
}

/** A workbook is read as a whole. */
const heap = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 24 };
/** At a time, since each may take a gigabyte. */
const gate = createGate(2);

/**
 * Records of a workbook or zip, beside the thread that answers everybody else: these keep it busy for seconds. Throws when
 * `signal` aborts.
 */
export async function* readRecordsInThread(
  task: RecordsTask,
  signal: AbortSignal,
): AsyncGenerator<ReadRecordsItem> {
  const leave = await gate(signal);
  try {
    yield* itemsOfThread<ReadRecordsItem>(
      "records-thread",
      { workerData: task, resourceLimits: heap },
      signal,
    );
  } finally {
    leave();
  }
}

/** Records of a file, each list of them with what the file is understood as by then. */
export async function* readItems(source: FileSource, options: ReadOptions): AsyncGenerator<ReadRecordsItem> {
  let understood: Understood | null = null;
  const records = readRecords(source, options, (found) => {
    understood = found;
  });
  for await (const chunk of records) yield { records: chunk, understood };
}

/** Bytes at hand as a file. */
export const bytesSource = (bytes: Buffer): FileSource => ({
  size: bytes.length,
  async *read(from = 0) {
    if (from < bytes.length) yield bytes.subarray(from);
  },
});
