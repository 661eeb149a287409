import sql, { type Sql } from "sql-template-tag";
import { type FrequencyCap, type QuietHours, settingsOf } from "../../accounts/settings.ts";
import type { Channel, PushService } from "../../channels/schema.ts";
import { CopyWriter, copyInto } from "../../db/copy.ts";
import type { Queryable, Transaction } from "../../db/database.ts";
import type { MessageContent, MessageStatus } from "../schema.ts";

/** Goes before what is large. */
export const smallSend = 0;
export const largeSend = 1;

export interface NewChunk {
  messageId: string;
  seq: number;
  appKey: number;
  channel: Channel;
  step: number;
  variant: number;
  stage: number;
  tokenService: PushService | null;
  isAlert: boolean;
  attempt: number;
  priority: number;
  userKeys: readonly string[];
  installationKeys: readonly string[];
  /** By position; empty text where there is somebody. Null when all are known. */
  addresses: readonly string[] | null;
  notBefore: Date;
}

export async function insertChunks(tx: Transaction, chunks: readonly NewChunk[]): Promise<void> {
  if (chunks.length === 0) return;
  const writer = new CopyWriter(15);
  for (const chunk of chunks) {
    writer
      .row()
      .uuid(chunk.messageId)
      .int4(chunk.seq)
      .int4(chunk.appKey)
      .text(chunk.channel)
      .int2(chunk.step)
      .int2(chunk.variant)
      .int2(chunk.stage);
    writer.text(chunk.tokenService).boolean(chunk.isAlert);
    writer.int2(chunk.attempt).int2(chunk.priority).uuids(chunk.userKeys).uuids(chunk.installationKeys);
    writer.texts(chunk.addresses).moment(chunk.notBefore);
  }
  await copyInto(
    tx,
    `chunks (message_id, seq, app_key, channel, step, variant, stage, token_service, is_alert, attempt, priority, user_keys,
      installation_keys, addresses, not_before)`,
    writer.finish(),
  );
}

/** How an audience is split by content, and into those who go first and the rest. */
export interface Split {
  /** One text, one split: users fall the same way under it at all times. */
  salt: string;
  contents: number;
  /** Of all who go first, from 0 to 1. */
  firstShare: number;
  /** The rest gets the best content, which is not found yet. */
  isRestUndecided: boolean;
}

/** When those are due whose clocks count, by the name of their zone; the others at `otherwise`. */
export interface Dues {
  zones: readonly string[];
  moments: readonly Date[];
  otherwise: Date;
}

/**
 * Freezes the part of an audience whose user keys are from `from` up to `to` (or the end) as chunks of `size`; those of
 * a push hold devices whose tokens are of one service, since these may leave by different accounts.
 * `audience` selects user_key and installation_key; for users user_key alone, each once. Answers how many chunks and
 * recipients that made.
 */
export async function insertChunksOfRange(
  tx: Queryable,
  range: {
    messageId: string;
    appKey: number;
    channel: Channel;
    by: "installation" | "user";
    audience: Sql;
    from: string;
    to: string | null;
    firstSeq: number;
    size: number;
    priority: number;
    step: number;
    /** Null where all get one content at once. */
    split: Split | null;
    dues: Dues;
  },
): Promise<{ chunks: number; targeted: { variant: number; recipients: number }[] }> {
  const inRange = sql`
    a.user_key >= ${range.from}::uuid and (${range.to}::uuid is null or a.user_key < ${range.to}::uuid)`;
  const pairs =
    range.by === "user"
      ? sql`
        select a.user_key, '00000000-0000-0000-0000-000000000000'::uuid as installation_key, null as token_service
        from (${range.audience}) as a where ${inRange}`
      : range.channel === "push"
        ? sql`
        select a.user_key, a.installation_key,
          case when i.token_service in ('fcm', 'apns', 'webpush') then i.token_service end as token_service
        from (${range.audience}) as a
        join installations i on i.app_key = ${range.appKey} and i.user_key = a.user_key
          and i.installation_key = a.installation_key
        where ${inRange}`
        : sql`
        select a.user_key, a.installation_key, null as token_service
        from (${range.audience}) as a where a.installation_key is not null and ${inRange}`;
  const { rows } = await tx.query<{ variant: number; chunks: number; recipients: number }>(sql`
    with split as (
      select p.*, ${splitBy(range.split)}, ${dueBy(range.appKey, range.dues)} as due
      from (${pairs}) as p
    ),
    audience as (
      select *,
        (row_number() over (partition by token_service, stage, variant, due order by user_key, installation_key) - 1)
          / ${range.size}::integer as part
      from split
    ),
    made as (
      insert into chunks (message_id, seq, app_key, channel, step, variant, stage, token_service, priority, user_keys,
        installation_keys, not_before)
      select ${range.messageId}::uuid,
        ${range.firstSeq}::integer + row_number() over (order by due, part, stage, variant, token_service) - 1,
        ${range.appKey}::integer, ${range.channel}::text, ${range.step}::smallint, variant, stage, token_service,
        ${range.priority}::smallint,
        array_agg(user_key order by user_key, installation_key),
        array_agg(installation_key order by user_key, installation_key), due
      from audience
      group by part, token_service, stage, variant, due
      returning variant, cardinality(user_keys) as size
    )
    select variant, count(*) as chunks, sum(size)::bigint as recipients from made group by variant`);
  return {
    chunks: rows.reduce((sum, { chunks }) => sum + chunks, 0),
    targeted: rows.map(({ variant, recipients }) => ({ variant, recipients })),
  };
}

