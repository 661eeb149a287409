import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import type { ImportFormat, ImportStatus } from "./schema.ts";

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

export async function readPart(db: Queryable, fileId: string, seq: number): Promise<Buffer | null> {
  const { rows } = await db.query<{ bytes: Buffer }>(sql`
    select bytes from file_parts where file_id = ${fileId} and seq = ${seq}`);
  return rows[0]?.bytes ?? null;
}

export async function insertFile(
  db: Queryable,
  file: { fileId: string; appKey: number; name: string; size: number; sha256: Buffer; now: Date },
): Promise<void> {
  await db.query(sql`
    insert into files (file_id, app_key, name, size, sha256, created_at)
    values (${file.fileId}, ${file.appKey}, ${file.name}, ${file.size}, ${file.sha256}, ${file.now})`);
}

export async function insertImport(
  db: Queryable,
  row: { importId: string; appKey: number; fileId: string; name: string; format: ImportFormat; now: Date },
): Promise<void> {
  await db.query(sql`
    insert into imports (import_id, app_key, file_id, name, format, status, created_at)
    values (${row.importId}, ${row.appKey}, ${row.fileId}, ${row.name}, ${row.format}, 'queued', ${row.now})`);
}

export interface ImportRow {
  importId: string;
  appKey: number;
  appId: string;
  fileId: string;
  name: string;
  format: ImportFormat;
  status: ImportStatus;
  failure: string | null;
  doneLine: number;
  total: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  discarded: number;
  bytesTotal: number;
  bytesRead: number;
  sha256: Buffer;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
}

const importColumns = sql`
  i.import_id as "importId", i.app_key as "appKey", a.app_id as "appId", i.file_id as "fileId", i.name, i.format,
  i.status, i.failure, i.done_line as "doneLine", i.rows_total as total, i.rows_created as created,
  i.rows_updated as updated, i.rows_unchanged as unchanged, i.rows_rejected as rejected,
  i.rows_discarded as discarded, f.size as "bytesTotal", i.bytes_read as "bytesRead", f.sha256,
  i.created_at as "createdAt", i.started_at as "startedAt", i.ended_at as "endedAt"`;

export async function findImport(db: Queryable, appKey: number, importId: string): Promise<ImportRow | null> {
  const { rows } = await db.query<ImportRow>(sql`
    select ${importColumns}
    from imports i
    join files f using (file_id)
    join apps a on a.app_key = i.app_key
    where i.import_id = ${importId} and i.app_key = ${appKey}`);
  return rows[0] ?? null;
}

/** Newest first; import ids are ordered by time. */
export async function listImports(
  db: Queryable,
  appKey: number,
  page: { before: string | null; limit: number },
): Promise<ImportRow[]> {
  const { rows } = await db.query<ImportRow>(sql`
    select ${importColumns}
    from imports i
    join files f using (file_id)
    join apps a on a.app_key = i.app_key
    where i.app_key = ${appKey} and (${page.before}::uuid is null or i.import_id < ${page.before}::uuid)
    order by i.import_id desc
    limit ${page.limit + 1}`);
  return rows;
}

export interface ImportErrorRow {
  line: number;
  outcome: "rejected" | "discarded";
  code: string;
  column: string | null;
  detail: string;
}

export async function listImportErrors(
  db: Queryable,
  importId: string,
  page: { after: number; limit: number },
): Promise<ImportErrorRow[]> {
  const { rows } = await db.query<ImportErrorRow>(sql`
    select line, outcome, code, column_name as "column", detail
    from import_errors
    where import_id = ${importId} and line > ${page.after}
    order by line
    limit ${page.limit + 1}`);
  return rows;
}

