import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import { timeOfUuid, uuidAt } from "../lib/time.ts";
import { type DeliveryReason, type DeliveryState, reasonTexts } from "./schema.ts";

/** A message that a user was sent, with what became of it on each device. */
export interface UserMessage {
  id: string;
  /** When it was accepted. */
  at: Date;
  deliveries: {
    installationId: string | null;
    deviceType: string | null;
    state: DeliveryState;
    reason: DeliveryReason | null;
    reasonText: string | null;
    sentAt: string | null;
    deliveredAt: string | null;
    seenAt: string | null;
    clickedAt: string | null;
  }[];
}

interface Row {
  messageId: string;
  installationId: string | null;
  deviceType: string | null;
  state: DeliveryState;
  reason: DeliveryReason | null;
  sentAt: Date | null;
  deliveredAt: Date | null;
  seenAt: Date | null;
  clickedAt: Date | null;
}

/**
 * Messages that a user was sent under any of these keys, the latest first: those before a message or a moment.
 */
export async function listUserMessages(
  db: Queryable,
  appKey: number,
  page: { userKeys: readonly string[]; before: { id: string } | { at: Date } | null; limit: number },
): Promise<UserMessage[]> {
  const before = page.before && ("id" in page.before ? page.before.id : uuidAt(page.before.at));
  // Each message's devices by the directory: a device that was theirs may be another's now.
  const { rows } = await db.query<Row>(sql`
    with latest as materialized (
      select distinct message_id
      from deliveries
      where app_key = ${appKey} and user_key = any(${page.userKeys}::uuid[])
        and (${before}::uuid is null or message_id < ${before}::uuid)
      order by message_id desc
      limit ${page.limit}
    )
    select d.message_id as "messageId", i.installation_id as "installationId", i.device_type as "deviceType", d.state,
      d.reason, d.sent_at as "sentAt", d.delivered_at as "deliveredAt", d.seen_at as "seenAt",
      d.clicked_at as "clickedAt"
    from latest l
    join deliveries d on d.message_id = l.message_id and d.user_key = any(${page.userKeys}::uuid[])
    left join installation_directory o on o.app_key = d.app_key and o.installation_key = d.installation_key
    left join installations i on i.app_key = o.app_key and i.user_key = o.user_key
      and i.installation_key = o.installation_key
    order by d.message_id desc, d.delivery_id`);
  const messages = new Map<string, UserMessage>();
  for (const { messageId, ...row } of rows) {
    const message = messages.get(messageId) ?? { id: messageId, at: timeOfUuid(messageId), deliveries: [] };
    messages.set(messageId, message);
    message.deliveries.push({
      ...row,
      reasonText: row.reason && reasonTexts[row.reason],
      sentAt: row.sentAt?.toISOString() ?? null,
      deliveredAt: row.deliveredAt?.toISOString() ?? null,
      seenAt: row.seenAt?.toISOString() ?? null,
      clickedAt: row.clickedAt?.toISOString() ?? null,
    });
  }
  return [...messages.values()];
}