/** Columns of p (user_key): the stage and the content of a user, who falls anywhere from 0 to 1. */
function splitBy(split: Split | null): Sql {
  if (split === null) return sql`0::smallint as stage, 0::smallint as variant`;
  const { salt, contents, firstShare, isRestUndecided } = split;
  const at = sql`
    (('x' || substr(md5(p.user_key::text || ${salt}), 1, 8))::bit(32)::bigint / 4294967296.0::double precision)`;
  const share = sql`${firstShare}::double precision`;
  const content = (within: Sql) =>
    sql`least(floor(${within} * ${contents}::integer), ${contents}::integer - 1)`;
  return sql`
    case when ${at} < ${share} then 0 else 1 end::smallint as stage,
    case
      when ${at} < ${share} then ${content(sql`${at} / ${share}`)}
      when ${isRestUndecided} then -1
      else ${content(sql`(${at} - ${share}) / nullif(1 - ${share}, 0)`)}
    end::smallint as variant`;
}

/** When a user of p is due, by the zone of the device that they used last. */
function dueBy(appKey: number, { zones, moments, otherwise }: Dues): Sql {
  if (zones.length === 0) return sql`${otherwise}::timestamptz`;
  return sql`coalesce((
    select z.moment
    from (
      select i.time_zone
      from installations i
      where i.app_key = ${appKey} and i.user_key = p.user_key and i.time_zone is not null
      order by i.launch_time desc nulls last, i.installation_key
      limit 1
    ) as i
    join unnest(${zones}::text[], ${moments}::timestamptz[]) as z (zone, moment) on z.zone = i.time_zone
  ), ${otherwise}::timestamptz)`;
}

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

