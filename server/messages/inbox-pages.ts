import { z } from "zod";
import type { InboxPayload } from "../channels/inbox/payload.ts";
import type { Queryable } from "../db/database.ts";
import { decodeCursor, type Page, type PageQuery, toPage } from "../lib/page.ts";
import { inboxDays, writeInboxes } from "./inbox.ts";
import type { Inbox } from "./queries/inbox.ts";
import { countUnread, type InboxRow, listInbox } from "./queries/inbox-pages.ts";

/** A message as the device gets it over MQTT, and what became of it there. */
export type InboxEntry = InboxPayload & Pick<InboxRow, "state" | "dismissed">;

const span = (now: Date) => ({ since: new Date(now.getTime() - inboxDays * 86_400_000), now });

/** A page of the inbox of a device, newest first. One whose text comes to nothing for its user is left out. */
export async function readInbox(
  db: Queryable,
  appKey: number,
  inbox: Inbox,
  { limit, cursor, isUnread }: PageQuery & { isUnread: boolean },
  now: Date,
): Promise<Page<InboxEntry>> {
  const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0] ?? null;
  const rows = await listInbox(db, appKey, inbox, { ...span(now), before, isUnread, limit: limit + 1 });
  const page = toPage(rows, limit, (row) => [row.messageId]);
  const payloads = await writeInboxes(db, appKey, [inbox], page.data, now);
  const data = page.data.flatMap((row): InboxEntry[] => {
    const payload = payloads.get(row);
    if (payload === undefined) return [];
    const { state, dismissed } = row;
    return [{ ...(JSON.parse(payload) as InboxPayload), state, dismissed }];
  });
  return { ...page, data };
}

/** How many messages of a device nobody has seen, of those that its inbox keeps. */
export const countUnreadOf = (db: Queryable, appKey: number, inbox: Inbox, now: Date): Promise<number> =>
  countUnread(db, appKey, inbox, span(now));
