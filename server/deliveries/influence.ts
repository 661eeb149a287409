import sql, { type Sql } from "sql-template-tag";
import { uuidAt } from "../lib/time.ts";

const dayMs = 86_400_000;
/** A message may wait for its device, or for its hour: how long after its acceptance it can still influence anything. */
const reachMs = 31 * dayMs;

/**
 * What an event of `e (user_key, at)` came after: the last message that reached the user within the twelve hours before,
 * and whether they had clicked it by then. A select of message_id and is_direct to be nested, of one row at most.
 *
 * No event is older than `firstAt` or later than `lastAt`.
 */
export function influenceOn(appKey: number, { firstAt, lastAt }: { firstAt: Date; lastAt: Date }): Sql {
  const from = sql`${uuidAt(new Date(firstAt.getTime() - reachMs))}::uuid`;
  const to = sql`${uuidAt(new Date(lastAt.getTime() + 1))}::uuid`;
  // Whether there is any message is asked once, not of every event.
  return sql`
  select d.message_id, d.clicked_at is not null and d.clicked_at <= e.at as is_direct
  from deliveries d
  where d.app_key = ${appKey} and d.user_key = e.user_key
    and d.message_id >= ${from} and d.message_id < ${to}
    and coalesce(d.delivered_at, d.sent_at) <= e.at
    and greatest(d.clicked_at, d.seen_at, d.delivered_at, d.sent_at) > e.at - interval '12 hours'
    and (select exists (
      select from messages m where m.app_key = ${appKey} and m.message_id >= ${from} and m.message_id < ${to}))
  order by d.message_id desc
  limit 1`;
}
