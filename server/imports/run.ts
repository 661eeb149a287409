import pg from "pg";
import { v7 as uuidv7 } from "uuid";
import type { Database, Queryable, Transaction } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { maxEventNames } from "../events/limits.ts";
import { copyEvents, findOwners, type LostEvent, mergeEvents } from "../events/merge.ts";
import { preparePartitions } from "../events/partitions.ts";
import type { AbsorbGuests } from "../installations/guests.ts";
import { mergePeople, stagePeople } from "../installations/merge.ts";
import { prefetch } from "../lib/prefetch.ts";
import { tell } from "../outbox/outbox.ts";
import { isWanted } from "../outbox/wanted.ts";
import { addMembers, ensureStaticSegment } from "../segments/members.ts";
import { holdUsers } from "../users/aliases.ts";
import type { AttributeUse } from "../users/attribute-rules.ts";
import { registerAttributes } from "../users/attributes.ts";
import { adoptRows } from "../users/merge.ts";
import { asFileFault } from "./formats/columns.ts";
import type { Warning } from "./formats/format.ts";
import { type PreparedBatch, prepareBatches } from "./prepare.ts";
import { prepareInThread } from "./prepare-in-thread.ts";
import { findImport, type ImportRow } from "./queries/history.ts";
import {
  discardReplacedRows,
  dropStagedRows,
  hasRepeats,
  type ImportErrorRow,
  insertBatch,
  insertImportErrors,
  settleEventRows,
  stageRows,
} from "./queries/outcomes.ts";
import {
  analyzeImported,
  endImport,
  lockRun,
  type RunState,
  readRun,
  recordOpened,
  recordProgress,
  recordSegment,
  startRun,
} from "./queries/run.ts";
import { type FileFault, refusedFor, UnreadableFile } from "./read/read.ts";
import { openRehearsal, type Rehearsal } from "./rehearsal.ts";
import type { ImportChannel, ImportStatus } from "./schema.ts";
import { causeOf, channelWarnings } from "./warnings.ts";

/** Batches prepared ahead of the one that is merged; each is some five megabytes. */
const batchesAhead = 2;
/** Below this a file is read before a thread would have started, also one that unpacks to twenty times as much. */
const threadWorthBytes = 32 * 1024;
/** The row of the counters of events that imports write. */
const importSlot = 8;
/** How soon a cancel is seen where no batch is committed for a while. */
const lookMs = 300;
/** Of more causes than this the first ones are told. */
const maxWarnings = 50;

/** The run may not go on: the import was cancelled, ended, or another run has taken it. */
class RunStopped extends Error {
  readonly status: "cancelled" | "taken";
  constructor(status: "cancelled" | "taken") {
    super(status);
    this.status = status;
  }
}

interface Run {
  readonly db: Database;
  readonly row: ImportRow;
  readonly runId: string;
  /** Where a dry run merges; null for a real one. */
  readonly rehearsal: Rehearsal | null;
  readonly parts: ImportParts;
}

/** What imports know only from above. */
export interface ImportParts {
  readonly isChannelReady: IsChannelReady;
  /** What becomes of guests who turn out to be users. */
  readonly absorb: AbsorbGuests;
}

/** Whether messages can leave by a channel; what carries them is not for imports to know. */
export type IsChannelReady = (db: Queryable, appKey: number, channel: ImportChannel) => Promise<boolean>;

/**
 * Runs an import from where it was left: every batch is one transaction with its progress, so that a run that died
 * at any point goes on after the last batch that was committed, and ends with the totals of an undisturbed one.
 * A file that cannot be used ends as `failed` with the reason; a fault of ours is thrown, and the job runs again.
 */
