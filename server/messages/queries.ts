import sql, { type Sql } from "sql-template-tag";
import { CopyWriter, copyInto } from "../db/copy.ts";
import type { Queryable, Transaction } from "../db/database.ts";
import { uuidAt } from "../lib/time.ts";
import type { AudienceKind, MessageContent, MessageSource, MessageStatus } from "./schema.ts";

export interface NewMessage {
  messageId: string;
  appKey: number;
  topic: string;
  audienceKind: AudienceKind;
  audience: object;
  content: MessageContent;
  source: MessageSource;
  trackId: string | null;
  clientId: string | null;
  status: MessageStatus;
  /** Null once the audience is frozen. */
  expandFrom: string | null;
  nextChunk: number;
  expiresAt: Date | null;
  createdAt: Date;
  frozenAt: Date | null;
  finishedAt: Date | null;
}

export async function insertMessages(tx: Transaction, messages: readonly NewMessage[]): Promise<void> {
  const writer = new CopyWriter(17);
  for (const message of messages) {
    writer.row().uuid(message.messageId).int4(message.appKey).text("inbox").text(message.topic);
    writer.text(message.audienceKind).json(message.audience).json(message.content).text(message.source);
    writer.text(message.trackId).text(message.clientId).text(message.status).uuid(message.expandFrom);
    writer.int4(message.nextChunk).moment(message.expiresAt).moment(message.createdAt);
    writer.moment(message.frozenAt).moment(message.finishedAt);
  }
  await copyInto(
    tx,
    `messages (message_id, app_key, channel, topic, audience_kind, audience, content, source, track_id, client_id, status,
      expand_from, next_chunk, expires_at, created_at, frozen_at, finished_at)`,
    writer.finish(),
  );
}

export interface NewChunk {
  messageId: string;
  seq: number;
  appKey: number;
  userKeys: string[];
  installationKeys: string[];
  /** By position; empty text where there is an installation. Null when all have one. */
  addresses: string[] | null;
  notBefore: Date;
}

const smallSendPriority = 0;

/** Chunks of small sends, which go before those of large ones. */
export async function insertSmallChunks(tx: Transaction, chunks: readonly NewChunk[]): Promise<void> {
  const writer = new CopyWriter(8);
  for (const chunk of chunks) {
    writer.row().uuid(chunk.messageId).int4(chunk.seq).int4(chunk.appKey).int2(smallSendPriority);
    writer.uuids(chunk.userKeys).uuids(chunk.installationKeys).texts(chunk.addresses).moment(chunk.notBefore);
  }
  await copyInto(
    tx,
    "chunks (message_id, seq, app_key, priority, user_keys, installation_keys, addresses, not_before)",
    writer.finish(),
  );
}

/** A message whose audience is still being frozen, locked so that only one process does it. */
export async function lockExpansion(
  tx: Queryable,
  messageId: string,
): Promise<{
  appKey: number;
  audienceKind: AudienceKind;
  audience: unknown;
  expandFrom: string;
  nextChunk: number;
  topic: string;
} | null> {
  const { rows } = await tx.query<{
    appKey: number;
    audienceKind: AudienceKind;
    audience: unknown;
    expandFrom: string;
    nextChunk: number;
    topic: string;
  }>(sql`
    select app_key as "appKey", audience_kind as "audienceKind", audience, expand_from as "expandFrom",
      next_chunk as "nextChunk", topic
    from messages
    where message_id = ${messageId} and expand_from is not null and status in ('accepted', 'expanding', 'paused')
    for update`);
  return rows[0] ?? null;
}

/**
 * Freezes the part of an audience whose user keys are from `from` up to `to` (or the end) as chunks of `size`.
 * `audience` selects user_key and installation_key. Answers how many chunks and recipients that made.
 */
export async function insertChunksOfRange(
  tx: Queryable,
  range: {
    messageId: string;
    appKey: number;
    audience: Sql;
    from: string;
    to: string | null;
    firstSeq: number;
    size: number;
    priority: number;
    now: Date;
  },
): Promise<{ chunks: number; recipients: number }> {
  const { rows } = await tx.query<{ chunks: number; recipients: number }>(sql`
    with audience as (
      select a.user_key, a.installation_key,
        (row_number() over (order by a.user_key, a.installation_key) - 1) / ${range.size}::integer as chunk
      from (${range.audience}) as a
      where a.installation_key is not null
        and a.user_key >= ${range.from}::uuid
        and (${range.to}::uuid is null or a.user_key < ${range.to}::uuid)
    ),
    made as (
      insert into chunks (message_id, seq, app_key, priority, user_keys, installation_keys, not_before)
      select ${range.messageId}::uuid, ${range.firstSeq}::integer + chunk, ${range.appKey}::integer,
        ${range.priority}::smallint,
        array_agg(user_key order by user_key, installation_key),
        array_agg(installation_key order by user_key, installation_key),
        ${range.now}::timestamptz
      from audience
      group by chunk
      returning cardinality(user_keys) as size
    )
    select count(*) as chunks, coalesce(sum(size), 0)::bigint as recipients from made`);
  return rows[0] ?? { chunks: 0, recipients: 0 };
}

