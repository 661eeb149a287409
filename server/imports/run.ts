import { v7 as uuidv7 } from "uuid";
import type { Database } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { mergeInstallations } from "../installations/merge.ts";
import { prefetch } from "../lib/prefetch.ts";
import { mergeUsers } from "../users/merge.ts";
import { findAddresses } from "../users/users.ts";
import { type PreparedBatch, prepareBatches } from "./prepare.ts";
import { prepareInThread } from "./prepare-in-thread.ts";
import {
  analyzeImported,
  type BatchCounts,
  discardReplacedRows,
  endImport,
  findImport,
  type ImportRow,
  insertBatch,
  insertImportErrors,
  lockRun,
  recordProgress,
  rowOutcome,
  startRun,
} from "./queries.ts";
import { UnreadableFile } from "./read/read.ts";
import type { ImportStatus } from "./schema.ts";

/** Batches prepared ahead of the one that is merged; each is some ten megabytes. */
const batchesAhead = 3;
/** Below this a file is read before a thread would have started. */
const threadWorthBytes = 256 * 1024;

/** The run may not go on: the import was cancelled, ended, or another run has taken it. */
class RunStopped extends Error {
  readonly status: "cancelled" | "taken";
  constructor(status: "cancelled" | "taken") {
    super(status);
    this.status = status;
  }
}

/**
 * Runs an import from where it was left: every batch is one transaction with its progress, so that a run that died
 * at any point goes on after the last batch that was committed, and ends with the totals of an undisturbed one.
 * A file that cannot be used ends as `failed` with the reason; a fault of ours is thrown, and the job runs again.
 */
export async function runImport(
  db: Database,
  job: { appKey: number; importId: string },
  signal: AbortSignal,
): Promise<void> {
  const runId = uuidv7();
  if (!(await startRun(db, { ...job, runId, now: new Date() }))) return;
  const row = await findImport(db, job.appKey, job.importId);
  if (!row) return;
  try {
    await mergeFile(db, row, runId, signal);
    await finish(db, row, runId);
  } catch (error) {
    if (error instanceof RunStopped && error.status === "taken") return;
    if (error instanceof RunStopped) return end(db, row, "cancelled", null);
    if (error instanceof UnreadableFile) return end(db, row, "failed", error.message);
    throw error;
  }
}

/** Reading and mapping a large file keeps a core busy, so that is done beside this thread, which talks to the database. */
function prepare(db: Database, row: ImportRow): AsyncGenerator<PreparedBatch> {
  const inThread = row.bytesTotal > threadWorthBytes;
  return inThread ? prepareInThread(db.url, row, batchesAhead) : prepareBatches(db, row, batchesAhead);
}

async function mergeFile(db: Database, row: ImportRow, runId: string, signal: AbortSignal): Promise<void> {
  let merging: Promise<void> = Promise.resolve();
  for await (const batch of prefetch(prepare(db, row), batchesAhead)) {
    // While the database merges one batch, the next are prepared: both cores work.
    await merging;
    signal.throwIfAborted();
    merging = mergeBatch(db, row, runId, batch);
    // Awaited one turn later; until then a failure must not count as unhandled.
    merging.catch(() => {});
  }
  await merging;
}

async function mergeBatch(db: Database, row: ImportRow, runId: string, batch: PreparedBatch): Promise<void> {
  const { rowKeys, ownerKeys, subjects, errors } = batch;
  await db.transaction(async (tx) => {
    const run = await lockRun(tx, row.importId);
    if (run?.runId !== runId) throw new RunStopped("taken");
    if (run.cancelRequested) throw new RunStopped("cancelled");
    const now = new Date();
    const addressed = await findAddresses(
      tx,
      row.appKey,
      ownerKeys.filter((_key, position) => subjects[position] !== "installation"),
    );
    const changedUsers = await mergeUsers(tx, row.appKey, batch.users, now);
    const changedInstallations = await mergeInstallations(tx, row.appKey, batch.installations, now);

    const outcomes = rowKeys.map((rowKey, position) => {
      const ownerKey = ownerKeys[position] ?? "";
      const subject = subjects[position] ?? "installation";
      // An e-mail or SMS row makes something new where its user had no such address before.
      const isNew =
        subject === "installation"
          ? changedInstallations.get(rowKey) === true
          : !addressed.get(ownerKey)?.[subject];
      if (isNew) return rowOutcome.created;
      const isChanged = changedUsers.has(ownerKey) || changedInstallations.has(rowKey);
      return isChanged ? rowOutcome.updated : rowOutcome.unchanged;
    });
    await insertBatch(tx, {
      importId: row.importId,
      // The line, not a count: a resumed run numbers its batches as the first one did.
      seq: batch.lastLine,
      lines: batch.lines,
      rowKeys,
      outcomes,
    });
    if (errors.length > 0) await insertImportErrors(tx, row.importId, errors);
    await recordProgress(tx, {
      importId: row.importId,
      doneLine: batch.lastLine,
      bytesRead: batch.bytesRead,
      counts: countsOf(batch, outcomes),
    });
    await notify(tx, "chapar_changes", `${row.appKey}:import:${row.importId}`);
  });
}

function countsOf({ size, errors }: PreparedBatch, outcomes: number[]): BatchCounts {
  const count = (wanted: number) => outcomes.filter((outcome) => outcome === wanted).length;
  return {
    total: size,
    created: count(rowOutcome.created),
    updated: count(rowOutcome.updated),
    unchanged: count(rowOutcome.unchanged),
    rejected: errors.filter((error) => error.outcome === "rejected").length,
    discarded: errors.filter((error) => error.outcome === "discarded").length,
  };
}

async function finish(db: Database, row: ImportRow, runId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const run = await lockRun(tx, row.importId);
    if (run?.runId !== runId) throw new RunStopped("taken");
    await discardReplacedRows(tx, row.importId);
    const merged = await findImport(tx, row.appKey, row.importId);
    const status = merged && merged.rejected > 0 ? "completed_with_errors" : "completed";
    await endImport(tx, { importId: row.importId, status, failure: null, now: new Date() });
    await notify(tx, "chapar_changes", `${row.appKey}:import:${row.importId}`);
  });
  await analyzeImported(db);
}

async function end(
  db: Database,
  row: ImportRow,
  status: ImportStatus,
  failure: string | null,
): Promise<void> {
  await endImport(db, { importId: row.importId, status, failure, now: new Date() });
  await notify(db, "chapar_changes", `${row.appKey}:import:${row.importId}`);
}
