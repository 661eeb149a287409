import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Task } from "../jobs/runner.ts";
import { runImportTask } from "./imports.ts";
import { runImport } from "./run.ts";

const Payload = z.object({ appKey: z.int(), importId: z.uuid() });

export function importTasks(db: Database): Record<string, Task> {
  return { [runImportTask]: (payload, signal) => runImport(db, Payload.parse(payload), signal) };
}