export async function runImport(
  db: Database,
  job: { appKey: number; importId: string },
  signal: AbortSignal,
  parts: ImportParts,
): Promise<void> {
  const runId = uuidv7();
  if (!(await db.transaction((tx) => startRun(tx, { ...job, runId, now: new Date() })))) return;
  const row = await findImport(db, job.appKey, job.importId);
  if (!row) return;
  const rehearsal = row.isDryRun ? await openRehearsal(db) : null;
  const run = { db, row, runId, rehearsal, parts };
  const cancelled = watchForCancel(run);
  try {
    await mergeFile(run, AbortSignal.any([signal, cancelled.signal]));
    await end(run, {});
  } catch (error) {
    const reason: unknown = cancelled.signal.aborted ? cancelled.signal.reason : error;
    if (reason instanceof RunStopped && reason.status === "taken") return;
    if (reason instanceof RunStopped) return await end(run, { status: "cancelled" });
    if (reason instanceof UnreadableFile) {
      return await end(run, { status: "failed", failure: reason.message, faults: reason.faults });
    }
    // Trying again would fail again.
    if (isRefusedData(reason)) {
      return await end(run, { status: "failed", failure: await whatCouldNotBeStored(run, reason) });
    }
    throw reason;
  } finally {
    cancelled.stop();
    rehearsal?.end();
  }
}

/** Aborts when the import was cancelled or another run has taken it, also while no batch is due. */
function watchForCancel({ db, row, runId }: Run): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const look = async () => {
    const state = await readRun(db, row.importId);
    if (state?.runId !== runId) controller.abort(new RunStopped("taken"));
    else if (state.cancelRequested) controller.abort(new RunStopped("cancelled"));
  };
  // Not seeing it now is no harm: every batch looks again.
  const timer = setInterval(() => look().catch(() => {}), lookMs);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}

/** Reading and mapping a large file keeps a core busy, so that is done beside this thread, which talks to the database. */
function prepare({ db, row }: Run, signal: AbortSignal): AsyncGenerator<PreparedBatch> {
  const inThread = (row.bytesTotal ?? 0) > threadWorthBytes;
  return inThread ? prepareInThread(db, row, signal) : prepareBatches(db, row);
}

async function mergeFile(run: Run, signal: AbortSignal): Promise<void> {
  // Two batches are with the database, each on its own connection: while one is merged, the next is brought there.
  let previous: Promise<void> = Promise.resolve();
  let merging: Promise<void> = Promise.resolve();
  try {
    for await (const batch of prefetch(prepare(run, signal), batchesAhead)) {
      await previous;
      // A dry run has one connection only.
      if (run.rehearsal) await merging;
      signal.throwIfAborted();
      if (batch.events && !run.rehearsal) await preparePartitions(run.db, batch.events.partitions);
      previous = merging;
      merging = mergeBatch(run, batch, previous);
      // Awaited some turns later; until then a failure must not count as unhandled.
      merging.catch(() => {});
    }
    await merging;
  } finally {
    // What was read before a file broke off is kept, and nothing is under way any more when the import ends.
    await Promise.allSettled([previous, merging]);
  }
}

/** Stages a batch, waits for the one before it, and merges. */
async function mergeBatch(run: Run, batch: PreparedBatch, previous: Promise<void>): Promise<void> {
  const { db, row, rehearsal } = run;
  await (rehearsal ?? db).transaction(async (tx) => {
    if (batch.rows.length > 0) await stageRows(tx, batch.rows);
    if (batch.people) await stagePeople(tx, batch.people);
    if (batch.events) await copyEvents(tx, batch.events);
    if (batch.replacedLines.length > 0) await dropStagedRows(tx, batch.replacedLines, batch.events !== null);
    await previous;
    const state = await lockRun(tx, row.importId);
    if (state?.runId !== run.runId) throw new RunStopped("taken");
    if (state.cancelRequested) throw new RunStopped("cancelled");
    const { warnings, segmentId } = state.doneLine === 0 ? await begin(tx, run, batch) : state;

    const { errors, ...counted } = await mergeRows(tx, run, batch, segmentId);
    if (errors.length > 0) await insertImportErrors(tx, row.importId, errors);
    await recordProgress(tx, {
      importId: row.importId,
      doneLine: batch.lastLine,
      bytesRead: batch.bytesRead,
      acceptedRows: batch.acceptedRows,
      warnings: addWarnings(warnings, batch.warnings),
      counts: { ...counted, total: batch.size, ...countErrors(errors) },
    });
    await notify(tx, "chapar_changes", `${row.appKey}:import:${row.importId}`);
  });
}

