import sql from "sql-template-tag";
import type { FrequencyCap } from "../../accounts/settings.ts";
import type { Queryable } from "../../db/database.ts";

/** A campaign that is about to reach a user. */
export interface Touch {
  messageId: string;
  userKey: string;
}

/** As long as any cap can look back, and as many as it can count. */
const keptDays = 30;
const keptTouches = 50;

/**
 * Counts campaigns for users, as many as their cap lets through; one that was counted before is let through again.
 * Answers those that are, as `message/user`.
 */
export async function claimTouches(
  db: Queryable,
  appKey: number,
  { cap, touches, now }: { cap: FrequencyCap; touches: readonly Touch[]; now: Date },
): Promise<Set<string>> {
  const granted = new Set<string>();
  const since = new Date(now.getTime() - cap.hours * 3_600_000);
  const kept = new Date(now.getTime() - keptDays * 86_400_000);
  for (const round of rounds(touches)) {
    const { rows } = await db.query<{ userKey: string }>(sql`
      insert into campaign_touches as t (app_key, user_key, message_ids, times)
      select ${appKey}::integer, user_key, array[message_id], array[${now}::timestamptz]
      from unnest(
        ${round.map(({ userKey }) => userKey)}::uuid[], ${round.map(({ messageId }) => messageId)}::uuid[]
      ) as n (user_key, message_id)
      -- In one order, so that campaigns that run together wait for each other and do not deadlock.
      order by user_key
      on conflict (app_key, user_key) do update set
        (message_ids, times) = (
          select array_agg(message_id order by at), array_agg(at order by at)
          from (
            select message_id, min(at) as at
            from unnest(t.message_ids || excluded.message_ids, t.times || excluded.times) as u (message_id, at)
            where at > ${kept}::timestamptz
            group by message_id
            order by min(at) desc
            limit ${keptTouches}
          ) as latest
        )
      where excluded.message_ids[1] = any(t.message_ids)
        or (select count(*) from unnest(t.times) as u (at) where at > ${since}::timestamptz) < ${cap.messages}::integer
      returning user_key as "userKey"`);
    const messages = new Map(round.map(({ userKey, messageId }) => [userKey, messageId]));
    for (const { userKey } of rows) granted.add(`${messages.get(userKey)}/${userKey}`);
  }
  return granted;
}

/** One statement counts one campaign a user: lists of touches in which nobody is twice. */
function rounds(touches: readonly Touch[]): Touch[][] {
  const made: Touch[][] = [];
  const seen = new Map<string, number>();
  for (const touch of touches) {
    const before = seen.get(touch.userKey) ?? 0;
    seen.set(touch.userKey, before + 1);
    const round = made[before];
    if (round) round.push(touch);
    else made.push([touch]);
  }
  return made;
}

/** Who was not reached after all has room for another one. */
export async function releaseTouches(
  db: Queryable,
  appKey: number,
  touches: readonly Touch[],
): Promise<void> {
  if (touches.length === 0) return;
  await db.query(sql`
    with released as (
      select t.user_key, array_agg(n.message_id) as message_ids
      from unnest(
        ${touches.map(({ userKey }) => userKey)}::uuid[], ${touches.map(({ messageId }) => messageId)}::uuid[]
      ) as n (user_key, message_id)
      join campaign_touches t on t.app_key = ${appKey} and t.user_key = n.user_key
      group by t.user_key
    ),
    locked as (
      select t.user_key, r.message_ids
      from released r
      join campaign_touches t on t.app_key = ${appKey} and t.user_key = r.user_key
      order by t.user_key
      for update of t
    )
    update campaign_touches t
    set (message_ids, times) = (
      select coalesce(array_agg(message_id order by at), '{}'), coalesce(array_agg(at order by at), '{}')
      from unnest(t.message_ids, t.times) as u (message_id, at)
      where message_id <> all(l.message_ids))
    from locked l
    where t.app_key = ${appKey} and t.user_key = l.user_key`);
}

/** Forgets whom no campaign has reached for as long as any cap looks back. */
export async function forgetTouches(db: Queryable, now: Date): Promise<void> {
  const kept = new Date(now.getTime() - keptDays * 86_400_000);
  await db.query(sql`
    delete from campaign_touches
    where not exists (select from unnest(times) as u (at) where at > ${kept}::timestamptz)`);
}
