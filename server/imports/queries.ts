import pg from "pg";
import sql from "sql-template-tag";
import { type CopyData, copyBytesOut, copyInto } from "../db/copy.ts";
import type { Database, Queryable, Transaction } from "../db/database.ts";
import type { Warning } from "./formats/format.ts";
import type {
  ImportChange,
  ImportChannel,
  ImportFormat,
  ImportOptions,
  ImportStatus,
  Understood,
} from "./schema.ts";

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
  segmentName: string | null;
  faults: string[];
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
  i.rows_discarded as discarded, f.size as "bytesTotal", i.bytes_read as "bytesRead", f.sha256,
  i.created_at as "createdAt", i.started_at as "startedAt", i.ended_at as "endedAt",
  i.undo_requested_at as "undoRequestedAt", i.undone_at as "undoneAt", i.users_removed as "usersRemoved",
  i.installations_removed as "installationsRemoved", i.events_removed as "eventsRemoved"`;

const importTables = sql`
  imports i join files f using (file_id) join apps a on a.app_key = i.app_key
    left join segments s using (segment_id)`;

/** What reading a file needs to know of its app. */
export async function findApp(db: Queryable, appKey: number): Promise<{ timeZone: string }> {
  const { rows } = await db.query<{ timeZone: string }>(sql`
    select time_zone as "timeZone" from apps where app_key = ${appKey}`);
  const app = rows[0];
  if (!app) throw new Error(`there is no app ${appKey}`);
  return app;
}

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

export interface ImportErrorRow {
  line: number;
  /** Counts the faults of one row. */
  seq: number;
  outcome: "rejected" | "discarded";
  code: string;
  column: string | null;
  detail: string;
}

export async function listImportErrors(
  db: Queryable,
  importId: string,
  page: { after: readonly [line: number, seq: number]; limit: number },
): Promise<ImportErrorRow[]> {
  const [line, seq] = page.after;
  const { rows } = await db.query<ImportErrorRow>(sql`
    select line, seq, outcome, code, column_name as "column", detail
    from import_errors
    where import_id = ${importId} and (line, seq) > (${line}::integer, ${seq}::integer)
    order by line, seq
    limit ${page.limit + 1}`);
  return rows;
}

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

/** Stages the rows of a batch beside what they say, for {@link insertBatch}. */
export async function stageRows(tx: Transaction, rows: CopyData): Promise<void> {
  // Temporary tables have no statistics, so the planner takes them for large and would compile each statement for half a
  // second. And a commit need not wait for the disk: a batch that a crash takes back is merged again.
  await tx.client.query(`
    set local jit = off;
    set local synchronous_commit = off;
    create temp table if not exists staged_rows (
      line integer, row_key uuid, user_key uuid, installation_key uuid, subject text
    ) on commit delete rows`);
  await copyInto(tx, "staged_rows", rows);
}

/** Takes back staged rows of people or events that later ones replace. What they say of people stays. */
export async function dropStagedRows(
  tx: Transaction,
  lines: readonly number[],
  isEvents: boolean,
): Promise<void> {
  await tx.query(sql`delete from staged_rows where line = any(${lines}::integer[])`);
  if (isEvents) await tx.query(sql`delete from staged_events where line = any(${lines}::integer[])`);
}

/** Rows of events take the user that was found for them; those without one are gone. */
export async function settleEventRows(tx: Transaction): Promise<void> {
  await tx.query(sql`
    update staged_rows r set user_key = e.user_key
    from staged_events e
    where r.user_key is null and e.line = r.line`);
  await tx.query(sql`delete from staged_rows where user_key is null`);
}

/** Whether what a row is about was not there before: a device, a person, or an address of theirs. */
const isNewPerson = sql`
  case r.subject
    when 'installation' then coalesce(i.is_new, false)
    when 'user' then coalesce(u.is_new, false)
    when 'email' then coalesce(u.is_new, false) or coalesce(not k.has_email, false)
    else coalesce(u.is_new, false) or coalesce(not k.has_phone, false)
  end`;

const personOutcomes = sql`
  select r.line, r.row_key, r.user_key,
    case
      when ${isNewPerson} then 2
      when u.user_key is not null or i.installation_key is not null then 1
      else 0
    end as outcome
  from staged_rows r
  left join merged_users u on u.user_key = r.user_key
  left join merged_installations i on i.installation_key = r.installation_key
  left join known_addresses k on k.user_key = r.user_key`;

const eventOutcomes = sql`
  select r.line, r.row_key, r.user_key, case when e.event_id is null then 0 else 2 end as outcome
  from staged_rows r
  left join merged_events e on e.event_id = r.row_key`;

/**
 * Writes down what every row of the batch came to, from what the merge left in its tables, and counts it.
 * Outcomes: 0 unchanged, 1 updated, 2 created.
 */
export async function insertBatch(
  tx: Transaction,
  batch: { importId: string; seq: number; repeatedKeys: string[]; isEvents: boolean; hasPeople: boolean },
): Promise<Pick<BatchCounts, "created" | "updated" | "unchanged">> {
  const newUsers = batch.hasPeople
    ? sql`coalesce((select array_agg(user_key) from merged_users where is_new), '{}')`
    : sql`'{}'`;
  const newInstallations =
    batch.hasPeople && !batch.isEvents
      ? sql`coalesce((select array_agg(installation_key) from merged_installations where is_new), '{}')`
      : sql`'{}'`;
  // Temporary tables have no statistics: without a word the planner may pair every row with every other.
  await tx.query(sql`
    select set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true)`);
  const { rows } = await tx.query<Pick<BatchCounts, "created" | "updated" | "unchanged">>(sql`
    with outcomes as materialized (
      select * from (${batch.isEvents ? eventOutcomes : personOutcomes}) as o order by line
    ),
    written as (
      insert into import_batches (
        import_id, seq, lines, row_keys, user_keys, outcomes, repeated_keys, new_user_keys, new_installation_keys)
      select ${batch.importId}::uuid, ${batch.seq}::integer, coalesce(array_agg(line), '{}'),
        coalesce(array_agg(row_key), '{}'), coalesce(array_agg(user_key), '{}'),
        coalesce(array_agg(outcome::smallint), '{}'), ${batch.repeatedKeys}::uuid[], ${newUsers}, ${newInstallations}
      from outcomes
    )
    select count(*) filter (where outcome = 2) as created, count(*) filter (where outcome = 1) as updated,
      count(*) filter (where outcome = 0) as unchanged
    from outcomes`);
  return rows[0] ?? { created: 0, updated: 0, unchanged: 0 };
}

/** The row keys of the first batch after `after`; null when there is none. */
export async function listMergedKeys(
  db: Queryable,
  importId: string,
  after: number,
): Promise<{ seq: number; rowKeys: string[] } | null> {
  const { rows } = await db.query<{ seq: number; rowKeys: string[] }>(sql`
    select seq, row_keys::text[] as "rowKeys"
    from import_batches
    where import_id = ${importId} and seq > ${after}
    order by seq
    limit 1`);
  return rows[0] ?? null;
}

export async function insertImportErrors(
  db: Queryable,
  importId: string,
  errors: ImportErrorRow[],
): Promise<void> {
  await db.query(sql`
    insert into import_errors (import_id, line, seq, outcome, code, column_name, detail)
    select ${importId}::uuid, line, seq, outcome, code, column_name, detail
    from unnest(
      ${errors.map((error) => error.line)}::integer[],
      ${errors.map((error) => error.seq)}::smallint[],
      ${errors.map((error) => error.outcome)}::text[],
      ${errors.map((error) => error.code)}::text[],
      ${errors.map((error) => error.column)}::text[],
      ${errors.map((error) => error.detail)}::text[]
    ) as e (line, seq, outcome, code, column_name, detail)
    on conflict do nothing`);
}

/** Whether any row may have replaced one of an earlier batch. */
export async function hasRepeats(db: Queryable, importId: string): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(sql`
    select exists (
      select from import_batches where import_id = ${importId} and repeated_keys <> '{}'
    ) as found`);
  return rows[0]?.found ?? false;
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
        and r.row_key in (
          select unnest(repeated_keys) from import_batches where import_id = ${importId}
        )
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
      insert into import_errors (import_id, line, seq, outcome, code, detail)
      select ${importId}::uuid, m.line, 0, 'discarded', 'duplicate_in_file', 'Replaced by line ' || r.last_line || ', which speaks of the same.'
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
  end: {
    importId: string;
    status: ImportStatus;
    failure: string | null;
    faults: readonly string[];
    now: Date;
  },
): Promise<void> {
  await db.query(sql`
    update imports
    set status = ${end.status}, failure = ${end.failure}, faults = ${JSON.stringify(end.faults)}::jsonb, ended_at = ${end.now}, run_id = null
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

