import type { Readable } from "node:stream";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { type Actor, record } from "../accounts/audit.ts";
import type { Database, Queryable } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { addJob } from "../jobs/queue.ts";
import { decodeCursor, type Page, type PageQuery, toPage } from "../lib/page.ts";
import { type Fault, Problem, validationProblem } from "../lib/problem.ts";
import { isCountry } from "../users/phone.ts";
import { encodings } from "./fields.ts";
import { openStoredFile, requireFile, requireResults, storeFile } from "./files.ts";
import { findImport, type ImportRow, listImports, requestCancel } from "./queries/history.ts";
import { listImportChanges, listImportErrors } from "./queries/outcomes.ts";
import { markUndo } from "./queries/undo.ts";
import {
  completeFile,
  deleteImport,
  deleteParts,
  endUpload,
  failUpload,
  insertFile,
  insertImport,
  listSilentUploads,
  noteUpload,
} from "./queries/uploads.ts";
import { parseEncoding } from "./read/read.ts";
import {
  type Import,
  type ImportChange,
  type ImportError,
  type ImportFormat,
  ImportMapping,
  type ImportOptions,
  type ImportQuery,
  type PreviewQuery,
} from "./schema.ts";

export const runImportTask = "run_import";
export const undoImportTask = "undo_import";

/** While a file comes in, its import says how much of it this often; one that falls silent for `silentMs` was killed with its api. */
const beatMs = 2_000;
const silentMs = 25_000;

/**
 * Stores the upload and queues its import; both are durable when this returns. An upload that breaks off ends as a
 * failed import without its parts; one that has nothing in it leaves nothing behind.
 */
export async function acceptImport(
  db: Database,
  caller: Actor,
  upload: { name: string; bytes: Readable; request: ImportRequest },
): Promise<Import> {
  const { appKey } = caller;
  const { format, isDryRun, options, consent } = upload.request;
  const fileId = uuidv7();
  const importId = uuidv7();
  const now = new Date();
  await db.transaction(async (tx) => {
    await insertFile(tx, { fileId, appKey, name: upload.name, now });
    await insertImport(tx, {
      ...{ importId, appKey, fileId, name: upload.name, format, options, isDryRun, consent, now },
      ...{ createdBy: caller.name, isUpload: true },
    });
    await notify(tx, "chapar_changes", `${appKey}:import:${importId}`);
  });
  let received = 0;
  let isGone = false;
  const beat = async () => {
    isGone = !(await noteUpload(db, { importId, received, now: new Date() }));
  };
  // A slow sender is not a dead one; a beat that the database missed is made up for by the next.
  const timer = setInterval(() => beat().catch(() => {}), beatMs);
  const onPart = async (size: number) => {
    received = size;
    if (isGone) throw gone(importId);
  };
  try {
    const { size, sha256 } = await storeFile(db, fileId, upload.bytes, onPart);
    if (size === 0) {
      throw new Problem("validation", "The upload is empty; send the file as the body of the request.", [
        { pointer: "", detail: "is empty; send the file as the body of the request" },
      ]);
    }
    await db.transaction(async (tx) => {
      await completeFile(tx, { fileId, size, sha256 });
      if (!(await endUpload(tx, importId))) throw gone(importId);
      await addJob(tx, { task: runImportTask, key: importId, payload: { appKey, importId } });
      const file = { name: upload.name, size, sha256: sha256.toString("hex") };
      await recordStart(tx, caller, importId, { ...file, ...upload.request });
      await notify(tx, "chapar_changes", `${appKey}:import:${importId}`);
    });
  } catch (error) {
    if (error instanceof Problem && error.code === "validation") await deleteImport(db, { importId, fileId });
    else await giveUp(db, { importId, appKey, fileId }, brokenOff(received));
    throw error;
  } finally {
    clearInterval(timer);
  }
  return getImport(db, appKey, importId);
}

/** Runs the stored file of an earlier import once more, with the options of this request. */
export async function acceptImportOf(
  db: Database,
  caller: Actor,
  again: { fileOf: string; name: string | undefined; request: ImportRequest },
): Promise<Import> {
  const { appKey } = caller;
  const earlier = await requireImport(db, appKey, again.fileOf);
  requireFile(earlier);
  const { format, isDryRun, options, consent } = again.request;
  const importId = uuidv7();
  await db.transaction(async (tx) => {
    await insertImport(tx, {
      ...{ importId, appKey, fileId: earlier.fileId, name: again.name ?? earlier.name, format, options },
      ...{ isDryRun, consent, createdBy: caller.name, isUpload: false, now: new Date() },
    });
    await addJob(tx, { task: runImportTask, key: importId, payload: { appKey, importId } });
    const name = again.name ?? earlier.name;
    await recordStart(tx, caller, importId, { name, fileOf: again.fileOf, ...again.request });
    await notify(tx, "chapar_changes", `${appKey}:import:${importId}`);
  });
  return getImport(db, appKey, importId);
}

const recordStart = (
  tx: Queryable,
  caller: Actor,
  importId: string,
  after: ImportRequest & { name: string; fileOf?: string },
) => record(tx, caller, "import.started", importId, { before: null, after });