/** Where the next range starts; null ends the expansion and freezes the audience. */
export async function recordExpansion(
  tx: Queryable,
  progress: { messageId: string; expandFrom: string | null; nextChunk: number; now: Date },
): Promise<void> {
  const { messageId, expandFrom, nextChunk, now } = progress;
  await tx.query(sql`
    update messages
    set expand_from = ${expandFrom}::uuid,
      next_chunk = ${nextChunk},
      frozen_at = case when ${expandFrom}::uuid is null then ${now}::timestamptz end,
      status = case
        when status not in ('accepted', 'expanding') then status
        when ${expandFrom}::uuid is null then 'running'
        else 'expanding'
      end
    where message_id = ${messageId}`);
}

export interface ClaimedChunk {
  messageId: string;
  seq: number;
  appKey: number;
  userKeys: string[];
  installationKeys: string[];
  addresses: string[] | null;
  done: number;
  handed: number;
  appId: string;
  topic: string;
  content: MessageContent;
  trackId: string | null;
  messageCreatedAt: Date;
  expiresAt: Date | null;
}

/**
 * Takes chunks that nobody works on, for as long as the lease runs: up to `smallAtOnce` of small sends if there are
 * any, else one of a large send.
 */
export async function claimChunks(
  db: Queryable,
  lease: { owner: string; now: Date; until: Date },
  smallAtOnce: number,
): Promise<ClaimedChunk[]> {
  const small = await claimOfPriority(db, lease, 0, smallAtOnce);
  return small.length > 0 ? small : claimOfPriority(db, lease, 1, 1);
}

async function claimOfPriority(
  db: Queryable,
  lease: { owner: string; now: Date; until: Date },
  priority: number,
  limit: number,
): Promise<ClaimedChunk[]> {
  const { rows } = await db.query<ClaimedChunk>(sql`
    with next as (
      select c.message_id, c.seq
      from chunks c
      join messages m using (message_id)
      where c.priority = ${priority}
        and c.not_before <= ${lease.now}
        and (c.lease_until is null or c.lease_until < ${lease.now})
        and m.status in ('expanding', 'running')
      order by c.message_id, c.seq
      limit ${limit}
      for update of c skip locked
    )
    update chunks c
    set lease_owner = ${lease.owner}, lease_until = ${lease.until}
    from next n
    join messages m using (message_id)
    join apps a on a.app_key = m.app_key
    where c.message_id = n.message_id and c.seq = n.seq
    returning c.message_id as "messageId", c.seq, c.app_key as "appKey", c.user_keys as "userKeys",
      c.installation_keys as "installationKeys", c.addresses, c.done, c.handed, a.app_id as "appId", m.topic,
      m.content, m.track_id as "trackId", m.created_at as "messageCreatedAt", m.expires_at as "expiresAt"`);
  return rows;
}

/** Names a chunk. */
interface ChunkKey {
  messageId: string;
  seq: number;
}

const chunkKeys = (chunks: readonly ChunkKey[]): Sql => sql`
  unnest(${chunks.map(({ messageId }) => messageId)}::uuid[], ${chunks.map(({ seq }) => seq)}::integer[])`;

export async function extendLeases(
  db: Queryable,
  lease: { owners: readonly string[]; until: Date },
): Promise<void> {
  if (lease.owners.length === 0) return;
  await db.query(sql`
    update chunks set lease_until = ${lease.until} where lease_owner = any(${lease.owners}::uuid[])`);
}

/** Gives back what is left of a claim, so that others need not wait for the lease to run out. */
export async function releaseLease(db: Queryable, owner: string): Promise<void> {
  await db.query(sql`update chunks set lease_owner = null, lease_until = null where lease_owner = ${owner}`);
}

/**
 * Moves the positions of chunks. False when the lease of one was lost: then nothing of this transaction may stay.
 */
