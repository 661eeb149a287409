import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Task } from "../jobs/runner.ts";
import { expandMessage, expandTask } from "./expand.ts";

const Payload = z.object({ messageId: z.uuid(), count: z.int() });

export function messageTasks(db: Database): Record<string, Task> {
  return { [expandTask]: (payload, signal) => expandMessage(db, Payload.parse(payload), signal) };
}
