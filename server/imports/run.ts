import { v7 as uuidv7 } from "uuid";
import type { Database } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { findOwners } from "../installations/installations.ts";
import { mergeInstallations } from "../installations/merge.ts";
import { prefetch } from "../lib/prefetch.ts";
import { mergeUsers } from "../users/merge.ts";
import { type Addresses, findAddresses } from "../users/users.ts";
import { dropReplaced, foldBatch, type KeyedRow, keyRow } from "./batch.ts";
import { type ColumnPlan, planColumns } from "./columns.ts";
import { readStoredFile } from "./files.ts";
import { mapRow } from "./mapping.ts";
import {
  analyzeImported,
  type BatchCounts,
  discardReplacedRows,
  endImport,
  findImport,
  type ImportErrorRow,
  type ImportRow,
  insertBatch,
  insertImportErrors,
  lockRun,
  recordProgress,
  rowOutcome,
  startRun,
} from "./queries.ts";
import { readRecords, UnreadableFile } from "./read.ts";
import type { ImportStatus } from "./schema.ts";

// 5,000 to 10,000 rows a transaction lose no speed and keep it short: progress, resumption and locks come from that.
const batchSize = 5_000;
/** The first batch is small, so that progress is seen at once. */
const firstBatchSize = 500;

/** Batches read ahead of the one that is merged; each is some ten megabytes. */
const batchesAhead = 3;

/** The run may not go on: the import was cancelled, ended, or another run has taken it. */
class RunStopped extends Error {
  readonly status: "cancelled" | "taken";
  constructor(status: "cancelled" | "taken") {
    super(status);
    this.status = status;
  }
}

