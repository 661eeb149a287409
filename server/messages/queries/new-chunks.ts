import sql, { type Sql } from "sql-template-tag";
import type { Channel, PushService } from "../../channels/schema.ts";
import { CopyWriter, copyInto } from "../../db/copy.ts";
import type { Queryable, Transaction } from "../../db/database.ts";

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
