import sql from "sql-template-tag";
import type { Channel } from "../../channels/schema.ts";
import type { Queryable } from "../../db/database.ts";
import { notify } from "../../db/notify.ts";
import type { Counted } from "../../deliveries/counters.ts";
import type { MessageContent, MessageStatus } from "../schema.ts";

/** A message as whoever changes its course finds it, locked. */
export interface LockedMessage {
  messageId: string;
  status: MessageStatus;
  channel: Channel;
  content: MessageContent;
  isFrozen: boolean;
  expiresAt: Date | null;
  priority: number;
  throttle: number | null;
}

export async function lockMessage(
  tx: Queryable,
  appKey: number,
  messageId: string,
): Promise<LockedMessage | null> {
  const { rows } = await tx.query<LockedMessage>(sql`
    select message_id as "messageId", status, channel, content, expand_from is null as "isFrozen",
      expires_at as "expiresAt", priority, throttle
    from messages
    where app_key = ${appKey} and message_id = ${messageId}
    for update`);
  return rows[0] ?? null;
}

/** Also forgets that it had finished, unless it is to stay so. */
export async function setStatus(tx: Queryable, messageId: string, status: MessageStatus): Promise<void> {
  await tx.query(sql`
    update messages
    set status = ${status},
      halted_detail = case when ${status}::text = 'paused' then halted_detail end,
      finished_at = case when ${status}::text = 'running' then null else finished_at end,
      swept_at = case when ${status}::text in ('running', 'cancelled') then null else swept_at end
    where message_id = ${messageId}`);
}

/** Pauses messages that no provider would take as they are, each with why. */
export async function haltMessages(
  tx: Queryable,
  appKey: number,
  halted: ReadonlyMap<string, string>,
): Promise<void> {
  if (halted.size === 0) return;
  const { rows } = await tx.query<{ messageId: string }>(sql`
    update messages m set status = 'paused', halted_detail = h.detail
    from unnest(${[...halted.keys()]}::uuid[], ${[...halted.values()]}::text[]) as h (message_id, detail)
    where m.message_id = h.message_id and m.status in ('expanding', 'running')
    returning m.message_id as "messageId"`);
  for (const { messageId } of rows) await notify(tx, "chapar_changes", `${appKey}:message:${messageId}`);
}

/** A row that was taken away, so that its recipient can be queued again. */
export interface TakenDelivery extends Counted {
  userKey: string;
  installationKey: string;
  step: number;
}

/** Takes away rows without success, in key order after `after`: of those the same attempt could help. */
export async function takeFailed(
  tx: Queryable,
  appKey: number,
  page: { messageId: string; isUnknownToo: boolean; after: string | null; limit: number },
): Promise<TakenDelivery[]> {
  const { rows } = await tx.query<TakenDelivery>(sql`
    with failed as (
      select message_id, user_key, delivery_id
      from deliveries
      where message_id = ${page.messageId} and app_key = ${appKey}
        and (state = 'failed' and reason <> 'device_not_found' or ${page.isUnknownToo} and state = 'unknown')
        and (${page.after}::uuid is null or user_key >= ${page.after}::uuid)
      order by user_key, delivery_id
      limit ${page.limit}
      for update
    )
    delete from deliveries d
    using failed f
    where d.message_id = f.message_id and d.user_key = f.user_key and d.delivery_id = f.delivery_id
    returning d.message_id as "messageId", d.user_key as "userKey", d.installation_key as "installationKey", d.step,
      d.variant, d.state, d.reason, d.code`);
  return rows;
}

/** One message with recipients who still wait, though it is past its time or was cancelled; locked. */
export async function lockOneToSweep(
  tx: Queryable,
  { now, monthAgo }: { now: Date; monthAgo: string },
): Promise<{ messageId: string; appKey: number; status: MessageStatus; isThrough: boolean } | null> {
  const { rows } = await tx.query<{
    messageId: string;
    appKey: number;
    status: MessageStatus;
    isThrough: boolean;
  }>(sql`
    select message_id as "messageId", app_key as "appKey", status, finished_at is not null as "isThrough"
    from messages m
    where m.message_id in (
      (select message_id from messages where swept_at is null and status = 'cancelled' and finished_at is not null limit 20)
      union all
      (select message_id from messages
        where swept_at is null and expires_at <= ${now} and finished_at is not null order by expires_at limit 20)
      union all
      (select message_id from messages
        where swept_at is null and message_id < ${monthAgo}::uuid and finished_at is not null order by message_id limit 20))
    limit 1
    for update skip locked`);
  return rows[0] ?? null;
}

/** Ends some of those who wait, in key order. Answers how many of each content, and the last user's key. */
export async function endWaiting(
  tx: Queryable,
  end: { messageId: string; state: "cancelled" | "expired"; after: string | null; limit: number },
): Promise<{ counts: Map<number, number>; count: number; last: string | null }> {
  const { rows } = await tx.query<{ userKey: string; variant: number }>(sql`
    with waiting as (
      select message_id, user_key, delivery_id
      from deliveries
      where message_id = ${end.messageId} and state = 'waiting'
        and (${end.after}::uuid is null or user_key >= ${end.after}::uuid)
      order by user_key, delivery_id
      limit ${end.limit}
      for update
    )
    update deliveries d
    set state = ${end.state}::delivery_state
    from waiting w
    where d.message_id = w.message_id and d.user_key = w.user_key and d.delivery_id = w.delivery_id
    returning d.user_key as "userKey", d.variant`);
  const counts = new Map<number, number>();
  for (const { variant } of rows) counts.set(variant, (counts.get(variant) ?? 0) + 1);
  const last = rows.reduce<string | null>(
    (max, { userKey }) => (max === null || userKey > max ? userKey : max),
    null,
  );
  return { counts, count: rows.length, last };
}

export async function setSwept(tx: Queryable, messageId: string, now: Date): Promise<void> {
  await tx.query(sql`update messages set swept_at = ${now} where message_id = ${messageId}`);
}