export async function moveChunks(
  tx: Queryable,
  owner: string,
  moves: readonly (ChunkKey & { done: number; handed: number })[],
): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update chunks c
    set done = k.done, handed = k.handed
    from unnest(
      ${moves.map(({ messageId }) => messageId)}::uuid[],
      ${moves.map(({ seq }) => seq)}::integer[],
      ${moves.map(({ done }) => done)}::integer[],
      ${moves.map(({ handed }) => handed)}::integer[]
    ) as k (message_id, seq, done, handed)
    where c.message_id = k.message_id and c.seq = k.seq and c.lease_owner = ${owner}`);
  return rowCount === moves.length;
}

export async function deleteChunks(db: Queryable, owner: string, chunks: readonly ChunkKey[]): Promise<void> {
  await db.query(sql`
    delete from chunks c
    using ${chunkKeys(chunks)} as k (message_id, seq)
    where c.message_id = k.message_id and c.seq = k.seq and c.lease_owner = ${owner}`);
}

/** Finishes those messages of which nothing is left to do. Asked after every chunk: the last to ask sees all gone. */
export async function finishMessages(
  db: Queryable,
  messageIds: readonly string[],
  now: Date,
): Promise<{ appKey: number; messageId: string }[]> {
  const { rows } = await db.query<{ appKey: number; messageId: string }>(sql`
    update messages m
    set status = 'finished', finished_at = ${now}
    where m.message_id = any(${messageIds}::uuid[]) and m.status = 'running' and m.expand_from is null
      and not exists (select from chunks c where c.message_id = m.message_id)
    returning m.app_key as "appKey", m.message_id as "messageId"`);
  return rows;
}

/** For workers that died between deleting the last chunk and finishing its message. */
export async function finishLeftovers(db: Queryable, now: Date): Promise<void> {
  await db.query(sql`
    update messages m
    set status = 'finished', finished_at = ${now}
    where m.status = 'running' and m.expand_from is null
      and not exists (select from chunks c where c.message_id = m.message_id)`);
}

export interface Inbox {
  appKey: number;
  /** Whose the installation is and was. */
  userKeys: readonly string[];
  installationKey: string;
}

export interface InboxMessage {
  messageId: string;
  content: MessageContent;
  topic: string;
  trackId: string | null;
  createdAt: Date;
}

/** Messages that an installation has not acknowledged, the oldest first, at most 1,000. */
export async function listUnacknowledged(
  db: Queryable,
  inbox: Inbox & { since: Date; now: Date },
): Promise<InboxMessage[]> {
  const { rows } = await db.query<InboxMessage>(sql`
    select d.message_id as "messageId", m.content, m.topic, m.track_id as "trackId", m.created_at as "createdAt"
    from deliveries d
    join messages m using (message_id)
    where d.app_key = ${inbox.appKey} and d.user_key = any(${inbox.userKeys}::uuid[])
      and d.installation_key = ${inbox.installationKey}
      and d.state in ('waiting', 'sent')
      and d.message_id >= ${uuidAt(inbox.since)}::uuid
      and (m.expires_at is null or m.expires_at > ${inbox.now})
    order by d.message_id
    limit 1000`);
  return rows;
}

export async function listContents(
  db: Queryable,
  appKey: number,
  messageIds: readonly string[],
): Promise<{ messageId: string; content: MessageContent }[]> {
  const { rows } = await db.query<{ messageId: string; content: MessageContent }>(sql`
    select message_id as "messageId", content
    from messages
    where app_key = ${appKey} and message_id = any(${messageIds}::uuid[])`);
  return rows;
}

export interface MessageRow {
  messageId: string;
  status: MessageStatus;
  topic: string;
  audienceKind: AudienceKind;
  audience: {
    users?: string[];
    target?: unknown;
    segment?: unknown;
    segments?: { id: string; name: string }[];
  };
  content: MessageContent;
  source: MessageSource;
  trackId: string | null;
  createdAt: Date;
  frozenAt: Date | null;
  finishedAt: Date | null;
}

const messageColumns = sql`
  message_id as "messageId", status, topic, audience_kind as "audienceKind", audience, content, source,
  track_id as "trackId", created_at as "createdAt", frozen_at as "frozenAt", finished_at as "finishedAt"`;

export async function findMessage(
  db: Queryable,
  appKey: number,
  messageId: string,
): Promise<MessageRow | null> {
  const { rows } = await db.query<MessageRow>(sql`
    select ${messageColumns} from messages where app_key = ${appKey} and message_id = ${messageId}`);
  return rows[0] ?? null;
}

/** Newest first; `audienceKind` narrows. */
export async function listMessageRows(
  db: Queryable,
  appKey: number,
  page: { audienceKind: AudienceKind | null; before: string | null; limit: number },
): Promise<MessageRow[]> {
  const { rows } = await db.query<MessageRow>(sql`
    select ${messageColumns}
    from messages
    where app_key = ${appKey}
      and (${page.audienceKind}::text is null or audience_kind = ${page.audienceKind}::text)
      and (${page.before}::uuid is null or message_id < ${page.before}::uuid)
    order by message_id desc
    limit ${page.limit + 1}`);
  return rows;
}

/** Messages whose audience is still being frozen and looks at this list of users, itself or within another segment. */
export async function messagesTo(
  db: Queryable,
  appKey: number,
  segmentId: string,
): Promise<{ id: string; name: string }[]> {
  const { rows } = await db.query<{ id: string; name: string }>(sql`
    select message_id as id, left(content ->> 'content', 80) as name
    from messages
    where app_key = ${appKey} and frozen_at is null and status in ('accepted', 'expanding')
      and position(${segmentId}::text in (audience -> 'condition')::text) > 0
    order by message_id
    limit 20`);
  return rows;
}
