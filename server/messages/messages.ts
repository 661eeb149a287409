import { z } from "zod";
import { notificationOf } from "../channels/inbox/payload.ts";
import type { Channel } from "../channels/schema.ts";
import type { Queryable } from "../db/database.ts";
import { listReasons, readRate, sumCounts, sumVariantCounts } from "../deliveries/counters.ts";
import type { DeliveryCounts } from "../deliveries/schema.ts";
import { decodeCursor, type Page, type PageQuery, toPage } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { uuidAt } from "../lib/time.ts";
import { listAccountStates } from "../providers/state.ts";
import { previewCompiled } from "../templates/email/preview.ts";
import { findHold } from "./hold.ts";
import {
  type CampaignRun,
  countRest,
  findEmail,
  findMessage,
  findMessages,
  listCampaignRuns,
  listContents,
  listMessageRows,
  listOpenRuns,
  listRowsOfCampaign,
  listUnplannedRows,
  type MessageRow,
  type UnplannedPage,
} from "./queries/messages.ts";
import type { Message, MessageReport, MessageStatus, VariantReport } from "./schema.ts";
import { variablesFrom } from "./variables-for.ts";

const noRecipients: DeliveryCounts = {
  ...{ targeted: 0, queued: 0, waiting: 0, sent: 0, delivered: 0, seen: 0, clicked: 0 },
  ...{ failed: 0, skipped: 0, expired: 0, cancelled: 0, unknown: 0 },
};

const shownUsers = 20;

/** One message and all that can be said of how it goes. */
export async function getMessage(db: Queryable, appKey: number, messageId: string): Promise<MessageReport> {
  const row = await requireMessage(db, appKey, messageId);
  const now = new Date();
  const counts = (await sumCounts(db, [messageId])).get(messageId) ?? noRecipients;
  const isUnderWay = ["accepted", "expanding", "running"].includes(row.status);
  const actual = isUnderWay ? await readRate(db, messageId, now) : 0;
  const ways = await waysOf(db, row);
  // Those who wait for somebody's word are not on their way.
  const underWay = counts.queued - (ways.rest?.recipients ?? 0);
  const accounts = row.channel === "inbox" ? [] : await listAccountStates(db, appKey, row.channel);
  return {
    ...toMessage(row, counts),
    reasons: await listReasons(db, messageId),
    rate: { limit: accounts.find(({ status }) => status !== "off")?.ratePerSecond ?? null, actual },
    secondsLeft: actual > 0 && underWay > 0 ? Math.ceil(underWay / actual) : null,
    hold: await findHold(db, appKey, row, now),
    ...ways,
  };
}

/** What of several contents became of each, and who waits for the best, or for somebody to go on. */
async function waysOf(db: Queryable, row: MessageRow): Promise<Pick<MessageReport, "variants" | "rest">> {
  const hasRest = row.firstShare !== null && row.openStage === 0;
  const isOpen = row.status !== "finished" && row.status !== "cancelled";
  const recipients = hasRest && isOpen ? await countRest(db, row.messageId) : 0;
  return {
    variants: row.variants.length > 0 ? await reportVariants(db, row) : [],
    rest:
      hasRest && isOpen && (recipients > 0 || row.frozenAt === null)
        ? { recipients, decidesAt: row.decideAt?.toISOString() ?? null }
        : null,
  };
}

async function reportVariants(db: Queryable, row: MessageRow): Promise<VariantReport[]> {
  const counted = new Map(
    (await sumVariantCounts(db, row.messageId)).map(({ variant, ...counts }) => [variant, counts]),
  );
  return [row.content.content, ...row.variants].map((content, variant) => ({
    ...{ variant, content, counts: counted.get(variant) ?? noRecipients },
    isWinner: row.winner === variant,
  }));
}

export async function requireMessage(db: Queryable, appKey: number, messageId: string): Promise<MessageRow> {
  const row = await findMessage(db, appKey, messageId);
  if (!row) throw new Problem("not_found", `There is no message ${messageId} in this app.`);
  return row;
}

/** The channel of each step of a message. */
export const channelsOf = ({ channel, content }: Pick<MessageRow, "channel" | "content">): Channel[] =>
  content.fallback ? [channel, content.fallback.channel] : [channel];

/** Messages with their numbers, newest first. */
export async function listMessages(db: Queryable, appKey: number, query: PageQuery): Promise<Page<Message>> {
  const before = decodeCursor(query.cursor, z.tuple([z.uuid()]));
  const rows = await listMessageRows(db, appKey, { before: before?.[0] ?? null, limit: query.limit });
  const page = toPage(rows, query.limit, (row) => [row.messageId]);
  return { data: await withCounts(db, page.data), nextCursor: page.nextCursor };
}