/** Takes the import for this run: from now on an earlier run may not write. Null when it has ended already. */
export async function startRun(
  db: Queryable,
  run: { appKey: number; importId: string; runId: string; now: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update imports
    set run_id = ${run.runId}, status = 'importing', started_at = coalesce(started_at, ${run.now})
    where import_id = ${run.importId} and app_key = ${run.appKey} and status in ('queued', 'validating', 'importing')`);
  return rowCount === 1;
}

/** Locks the import and tells who may write it and whether it should stop. */
export async function lockRun(
  db: Queryable,
  importId: string,
): Promise<{ runId: string | null; cancelRequested: boolean; doneLine: number } | null> {
  const { rows } = await db.query<{ runId: string | null; cancelRequested: boolean; doneLine: number }>(sql`
    select run_id as "runId", cancel_requested as "cancelRequested", done_line as "doneLine"
    from imports
    where import_id = ${importId}
    for update`);
  return rows[0] ?? null;
}

export interface BatchCounts {
  total: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  discarded: number;
}

export async function recordProgress(
  db: Queryable,
  progress: { importId: string; doneLine: number; bytesRead: number; counts: BatchCounts },
): Promise<void> {
  const { counts } = progress;
  await db.query(sql`
    update imports
    set done_line = ${progress.doneLine},
      bytes_read = ${progress.bytesRead},
      rows_total = rows_total + ${counts.total},
      rows_created = rows_created + ${counts.created},
      rows_updated = rows_updated + ${counts.updated},
      rows_unchanged = rows_unchanged + ${counts.unchanged},
      rows_rejected = rows_rejected + ${counts.rejected},
      rows_discarded = rows_discarded + ${counts.discarded}
    where import_id = ${progress.importId}`);
}

/** Outcome of a merged row as `import_batches` stores it. */
export const rowOutcome = { unchanged: 0, updated: 1, created: 2 } as const;

export async function insertBatch(
  db: Queryable,
  batch: { importId: string; seq: number; lines: number[]; rowKeys: string[]; outcomes: number[] },
): Promise<void> {
  await db.query(sql`
    insert into import_batches (import_id, seq, lines, row_keys, outcomes)
    values (${batch.importId}, ${batch.seq}, ${batch.lines}::integer[], ${batch.rowKeys}::uuid[],
      ${batch.outcomes}::smallint[])`);
}

export async function insertImportErrors(
  db: Queryable,
  importId: string,
  errors: ImportErrorRow[],
): Promise<void> {
  await db.query(sql`
    insert into import_errors (import_id, line, outcome, code, column_name, detail)
    select ${importId}::uuid, line, outcome, code, column_name, detail
    from unnest(
      ${errors.map((error) => error.line)}::integer[],
      ${errors.map((error) => error.outcome)}::text[],
      ${errors.map((error) => error.code)}::text[],
      ${errors.map((error) => error.column)}::text[],
      ${errors.map((error) => error.detail)}::text[]
    ) as e (line, outcome, code, column_name, detail)
    on conflict do nothing`);
}

/**
 * Rows that a row of a later batch replaced become `discarded`, and the last row takes the outcome the first had:
 * what one batch created is not "updated" by the next.
 */
export async function discardReplacedRows(db: Queryable, importId: string): Promise<void> {
  await db.query(sql`
    with merged as (
      select r.line, r.row_key, r.outcome
      from import_batches b
      cross join unnest(b.lines, b.row_keys, b.outcomes) as r (line, row_key, outcome)
      where b.import_id = ${importId}
    ),
    repeated as (
      select row_key, max(line) as last_line, max(outcome) as outcome, count(*) as times,
        count(*) filter (where outcome = 2) as created,
        count(*) filter (where outcome = 1) as updated,
        count(*) filter (where outcome = 0) as unchanged
      from merged
      group by row_key
      having count(*) > 1
    ),
    discarded as (
      insert into import_errors (import_id, line, outcome, code, detail)
      select ${importId}::uuid, m.line, 'discarded', 'duplicate_in_file', 'Replaced by line ' || r.last_line || ', which has the same id.'
      from repeated r
      join merged m using (row_key)
      where m.line < r.last_line
      on conflict do nothing
    ),
    corrections as (
      select coalesce(sum(times - 1), 0) as discarded,
        coalesce(sum((outcome = 2)::integer - created), 0) as created,
        coalesce(sum((outcome = 1)::integer - updated), 0) as updated,
        coalesce(sum((outcome = 0)::integer - unchanged), 0) as unchanged
      from repeated
    )
    update imports i
    set rows_discarded = i.rows_discarded + c.discarded,
      rows_created = i.rows_created + c.created,
      rows_updated = i.rows_updated + c.updated,
      rows_unchanged = i.rows_unchanged + c.unchanged
    from corrections c
    where i.import_id = ${importId}`);
}

export async function endImport(
  db: Queryable,
  end: { importId: string; status: ImportStatus; failure: string | null; now: Date },
): Promise<void> {
  await db.query(sql`
    update imports
    set status = ${end.status}, failure = ${end.failure}, ended_at = ${end.now}, run_id = null
    where import_id = ${end.importId}`);
}

/** True when the import had not ended: a running one stops after its present batch, a queued one never starts. */
export async function requestCancel(
  db: Queryable,
  appKey: number,
  importId: string,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update imports
    set cancel_requested = true,
      status = case when status = 'queued' then 'cancelled' else status end,
      ended_at = case when status = 'queued' then ${now}::timestamptz else ended_at end
    where import_id = ${importId} and app_key = ${appKey} and status in ('queued', 'validating', 'importing')`);
  return rowCount === 1;
}

/** The planner must know freshly filled tables before the next query trusts them. */
export async function analyzeImported(db: Queryable): Promise<void> {
  await db.query(sql`analyze users, installations, installation_directory`);
}
