import pg from "pg";
import sql from "sql-template-tag";
import { copyBytesOut } from "../../db/copy.ts";
import type { Database, Queryable } from "../../db/database.ts";
import type { ImportFormat, ImportOptions } from "../schema.ts";

export async function insertPart(
  db: Queryable,
  part: { fileId: string; seq: number; bytes: Buffer },
): Promise<void> {
  await db.query(sql`
    insert into file_parts (file_id, seq, bytes) values (${part.fileId}, ${part.seq}, ${part.bytes})`);
}

export async function deleteParts(db: Queryable, fileId: string): Promise<void> {
  await db.query(sql`delete from file_parts where file_id = ${fileId}`);
}

export const readPart = (db: Database, fileId: string, seq: number): Promise<Buffer | null> =>
  copyBytesOut(
    db,
    `select bytes from file_parts where file_id = ${pg.escapeLiteral(fileId)} and seq = ${Math.trunc(seq)}`,
  );

export async function insertFile(
  db: Queryable,
  file: { fileId: string; appKey: number; name: string; now: Date },
): Promise<void> {
  await db.query(sql`
    insert into files (file_id, app_key, name, created_at)
    values (${file.fileId}, ${file.appKey}, ${file.name}, ${file.now})`);
}

export async function completeFile(
  db: Queryable,
  file: { fileId: string; size: number; sha256: Buffer },
): Promise<void> {
  await db.query(sql`
    update files set size = ${file.size}, sha256 = ${file.sha256} where file_id = ${file.fileId}`);
}

export async function insertImport(
  db: Queryable,
  row: {
    importId: string;
    appKey: number;
    fileId: string;
    name: string;
    format: ImportFormat | "auto";
    options: ImportOptions;
    isDryRun: boolean;
    createdBy: string;
    consent: string | null;
    /** Whether its file is yet to come. */
    isUpload: boolean;
    now: Date;
  },
): Promise<void> {
  await db.query(sql`
    insert into imports (
      import_id, app_key, file_id, name, format, options, is_dry_run, created_by, consent, status, upload_seen_at,
      created_at)
    values (
      ${row.importId}, ${row.appKey}, ${row.fileId}, ${row.name}, ${row.format}, ${JSON.stringify(row.options)}::jsonb,
      ${row.isDryRun}, ${row.createdBy}, ${row.consent}, 'queued', ${row.isUpload ? row.now : null}::timestamptz,
      ${row.now})`);
}

/** A part of the file came. False when the upload was given up or cancelled meanwhile. */
export async function noteUpload(
  db: Queryable,
  { importId, received, now }: { importId: string; received: number; now: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update imports set upload_seen_at = ${now}, bytes_read = ${received}
    where import_id = ${importId} and upload_seen_at is not null and status = 'queued'`);
  return rowCount === 1;
}

/** All of the file is there. False when the upload was given up or cancelled meanwhile. */
export async function endUpload(db: Queryable, importId: string): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update imports set upload_seen_at = null, bytes_read = 0
    where import_id = ${importId} and upload_seen_at is not null and status = 'queued'`);
  return rowCount === 1;
}

export async function failUpload(
  db: Queryable,
  end: { importId: string; failure: string; now: Date },
): Promise<void> {
  await db.query(sql`
    update imports
    set status = case when status = 'queued' then 'failed' else status end,
      failure = coalesce(failure, ${end.failure}), ended_at = coalesce(ended_at, ${end.now}), upload_seen_at = null,
      bytes_read = 0
    where import_id = ${end.importId} and upload_seen_at is not null`);
}

/** As if the upload had never begun. */
export async function deleteImport(
  db: Queryable,
  upload: { importId: string; fileId: string },
): Promise<void> {
  await db.query(sql`delete from imports where import_id = ${upload.importId}`);
  await db.query(sql`delete from file_parts where file_id = ${upload.fileId}`);
  await db.query(sql`delete from files where file_id = ${upload.fileId}`);
}

/** Uploads whose last part came before `since`: nobody sends them any more. */
export async function listSilentUploads(
  db: Queryable,
  since: Date,
): Promise<{ importId: string; appKey: number; fileId: string }[]> {
  const { rows } = await db.query<{ importId: string; appKey: number; fileId: string }>(sql`
    select import_id as "importId", app_key as "appKey", file_id as "fileId"
    from imports
    where upload_seen_at < ${since}`);
  return rows;
}