/** Takes a chunk of each large send, those that had none for longest first, up to `limit` of them. */
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
      order by array_position(${served}::uuid[], m.message_id) nulls first, m.message_id
    ) as o
    cross join lateral (
      select c.seq, c.variant
      from chunks c
      cross join (select o.open_stage, o.next_at) as m
      where c.message_id = o.message_id and c.not_before <= ${now} and ${isFree} and ${isOpen(blocked)}
        and ${isItsTurn}
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
      case when v.variant > 0 then m.variants -> v.variant - 1 else m.content end as content, m.track_id as "trackId",
      m.created_at as "messageCreatedAt", m.expires_at as "expiresAt", m.status, m.quiet as "isQuiet",
      m.capped as "isCapped", m.throttle, ${settingsOf(sql`a`)}`);
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

/** Names a chunk. */
export interface ChunkKey {
  messageId: string;
  seq: number;
}

const named = (chunks: readonly ChunkKey[]): Sql => sql`
  unnest(${chunks.map(({ messageId }) => messageId)}::uuid[], ${chunks.map(({ seq }) => seq)}::integer[])`;

export async function extendLeases(
  db: Queryable,
  lease: { owners: readonly string[]; ms: number },
): Promise<void> {
  if (lease.owners.length === 0) return;
  await db.query(sql`
    update chunks set lease_until = ${until(lease)} where lease_owner = any(${lease.owners}::uuid[])`);
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

/** Where a chunk is to stand. */
export interface ChunkMove extends ChunkKey {
  done: number;
  /** Up to where recipients may have been given to a provider; while the message is held, it stays where it was. */
  started: number;
  handed: number;
  again: readonly number[];
  againAt: Date | null;
}

/**
 * Moves the positions of chunks. Answers the keys of those whose message is still to be sent; of the others nothing new
 * is started. Null when the lease of one was lost: then nothing of this transaction may stay.
 */
export async function moveChunks(
  tx: Queryable,
  owner: string,
  moves: readonly ChunkMove[],
): Promise<ChunkKey[] | null> {
  const rows = moves.map((move) => ({
    ...{
      message_id: move.messageId,
      seq: move.seq,
      done: move.done,
      started: move.started,
      handed: move.handed,
    },
    ...{ again: move.again, again_at: move.againAt?.toISOString() ?? null },
  }));
  const { rows: moved } = await tx.query<ChunkKey & { isUnderWay: boolean }>(sql`
    update chunks c
    set done = k.done, handed = k.handed, again = k.again, again_at = k.again_at,
      started = case when m.status in ('expanding', 'running') then k.started else greatest(k.done, c.started) end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as k (
      message_id uuid, seq integer, done integer, started integer, handed integer, again integer[],
      again_at timestamptz)
    join messages m on m.message_id = k.message_id
    where c.message_id = k.message_id and c.seq = k.seq and c.lease_owner = ${owner}
    returning c.message_id as "messageId", c.seq, m.status in ('expanding', 'running') as "isUnderWay"`);
  return moved.length === moves.length ? moved.filter(({ isUnderWay }) => isUnderWay) : null;
}

/** Puts recipients to try again in the place of a chunk that is through, for whoever takes it when it is due. */
export async function restartChunk(
  tx: Queryable,
  owner: string,
  chunk: ChunkKey & {
    userKeys: readonly string[];
    installationKeys: readonly string[];
    attempt: number;
    notBefore: Date;
  },
): Promise<void> {
  await tx.query(sql`
    update chunks
    set user_keys = ${chunk.userKeys}::uuid[], installation_keys = ${chunk.installationKeys}::uuid[],
      addresses = null, attempt = ${chunk.attempt}, not_before = ${chunk.notBefore},
      done = 0, started = 0, handed = 0, again = '{}', again_at = null, lease_owner = null, lease_until = null
    where message_id = ${chunk.messageId} and seq = ${chunk.seq} and lease_owner = ${owner}`);
}

/** Notes whose tokens the recipients of chunks have. Answers how many were there, and under this lease. */
export async function setTokenServices(
  tx: Queryable,
  owner: string,
  chunks: readonly (ChunkKey & { tokenService: PushService | null })[],
): Promise<number> {
  const { rowCount } = await tx.query(sql`
    update chunks c set token_service = k.token_service
    from unnest(
      ${chunks.map(({ messageId }) => messageId)}::uuid[], ${chunks.map(({ seq }) => seq)}::integer[],
      ${chunks.map(({ tokenService }) => tokenService)}::text[]) as k (message_id, seq, token_service)
    where c.message_id = k.message_id and c.seq = k.seq and c.lease_owner = ${owner}`);
  return rowCount ?? 0;
}

/** Answers how many were there, and under this lease. */
export async function deleteChunks(
  db: Queryable,
  owner: string,
  chunks: readonly ChunkKey[],
): Promise<number> {
  const { rowCount } = await db.query(sql`
    delete from chunks c
    using ${named(chunks)} as k (message_id, seq)
    where c.message_id = k.message_id and c.seq = k.seq and c.lease_owner = ${owner}`);
  return rowCount ?? 0;
}

/** Which of these users are still queued for their message, as `message/user`: in chunks that are not through. */
export async function findQueued(
  db: Queryable,
  recipients: readonly { messageId: string; userKey: string }[],
): Promise<Set<string>> {
  const { rows } = await db.query<{ messageId: string; userKey: string }>(sql`
    select r.message_id as "messageId", r.user_key as "userKey"
    from unnest(
      ${recipients.map((row) => row.messageId)}::uuid[], ${recipients.map((row) => row.userKey)}::uuid[]
    ) as r (message_id, user_key)
    where exists (
      select from chunks c
      where c.message_id = r.message_id and not c.is_alert and r.user_key = any(c.user_keys))`);
  return new Set(rows.map((row) => `${row.messageId}/${row.userKey}`));
}
