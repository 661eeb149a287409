import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Task } from "../jobs/runner.ts";
import { continueRetry, retryTask } from "./control.ts";
import { expandMessage, expandTask } from "./expand.ts";

const Expansion = z.object({ messageId: z.uuid(), count: z.int() });
const Retry = z.object({
  appKey: z.int(),
  messageId: z.uuid(),
  isUnknownToo: z.boolean(),
  after: z.string().nullable(),
});

export function messageTasks(db: Database): Record<string, Task> {
  return {
    [expandTask]: (payload, signal) => expandMessage(db, Expansion.parse(payload), signal),
    [retryTask]: (payload, signal) => continueRetry(db, Retry.parse(payload), signal),
  };
}
