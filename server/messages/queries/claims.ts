import sql, { type Sql } from "sql-template-tag";
import { type DefaultTexts, type FrequencyCap, keptTo, type QuietHours } from "../../accounts/settings.ts";
import type { Channel, PushService } from "../../channels/schema.ts";
import type { Queryable } from "../../db/database.ts";
import type { MessageContent, MessageStatus } from "../schema.ts";
import type { ChunkKey } from "./chunks.ts";

/** A chunk under a lease, with what its message says. */
export interface ClaimedChunk {
  messageId: string;
  seq: number;
  appKey: number;
  channel: Channel;
  step: number;
  /** Which content it is sent, by now; -1 while nobody knows. */
  variant: number;
  stage: number;
  tokenService: PushService | null;
  isAlert: boolean;
  attempt: number;
  priority: number;
  userKeys: string[];
  installationKeys: string[];
  addresses: string[] | null;
  done: number;
  started: number;
  handed: number;
  again: number[];
  againAt: Date | null;
  appId: string;
  appName: string;
  topic: string;
  /** Whether its topic is one of the user's own, which a device must be in. */
  isPrivate: boolean;
  content: MessageContent;
  trackId: string | null;
  messageCreatedAt: Date;
  expiresAt: Date | null;
  status: MessageStatus;
  /** Whether it waits for the end of quiet hours, and counts for the frequency cap. */
  isQuiet: boolean;
  isCapped: boolean;
  throttle: number | null;
  /** What the app keeps to; null where it sets none. */
  quietHours: QuietHours | null;
  frequencyCap: FrequencyCap | null;
  defaultTexts: DefaultTexts;
  /** Zone of whoever has none. */
  timeZone: string;
}

/** Chunks of one app and channel, and for push of tokens of one service, leave together: by the same account. */
export interface RouteName {
  appKey: number;
  channel: Channel;
  tokenService: PushService | null;
}

/** What of a chunk is its route. */
export const routeOf = ({ appKey, channel, tokenService }: RouteName): RouteName => ({
  ...{ appKey, channel, tokenService },
});

interface Lease {
  owner: string;
  /** How long it holds, by the clock of the database: those of workers differ. */
  ms: number;
}

const until = ({ ms }: { ms: number }): Sql => sql`clock_timestamp() + ${`${ms} milliseconds`}::interval`;
const isFree = sql`(c.lease_until is null or c.lease_until < clock_timestamp())`;
/** The others wait until somebody has looked at the first, or for the pace of their message. */
const isItsTurn = sql`
  (c.stage <= m.open_stage and (m.next_at is null or m.next_at <= clock_timestamp() or c.is_alert))`;

const isOpen = (blocked: readonly RouteName[]): Sql =>
  blocked.length === 0
    ? sql`true`
    : sql`not exists (
      select
      from unnest(
        ${blocked.map((route) => route.appKey)}::integer[], ${blocked.map((route) => route.channel)}::text[],
        ${blocked.map((route) => route.tokenService)}::text[]
      ) as b (app_key, channel, token_service)
      where b.app_key = c.app_key and b.channel = c.channel
        and b.token_service is not distinct from c.token_service)`;

/** Takes chunks of small sends that are due, up to `limit` of them, the oldest first. */
export const claimSmall = (
  db: Queryable,
  lease: Lease,
  { now, blocked, limit }: { now: Date; blocked: readonly RouteName[]; limit: number },
): Promise<ClaimedChunk[]> =>
  claim(
    db,
    lease,
    sql`
    select c.message_id, c.seq, c.variant
    from chunks c
    join messages m using (message_id)
    where c.priority = 0 and c.not_before <= ${now} and ${isFree} and ${isOpen(blocked)}
      and m.status in ('expanding', 'running') and ${isItsTurn}
    order by c.not_before, c.message_id, c.seq
    limit ${limit}
    for update of c skip locked`,
  );

/**
 * Takes a chunk of each large send, those that had none for longest first, up to `limit` of them. One that keeps to a pace
 * waits until its audience is frozen, so that counting its pace waits for nobody who holds it. Of one whose turn is later only numbers below 0 are looked at, where alerts are: it may have a hundred thousand chunks that wait.
 */
export const claimLarge = (
  db: Queryable,
  lease: Lease,
  {
    now,
    blocked,
    limit,
    served,
  }: {
    now: Date;
    blocked: readonly RouteName[];
    limit: number;
    /** Messages that were given a chunk, the latest last. */
    served: readonly string[];
  },
): Promise<ClaimedChunk[]> =>
  claim(
    db,
    lease,
    sql`
    select o.message_id, n.seq, n.variant
    from (
      select m.message_id, m.open_stage, m.next_at
      from messages m
      where m.priority = 1 and m.status in ('expanding', 'running')
        and (m.throttle is null or m.expand_from is null)
      order by array_position(${served}::uuid[], m.message_id) nulls first, m.message_id
    ) as o
    cross join lateral (
      select c.seq, c.variant
      from chunks c
      cross join (select o.open_stage, o.next_at) as m
      where c.message_id = o.message_id and c.not_before <= ${now} and ${isFree} and ${isOpen(blocked)}
        and ${isItsTurn}
        and c.seq < case when o.next_at > statement_timestamp() then 0 else 2147483647 end
      order by c.seq
      limit 1
      for update of c skip locked
    ) as n
    limit ${limit}`,
  );

