import sql, { type Sql } from "sql-template-tag";
import type { Channel } from "../channels/schema.ts";
import type { Queryable } from "../db/database.ts";
import type { MessageSource } from "../messages/schema.ts";
import type { Limits, Rollout, Schedule, Winner } from "./plan-schema.ts";
import type { CampaignContent, CampaignQuery } from "./schema.ts";

/** As it was given: `{"target": …}` or `{"segment": …}`, `{"users": […]}` or `{"topic": …}`. */
export interface CampaignAudience {
  target?: unknown;
  segment?: unknown;
  users?: string[];
  topic?: string;
}

/** How a campaign is sent. */
export interface CampaignPlan {
  schedule: Schedule;
  limits: Limits;
  rollout: Rollout | null;
  variants: { content: CampaignContent }[];
  winner: Winner | null;
}

export interface CampaignRow {
  campaignId: string;
  name: string;
  channel: Channel;
  audience: CampaignAudience;
  content: CampaignContent;
  plan: CampaignPlan;
  source: MessageSource;
  /** Waiting for its next run, held back by somebody or by a fault, or with no run to come. */
  phase: "draft" | "scheduled" | "paused" | "started" | "cancelled";
  nextRunAt: Date | null;
  runs: number;
  /** Why its run could not begin. */
  failure: string | null;
  /** Of its latest run. */
  messageId: string | null;
  createdAt: Date;
  updatedAt: Date;
  launchedAt: Date | null;
}

const columnsWith = (content: Sql, plan: Sql) => sql`
  c.campaign_id as "campaignId", c.name, c.channel, c.audience, ${content}, ${plan}, c.source, c.phase,
  c.next_run_at as "nextRunAt", c.runs, c.failure, c.message_id as "messageId", c.created_at as "createdAt",
  c.updated_at as "updatedAt", c.launched_at as "launchedAt"`;
const columns = columnsWith(sql`c.content`, sql`c.plan`);
// A page of e-mails as a whole would be megabytes, and nobody sees them in a list.
const listedColumns = columnsWith(
  sql`c.content - 'email' - 'editions' as content`,
  sql`jsonb_set(c.plan, '{variants}', coalesce(
    (select jsonb_agg(jsonb_build_object('content', v -> 'content' #- '{email}' #- '{editions}'))
     from jsonb_array_elements(c.plan -> 'variants') as v), '[]')) as plan`,
);

export async function insertCampaign(db: Queryable, appKey: number, row: CampaignRow): Promise<void> {
  await db.query(sql`
    insert into campaigns (campaign_id, app_key, name, channel, audience, content, plan, source, phase, created_at,
      updated_at)
    values (${row.campaignId}, ${appKey}, ${row.name}, ${row.channel}, ${JSON.stringify(row.audience)}::jsonb,
      ${JSON.stringify(row.content)}::jsonb, ${JSON.stringify(row.plan)}::jsonb, ${row.source}, ${row.phase},
      ${row.createdAt}, ${row.updatedAt})`);
}

export async function updateCampaign(db: Queryable, appKey: number, row: CampaignRow): Promise<void> {
  await db.query(sql`
    update campaigns
    set name = ${row.name}, channel = ${row.channel}, audience = ${JSON.stringify(row.audience)}::jsonb,
      content = ${JSON.stringify(row.content)}::jsonb, plan = ${JSON.stringify(row.plan)}::jsonb, phase = ${row.phase},
      next_run_at = ${row.nextRunAt}, runs = ${row.runs}, failure = ${row.failure}, message_id = ${row.messageId},
      updated_at = ${row.updatedAt}, launched_at = ${row.launchedAt}
    where app_key = ${appKey} and campaign_id = ${row.campaignId}`);
}

/** Puts a campaign out of sight, or back where it was. */
export async function setDeletedAt(
  db: Queryable,
  appKey: number,
  campaignId: string,
  at: Date | null,
): Promise<void> {
  await db.query(sql`
    update campaigns set deleted_at = ${at} where app_key = ${appKey} and campaign_id = ${campaignId}`);
}

