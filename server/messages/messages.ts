import { z } from "zod";
import { notificationOf } from "../channels/inbox/payload.ts";
import type { Queryable } from "../db/database.ts";
import { sumCounts } from "../deliveries/deliveries.ts";
import type { DeliveryCounts } from "../deliveries/schema.ts";
import { decodeCursor, type Page, type PageQuery, toPage } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { findMessage, listContents, listMessageRows, type MessageRow } from "./queries.ts";
import type { AudienceKind, Message } from "./schema.ts";

const noRecipients: DeliveryCounts = {
  ...{ targeted: 0, queued: 0, waiting: 0, sent: 0, delivered: 0, seen: 0, clicked: 0 },
  ...{ failed: 0, skipped: 0, expired: 0, cancelled: 0, unknown: 0 },
};

const shownUsers = 20;

export async function getMessage(db: Queryable, appKey: number, messageId: string): Promise<Message> {
  const row = await findMessage(db, appKey, messageId);
  if (!row) throw new Problem("not_found", `There is no message ${messageId} in this app.`);
  const counts = await sumCounts(db, [messageId]);
  return toMessage(row, counts.get(messageId) ?? noRecipients);
}

/** Messages with their numbers, newest first; `audienceKind` narrows. */
export async function listMessages(
  db: Queryable,
  appKey: number,
  query: PageQuery & { audienceKind?: AudienceKind },
): Promise<Page<Message>> {
  const before = decodeCursor(query.cursor, z.tuple([z.uuid()]));
  const rows = await listMessageRows(db, appKey, {
    audienceKind: query.audienceKind ?? null,
    before: before?.[0] ?? null,
    limit: query.limit,
  });
  const page = toPage(rows, query.limit, (row) => [row.messageId]);
  const counts = await sumCounts(
    db,
    page.data.map((row) => row.messageId),
  );
  return {
    data: page.data.map((row) => toMessage(row, counts.get(row.messageId) ?? noRecipients)),
    nextCursor: page.nextCursor,
  };
}

function toMessage(row: MessageRow, counts: DeliveryCounts): Message {
  return {
    id: row.messageId,
    status: row.status,
    channel: "inbox",
    topic: row.topic,
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
    notification: notificationOf(row.content),
    source: row.source,
    trackId: row.trackId,
    counts,
    createdAt: row.createdAt.toISOString(),
    frozenAt: row.frozenAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
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