/** How to read a file, checked. */
export interface ReadingOptions {
  format: ImportFormat | "auto";
  options: ImportOptions;
}

/** What the caller asked for, checked. */
export interface ImportRequest extends ReadingOptions {
  isDryRun: boolean;
  consent: string | null;
}

/** Checks what a query string cannot say by its type alone; every fault at once. */
export function readImportQuery(query: ImportQuery): ImportRequest {
  const { format, options } = readOptions(query);
  return {
    format,
    isDryRun: query.dryRun,
    consent: query.consent ?? null,
    options: { ...options, segment: query.segment ?? null },
  };
}

/** Of {@link readImportQuery} what a preview takes as well. */
export function readOptions(query: Omit<PreviewQuery, "partial">): ReadingOptions {
  const faults: Fault[] = [];
  if (query.country !== undefined && !isCountry(query.country)) {
    faults.push({
      pointer: "?country",
      detail: `${query.country} is no country; expected ISO 3166, for example IR`,
    });
  }
  if (query.encoding !== undefined && parseEncoding(query.encoding) === null) {
    faults.push({
      pointer: "?encoding",
      detail: `${query.encoding} is not known; expected one of ${encodings.join(", ")}`,
    });
  }
  const mapping = readMapping(query.mapping, faults);
  if (mapping && (query.format === "onesignal" || query.format === "broadcast-list")) {
    faults.push({ pointer: "?mapping", detail: "the columns of this format are fixed; use format=generic" });
  }
  if (query.format === "broadcast-list" && query.channel !== undefined && query.channel !== "whatsapp") {
    faults.push({
      pointer: "?channel",
      detail: "a broadcast list is for whatsapp; import a table with format=generic for other channels",
    });
  }
  if (faults.length > 0) throw validationProblem(faults);
  return {
    format: query.format,
    options: {
      country: query.country ?? null,
      encoding: (query.encoding && parseEncoding(query.encoding)) || null,
      onBlank: query.onBlank,
      phone: query.phone,
      columns: query.columns,
      mapping,
      channel: query.channel ?? (query.format === "broadcast-list" ? "whatsapp" : null),
      segment: null,
      rowLimit: query.rowLimit ?? null,
    },
  };
}

function readMapping(text: string | undefined, faults: Fault[]): ImportMapping | null {
  if (text === undefined) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    faults.push({ pointer: "?mapping", detail: `is not valid JSON: ${(error as Error).message}` });
    return null;
  }
  const parsed = ImportMapping.safeParse(json);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    faults.push({ pointer: `?mapping#/${issue.path.join("/")}`, detail: issue.message });
  }
  return null;
}

const gone = (importId: string) =>
  new Problem("conflict", `The import ${importId} was cancelled or given up while its file was coming in.`);

const brokenOff = (bytes: number) =>
  `The upload broke off after ${(bytes / 1e6).toFixed(1)} MB; send the file again. Nothing of it was kept.`;

/** Ends an upload that will not be complete: a failed import, without the parts that came. */
async function giveUp(
  db: Database,
  upload: { importId: string; appKey: number; fileId: string },
  failure: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    await failUpload(tx, { importId: upload.importId, failure, now: new Date() });
    await deleteParts(tx, upload.fileId);
    await notify(tx, "chapar_changes", `${upload.appKey}:import:${upload.importId}`);
  });
}

/** Gives up uploads that fell silent: whoever took them in was killed. */
export async function sweepUploads(db: Database, now: Date): Promise<void> {
  for (const upload of await listSilentUploads(db, new Date(now.getTime() - silentMs))) {
    await giveUp(db, upload, "The upload broke off; send the file again. Nothing of it was kept.");
  }
}

export async function getImport(db: Queryable, appKey: number, importId: string): Promise<Import> {
  return toImport(await requireImport(db, appKey, importId));
}

export async function listImportHistory(
  db: Queryable,
  appKey: number,
  query: PageQuery,
): Promise<Page<Import>> {
  const before = decodeCursor(query.cursor, z.tuple([z.uuid()]));
  const rows = await listImports(db, appKey, { before: before?.[0] ?? null, limit: query.limit });
  return toPage(rows.map(toImport), query.limit, (row) => [row.id]);
}

/** What is wrong with rejected and discarded rows, in the order of their lines; a row may have several faults. */
export async function listErrors(
  db: Queryable,
  appKey: number,
  importId: string,
  query: PageQuery,
): Promise<Page<ImportError>> {
  requireResults(await requireImport(db, appKey, importId));
  const after = decodeCursor(query.cursor, z.tuple([z.number(), z.number()]));
  const rows = await listImportErrors(db, importId, { after: after ?? [0, 0], limit: query.limit });
  const page = toPage(rows, query.limit, (row) => [row.line, row.seq]);
  return { ...page, data: page.data.map(({ seq: _seq, ...error }) => error) };
}

export async function openOriginal(
  db: Database,
  appKey: number,
  importId: string,
): Promise<{ name: string; size: number; bytes: AsyncIterable<Buffer> }> {
  const row = await requireImport(db, appKey, importId);
  const { name, fileId } = row;
  const size = requireFile(row);
  return { name, size, bytes: openStoredFile(db, { fileId, size }).read() };
}

