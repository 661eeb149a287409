import sql from "sql-template-tag";
import type { Channel } from "../../channels/schema.ts";
import { CopyWriter, copyInto } from "../../db/copy.ts";
import type { Queryable, Transaction } from "../../db/database.ts";
import type { Manner } from "../plans.ts";
import type { AudienceKind, MessageContent, MessageSource, MessageStatus, WinnerMeasure } from "../schema.ts";

export interface NewMessage {
  messageId: string;
  appKey: number;
  channel: Channel;
  topic: string;
  audienceKind: AudienceKind;
  audience: object;
  content: MessageContent;
  manner: Manner;
  source: MessageSource;
  campaign: { id: string; name: string } | null;
  trackId: string | null;
  clientId: string | null;
  status: MessageStatus;
  priority: number;
  /** Null once the audience is frozen. */
  expandFrom: string | null;
  nextChunk: number;
  expiresAt: Date | null;
  createdAt: Date;
  frozenAt: Date | null;
  finishedAt: Date | null;
}

export async function insertMessages(tx: Transaction, messages: readonly NewMessage[]): Promise<void> {
  const writer = new CopyWriter(28);
  for (const message of messages) {
    writer.row().uuid(message.messageId).int4(message.appKey).text(message.channel).text(message.topic);
    writer.text(message.audienceKind).json(message.audience).json(message.content);
    const { variants, winner, firstShare, wallTime, throttle, isQuiet, isCapped } = message.manner;
    writer
      .json(variants.length > 0 ? variants : null)
      .text(winner?.by)
      .moment(winner?.decideAt ?? null)
      .int2(firstShare)
      .text(wallTime && `${wallTime.day}T${wallTime.time}`)
      .int4(throttle)
      .boolean(isQuiet)
      .boolean(isCapped)
      .text(message.source);
    writer
      .uuid(message.campaign?.id)
      .text(message.campaign?.name)
      .text(message.trackId)
      .text(message.clientId)
      .text(message.status);
    writer.int2(message.priority).uuid(message.expandFrom).int4(message.nextChunk).moment(message.expiresAt);
    writer.moment(message.createdAt).moment(message.frozenAt).moment(message.finishedAt);
  }
  await copyInto(
    tx,
    `messages (message_id, app_key, channel, topic, audience_kind, audience, content, variants, winner_by, decide_at,
      first_share, wall_time, throttle, quiet, capped, source, campaign_id, campaign_name, 
      track_id, client_id, status, priority, expand_from, next_chunk, expires_at, created_at, frozen_at, finished_at)`,
    writer.finish(),
  );
}

/** A message whose audience is still being frozen, locked so that only one process does it. */
export async function lockExpansion(
  tx: Queryable,
  messageId: string,
): Promise<{
  appKey: number;
  channel: Channel;
  audienceKind: AudienceKind;
  audience: unknown;
  expandFrom: string;
  nextChunk: number;
  topic: string;
  fallback: MessageContent["fallback"] | null;
  /** How many contents there are besides the first. */
  variants: number;
  winner: WinnerMeasure | null;
  firstShare: number | null;
  salt: string;
  wallTime: string | null;
  throttle: number | null;
} | null> {
  const { rows } = await tx.query<NonNullable<Awaited<ReturnType<typeof lockExpansion>>>>(sql`
    select coalesce(jsonb_array_length(variants), 0) as variants, winner_by as winner, first_share as "firstShare",
      coalesce(campaign_id, message_id)::text as salt, wall_time as "wallTime", throttle, app_key as "appKey", channel, audience_kind as "audienceKind", audience, expand_from as "expandFrom",
      next_chunk as "nextChunk", topic, content -> 'fallback' as fallback
    from messages
    where message_id = ${messageId} and expand_from is not null and status in ('accepted', 'expanding', 'paused')
    for update`);
  return rows[0] ?? null;
}

/** Where the next range starts; null ends the expansion and freezes the audience. */
export async function recordExpansion(
  tx: Queryable,
  progress: { messageId: string; expandFrom: string | null; nextChunk: number; now: Date },
): Promise<void> {
  const { messageId, expandFrom, nextChunk, now } = progress;
  await tx.query(sql`
    update messages
    set expand_from = ${expandFrom}::uuid,
      next_chunk = ${nextChunk},
      frozen_at = case when ${expandFrom}::uuid is null then ${now}::timestamptz end,
      status = case
        when status not in ('accepted', 'expanding') then status
        when ${expandFrom}::uuid is null then 'running'
        else 'expanding'
      end
    where message_id = ${messageId}`);
}

const isThrough = sql`
  (m.status = 'running' and m.expand_from is null or m.status = 'cancelled' and m.finished_at is null)
  and not exists (select from chunks c where c.message_id = m.message_id)`;
const finish = (now: Date) => sql`
  status = case when m.status = 'cancelled' then m.status else 'finished' end, finished_at = ${now}`;

