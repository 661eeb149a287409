import type { Readable } from "node:stream";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Database, Queryable } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { addJob } from "../jobs/queue.ts";
import { decodeCursor, type Page, type PageQuery, toPage } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { openStoredFile, storeFile } from "./files.ts";
import {
  deleteParts,
  findImport,
  type ImportRow,
  insertFile,
  insertImport,
  listImportErrors,
  listImports,
  requestCancel,
} from "./queries.ts";
import type { Import, ImportError } from "./schema.ts";

export const runImportTask = "run_import";

/**
 * Stores the upload and queues its import; both are durable when this returns. An upload that breaks off, or has
 * nothing in it, leaves nothing behind.
 */
export async function acceptImport(
  db: Database,
  appKey: number,
  upload: { name: string; bytes: Readable },
): Promise<Import> {
  const fileId = uuidv7();
  const importId = uuidv7();
  const now = new Date();
  const { size, sha256 } = await storeFile(db, fileId, upload.bytes);
  if (size === 0) {
    await deleteParts(db, fileId);
    throw new Problem("validation", "The upload is empty; send the file as the body of the request.", [
      { pointer: "", detail: "is empty; send the file as the body of the request" },
    ]);
  }
  await db.transaction(async (tx) => {
    await insertFile(tx, { fileId, appKey, name: upload.name, size, sha256, now });
    await insertImport(tx, { importId, appKey, fileId, name: upload.name, format: "onesignal", now });
    await addJob(tx, { task: runImportTask, key: importId, payload: { appKey, importId } });
    await notify(tx, "chapar_changes", `${appKey}:import:${importId}`);
  });
  return getImport(db, appKey, importId);
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

/** Rejected and discarded rows in the order of their lines. */
export async function listErrors(
  db: Queryable,
  appKey: number,
  importId: string,
  query: PageQuery,
): Promise<Page<ImportError>> {
  await requireImport(db, appKey, importId);
  const after = decodeCursor(query.cursor, z.tuple([z.number()]));
  const rows = await listImportErrors(db, importId, { after: after?.[0] ?? 0, limit: query.limit });
  return toPage(rows, query.limit, (row) => [row.line]);
}

/** All of {@link listErrors}, a thousand rows at a time. */
export async function* eachError(
  db: Queryable,
  appKey: number,
  importId: string,
): AsyncGenerator<ImportError> {
  await requireImport(db, appKey, importId);
  for (let after = 0; ; ) {
    const rows = await listImportErrors(db, importId, { after, limit: 1000 });
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length <= 1000) return;
    after = last.line;
  }
}

export async function openOriginal(
  db: Database,
  appKey: number,
  importId: string,
): Promise<{ name: string; size: number; bytes: AsyncIterable<Buffer> }> {
  const row = await requireImport(db, appKey, importId);
  return {
    name: row.name,
    size: row.bytesTotal,
    bytes: openStoredFile(db, { fileId: row.fileId, size: row.bytesTotal }).read(),
  };
}

/** A running import stops after the batch it is at; what that and earlier batches brought in stays. */
export async function cancelImport(db: Database, appKey: number, importId: string): Promise<Import> {
  const row = await requireImport(db, appKey, importId);
  if (!(await requestCancel(db, appKey, importId, new Date()))) {
    throw new Problem(
      "conflict",
      `This import has ended already (${row.status}), so it cannot be cancelled.`,
    );
  }
  await notify(db, "chapar_changes", `${appKey}:import:${importId}`);
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
    status: row.status,
    rows: { total, created, updated, unchanged, rejected, discarded },
    bytes: { total: row.bytesTotal, read: row.bytesRead },
    sha256: row.sha256.toString("hex"),
    failure: row.failure,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