/** With the first batch: what was made of the file, and its segment. Answers the warnings about the file as a whole. */
async function begin(
  tx: Transaction,
  run: Run,
  { opened }: PreparedBatch,
): Promise<Pick<RunState, "warnings" | "segmentId">> {
  const { row, parts } = run;
  const warnings = await channelWarnings(opened.channel, (channel) =>
    parts.isChannelReady(tx, row.appKey, channel),
  );
  await recordOpened(tx, row.importId, { ...opened, warnings });
  if (row.isDryRun) return { warnings, segmentId: null };
  return { warnings, segmentId: await openSegment(tx, row) };
}

/** Throws {@link UnreadableFile} when somebody else has given an attribute another type since the file was opened. */
async function fixTypes(tx: Transaction, row: ImportRow, uses: readonly AttributeUse[]): Promise<void> {
  const faults = await registerAttributes(tx, { ...row, uses, now: new Date() });
  if (faults.length > 0) throw refusedFor(faults.map(asFileFault));
}

/** The segment that the rows go into, made when there is none of its name; null when none was asked for. */
async function openSegment(tx: Transaction, row: ImportRow): Promise<string | null> {
  const { segment } = row.options;
  if (segment === null) return null;
  const { appKey, importId, createdBy } = row;
  const list = await ensureStaticSegment(tx, { appKey, name: segment, createdBy, now: new Date() });
  if (!list) {
    const detail = `The segment ${JSON.stringify(segment)} is a filter, to which no file can add; choose another name.`;
    throw refusedFor([{ code: "segment_is_filter", column: null, detail }]);
  }
  await recordSegment(tx, importId, list.segmentId);
  return list.segmentId;
}

/** Rows, not faults: one row may have several. */
function countErrors(errors: readonly ImportErrorRow[]) {
  const rows = errors.filter(({ seq }) => seq === 0);
  const rejected = rows.filter(({ outcome }) => outcome === "rejected").length;
  return { rejected, discarded: rows.length - rejected };
}

/** Stores what the staged rows say, and tells what they came to. Errors are the batch's own and those the database found. */
async function mergeRows(
  tx: Transaction,
  { row, rehearsal, parts }: Run,
  batch: PreparedBatch,
  segmentId: string | null,
) {
  const none = { created: 0, updated: 0, unchanged: 0, errors: batch.errors };
  if (batch.rows.length === 0) return none;
  if (!row.isDryRun) await fixTypes(tx, row, batch.attributes);
  const now = new Date();
  if (batch.people) {
    await rehearsal?.load(tx, row.appKey);
    // A dry run has the touched rows only: who was a guest before stays out of it.
    const absorb = rehearsal ? null : parts.absorb;
    const options = { now, passingTag: row.importTag, absorb };
    const adoptions = await mergePeople(tx, row.appKey, batch.people, options);
    if (adoptions.length > 0) await adoptRows(tx, "staged_rows", adoptions);
  }
  let errors = batch.errors;
  if (batch.events) {
    await rehearsal?.loadEvents(tx, row.appKey);
    const lost = batch.events.hasInstallations ? await findOwners(tx, row.appKey) : [];
    // Whose devices they are told by: a guest among them may be logging in at this moment.
    if (batch.events.hasInstallations && !rehearsal) await holdUsers(tx, row.appKey, "staged_events", now);
    lost.push(...(await mergeEvents(tx, row.appKey, batch.events, { now, slot: importSlot })));
    await settleEventRows(tx);
    errors = [...errors, ...lost.map(lostEvent)];
  }
  if (segmentId !== null) {
    const { appKey, importId } = row;
    await addMembers(tx, { appKey, segmentId, importId, table: "staged_rows" });
  }
  const counted = await insertBatch(tx, {
    importId: row.importId,
    // The line, not a count: a resumed run numbers its batches as the first one did.
    seq: batch.lastLine,
    repeatedKeys: batch.repeatedKeys,
    isEvents: batch.events !== null,
    hasPeople: batch.people !== null,
  });
  return { ...counted, errors };
}

