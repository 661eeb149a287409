import { EventEmitter } from "node:events";
import { Logger as QueueLogger, run } from "graphile-worker";
import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import { freeDeadWorkers, recordHeartbeat, removeHeartbeat } from "./queries.ts";

/** What a job is given: its payload, and a signal that fires when the process is about to stop. */
export type Task = (payload: unknown, signal: AbortSignal) => Promise<void>;

export interface JobRunner {
  stop(): Promise<void>;
}

const beatEveryMs = 2_000;
/** Silent for this long, a worker is taken for dead and its jobs go to others. */
const deadAfterMs = 6_000;

/**
 * Runs jobs of the queue, `concurrency` at a time. Beats a heartbeat, and frees the jobs of workers whose heartbeat
 * stopped: the queue itself would wait four hours for them.
 */
export async function startJobs(options: {
  db: Database;
  workerId: string;
  tasks: Record<string, Task>;
  concurrency: number;
  logger: Logger;
}): Promise<JobRunner> {
  const { db, workerId, logger } = options;
  const jobWorkerIds = new Set<string>();
  const events = new EventEmitter();
  // The queue marks a job with the id of the pool that took it, not of the worker in it.
  events.on("pool:create", ({ workerPool }: { workerPool: { id: string } }) =>
    jobWorkerIds.add(workerPool.id),
  );

  const runner = await run({
    pgPool: db.pool,
    concurrency: options.concurrency,
    noHandleSignals: true,
    pollInterval: 1_000,
    events: events as never,
    logger: new QueueLogger(() => (level, message, meta) => {
      if (level === "error" || level === "warning") logger.warn({ meta }, message);
    }),
    preset: { worker: { gracefulShutdownAbortTimeout: 50 } },
    taskList: Object.fromEntries(
      Object.entries(options.tasks).map(([name, task]) => [
        name,
        (payload: unknown, helpers: { abortSignal?: AbortSignal }) =>
          task(payload, helpers.abortSignal ?? new AbortController().signal),
      ]),
    ),
  });

  const beat = async () => {
    const now = new Date();
    await recordHeartbeat(db, { workerId, jobWorkerIds: [...jobWorkerIds], now });
    const freed = await freeDeadWorkers(db, new Date(now.getTime() - deadAfterMs));
    if (freed.length > 0) logger.warn({ workers: freed }, "freed the jobs of workers that stopped beating");
  };
  const safeBeat = () => beat().catch((error) => logger.warn({ err: error }, "heartbeat failed"));
  await beat();
  const timer = setInterval(safeBeat, beatEveryMs);

  return {
    async stop() {
      clearInterval(timer);
      await runner.stop().catch(() => {});
      await removeHeartbeat(db, workerId).catch(() => {});
    },
  };
}
