import sql from "sql-template-tag";
import { type CopyData, copyInto } from "../../db/copy.ts";
import type { Queryable, Transaction } from "../../db/database.ts";
import type { ImportChange } from "../schema.ts";
import type { BatchCounts } from "./run.ts";

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
      select user_id
      from users
      where app_key = ${page.appKey} and user_key = coalesce(
        (select owner_key from user_aliases where app_key = ${page.appKey} and user_key = c.user_key),
        c.user_key)
      limit 1
    ) as u on true
    left join lateral (
      select i.installation_id
      from installation_directory d
      join installations i on i.app_key = d.app_key and i.user_key = d.user_key
        and i.installation_key = d.installation_key
      where d.app_key = ${page.appKey} and d.installation_key = c.row_key
      limit 1
    ) as i on true
    order by c.line`);
  return rows;
}
