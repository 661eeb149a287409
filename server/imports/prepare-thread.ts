import { parentPort, workerData } from "node:worker_threads";
import { openDatabase } from "../db/database.ts";
import { prepareBatches } from "./prepare.ts";
import type { ThreadAnswer, ThreadTask } from "./prepare-in-thread.ts";
import { UnreadableFile } from "./read/read.ts";

// The entry of the thread that prepares the batches of one import; it ends when the import does.
const { databaseUrl, row, ahead } = workerData as ThreadTask;
const db = openDatabase(databaseUrl, { connections: 2, name: "chapar import", onError: () => {} });
const batches = prepareBatches(db, row, ahead);

async function next(): Promise<ThreadAnswer> {
  try {
    const { done, value } = await batches.next();
    return done ? { kind: "end" } : { kind: "batch", batch: value };
  } catch (error) {
    if (error instanceof UnreadableFile) return { kind: "unreadable", message: error.message };
    return { kind: "failed", error };
  }
}

parentPort?.on("message", async () => parentPort?.postMessage(await next()));