/** Forgets campaigns of all apps that were deleted before a moment. */
export async function purgeCampaigns(db: Queryable, before: Date): Promise<void> {
  await db.query(sql`delete from campaigns where deleted_at < ${before}`);
}

export async function findCampaign(
  db: Queryable,
  appKey: number,
  campaignId: string,
  { forUpdate = false, isDeleted = false } = {},
): Promise<CampaignRow | null> {
  const { rows } = await db.query<CampaignRow>(sql`
    select ${columns}
    from campaigns c
    where c.app_key = ${appKey} and c.campaign_id = ${campaignId}
      and (c.deleted_at is not null) = ${isDeleted}::boolean
    ${forUpdate ? sql`for update` : sql``}`);
  return rows[0] ?? null;
}

/** What a campaign is by now: m is the message of its latest run. */
const isIn: Record<NonNullable<CampaignQuery["status"]>, Sql> = {
  draft: sql`c.phase = 'draft'`,
  scheduled: sql`c.phase = 'scheduled' and coalesce(m.status in ('finished', 'cancelled'), true)`,
  running: sql`m.status in ('accepted', 'expanding', 'running')`,
  paused: sql`(m.status = 'paused' or c.phase = 'paused' and coalesce(m.status in ('finished', 'cancelled'), true))`,
  finished: sql`c.phase = 'started' and m.status = 'finished'`,
  cancelled: sql`
    (c.phase = 'cancelled' and coalesce(m.status in ('finished', 'cancelled'), true)
      or c.phase = 'started' and m.status = 'cancelled')`,
};

export interface CampaignPage {
  status: CampaignQuery["status"];
  search: string;
  before: string | null;
  limit: number;
}

/** Planned campaigns, newest first. */
export async function listCampaignRows(
  db: Queryable,
  appKey: number,
  page: CampaignPage,
): Promise<CampaignRow[]> {
  const { rows } = await db.query<CampaignRow>(sql`
    select ${listedColumns}
    from campaigns c
    ${page.status === undefined ? sql`` : sql`left join messages m using (message_id)`}
    where c.app_key = ${appKey} and c.deleted_at is null and (${page.before}::uuid is null or c.campaign_id < ${page.before}::uuid)
      and ${page.status === undefined ? sql`true` : isIn[page.status]}
      and (${page.search} = '' or position(lower(${page.search}) in lower(c.name)) > 0)
    order by c.campaign_id desc
    limit ${page.limit + 1}`);
  return rows;
}

/** One whose time has come, leaving out some; not locked. */
export async function findDue(
  db: Queryable,
  now: Date,
  without: readonly string[],
): Promise<{ appKey: number; campaignId: string; channel: Channel } | null> {
  const { rows } = await db.query<{ appKey: number; campaignId: string; channel: Channel }>(sql`
    select app_key as "appKey", campaign_id as "campaignId", channel
    from campaigns
    where phase = 'scheduled' and next_run_at <= ${now} and campaign_id <> all(${without}::uuid[])
    order by next_run_at
    limit 1`);
  return rows[0] ?? null;
}

/** The same again, locked, while nobody else has it; with the id of its app. */
export async function lockDue(
  tx: Queryable,
  campaignId: string,
  now: Date,
): Promise<(CampaignRow & { appKey: number; appId: string }) | null> {
  const { rows } = await tx.query<CampaignRow & { appKey: number; appId: string }>(sql`
    select ${columns}, c.app_key as "appKey", a.app_id as "appId"
    from campaigns c
    join apps a using (app_key)
    where c.campaign_id = ${campaignId} and c.phase = 'scheduled' and c.next_run_at <= ${now}
    for update of c skip locked`);
  return rows[0] ?? null;
}

/** Campaigns with runs to come. */
export async function listScheduled(db: Queryable, appKey: number): Promise<CampaignRow[]> {
  const { rows } = await db.query<CampaignRow>(sql`
    select ${listedColumns}
    from campaigns c
    where c.app_key = ${appKey} and c.phase in ('scheduled', 'paused') and c.next_run_at is not null
    order by c.next_run_at
    limit 1000`);
  return rows;
}
