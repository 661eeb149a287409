import sql from "sql-template-tag";
import type { Queryable } from "../../db/database.ts";
import { uuidAt } from "../../lib/time.ts";
import type { MessageContent } from "../schema.ts";

/** The inbox of a device. */
export interface Inbox {
  /** Whose the installation is and was. */
  userKeys: readonly string[];
  installationKey: string;
}

/** A message that a device has not acknowledged. */
export interface Unacknowledged {
  messageId: string;
  installationKey: string;
  /** Of the user that it was frozen for. */
  userKey: string;
  variant: number;
}

/** Messages that these installations have not acknowledged, the oldest first, at most 1,000 of each. */
export async function listUnacknowledged(
  db: Queryable,
  appKey: number,
  inboxes: readonly Inbox[],
  { since, now }: { since: Date; now: Date },
): Promise<Unacknowledged[]> {
  const pairs = inboxes.flatMap(({ userKeys, installationKey }) =>
    userKeys.map((userKey) => ({ userKey, installationKey })),
  );
  const { rows } = await db.query<Unacknowledged>(sql`
    select d.message_id as "messageId", p.installation_key as "installationKey", d.user_key as "userKey", d.variant
    from unnest(
      ${pairs.map(({ userKey }) => userKey)}::uuid[], ${pairs.map(({ installationKey }) => installationKey)}::uuid[]
    ) as p (user_key, installation_key)
    cross join lateral (
      select d.message_id, d.user_key, d.variant
      from deliveries d
      join messages m using (message_id)
      where d.app_key = ${appKey} and d.user_key = p.user_key and d.installation_key = p.installation_key
        and d.state in ('waiting', 'sent')
        and d.message_id >= ${uuidAt(since)}::uuid
        and m.channel = 'inbox'
        and m.status <> 'cancelled'
        and (m.expires_at is null or m.expires_at > ${now})
        -- What was for that moment is not for a later one.
        and not m.content @> '{"live": true}'
      order by d.message_id
      limit 1000
    ) as d
    order by d.message_id`);
  return rows;
}

/** What a message says in one of its contents. */
export interface InboxContent {
  messageId: string;
  variant: number;
  content: MessageContent;
  topic: string;
  trackId: string | null;
  createdAt: Date;
}

/** What these messages say, each content that is asked for once. */
export async function listContents(
  db: Queryable,
  asked: readonly { messageId: string; variant: number }[],
): Promise<InboxContent[]> {
  const { rows } = await db.query<InboxContent>(sql`
    select m.message_id as "messageId", a.variant,
      case when a.variant > 0 then m.variants -> a.variant - 1 else m.content end as content, m.topic,
      m.track_id as "trackId", m.created_at as "createdAt"
    from (
      select distinct message_id, variant
      from unnest(
        ${asked.map(({ messageId }) => messageId)}::uuid[], ${asked.map(({ variant }) => variant)}::smallint[]
      ) as a (message_id, variant)
    ) as a
    join messages m using (message_id)`);
  return rows;
}