/** Takes chunks of cancelled messages, whenever they were due. */
export const claimCancelled = (db: Queryable, lease: Lease, limit: number): Promise<ClaimedChunk[]> =>
  claim(
    db,
    lease,
    sql`
    select c.message_id, c.seq, c.variant
    from messages m
    join chunks c using (message_id)
    where m.status = 'cancelled' and m.finished_at is null and ${isFree}
    order by c.message_id, c.seq
    limit ${limit}
    for update of c skip locked`,
  );

async function claim(db: Queryable, lease: Lease, next: Sql): Promise<ClaimedChunk[]> {
  const { rows } = await db.query<ClaimedRow>(sql`
    with next as (${next})
    update chunks c
    set lease_owner = ${lease.owner}, lease_until = ${until(lease)}
    from next n
    join messages m using (message_id)
    join apps a on a.app_key = m.app_key
    cross join lateral (select case when n.variant < 0 then coalesce(m.winner, -1) else n.variant end as variant) as v
    where c.message_id = n.message_id and c.seq = n.seq
    returning c.message_id as "messageId", c.seq, c.app_key as "appKey", c.channel, c.step, v.variant, c.stage,
      c.token_service as "tokenService", c.is_alert as "isAlert", c.attempt, c.priority,
      array_to_string(c.user_keys, ',') as "userKeys", array_to_string(c.installation_keys, ',') as "installationKeys",
      c.addresses, c.done, c.started, c.handed,
      c.again, c.again_at as "againAt", a.app_id as "appId", a.name as "appName", m.topic,
      m.audience_kind = 'users' and m.campaign_id is null and m.topic <> 'default' as "isPrivate",
      case when v.variant > 0 then m.variants -> v.variant - 1 else m.content end as content, m.track_id as "trackId",
      m.created_at as "messageCreatedAt", m.expires_at as "expiresAt", m.status, m.quiet as "isQuiet",
      m.capped as "isCapped", m.throttle, ${keptTo(sql`a`)}`);
  // As they were accepted: whoever is sent two messages gets the first one first.
  rows.sort((a, b) => (a.messageId < b.messageId ? -1 : a.messageId > b.messageId ? 1 : a.seq - b.seq));
  return rows.map((row) => ({
    ...row,
    userKeys: row.userKeys.split(","),
    installationKeys: row.installationKeys.split(","),
  }));
}

/** Has the pace of messages count what was just taken of them. */
export async function pace(db: Queryable, chunks: readonly ClaimedChunk[]): Promise<void> {
  const taken = new Map<string, number>();
  for (const { messageId, throttle, isAlert, attempt, userKeys, done } of chunks)
    if (throttle !== null && !isAlert && attempt === 0)
      taken.set(messageId, (taken.get(messageId) ?? 0) + userKeys.length - done);
  if (taken.size === 0) return;
  await db.query(sql`
    update messages m
    set next_at = greatest(m.next_at, clock_timestamp()) + make_interval(secs => t.recipients * 60.0 / m.throttle)
    from unnest(${[...taken.keys()]}::uuid[], ${[...taken.values()]}::integer[]) as t (message_id, recipients)
    where m.message_id = t.message_id`);
}

/** Keys as one text each: node splits it several times as fast as the driver reads an array. */
type ClaimedRow = Omit<ClaimedChunk, "userKeys" | "installationKeys"> & {
  userKeys: string;
  installationKeys: string;
};

/**
 * Extends the leases of these owners. It waits for one chunk at a time, and holds no other meanwhile: whoever holds that
 * one may be about to ask for the others.
 */
export async function extendLeases(
  db: Queryable,
  { owners, ms }: { owners: readonly string[]; ms: number },
): Promise<void> {
  if (owners.length === 0) return;
  const held = sql`lease_owner = any(${owners}::uuid[])`;
  for (;;) {
    const { rows } = await db.query<ChunkKey>(sql`
      with free as (
        select message_id, seq from chunks where ${held} for no key update skip locked
      ),
      extended as (
        update chunks c set lease_until = ${until({ ms })}
        from free f
        where c.message_id = f.message_id and c.seq = f.seq
      )
      select message_id as "messageId", seq
      from chunks c
      where ${held} and not exists (select from free f where f.message_id = c.message_id and f.seq = c.seq)
      limit 1`);
    const [taken] = rows;
    if (!taken) return;
    await db.query(sql`
      update chunks set lease_until = ${until({ ms })}
      where message_id = ${taken.messageId} and seq = ${taken.seq} and ${held}`);
  }
}

/**
 * Gives back what is left of a claim, so that others need not wait for the lease to run out. `isSettled`: what was
 * started is through, or was never given away; else nobody knows, and it stays marked.
 */
export async function releaseChunks(
  db: Queryable,
  owner: string,
  chunks: readonly (ChunkKey & { isSettled: boolean })[],
): Promise<void> {
  await db.query(sql`
    update chunks c
    set lease_owner = null, lease_until = null, started = case when k.is_settled then c.done else c.started end
    from unnest(
      ${chunks.map(({ messageId }) => messageId)}::uuid[], ${chunks.map(({ seq }) => seq)}::integer[],
      ${chunks.map(({ isSettled }) => isSettled)}::boolean[]) as k (message_id, seq, is_settled)
    where c.message_id = k.message_id and c.seq = k.seq and c.lease_owner = ${owner}`);
}

/** Gives back all chunks, when there is no worker at all. What was started stays in doubt. */
export async function freeAllChunks(db: Queryable): Promise<void> {
  await db.query(sql`
    update chunks set lease_owner = null, lease_until = null where lease_owner is not null`);
}