/** Finishes those messages of which nothing is left to do. Asked after every chunk: the last to ask sees all gone. */
export async function finishMessages(
  db: Queryable,
  messageIds: readonly string[],
  now: Date,
): Promise<{ appKey: number; messageId: string }[]> {
  const { rows } = await db.query<{ appKey: number; messageId: string }>(sql`
    update messages m
    set ${finish(now)}
    where m.message_id = any(${messageIds}::uuid[]) and ${isThrough}
    returning m.app_key as "appKey", m.message_id as "messageId"`);
  return rows;
}

/**
 * For workers that died between deleting the last chunk and finishing its message, and for cancelled ones. Those that
 * somebody is finishing are theirs: waiting for several of them could be waiting for each other.
 */
export async function finishLeftovers(
  db: Queryable,
  now: Date,
): Promise<{ appKey: number; messageId: string }[]> {
  const { rows } = await db.query<{ appKey: number; messageId: string }>(sql`
    with leftover as (
      select m.message_id from messages m where ${isThrough} limit 1000 for no key update skip locked
    )
    update messages m
    set ${finish(now)}
    from leftover l
    where m.message_id = l.message_id
    returning m.app_key as "appKey", m.message_id as "messageId"`);
  return rows;
}

export async function listContents(
  db: Queryable,
  appKey: number,
  messageIds: readonly string[],
): Promise<{ messageId: string; content: MessageContent }[]> {
  const { rows } = await db.query<{ messageId: string; content: MessageContent }>(sql`
    select message_id as "messageId", content - 'email' - 'editions' as content
    from messages
    where app_key = ${appKey} and message_id = any(${messageIds}::uuid[])`);
  return rows;
}

/** Recipients who wait until somebody goes on, or until the best content is found. */
export async function countRest(db: Queryable, messageId: string): Promise<number> {
  const { rows } = await db.query<{ recipients: number }>(sql`
    select coalesce(sum(cardinality(user_keys)), 0)::bigint as recipients
    from chunks
    where message_id = ${messageId} and stage > 0 and step = 0`);
  return rows[0]?.recipients ?? 0;
}

/** The HTML of an e-mail and what goes with it; null when the message has none. */
export async function findEmail(
  db: Queryable,
  appKey: number,
  { messageId, variant = 0 }: { messageId: string; variant?: number },
): Promise<NonNullable<MessageContent["email"]> | null> {
  const { rows } = await db.query<{ email: MessageContent["email"] }>(sql`
    select case when ${variant}::integer > 0 then variants -> (${variant}::integer - 1) else content end -> 'email' as email
    from messages
    where app_key = ${appKey} and message_id = ${messageId}`);
  return rows[0]?.email ?? null;
}

export interface MessageRow {
  messageId: string;
  status: MessageStatus;
  channel: Channel;
  topic: string;
  audienceKind: AudienceKind;
  audience: {
    users?: string[];
    target?: unknown;
    segment?: unknown;
    segments?: { id: string; name: string }[];
  };
  /** Without the HTML of an e-mail, and without editions. */
  content: MessageContent;
  hasHtml: boolean;
  source: MessageSource;
  campaignId: string | null;
  campaignName: string | null;
  trackId: string | null;
  clientId: string | null;
  createdAt: Date;
  expiresAt: Date | null;
  frozenAt: Date | null;
  finishedAt: Date | null;
  /** Why it was paused by us. */
  haltedDetail: string | null;
  /** The words of contents besides the first. */
  variants: string[];
  winner: number | null;
  decideAt: Date | null;
  firstShare: number | null;
  openStage: number;
  throttle: number | null;
  nextAt: Date | null;
}

const messageColumns = sql`
  m.message_id as "messageId", m.status, m.channel, m.topic, m.audience_kind as "audienceKind", m.audience,
  m.content - 'email' - 'editions' as content, m.content ? 'email' as "hasHtml",
  m.source, m.campaign_id as "campaignId", m.campaign_name as "campaignName", m.track_id as "trackId",
  m.client_id as "clientId", m.created_at as "createdAt", m.expires_at as "expiresAt", m.frozen_at as "frozenAt",
  m.finished_at as "finishedAt", m.halted_detail as "haltedDetail",
  coalesce(jsonb_path_query_array(m.variants, '$[*].content'), '[]') as variants,
  m.winner, m.decide_at as "decideAt", m.first_share as "firstShare", m.open_stage as "openStage", m.throttle,
  m.next_at as "nextAt"`;

export async function findMessage(
  db: Queryable,
  appKey: number,
  messageId: string,
): Promise<MessageRow | null> {
  const { rows } = await db.query<MessageRow>(sql`
    select ${messageColumns} from messages m
    where m.app_key = ${appKey} and m.message_id = ${messageId}`);
  return rows[0] ?? null;
}

/** Newest first. */
export async function listMessageRows(
  db: Queryable,
  appKey: number,
  page: { before: string | null; limit: number },
): Promise<MessageRow[]> {
  const { rows } = await db.query<MessageRow>(sql`
    select ${messageColumns}
    from messages m
    where m.app_key = ${appKey} and (${page.before}::uuid is null or m.message_id < ${page.before}::uuid)
    order by m.message_id desc
    limit ${page.limit + 1}`);
  return rows;
}

