import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Task } from "../jobs/runner.ts";
import { runImportTask, sweepUploads, undoImportTask } from "./imports.ts";
import { type ImportParts, runImport } from "./run.ts";
import { undoImport } from "./undo.ts";

const Payload = z.object({ appKey: z.int(), importId: z.uuid() });
const sweepEveryMs = 5_000;

export function importTasks(db: Database, parts: ImportParts): Record<string, Task> {
  return {
    [runImportTask]: (payload, signal) => runImport(db, Payload.parse(payload), signal, parts),
    [undoImportTask]: (payload) => undoImport(db, Payload.parse(payload)),
  };
}

/** Gives up uploads that nobody sends any more, now and then. */
export function startUploadSweeper(db: Database, onError: (error: unknown) => void): { stop(): void } {
  const sweep = () => sweepUploads(db, new Date()).catch(onError);
  const timer = setInterval(sweep, sweepEveryMs);
  return { stop: () => clearInterval(timer) };
}
