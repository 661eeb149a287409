import sql from "sql-template-tag";
import type { Queryable } from "../../db/database.ts";
import type { Warning } from "../formats/format.ts";
import type { FileFault } from "../read/record.ts";
import type { ImportFormat, ImportOptions, ImportStatus, Understood } from "../schema.ts";

export interface ImportRow {
  importId: string;
  appKey: number;
  appId: string;
  /** IANA name. */
  timeZone: string;
  fileId: string;
  name: string;
  format: ImportFormat | "auto";
  options: ImportOptions;
  isDryRun: boolean;
  understood: Understood | null;
  warnings: Warning[];
  /** The tag of what this import creates or changes. */
  importTag: string;
  createdBy: string | null;
  consent: string | null;
  segmentId: string | null;
  /** Of the segment, as it is called now. */
  /** Null as well where the segment was deleted. */
  segmentName: string | null;
  faults: FileFault[];
  status: ImportStatus;
  failure: string | null;
  doneLine: number;
  /** Rows that count for the row limit. */
  acceptedRows: number;
  total: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  discarded: number;
  bytesTotal: number | null;
  fileErasedAt: Date | null;
  /** When file and results of rows were deleted, being older than the app keeps them. */
  expiredAt: Date | null;
  bytesRead: number;
  sha256: Buffer | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  undoRequestedAt: Date | null;
  undoneAt: Date | null;
  usersRemoved: number;
  installationsRemoved: number;
  eventsRemoved: number;
}

const importColumns = sql`
  i.import_id as "importId", i.app_key as "appKey", a.app_id as "appId", a.time_zone as "timeZone",
  i.file_id as "fileId", i.name, i.format, i.options, i.is_dry_run as "isDryRun", i.understood, i.warnings,
  'import_' || to_char(i.created_at at time zone a.time_zone, 'YYYY-MM-DD') as "importTag",
  i.created_by as "createdBy", i.consent, i.segment_id as "segmentId", s.name as "segmentName", i.faults,
  i.status, i.failure, i.done_line as "doneLine", i.rows_accepted as "acceptedRows", i.rows_total as total, i.rows_created as created,
  i.rows_updated as updated, i.rows_unchanged as unchanged, i.rows_rejected as rejected,
  i.rows_discarded as discarded, f.size as "bytesTotal", f.erased_at as "fileErasedAt", i.expired_at as "expiredAt", i.bytes_read as "bytesRead", f.sha256,
  i.created_at as "createdAt", i.started_at as "startedAt", i.ended_at as "endedAt",
  i.undo_requested_at as "undoRequestedAt", i.undone_at as "undoneAt", i.users_removed as "usersRemoved",
  i.installations_removed as "installationsRemoved", i.events_removed as "eventsRemoved"`;

const importTables = sql`
  imports i join files f using (file_id) join apps a on a.app_key = i.app_key
    left join segments s on s.segment_id = i.segment_id and s.deleted_at is null`;

export async function findImport(db: Queryable, appKey: number, importId: string): Promise<ImportRow | null> {
  const { rows } = await db.query<ImportRow>(sql`
    select ${importColumns} from ${importTables} where i.import_id = ${importId} and i.app_key = ${appKey}`);
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
    from ${importTables}
    where i.app_key = ${appKey} and (${page.before}::uuid is null or i.import_id < ${page.before}::uuid)
    order by i.import_id desc
    limit ${page.limit + 1}`);
  return rows;
}

/** How the columns of the last completed file with this header were read. */
export async function findRememberedMapping(
  db: Queryable,
  file: { appKey: number; format: ImportFormat; headerHash: string },
): Promise<Understood | null> {
  const { rows } = await db.query<{ understood: Understood }>(sql`
    select understood
    from imports
    where app_key = ${file.appKey} and header_hash = ${Buffer.from(file.headerHash, "hex")}
      and format = ${file.format} and status like 'completed%'
    order by import_id desc
    limit 1`);
  return rows[0]?.understood ?? null;
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

/** Imports that have not ended and put their users into this segment. */
export async function importsInto(
  db: Queryable,
  appKey: number,
  segmentId: string,
): Promise<{ id: string; name: string }[]> {
  const { rows } = await db.query<{ id: string; name: string }>(sql`
    select import_id as id, name
    from imports
    where app_key = ${appKey} and segment_id = ${segmentId} and status in ('queued', 'validating', 'importing')
    order by import_id
    limit 20`);
  return rows;
}
