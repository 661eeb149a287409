import sql, { type Sql } from "sql-template-tag";
import { type CopyWriter, copyInto } from "../db/copy.ts";
import type { Queryable, Transaction } from "../db/database.ts";
import { globalTrack } from "./schema.ts";

/** A message and a user. */
export interface Pair {
  messageId: string;
  userKey: string;
}

const unnested = (pairs: readonly Pair[]): Sql => sql`
  unnest(${pairs.map(({ messageId }) => messageId)}::uuid[], ${pairs.map(({ userKey }) => userKey)}::uuid[])`;

/** The codes that were given already. */
export async function findGiven(db: Queryable, pairs: readonly Pair[]): Promise<(Pair & { code: string })[]> {
  const { rows } = await db.query<Pair & { code: string }>(sql`
    select g.message_id as "messageId", g.user_key as "userKey", g.code
    from (select distinct * from ${unnested(pairs)} as p (message_id, user_key)) as p
    join promo_given g on g.message_id = p.message_id and g.user_key = p.user_key`);
  return rows;
}

/** The set of a track id as it is now. */
export async function findSetId(db: Queryable, appKey: number, trackId: string): Promise<string | null> {
  const { rows } = await db.query<{ setId: string }>(sql`
    select promo_set_id as "setId" from promo_sets where app_key = ${appKey} and track_id = ${trackId}`);
  return rows[0]?.setId ?? null;
}

/**
 * Gives each of the pairs the next code of a set, as far as it goes. Codes that somebody else is about to give are passed
 * over; one that is not given after all, since its pair has got another meanwhile, stays.
 */
export async function giveNext(
  db: Queryable,
  { appKey, setId, pairs, now }: { appKey: number; setId: string; pairs: readonly Pair[]; now: Date },
): Promise<(Pair & { code: string })[]> {
  const { rows } = await db.query<Pair & { code: string }>(sql`
    with picked as (
      select c.promo_set_id, c.seq, c.code, row_number() over (order by c.seq) as place
      from (
        select c.promo_set_id, c.seq, c.code
        from promo_codes c
        where c.promo_set_id = ${setId}
        order by c.seq
        limit ${pairs.length}
        for update skip locked
      ) as c
    ),
    given as (
      insert into promo_given (message_id, user_key, app_key, code, given_at)
      select p.message_id, p.user_key, ${appKey}::integer, c.code, ${now}::timestamptz
      from ${unnested(pairs)} with ordinality as p (message_id, user_key, place)
      join picked c using (place)
      on conflict (message_id, user_key) do nothing
      returning message_id, user_key, code
    ),
    taken as (
      delete from promo_codes c
      using picked p join given g on g.code = p.code
      where c.promo_set_id = p.promo_set_id and c.seq = p.seq
    )
    select message_id as "messageId", user_key as "userKey", code from given`);
  return rows;
}

/** Notes the same code for everybody, so that they keep it when there are others again. */
export async function giveFallbacks(
  db: Queryable,
  { appKey, pairs, now }: { appKey: number; pairs: readonly (Pair & { code: string })[]; now: Date },
): Promise<(Pair & { code: string })[]> {
  const { rows } = await db.query<Pair & { code: string }>(sql`
    insert into promo_given (message_id, user_key, app_key, code, given_at)
    select message_id, user_key, ${appKey}::integer, code, ${now}::timestamptz
    from unnest(${pairs.map(({ messageId }) => messageId)}::uuid[],
      ${pairs.map(({ userKey }) => userKey)}::uuid[], ${pairs.map(({ code }) => code)}::text[])
      as p (message_id, user_key, code)
    on conflict (message_id, user_key) do nothing
    returning message_id as "messageId", user_key as "userKey", code`);
  return rows;
}

