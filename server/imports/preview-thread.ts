import { parentPort, workerData } from "node:worker_threads";
import { type PreviewAnswer, type PreviewTask, readBeginning } from "./preview-in-thread.ts";
import { UnreadableFile } from "./read/read.ts";

// The entry of the thread that reads the beginning of one file.
const { bytes, isPartial, options } = workerData as PreviewTask;

async function read(): Promise<PreviewAnswer> {
  try {
    return { kind: "read", ...(await readBeginning({ bytes: Buffer.from(bytes), isPartial }, options)) };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return { kind: "unreadable", faults: error.faults };
  }
}

parentPort?.postMessage(await read());