/** Rows with an outcome other than unchanged, by line; users and devices that are gone have no ids any more. */
export async function listImportChanges(
  db: Queryable,
  page: {
    appKey: number;
    importId: string;
    outcome: "created" | "updated" | null;
    after: number;
    limit: number;
  },
): Promise<ImportChange[]> {
  const wanted = page.outcome === null ? [1, 2] : page.outcome === "created" ? [2] : [1];
  const { rows } = await db.query<ImportChange>(sql`
    select c.line, case c.outcome when 2 then 'created' else 'updated' end as outcome, u.user_id as "userId",
      i.installation_id as "installationId"
    from (
      select r.line, r.row_key, r.user_key, r.outcome
      from import_batches b
      cross join lateral unnest(b.lines, b.row_keys, b.user_keys, b.outcomes) as r (line, row_key, user_key, outcome)
      where b.import_id = ${page.importId} and b.seq > ${page.after} and r.line > ${page.after}
        and r.outcome = any(${wanted}::smallint[])
      order by b.seq, r.line
      limit ${page.limit + 1}
    ) as c
    left join lateral (
      select user_id from users where app_key = ${page.appKey} and user_key = c.user_key limit 1
    ) as u on true
    left join lateral (
      select installation_id from installations
      where app_key = ${page.appKey} and user_key = c.user_key and installation_key = c.row_key
      limit 1
    ) as i on true
    order by c.line`);
  return rows;
}