/** Sends to filters that are of no campaign, newest first: one more than `limit` where there are more. */
export async function listUnplanned(db: Queryable, appKey: number, page: UnplannedPage): Promise<Message[]> {
  return withCounts(db, await listUnplannedRows(db, appKey, page));
}

/** The messages of a campaign, newest first. */
export async function listMessagesOf(
  db: Queryable,
  appKey: number,
  campaignId: string,
  query: PageQuery,
): Promise<Page<Message>> {
  const before = decodeCursor(query.cursor, z.tuple([z.uuid()]))?.[0] ?? null;
  const rows = await listRowsOfCampaign(db, appKey, { campaignId, before, limit: query.limit });
  const page = toPage(rows, query.limit, (row) => [row.messageId]);
  return { data: await withCounts(db, page.data), nextCursor: page.nextCursor };
}

/** Runs of a campaign that are under way or paused: a run may begin before the one before it is over. */
export const listRunsUnderWay = (
  db: Queryable,
  appKey: number,
  campaignId: string,
): Promise<{ messageId: string; status: MessageStatus }[]> => listOpenRuns(db, appKey, campaignId);

/** Runs of campaigns that began in a span of time, the first thousand. */
export const listRunsBetween = (
  db: Queryable,
  appKey: number,
  { from, to }: { from: Date; to: Date },
): Promise<CampaignRun[]> => listCampaignRuns(db, appKey, { from: uuidAt(from), to: uuidAt(to) });

/** These messages, by id. */
export async function getMessages(
  db: Queryable,
  appKey: number,
  messageIds: readonly string[],
): Promise<Map<string, Message>> {
  if (messageIds.length === 0) return new Map();
  const messages = await withCounts(db, await findMessages(db, appKey, messageIds));
  return new Map(messages.map((message) => [message.id, message]));
}

async function withCounts(db: Queryable, rows: readonly MessageRow[]): Promise<Message[]> {
  const counts = await sumCounts(
    db,
    rows.map((row) => row.messageId),
  );
  return rows.map((row) => toMessage(row, counts.get(row.messageId) ?? noRecipients));
}

function toMessage(row: MessageRow, counts: DeliveryCounts): Message {
  const { fallback, whatsapp } = row.content;
  return {
    id: row.messageId,
    status: row.status,
    channel: row.channel,
    topic: row.topic,
    campaign:
      row.campaignId && row.campaignName !== null ? { id: row.campaignId, name: row.campaignName } : null,
    audience: {
      kind: row.audienceKind,
      ...(row.audience.users ? { users: row.audience.users.slice(0, shownUsers) } : {}),
      ...(row.audienceKind === "target"
        ? {
            ...("segment" in row.audience
              ? { segment: row.audience.segment }
              : { target: row.audience.target }),
            segments: row.audience.segments ?? [],
          }
        : {}),
    },
    content: row.content.content,
    subject: row.content.subject ?? null,
    hasHtml: row.hasHtml,
    notification: notificationOf(row.content),
    isTemplate: row.content.template ?? false,
    fallback: fallback ? { ...fallback, policy: fallback.policy ?? "NOTIFICATION_SHOWN" } : null,
    whatsapp: whatsapp
      ? { template: whatsapp.name, languages: whatsapp.languages, look: whatsapp.look }
      : null,
    source: row.source,
    trackId: row.trackId,
    clientId: row.clientId,
    counts,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    frozenAt: row.frozenAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/** What an e-mail looks like, as one user got it or with its variables; answers the path of a page. */
export async function previewMessage(
  db: Queryable,
  app: { appKey: number; appId: string },
  messageId: string,
  { userId, variant }: { userId?: string | undefined; variant?: number | undefined },
): Promise<string> {
  const email = await findEmail(db, app.appKey, { messageId, variant: variant ?? 0 });
  if (!email) throw new Problem("not_found", `There is no e-mail with HTML under the id ${messageId}.`);
  return previewCompiled({ db, variablesFor: variablesFrom(db) }, app, email, userId);
}

/** The words of these messages, by id. */
export async function contentOfMessages(
  db: Queryable,
  appKey: number,
  messageIds: readonly string[],
): Promise<Map<string, string>> {
  if (messageIds.length === 0) return new Map();
  const rows = await listContents(db, appKey, messageIds);
  return new Map(rows.map(({ messageId, content }) => [messageId, content.content]));
}