/** The code that the next one would get, of the campaign's or else of the app's; null when there is none. */
export async function peekNext(db: Queryable, appKey: number, trackId: string): Promise<string | null> {
  const { rows } = await db.query<{ code: string }>(sql`
    select n.code
    from promo_sets s
    cross join lateral (
      select c.code from promo_codes c where c.promo_set_id = s.promo_set_id order by c.seq limit 1) as n
    where s.app_key = ${appKey} and s.track_id in (${trackId}, ${globalTrack})
    order by s.track_id = ${globalTrack}
    limit 1`);
  return rows[0]?.code ?? null;
}

/** Writes codes of a set: promo_set_id, seq, code. */
export const copyCodes = (tx: Transaction, writer: CopyWriter): Promise<void> =>
  copyInto(tx, "promo_codes (promo_set_id, seq, code)", writer.finish());

/** A code that is in a set more than once, and the first two places of it. */
export async function findRepeated(
  tx: Transaction,
  promoSetId: string,
): Promise<{ code: string; places: number[] } | null> {
  const { rows } = await tx.query<{ code: string; places: number[] }>(sql`
    select code, (array_agg(seq order by seq))[1:2] as places
    from promo_codes
    where promo_set_id = ${promoSetId}
    group by code
    having count(*) > 1
    order by min(seq)
    limit 1`);
  return rows[0] ?? null;
}

/** Puts a set in the place of the one there was; answers the id of that. */
export async function replaceSet(
  tx: Transaction,
  set: { appKey: number; trackId: string; promoSetId: string; total: number; now: Date },
): Promise<string | null> {
  const { rows } = await tx.query<{ promoSetId: string }>(sql`
    with before as (
      select promo_set_id from promo_sets where app_key = ${set.appKey} and track_id = ${set.trackId} for update
    ),
    after as (
      insert into promo_sets (app_key, track_id, promo_set_id, total, updated_at)
      values (${set.appKey}, ${set.trackId}, ${set.promoSetId}, ${set.total}, ${set.now})
      on conflict (app_key, track_id) do update
      set promo_set_id = excluded.promo_set_id, total = excluded.total, updated_at = excluded.updated_at
    )
    select promo_set_id as "promoSetId" from before`);
  return rows[0]?.promoSetId ?? null;
}

/** Deletes the codes of a set, unless it is somebody's. */
export async function deleteUnused(db: Queryable, promoSetId: string): Promise<void> {
  await db.query(sql`
    delete from promo_codes
    where promo_set_id = ${promoSetId}
      and not exists (select from promo_sets where promo_set_id = ${promoSetId})`);
}

/** Deletes the codes of sets that are nobody's: of those below this id, which no upload can still be at. */
export async function deleteOrphans(db: Queryable, below: string): Promise<void> {
  await db.query(sql`
    delete from promo_codes c
    where c.promo_set_id < ${below}::uuid
      and not exists (select from promo_sets s where s.promo_set_id = c.promo_set_id)`);
}

export interface PromoSetRow {
  trackId: string;
  total: number;
  left: number;
  updatedAt: Date;
}

/** The sets of an app, its own first and the others by their track id. */
export async function listSets(
  db: Queryable,
  appKey: number,
  trackId: string | null,
): Promise<PromoSetRow[]> {
  const { rows } = await db.query<PromoSetRow>(sql`
    select s.track_id as "trackId", s.total, s.updated_at as "updatedAt",
      (select count(*) from promo_codes c where c.promo_set_id = s.promo_set_id) as left
    from promo_sets s
    where s.app_key = ${appKey} and (${trackId}::text is null or s.track_id = ${trackId}::text)
    order by s.track_id`);
  return rows;
}

export async function deleteGiven(
  tx: Transaction,
  appKey: number,
  userKeys: readonly string[],
): Promise<void> {
  await tx.query(sql`
    delete from promo_given where app_key = ${appKey} and user_key = any(${userKeys}::uuid[])`);
}

/** Forgets what was given with messages below this id. */
export async function deleteGivenBelow(db: Queryable, messageId: string): Promise<void> {
  await db.query(sql`delete from promo_given where message_id < ${messageId}::uuid`);
}
