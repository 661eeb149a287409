import sql, { type Sql } from "sql-template-tag";
import type { Channel } from "../channels/schema.ts";
import type { Queryable } from "../db/database.ts";
import type { MessageSource } from "../messages/schema.ts";
import type { CampaignContent } from "./schema.ts";

export interface CampaignRow {
  campaignId: string;
  name: string;
  channel: Channel;
  /** As it was given: `{"target": …}` or `{"segment": …}`. */
  audience: { target?: unknown; segment?: unknown };
  content: CampaignContent;
  source: MessageSource;
  /** Null for a draft. */
  messageId: string | null;
  createdAt: Date;
  updatedAt: Date;
  launchedAt: Date | null;
}

const columnsWith = (content: Sql) => sql`
  campaign_id as "campaignId", name, channel, audience, ${content}, source, message_id as "messageId",
  created_at as "createdAt", updated_at as "updatedAt", launched_at as "launchedAt"`;
const columns = columnsWith(sql`content`);
// A page of e-mails as a whole would be megabytes, and nobody sees them in a list.
const listedColumns = columnsWith(sql`content - 'email' as content`);

export async function insertCampaign(db: Queryable, appKey: number, row: CampaignRow): Promise<void> {
  await db.query(sql`
    insert into campaigns (campaign_id, app_key, name, channel, audience, content, source, created_at, updated_at)
    values (${row.campaignId}, ${appKey}, ${row.name}, ${row.channel}, ${JSON.stringify(row.audience)}::jsonb,
      ${JSON.stringify(row.content)}::jsonb, ${row.source}, ${row.createdAt}, ${row.updatedAt})`);
}

export async function updateCampaign(db: Queryable, appKey: number, row: CampaignRow): Promise<void> {
  await db.query(sql`
    update campaigns
    set name = ${row.name}, channel = ${row.channel}, audience = ${JSON.stringify(row.audience)}::jsonb,
      content = ${JSON.stringify(row.content)}::jsonb, message_id = ${row.messageId}, updated_at = ${row.updatedAt},
      launched_at = ${row.launchedAt}
    where app_key = ${appKey} and campaign_id = ${row.campaignId}`);
}

export async function deleteCampaign(db: Queryable, appKey: number, campaignId: string): Promise<void> {
  await db.query(sql`delete from campaigns where app_key = ${appKey} and campaign_id = ${campaignId}`);
}

export async function findCampaign(
  db: Queryable,
  appKey: number,
  campaignId: string,
  { forUpdate = false } = {},
): Promise<CampaignRow | null> {
  const { rows } = await db.query<CampaignRow>(sql`
    select ${columns}
    from campaigns
    where app_key = ${appKey} and campaign_id = ${campaignId}
    ${forUpdate ? sql`for update` : sql``}`);
  return rows[0] ?? null;
}

/** Planned campaigns, newest first. */
export async function listCampaignRows(
  db: Queryable,
  appKey: number,
  page: { before: string | null; limit: number },
): Promise<CampaignRow[]> {
  const { rows } = await db.query<CampaignRow>(sql`
    select ${listedColumns}
    from campaigns
    where app_key = ${appKey} and (${page.before}::uuid is null or campaign_id < ${page.before}::uuid)
    order by campaign_id desc
    limit ${page.limit + 1}`);
  return rows;
}
