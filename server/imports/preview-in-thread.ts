import { startThread } from "../lib/threads.ts";
import {
  type FileRecord,
  type Understood as FileUnderstood,
  readRecords,
  UnreadableFile,
} from "./read/read.ts";
import type { ImportOptions } from "./schema.ts";

/** What types are guessed from, and no more: the answer must come at once. */
const readRows = 1_001;
/** A workbook within the limits takes a few seconds; more would be waited for in vain. */
const patienceMs = 30_000;
/** A workbook is read as a whole. */
const heap = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 24 };

/** Bytes of a file, or of its beginning. */
export interface PreviewFile {
  bytes: Buffer;
  isPartial: boolean;
}

/** What the thread starts with. */
export interface PreviewTask {
  bytes: Uint8Array;
  isPartial: boolean;
  options: ImportOptions;
}

/** The first records, the header among them, and what the file was understood as. */
export interface Beginning {
  records: FileRecord[];
  understood: FileUnderstood | null;
}

export type PreviewAnswer =
  | ({ kind: "read" } & Beginning)
  | { kind: "unreadable"; faults: readonly string[] };

export async function readBeginning(
  { bytes, isPartial }: PreviewFile,
  { country, encoding }: ImportOptions,
): Promise<Beginning> {
  const source = {
    size: bytes.length,
    async *read(from = 0) {
      if (from < bytes.length) yield bytes.subarray(from);
    },
  };
  let understood: FileUnderstood | null = null;
  const options = { country: country ?? undefined, encoding: encoding ?? undefined, isPartial };
  const records: FileRecord[] = [];
  const reading = readRecords(source, options, (found) => {
    understood = found;
  });
  for await (const chunk of reading) {
    records.push(...chunk);
    if (records.length >= readRows) break;
  }
  return { records: records.slice(0, readRows), understood };
}

let last: Promise<unknown> = Promise.resolve();

/**
 * {@link readBeginning} of a zip or a workbook, beside the thread that answers everybody else: these are read as a whole.
 * One at a time, since each may take a gigabyte.
 */
export function readBeginningInThread(file: PreviewFile, options: ImportOptions): Promise<Beginning> {
  const reading = last.then(() => readInThread(file, options));
  last = reading.catch(() => {});
  return reading;
}

async function readInThread({ bytes, isPartial }: PreviewFile, options: ImportOptions): Promise<Beginning> {
  const workerData: PreviewTask = { bytes, isPartial, options };
  const thread = startThread(import.meta.url, "preview-thread", { workerData, resourceLimits: heap });
  try {
    const answer = await new Promise<PreviewAnswer>((resolve, reject) => {
      const give = setTimeout(() => resolve({ kind: "unreadable", faults: [tooLarge] }), patienceMs);
      thread.once("message", resolve);
      thread.once("error", (error: NodeJS.ErrnoException) =>
        error.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? resolve({ kind: "unreadable", faults: [tooLarge] })
          : reject(error),
      );
      thread.once("exit", () => clearTimeout(give));
    });
    if (answer.kind === "read") return answer;
    throw new UnreadableFile(answer.faults.join(" "), { faults: answer.faults });
  } finally {
    await thread.terminate();
  }
}

const tooLarge =
  "The file is too large for a preview; import it without one, with dryRun=true first, or save it as CSV.";
