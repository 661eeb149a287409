import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Task } from "../jobs/runner.ts";
import { fastAttributeTask, settleIndex } from "./fast.ts";

const Payload = z.object({ appKey: z.int(), name: z.string() });

export function segmentTasks(place: { db: Database; url: string }): Record<string, Task> {
  return {
    [fastAttributeTask]: (payload, signal) => settleIndex(place, Payload.parse(payload), signal),
  };
}