const lostEvent = ({ line, code }: LostEvent): ImportErrorRow => ({
  line,
  seq: 0,
  outcome: "rejected",
  code,
  column: null,
  detail:
    code === "installation_unknown"
      ? "There is no installation with this id; import the devices first, or name the user."
      : `The app has ${maxEventNames} names of events, and no more fit; perhaps another column is the event.`,
});

/** One entry a column and cause, with how many rows it befell. */
function addWarnings(known: readonly Warning[], more: readonly Warning[]): Warning[] {
  const all = new Map(known.map((warning) => [causeOf(warning), { ...warning }]));
  for (const warning of more) {
    const same = all.get(causeOf(warning));
    if (same) same.count += warning.count;
    else if (all.size < maxWarnings) all.set(causeOf(warning), { ...warning });
  }
  return [...all.values()];
}

/** Ends the import; without a status it is complete. Rows that later ones replaced are settled either way. */
async function end(
  { db, row, runId }: Run,
  {
    status,
    failure,
    faults = [],
  }: { status?: ImportStatus; failure?: string; faults?: readonly FileFault[] },
): Promise<void> {
  await db.transaction(async (tx) => {
    const state = await lockRun(tx, row.importId);
    if (state?.runId !== runId) return;
    if (await hasRepeats(tx, row.importId)) await discardReplacedRows(tx, row.importId);
    const now = new Date();
    const merged = await findImport(tx, row.appKey, row.importId);
    const complete = merged && merged.rejected > 0 ? "completed_with_errors" : "completed";
    await endImport(tx, {
      importId: row.importId,
      status: status ?? complete,
      failure: failure ?? (status === "cancelled" && merged ? whatIsKept(merged) : null),
      faults,
      now,
    });
    if (!row.isDryRun) await tellOfEnd(tx, row, now);
    await notify(tx, "chapar_changes", `${row.appKey}:import:${row.importId}`);
  });
  if (!row.isDryRun && status !== "failed") await analyzeImported(db);
}

/** Tells webhooks how an import ended. What it brought is told as a whole: no row of it happened just now. */
async function tellOfEnd(tx: Transaction, { appKey, importId }: ImportRow, now: Date): Promise<void> {
  if (!(await isWanted(tx, appKey, "import.finished"))) return;
  const row = await findImport(tx, appKey, importId);
  if (!row) return;
  const { name, status, failure, total, created, updated, unchanged, rejected, discarded } = row;
  const rows = { total, created, updated, unchanged, rejected, discarded };
  const data = { importId, name, status, failure, rows };
  await tell(tx, [{ appKey, event: "import.finished", at: now, userKey: null, installationKey: null, data }]);
}

/** A value that PostgreSQL will not take, which no check of ours knew of (class 22 and 54 of its error codes). */
const isRefusedData = (error: unknown): error is pg.DatabaseError =>
  error instanceof pg.DatabaseError && /^(22|54)/.test(error.code ?? "");

async function whatCouldNotBeStored({ db, row }: Run, error: pg.DatabaseError): Promise<string> {
  const done = (await readRun(db, row.importId))?.doneLine ?? 0;
  return `A row in the few thousand after line ${done} could not be stored: ${error.message}. What came before is kept.`;
}

function whatIsKept(row: ImportRow): string {
  const at = `Cancelled after line ${row.doneLine}.`;
  if (row.isDryRun) return `${at} Nothing was stored: this was a dry run.`;
  return `${at} What came in before is kept: ${row.created} rows created something, ${row.updated} changed something.`;
}
