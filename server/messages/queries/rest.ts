import sql from "sql-template-tag";
import type { Queryable } from "../../db/database.ts";
import type { WinnerMeasure } from "../schema.ts";

/** A message of which a part waits until the first part was looked at, locked. */
export interface HeldMessage {
  messageId: string;
  appKey: number;
  isFrozen: boolean;
  /** How many contents there are besides the first. */
  variants: number;
  /** Null where each content keeps its share. */
  winnerBy: WinnerMeasure | null;
}

const columns = sql`
  message_id as "messageId", app_key as "appKey", expand_from is null as "isFrozen",
  coalesce(jsonb_array_length(variants), 0) as variants, winner_by as "winnerBy"`;

export async function lockHeld(
  tx: Queryable,
  appKey: number,
  messageId: string,
): Promise<HeldMessage | null> {
  const { rows } = await tx.query<HeldMessage>(sql`
    select ${columns}
    from messages
    where app_key = ${appKey} and message_id = ${messageId} and first_share is not null and open_stage = 0
      and status in ('accepted', 'expanding', 'running', 'paused')
    for update`);
  return rows[0] ?? null;
}

/**
 * One message whose best content is to be found by now, locked. Not before the first part was sent to: only those who
 * are tried again are left out, and those who are only to be told of what they have.
 */
export async function findDueDecision(tx: Queryable, now: Date): Promise<HeldMessage | null> {
  const { rows } = await tx.query<HeldMessage>(sql`
    select ${columns}
    from messages m
    where decide_at <= ${now} and open_stage = 0 and status = 'running' and expand_from is null
      and not exists (
        select from chunks c where c.message_id = m.message_id and c.stage = 0 and c.step = 0 and c.attempt = 0 and not c.is_alert)
    order by decide_at
    limit 1
    for update skip locked`);
  return rows[0] ?? null;
}

/** One message whose time is over while its rest waits for a word, locked: nobody is to get it any more. */
export async function findOverdueRest(tx: Queryable, now: Date): Promise<HeldMessage | null> {
  const { rows } = await tx.query<HeldMessage>(sql`
    select ${columns}
    from messages
    where swept_at is null and expires_at is not null and expires_at <= ${now} and first_share is not null
      and open_stage = 0 and status = 'running' and expand_from is null
    order by expires_at
    limit 1
    for update skip locked`);
  return rows[0] ?? null;
}

/**
 * Lets the rest go, and what follows for them as much later as for the others. Answers how many recipients had no
 * content of their own yet.
 */
export async function openRest(
  tx: Queryable,
  messageId: string,
  winner: number | null,
  now: Date,
): Promise<number> {
  await tx.query(sql`
    update messages set open_stage = 1, winner = ${winner}::smallint where message_id = ${messageId}`);
  await tx.query(sql`
    update chunks c
    set not_before = greatest(c.not_before,
      ${now}::timestamptz + make_interval(secs => (m.content -> 'fallback' ->> 'delay')::double precision))
    from messages m
    where m.message_id = ${messageId} and m.content ? 'fallback'
      and c.message_id = m.message_id and c.stage = 1 and c.step = 1`);
  const { rows } = await tx.query<{ recipients: number }>(sql`
    select coalesce(sum(cardinality(user_keys)), 0)::bigint as recipients
    from chunks
    where message_id = ${messageId} and variant < 0`);
  return rows[0]?.recipients ?? 0;
}