interface Batch {
  rows: KeyedRow[];
  errors: ImportErrorRow[];
  /** Rows of the file in this batch, usable or not. */
  size: number;
  lastLine: number;
  bytesRead: number;
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

async function mergeFile(db: Database, row: ImportRow, runId: string, signal: AbortSignal): Promise<void> {
  let merging: Promise<void> = Promise.resolve();
  for await (const batch of prefetch(readBatches(db, row), batchesAhead)) {
    // While the database merges one batch, the next are read and mapped: both cores work.
    await merging;
    signal.throwIfAborted();
    merging = mergeBatch(db, row, runId, batch);
    // Awaited one turn later; until then a failure must not count as unhandled.
    merging.catch(() => {});
  }
  await merging;
}

async function* readBatches(db: Database, row: ImportRow): AsyncGenerator<Batch> {
  let bytesRead = 0;
  let plan: ColumnPlan | null = null;
  // A resumed run cuts the rest of the file where the first run would have.
  let size = row.doneLine === 0 ? firstBatchSize : batchSize;
  let batch = emptyBatch();
  const bytes = readStoredFile(db, row.fileId, (read) => {
    bytesRead = read;
  });
  for await (const records of readRecords(bytes)) {
    for (const record of records) {
      if (!plan) {
        plan = planFile(record.fields);
        continue;
      }
      if (record.line <= row.doneLine) continue;
      addRecord(batch, row.appId, plan, record);
      if (batch.size >= size) {
        yield { ...batch, bytesRead };
        size = batchSize;
        batch = emptyBatch();
      }
    }
  }
  if (!plan) throw new UnreadableFile("The file is empty: it has no header.");
  if (batch.size > 0) yield { ...batch, bytesRead };
}

const emptyBatch = (): Batch => ({ rows: [], errors: [], size: 0, lastLine: 0, bytesRead: 0 });

function planFile(header: string[] | null): ColumnPlan {
  const planned = planColumns(header ?? []);
  if (planned.ok) return planned.plan;
  throw new UnreadableFile(planned.faults.map((fault) => fault.detail).join(" "));
}

function addRecord(
  batch: Batch,
  appId: string,
  plan: ColumnPlan,
  record: { line: number; fields: string[] | null; fault: string | null },
): void {
  batch.size += 1;
  batch.lastLine = Math.max(batch.lastLine, record.line);
  const reject = (code: string, column: string | null, detail: string) =>
    batch.errors.push({ line: record.line, outcome: "rejected", code, column, detail });
  if (!record.fields) {
    reject("row_unreadable", null, record.fault ?? "The row cannot be read.");
    return;
  }
  const mapped = mapRow(record.fields, plan);
  if (mapped.ok) batch.rows.push(keyRow(appId, record.line, mapped.row));
  else reject(mapped.rejection.code, mapped.rejection.column, mapped.rejection.detail);
}

async function mergeBatch(db: Database, row: ImportRow, runId: string, batch: Batch): Promise<void> {
  const { kept, replaced } = dropReplaced(batch.rows);
  const errors: ImportErrorRow[] = [
    ...batch.errors,
    ...replaced.map(({ line, byLine }) => ({
      line,
      outcome: "discarded" as const,
      code: "duplicate_in_file",
      column: "id",
      detail: `Replaced by line ${byLine}, which has the same id.`,
    })),
  ];
  await db.transaction(async (tx) => {
    const run = await lockRun(tx, row.importId);
    if (run?.runId !== runId) throw new RunStopped("taken");
    if (run.cancelRequested) throw new RunStopped("cancelled");
    const now = new Date();
    const unnamed = kept.filter((kept) => kept.mapped.userId === null && kept.mapped.device !== null);
    const known = await findOwners(
      tx,
      row.appKey,
      unnamed.map((kept) => kept.rowKey),
    );
    const { users, installations, ownerKeys } = foldBatch(row.appId, kept, known);
    const isContact = (keyed: KeyedRow) => keyed.mapped.device === null;
    const addressed = await findAddresses(
      tx,
      row.appKey,
      ownerKeys.filter((_key, position) => isContact(kept[position] as KeyedRow)),
    );
    const changedUsers = await mergeUsers(tx, row.appKey, users.values(), now);
    const changedInstallations = await mergeInstallations(tx, row.appKey, installations, now);

    const outcomes = kept.map((keyed, position) => {
      const ownerKey = ownerKeys[position] ?? "";
      const isNew = isContact(keyed)
        ? bringsAddress(keyed, addressed.get(ownerKey))
        : changedInstallations.get(keyed.rowKey) === true;
      if (isNew) return rowOutcome.created;
      const isChanged = changedUsers.has(ownerKey) || changedInstallations.has(keyed.rowKey);
      return isChanged ? rowOutcome.updated : rowOutcome.unchanged;
    });
    await insertBatch(tx, {
      importId: row.importId,
      // The line, not a count: a resumed run numbers its batches as the first one did.
      seq: batch.lastLine,
      lines: kept.map((keyed) => keyed.line),
      rowKeys: kept.map((keyed) => keyed.rowKey),
      outcomes,
    });
    if (errors.length > 0) await insertImportErrors(tx, row.importId, errors);
    await recordProgress(tx, {
      importId: row.importId,
      doneLine: batch.lastLine,
      bytesRead: batch.bytesRead,
      counts: countsOf(batch, outcomes, replaced.length),
    });
    await notify(tx, "chapar_changes", `${row.appKey}:import:${row.importId}`);
  });
}

/** An e-mail or SMS row makes something new where its user had no such address before. */
function bringsAddress(keyed: KeyedRow, before: Addresses | undefined): boolean {
  return keyed.mapped.user.email === undefined ? !before?.phone : !before?.email;
}

function countsOf(batch: Batch, outcomes: number[], discarded: number): BatchCounts {
  const count = (wanted: number) => outcomes.filter((outcome) => outcome === wanted).length;
  return {
    total: batch.size,
    created: count(rowOutcome.created),
    updated: count(rowOutcome.updated),
    unchanged: count(rowOutcome.unchanged),
    rejected: batch.errors.length,
    discarded,
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