/** Those of a campaign, newest first. */
export async function listRowsOfCampaign(
  db: Queryable,
  appKey: number,
  page: { campaignId: string; before: string | null; limit: number },
): Promise<MessageRow[]> {
  const { rows } = await db.query<MessageRow>(sql`
    select ${messageColumns}
    from messages m
    where m.app_key = ${appKey} and m.campaign_id = ${page.campaignId}
      and (${page.before}::uuid is null or m.message_id < ${page.before}::uuid)
    order by m.message_id desc
    limit ${page.limit + 1}`);
  return rows;
}

/** Those of a campaign that are not over, the oldest first. */
export async function listOpenRuns(
  db: Queryable,
  appKey: number,
  campaignId: string,
): Promise<{ messageId: string; status: MessageStatus }[]> {
  const { rows } = await db.query<{ messageId: string; status: MessageStatus }>(sql`
    select message_id as "messageId", status
    from messages
    where app_key = ${appKey} and campaign_id = ${campaignId} and status not in ('finished', 'cancelled')
    order by message_id`);
  return rows;
}

/** One time that a campaign went. */
export interface CampaignRun {
  campaignId: string;
  name: string;
  channel: Channel;
  status: MessageStatus;
  at: Date;
  messageId: string;
}

/** Those whose message has an id from `from` up to `to`. */
export async function listCampaignRuns(
  db: Queryable,
  appKey: number,
  { from, to }: { from: string; to: string },
): Promise<CampaignRun[]> {
  const { rows } = await db.query<CampaignRun>(sql`
    select campaign_id as "campaignId", campaign_name as name, channel, status, created_at as at,
      message_id as "messageId"
    from messages
    where app_key = ${appKey} and message_id >= ${from}::uuid and message_id < ${to}::uuid
      and campaign_id is not null
    order by message_id
    limit 1000`);
  return rows;
}

const underWay: readonly MessageStatus[] = ["accepted", "expanding", "running"];

export interface UnplannedPage {
  before: string | null;
  limit: number;
  /** running stands for all that it is before it is paused or over. */
  status: "running" | "paused" | "finished" | "cancelled" | undefined;
  /** Part of the text. */
  search: string;
}

/** Those of them that are to a filter and of no campaign. */
export async function listUnplannedRows(
  db: Queryable,
  appKey: number,
  page: UnplannedPage,
): Promise<MessageRow[]> {
  const { status } = page;
  const statuses = status === undefined ? null : status === "running" ? underWay : [status];
  const { rows } = await db.query<MessageRow>(sql`
    select ${messageColumns}
    from messages m
    where m.app_key = ${appKey} and m.audience_kind = 'target' and m.campaign_id is null
      and (${statuses}::text[] is null or m.status = any(${statuses}::text[]))
      and (${page.search} = '' or position(lower(${page.search}) in lower(m.content ->> 'content')) > 0)
      and (${page.before}::uuid is null or m.message_id < ${page.before}::uuid)
    order by m.message_id desc
    limit ${page.limit + 1}`);
  return rows;
}

/** These messages, in any order. */
export async function findMessages(
  db: Queryable,
  appKey: number,
  messageIds: readonly string[],
): Promise<MessageRow[]> {
  const { rows } = await db.query<MessageRow>(sql`
    select ${messageColumns}
    from messages m
    where m.app_key = ${appKey} and m.message_id = any(${messageIds}::uuid[])`);
  return rows;
}

/** Messages whose audience is still being frozen and looks at this list of users, itself or within another segment. */
export async function messagesTo(
  db: Queryable,
  appKey: number,
  segmentId: string,
): Promise<{ id: string; name: string }[]> {
  const { rows } = await db.query<{ id: string; name: string }>(sql`
    select message_id as id, left(content ->> 'content', 80) as name
    from messages
    where app_key = ${appKey} and frozen_at is null and status in ('accepted', 'expanding')
      and position(${segmentId}::text in (audience -> 'condition')::text) > 0
    order by message_id
    limit 20`);
  return rows;
}

export interface ForReader {
  appKey: number;
  topic: string;
  links: string[] | null;
  /** Buttons of its notification, of all its contents. */
  actions: { id: string; title?: unknown }[] | null;
}

export async function findForReader(db: Queryable, messageId: string): Promise<ForReader | null> {
  const { rows } = await db.query<ForReader>(sql`
    select app_key as "appKey", topic,
      jsonb_path_query_array(contents, '$[*].email.links[*]')
        || jsonb_path_query_array(contents, '$[*].editions[*].email.links[*]') as links,
      jsonb_path_query_array(contents, '$[*].notification.actions[*]')
        || jsonb_path_query_array(contents, '$[*].editions[*].notification.actions[*]') as actions
    from messages
    cross join lateral (select jsonb_build_array(content) || coalesce(variants, '[]') as contents) as all_of_them
    where message_id = ${messageId}`);
  return rows[0] ?? null;
}

export async function listUnfinished(db: Queryable, messageIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ messageId: string }>(sql`
    select message_id as "messageId"
    from messages
    where message_id = any(${messageIds}::uuid[]) and finished_at is null`);
  return rows.map((row) => row.messageId);
}
