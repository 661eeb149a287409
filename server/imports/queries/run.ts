import sql from "sql-template-tag";
import type { Queryable } from "../../db/database.ts";
import type { Warning } from "../formats/format.ts";
import type { FileFault } from "../read/record.ts";
import type { ImportChannel, ImportFormat, ImportStatus, Understood } from "../schema.ts";

/**
 * Takes the import for this run: from now on an earlier run may not write. False when it has ended already. A dry run
 * begins anew, since what it had found out went with its connection.
 */
export async function startRun(
  tx: Queryable,
  run: { appKey: number; importId: string; runId: string; now: Date },
): Promise<boolean> {
  const { rows } = await tx.query<{ isDryRun: boolean }>(sql`
    update imports
    set run_id = ${run.runId}, status = 'importing', started_at = coalesce(started_at, ${run.now})
    where import_id = ${run.importId} and app_key = ${run.appKey} and status in ('queued', 'validating', 'importing')
    returning is_dry_run as "isDryRun"`);
  if (rows[0]?.isDryRun) {
    await tx.query(sql`delete from import_batches where import_id = ${run.importId}`);
    await tx.query(sql`delete from import_errors where import_id = ${run.importId}`);
    await tx.query(sql`
      update imports
      set done_line = 0, rows_total = 0, rows_created = 0, rows_updated = 0, rows_unchanged = 0, rows_rejected = 0,
        rows_discarded = 0, rows_accepted = 0, bytes_read = 0, warnings = '[]'
      where import_id = ${run.importId}`);
  }
  return rows.length === 1;
}

export interface RunState {
  runId: string | null;
  cancelRequested: boolean;
  doneLine: number;
  warnings: Warning[];
  segmentId: string | null;
}

const runColumns = sql`
  run_id as "runId", cancel_requested as "cancelRequested", done_line as "doneLine", warnings,
  segment_id as "segmentId"`;

/** Locks the import and tells who may write it and whether it should stop. */
export async function lockRun(db: Queryable, importId: string): Promise<RunState | null> {
  const { rows } = await db.query<RunState>(sql`
    select ${runColumns} from imports where import_id = ${importId} for update`);
  return rows[0] ?? null;
}

/** {@link lockRun} without the lock: only to look. */
export async function readRun(db: Queryable, importId: string): Promise<RunState | null> {
  const { rows } = await db.query<RunState>(
    sql`select ${runColumns} from imports where import_id = ${importId}`,
  );
  return rows[0] ?? null;
}

/** What was made of the file, once it is known. */
export async function recordOpened(
  db: Queryable,
  importId: string,
  opened: {
    format: ImportFormat;
    channel: ImportChannel | null;
    understood: Understood;
    headerHash: string;
    warnings: Warning[];
  },
): Promise<void> {
  await db.query(sql`
    update imports
    set format = ${opened.format}, understood = ${JSON.stringify(opened.understood)}::jsonb,
      options = options || jsonb_build_object('channel', ${opened.channel}::text),
      header_hash = ${Buffer.from(opened.headerHash, "hex")}, warnings = ${JSON.stringify(opened.warnings)}::jsonb
    where import_id = ${importId}`);
}

/** Where the rows of the file go besides. */
export async function recordSegment(db: Queryable, importId: string, segmentId: string): Promise<void> {
  await db.query(sql`update imports set segment_id = ${segmentId} where import_id = ${importId}`);
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
  progress: {
    importId: string;
    doneLine: number;
    bytesRead: number;
    acceptedRows: number;
    counts: BatchCounts;
    warnings: Warning[];
  },
): Promise<void> {
  const { counts } = progress;
  await db.query(sql`
    update imports
    set done_line = ${progress.doneLine},
      bytes_read = ${progress.bytesRead},
      rows_accepted = ${progress.acceptedRows},
      warnings = ${JSON.stringify(progress.warnings)}::jsonb,
      rows_total = rows_total + ${counts.total},
      rows_created = rows_created + ${counts.created},
      rows_updated = rows_updated + ${counts.updated},
      rows_unchanged = rows_unchanged + ${counts.unchanged},
      rows_rejected = rows_rejected + ${counts.rejected},
      rows_discarded = rows_discarded + ${counts.discarded}
    where import_id = ${progress.importId}`);
}

export async function endImport(
  db: Queryable,
  end: {
    importId: string;
    status: ImportStatus;
    failure: string | null;
    faults: readonly FileFault[];
    now: Date;
  },
): Promise<void> {
  await db.query(sql`
    update imports
    set status = ${end.status}, failure = ${end.failure}, faults = ${JSON.stringify(end.faults)}::jsonb, ended_at = ${end.now}, run_id = null
    where import_id = ${end.importId}`);
}

/** The planner must know freshly filled tables before the next query trusts them. */
export async function analyzeImported(db: Queryable): Promise<void> {
  await db.query(
    sql`analyze users, installations, installation_directory, events, behaviours, segment_members`,
  );
}
