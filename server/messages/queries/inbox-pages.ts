import sql, { type Sql } from "sql-template-tag";
import type { Queryable } from "../../db/database.ts";
import { uuidAt } from "../../lib/time.ts";
import type { Inbox, Unacknowledged } from "./inbox.ts";

/** A message in the inbox of a device, and what became of it there. */
export interface InboxRow extends Unacknowledged {
  state: "waiting" | "sent" | "delivered" | "seen" | "clicked";
  dismissed: boolean;
}

interface Span {
  since: Date;
  now: Date;
}

const unread = sql`('waiting', 'sent', 'delivered')`;
const all = sql`('waiting', 'sent', 'delivered', 'seen', 'clicked')`;

/** What still is in the inbox of a device under one of the keys of its user; `d` is the delivery, `m` the message. */
const inInbox = (appKey: number, installationKey: string, states: Sql, { since, now }: Span): Sql => sql`
  d.app_key = ${appKey} and d.user_key = p.user_key and d.installation_key = ${installationKey}
    and d.state in ${states}
    and d.message_id >= ${uuidAt(since)}::uuid
    and m.channel = 'inbox'
    and m.status <> 'cancelled'
    and (m.expires_at is null or m.expires_at > ${now})
    and not m.content @> '{"live": true}'`;

/** Newest first, before this message. */
export async function listInbox(
  db: Queryable,
  appKey: number,
  { userKeys, installationKey }: Inbox,
  page: Span & { before: string | null; isUnread: boolean; limit: number },
): Promise<InboxRow[]> {
  const states = page.isUnread ? unread : all;
  // Of each key the newest by the index: a long inbox is not read to its end.
  const { rows } = await db.query<InboxRow>(sql`
    select l.message_id as "messageId", ${installationKey}::uuid as "installationKey", p.user_key as "userKey",
      l.variant, l.state, l.dismissed
    from unnest(${userKeys}::uuid[]) as p (user_key)
    cross join lateral (
      select d.message_id, d.variant, d.state, d.dismissed
      from deliveries d
      join messages m using (message_id)
      where ${inInbox(appKey, installationKey, states, page)}
        and (${page.before}::uuid is null or d.message_id < ${page.before}::uuid)
      order by d.message_id desc
      limit ${page.limit}
    ) as l
    order by l.message_id desc
    limit ${page.limit}`);
  return rows;
}

/** How many nobody has seen. */
export async function countUnread(
  db: Queryable,
  appKey: number,
  { userKeys, installationKey }: Inbox,
  span: Span,
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(sql`
    select count(*) as count
    from unnest(${userKeys}::uuid[]) as p (user_key)
    join deliveries d on d.user_key = p.user_key
    join messages m using (message_id)
    where ${inInbox(appKey, installationKey, unread, span)}`);
  return rows[0]?.count ?? 0;
}
