import sql, { type Sql } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import type { DeliveryState } from "../deliveries/schema.ts";
import { timeOfUuid, uuidAt } from "../lib/time.ts";

/** How many deliveries of a message are in a state, on one type of devices; null where no such device is known. */
export interface StateRow {
  platform: string | null;
  state: DeliveryState;
  count: number;
}

/** Deliveries to devices alone, by their type. What follows a message goes to people, not to devices. */
export async function countByPlatform(db: Queryable, appKey: number, messageId: string): Promise<StateRow[]> {
  const { rows } = await db.query<StateRow>(sql`
    select i.device_type as platform, d.state, count(*) as count
    from deliveries d
    left join installations i on i.app_key = ${appKey} and i.user_key = d.user_key
      and i.installation_key = d.installation_key
    where d.message_id = ${messageId} and d.step = 0
    group by 1, 2`);
  return rows;
}

// A receipt may come without those before it: who has seen a message has it.
const sentAt = sql`coalesce(sent_at, delivered_at, seen_at, clicked_at)`;
const deliveredAt = sql`coalesce(delivered_at, seen_at, clicked_at)`;
const seenAt = sql`coalesce(seen_at, clicked_at)`;
const failedAt = sql`case when state = 'failed' then created_at end`;

/** From when to when anything happened to the deliveries of a message; null where nothing did. */
export async function findSpan(
  db: Queryable,
  messageId: string,
): Promise<{ first: Date; last: Date } | null> {
  const { rows } = await db.query<{ first: Date | null; last: Date | null }>(sql`
    select min(least(sent_at, delivered_at, seen_at, clicked_at, ${failedAt})) as first,
      max(greatest(sent_at, delivered_at, seen_at, clicked_at, ${failedAt})) as last
    from deliveries
    where message_id = ${messageId}`);
  const [row] = rows;
  return row?.first && row.last ? { first: row.first, last: row.last } : null;
}

/** How many deliveries went through these steps of time, each by its beginning; null for what did not happen. */
export interface TrendRow {
  sent: Date | null;
  delivered: Date | null;
  seen: Date | null;
  clicked: Date | null;
  failed: Date | null;
  count: number;
}

export async function countBySteps(
  db: Queryable,
  messageId: string,
  { from, stepSeconds }: { from: Date; stepSeconds: number },
): Promise<TrendRow[]> {
  // Four times as fast as arithmetic with the parts of a moment, which are decimal numbers.
  const step = (at: Sql) => sql`date_bin(${`${stepSeconds} seconds`}::interval, ${at}, ${from}::timestamptz)`;
  const { rows } = await db.query<TrendRow>(sql`
    select ${step(sentAt)} as sent, ${step(deliveredAt)} as delivered, ${step(seenAt)} as seen,
      ${step(sql`clicked_at`)} as clicked, ${step(failedAt)} as failed, count(*) as count
    from deliveries
    where message_id = ${messageId}
    group by 1, 2, 3, 4, 5`);
  return rows;
}

export interface InfluenceRow {
  name: string;
  direct: number;
  indirect: number;
  users: number;
  value: number;
  revenue: number;
}

const dayMs = 86_400_000;
/** A message may wait for its device for a month, and influences what happens within twelve hours of reaching it. */
const influenceMs = 32 * dayMs;

/** Events that came after a message, by name. */
export async function sumInfluence(
  db: Queryable,
  appKey: number,
  messageId: string,
): Promise<InfluenceRow[]> {
  const from = timeOfUuid(messageId);
  const { rows } = await db.query<InfluenceRow>(sql`
    select name, count(*) filter (where influence_direct) as direct,
      count(*) filter (where not influence_direct) as indirect, count(distinct user_key) as users,
      coalesce(sum(value), 0) as value,
      coalesce(sum(value) filter (where data @> '{"isRevenue": true}'), 0) as revenue
    from events
    where influence_message_id = ${messageId} and app_key = ${appKey}
      and at >= ${from} and at < ${new Date(from.getTime() + influenceMs)}
    group by name
    order by count(*) desc, name
    limit 100`);
  return rows;
}

/** Keys of the messages that campaigns of a channel sent before another one, the latest first. */
export async function listEarlier(
  db: Queryable,
  appKey: number,
  { messageId, channel, days, limit }: { messageId: string; channel: string; days: number; limit: number },
): Promise<string[]> {
  const since = uuidAt(new Date(timeOfUuid(messageId).getTime() - days * dayMs));
  const { rows } = await db.query<{ messageId: string }>(sql`
    select m.message_id as "messageId"
    from campaigns c
    join messages m on m.campaign_id = c.campaign_id and m.message_id >= ${since}::uuid
      and m.message_id < ${messageId}::uuid
    where c.app_key = ${appKey} and m.channel = ${channel}
    order by m.message_id desc
    limit ${limit}`);
  return rows.map((row) => row.messageId);
}