/** True for the first who asks. */
export async function markUndo(
  db: Queryable,
  undo: { appKey: number; importId: string; now: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update imports set undo_requested_at = ${undo.now}
    where import_id = ${undo.importId} and app_key = ${undo.appKey} and undo_requested_at is null`);
  return rowCount === 1;
}

export interface MergedBatch {
  seq: number;
  /** Of rows that created something. */
  createdKeys: string[];
  createdUserKeys: string[];
  newUserKeys: string[];
  newInstallationKeys: string[];
}

/** The first batch after `after`; null when there is none. */
export async function readMergedBatch(
  db: Queryable,
  importId: string,
  after: number,
): Promise<MergedBatch | null> {
  const { rows } = await db.query<MergedBatch>(sql`
    select b.seq, b.new_user_keys::text[] as "newUserKeys", b.new_installation_keys::text[] as "newInstallationKeys",
      c."createdKeys", c."createdUserKeys"
    from import_batches b
    cross join lateral (
      select coalesce(array_agg(r.row_key::text), '{}') as "createdKeys",
        coalesce(array_agg(r.user_key::text), '{}') as "createdUserKeys"
      from unnest(b.row_keys, b.user_keys, b.outcomes) as r (row_key, user_key, outcome)
      where r.outcome = 2
    ) as c
    where b.import_id = ${importId} and b.seq > ${after}
    order by b.seq
    limit 1`);
  return rows[0] ?? null;
}

/**
 * Which of these users and installations other imports have brought as well, at the same time or later. One pass over
 * what those imports merged: an undo is rare, and has time.
 */
export async function noteBroughtAgain(
  db: Queryable,
  own: { appKey: number; importId: string; startedAt: Date },
): Promise<void> {
  await db.query(sql`create temp table if not exists brought_again (key uuid primary key)`);
  await db.query(sql`
    insert into brought_again
    select r.key
    from imports i
    join import_batches b using (import_id)
    cross join lateral (
      select unnest(b.user_keys) as key
      union all
      select unnest(b.row_keys)
    ) as r
    where i.app_key = ${own.appKey} and i.import_id <> ${own.importId} and not i.is_dry_run
      and i.undo_requested_at is null and (i.ended_at is null or i.ended_at > ${own.startedAt})
    on conflict do nothing`);
  await db.query(sql`analyze brought_again`);
}

export async function withoutBroughtAgain(db: Queryable, keys: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>(sql`
    select k.key
    from unnest(${keys}::uuid[]) as k (key)
    where not exists (select from brought_again a where a.key = k.key)`);
  return rows.map((row) => row.key);
}

export async function recordUndone(
  db: Queryable,
  undone: {
    importId: string;
    users: number;
    installations: number;
    events: number;
    isEnd: boolean;
    now: Date;
  },
): Promise<void> {
  await db.query(sql`
    update imports
    set users_removed = users_removed + ${undone.users},
      installations_removed = installations_removed + ${undone.installations},
      events_removed = events_removed + ${undone.events},
      undone_at = case when ${undone.isEnd}::boolean then ${undone.now}::timestamptz end
    where import_id = ${undone.importId}`);
}

/** The planner must know freshly filled tables before the next query trusts them. */
export async function analyzeImported(db: Queryable): Promise<void> {
  await db.query(
    sql`analyze users, installations, installation_directory, events, behaviours, segment_members`,
  );
}
