import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";

export interface AccountRow {
  id: string;
  name: string;
  misconfiguredDetail: string | null;
  restsUntil: Date | null;
  restsDetail: string | null;
}

/** Accounts that are switched on and send nothing. */
export async function listTroubledAccounts(db: Queryable, appKey: number, now: Date): Promise<AccountRow[]> {
  const { rows } = await db.query<AccountRow>(sql`
    select account_id as id, name, misconfigured_detail as "misconfiguredDetail",
      case when rests_until > ${now} then rests_until end as "restsUntil", rests_detail as "restsDetail"
    from provider_accounts
    where app_key = ${appKey} and is_active and (misconfigured_detail is not null or rests_until > ${now})
    order by channel, priority, account_key
    limit 20`);
  return rows;
}

export interface ImportTrouble {
  id: string;
  name: string;
  hasFailed: boolean;
  failure: string | null;
  rejected: number;
  at: Date;
}

/** Of the latest imports, those that failed or rejected more than a twentieth of their rows. */
export async function listTroubledImports(
  db: Queryable,
  appKey: number,
  { since, latest }: { since: string; latest: number },
): Promise<ImportTrouble[]> {
  const { rows } = await db.query<ImportTrouble>(sql`
    select import_id as id, name, status = 'failed' as "hasFailed", failure, rows_rejected as rejected,
      coalesce(ended_at, created_at) as at
    from (
      select *
      from imports
      where app_key = ${appKey} and import_id >= ${since}::uuid and not is_dry_run
      order by import_id desc
      limit ${latest}
    ) as i
    where undo_requested_at is null and (status = 'failed' or rows_rejected > 0 and rows_rejected * 20 > rows_total)
    order by import_id desc
    limit 10`);
  return rows;
}

export interface PausedMessage {
  id: string;
  name: string;
  haltedDetail: string | null;
}

/** What a message is called: its campaign, or the beginning of its words. */
const nameOfMessage = sql`coalesce(m.campaign_name, nullif(left(m.content ->> 'content', 80), ''))`;

export async function listPausedMessages(db: Queryable, appKey: number): Promise<PausedMessage[]> {
  const { rows } = await db.query<PausedMessage>(sql`
    select message_id as id, ${nameOfMessage} as name, halted_detail as "haltedDetail"
    from messages m
    where app_key = ${appKey} and status = 'paused'
    order by halted_detail is null, message_id desc
    limit 10`);
  return rows;
}

/** Messages under way of which nothing that is due has been touched since then, the oldest first. */
export async function listUntouched(
  db: Queryable,
  appKey: number,
  { before, now }: { before: Date; now: Date },
): Promise<{ id: string; name: string; since: Date | null }[]> {
  const { rows } = await db.query<{ id: string; name: string; since: Date | null }>(sql`
    select m.message_id as id, ${nameOfMessage} as name, c.since
    from messages m
    cross join lateral (
      select min(not_before) as since, bool_or(lease_until > ${now}) as is_taken, count(*) as chunks
      from chunks
      where message_id = m.message_id and stage <= m.open_stage
    ) as c
    where m.status in ('expanding', 'running') and m.app_key = ${appKey} and m.created_at < ${before}
      and (m.next_at is null or m.next_at < ${now}) and not coalesce(c.is_taken, false)
      and (c.since < ${before} or m.status = 'running' and c.chunks = 0 and m.first_share is not null)
    order by m.message_id
    limit 10`);
  return rows;
}

export async function listFailedCampaigns(
  db: Queryable,
  appKey: number,
): Promise<{ id: string; name: string; failure: string }[]> {
  const { rows } = await db.query<{ id: string; name: string; failure: string }>(sql`
    select campaign_id as id, name, failure
    from campaigns
    where app_key = ${appKey} and deleted_at is null and failure is not null and phase <> 'cancelled'
    order by campaign_id desc
    limit 10`);
  return rows;
}

/** Jobs of the app that have failed so often and are tried again. */
export async function listFailingJobs(
  db: Queryable,
  appKey: number,
  attempts: number,
): Promise<{ name: string; attempts: number; error: string; at: Date }[]> {
  const { rows } = await db.query<{ name: string; attempts: number; error: string; at: Date }>(sql`
    select t.identifier as name, j.attempts, left(j.last_error, 300) as error, j.run_at as at
    from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id
    where j.attempts >= ${attempts} and j.last_error is not null and (j.payload ->> 'appKey')::integer = ${appKey}
    order by j.attempts desc, j.id
    limit 5`);
  return rows;
}

export async function hasWorker(db: Queryable, since: Date): Promise<boolean> {
  const { rowCount } = await db.query(sql`select from workers where seen_at > ${since} limit 1`);
  return rowCount === 1;
}
