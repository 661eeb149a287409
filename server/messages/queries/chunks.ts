import sql, { type Sql } from "sql-template-tag";
import type { PushService } from "../../channels/schema.ts";
import type { Queryable } from "../../db/database.ts";

/** Names a chunk. */
export interface ChunkKey {
  messageId: string;
  seq: number;
}

const named = (chunks: readonly ChunkKey[]): Sql => sql`
  unnest(${chunks.map(({ messageId }) => messageId)}::uuid[], ${chunks.map(({ seq }) => seq)}::integer[])`;

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
