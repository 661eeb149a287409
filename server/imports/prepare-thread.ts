import { parentPort, workerData } from "node:worker_threads";
import { openDatabase } from "../db/database.ts";
import { prepareBatches } from "./prepare.ts";
import { type ThreadAnswer, type ThreadTask, transferable } from "./prepare-in-thread.ts";
import { UnreadableFile } from "./read/read.ts";

// The entry of the thread that prepares the batches of one import; it ends when the import does.
const { databaseUrl, row } = workerData as ThreadTask;
const db = openDatabase(databaseUrl, { connections: 2, name: "chapar import", onError: () => {} });
const batches = prepareBatches(db, row);

async function next(): Promise<ThreadAnswer> {
  try {
    const { done, value } = await batches.next();
    return done ? { kind: "end" } : { kind: "batch", batch: value };
  } catch (error) {
    if (error instanceof UnreadableFile) {
      return { kind: "unreadable", message: error.message, faults: error.faults };
    }
    return { kind: "failed", error };
  }
}

parentPort?.on("message", async () => {
  const answer = await next();
  parentPort?.postMessage(answer, answer.kind === "batch" ? transferable(answer.batch) : []);
});
