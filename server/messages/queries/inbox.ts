import sql from "sql-template-tag";
import type { Queryable } from "../../db/database.ts";
import { uuidAt } from "../../lib/time.ts";
import type { MessageContent } from "../schema.ts";

export interface Inbox {
  appKey: number;
  /** Whose the installation is and was. */
  userKeys: readonly string[];
  installationKey: string;
}

export interface InboxMessage {
  messageId: string;
  /** Of the user that it was frozen for. */
  userKey: string;
  content: MessageContent;
  topic: string;
  trackId: string | null;
  createdAt: Date;
}

/** Messages that an installation has not acknowledged, the oldest first, at most 1,000. */
export async function listUnacknowledged(
  db: Queryable,
  inbox: Inbox & { since: Date; now: Date },
): Promise<InboxMessage[]> {
  const { rows } = await db.query<InboxMessage>(sql`
    select d.message_id as "messageId", d.user_key as "userKey",
      case when d.variant > 0 then m.variants -> d.variant - 1 else m.content end as content, m.topic,
      m.track_id as "trackId", m.created_at as "createdAt"
    from deliveries d
    join messages m using (message_id)
    where d.app_key = ${inbox.appKey} and d.user_key = any(${inbox.userKeys}::uuid[])
      and d.installation_key = ${inbox.installationKey}
      and d.state in ('waiting', 'sent')
      and d.message_id >= ${uuidAt(inbox.since)}::uuid
      and m.status <> 'cancelled'
      and (m.expires_at is null or m.expires_at > ${inbox.now})
    order by d.message_id
    limit 1000`);
  return rows;
}