/** A running import stops after the batch it is at; what that and earlier batches brought in stays. */
export async function cancelImport(db: Database, caller: Actor, importId: string): Promise<Import> {
  const { appKey } = caller;
  const { status, name } = await requireImport(db, appKey, importId);
  await db.transaction(async (tx) => {
    if (!(await requestCancel(tx, appKey, importId, new Date()))) {
      throw new Problem("conflict", `This import has ended already (${status}), so it cannot be cancelled.`);
    }
    const detail = { name, before: { status }, after: { status: "cancelled" } };
    await record(tx, caller, "import.cancelled", importId, detail);
  });
  // Read again: its upload may have ended just before, and can not any more now.
  const row = await requireImport(db, appKey, importId);
  // Of one that is still coming in the parts are of no use now; the sender is told at the next one.
  if (row.bytesTotal === null) await giveUp(db, row, "Cancelled while the file was coming in.");
  await notify(db, "chapar_changes", `${appKey}:import:${importId}`);
  return getImport(db, appKey, importId);
}

/** Rows that created or changed something, in the order of their lines. */
export async function listChanges(
  db: Queryable,
  appKey: number,
  importId: string,
  query: PageQuery & { outcome?: ImportChange["outcome"] | undefined },
): Promise<Page<ImportChange>> {
  requireResults(await requireImport(db, appKey, importId));
  const after = decodeCursor(query.cursor, z.tuple([z.number()]));
  const rows = await listImportChanges(db, {
    ...{ appKey, importId, outcome: query.outcome ?? null },
    ...{ after: after?.[0] ?? 0, limit: query.limit },
  });
  return toPage(rows, query.limit, (row) => [row.line]);
}

/**
 * Removes what only this import brought: users and devices that it created and that nothing else has touched or brought
 * again since, and the events it stored. Runs in the background; asking twice is asking once.
 */
export async function requestUndo(db: Database, caller: Actor, importId: string): Promise<Import> {
  const { appKey } = caller;
  const row = await requireImport(db, appKey, importId);
  if (row.isDryRun)
    throw new Problem("conflict", "This was a dry run: it stored nothing that could be undone.");
  if (row.endedAt === null) {
    throw new Problem("conflict", `This import is still ${row.status}; cancel it first, then undo it.`);
  }
  if (row.expiredAt !== null && row.undoRequestedAt === null) {
    const day = row.expiredAt.toISOString().slice(0, 10);
    const detail = `What this import was the first to bring was forgotten on ${day}, with its file, so it cannot be undone any more.`;
    throw new Problem("gone", detail);
  }
  await db.transaction(async (tx) => {
    if (!(await markUndo(tx, { appKey, importId, now: new Date() }))) return;
    const { created, updated } = row;
    await record(tx, caller, "import.undone", importId, { name: row.name, before: { created, updated } });
    await addJob(tx, { task: undoImportTask, key: importId, payload: { appKey, importId } });
    await notify(tx, "chapar_changes", `${appKey}:import:${importId}`);
  });
  return getImport(db, appKey, importId);
}

async function requireImport(db: Queryable, appKey: number, importId: string): Promise<ImportRow> {
  const row = await findImport(db, appKey, importId);
  if (!row) throw new Problem("not_found", `There is no import ${importId} in this app.`);
  return row;
}

function toImport(row: ImportRow): Import {
  const { total, created, updated, unchanged, rejected, discarded } = row;
  return {
    id: row.importId,
    name: row.name,
    format: row.format,
    dryRun: row.isDryRun,
    options: row.options,
    createdBy: row.createdBy,
    segment:
      row.segmentId === null || row.segmentName === null
        ? null
        : { id: row.segmentId, name: row.segmentName },
    consent:
      row.consent === null
        ? null
        : {
            text: row.consent,
            by: row.createdBy,
            at: row.createdAt.toISOString(),
            sha256: row.sha256?.toString("hex") ?? null,
          },
    understood: row.understood,
    status: row.status,
    rows: { total, created, updated, unchanged, rejected, discarded },
    bytes: { total: row.bytesTotal, read: row.bytesRead },
    fileErasedAt: row.fileErasedAt?.toISOString() ?? null,
    expiredAt: row.expiredAt?.toISOString() ?? null,
    sha256: row.sha256?.toString("hex") ?? null,
    failure: row.failure,
    faults: row.faults,
    warnings: row.warnings,
    undo: row.undoRequestedAt && {
      status: row.undoneAt ? "done" : "running",
      users: row.usersRemoved,
      installations: row.installationsRemoved,
      events: row.eventsRemoved,
    },
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    ...paceOf(row),
  };
}

function paceOf({ startedAt, endedAt, total }: ImportRow): Pick<Import, "duration" | "rate"> {
  if (!startedAt || !endedAt) return { duration: null, rate: null };
  const seconds = Math.max(0.001, (endedAt.getTime() - startedAt.getTime()) / 1000);
  return { duration: seconds, rate: Math.round(total / seconds) };
}
