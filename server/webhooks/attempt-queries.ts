import sql, { type Sql } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import type { WebhookEvent } from "../outbox/schema.ts";
import type { Item } from "./body.ts";

/** A webhook as its sender needs it. */
export interface SendingWebhook {
  webhookId: string;
  appKey: number;
  appId: string;
  url: string;
  batchSize: number;
  sealedSecret: Buffer;
  failures: number;
  inFlight: number;
}

/** Webhooks that have something to be told and may be told it now. */
export async function listReady(db: Queryable): Promise<{ webhookId: string; failures: number }[]> {
  const { rows } = await db.query<{ webhookId: string; failures: number }>(sql`
    select webhook_id as "webhookId", failures
    from webhooks w
    where is_active and (rest_until is null or rest_until <= now())
      and (exists (select from webhook_outbox o where o.webhook_id = w.webhook_id)
        or exists (select from webhook_attempts a where a.webhook_id = w.webhook_id and a.next_at <= now()))`);
  return rows;
}

/** Locks a webhook that may be told something now, so that what is in flight can be counted. */
export async function lockToSend(tx: Queryable, webhookId: string): Promise<SendingWebhook | null> {
  const { rows } = await tx.query<SendingWebhook>(sql`
    select w.webhook_id as "webhookId", w.app_key as "appKey", a.app_id as "appId", w.url,
      w.batch_size as "batchSize", w.sealed_secret as "sealedSecret", w.failures, (
        select count(*)::integer from webhook_attempts t
        where t.webhook_id = w.webhook_id and t.next_at > now() and t.lease_owner is not null
      ) as "inFlight"
    from webhooks w
    join apps a using (app_key)
    where w.webhook_id = ${webhookId} and w.is_active and (w.rest_until is null or w.rest_until <= now())
    for no key update of w`);
  return rows[0] ?? null;
}

/** A request to be tried now. */
export interface Claimed {
  attemptId: string;
  items: Item[];
  isList: boolean;
  tries: number;
  giveUpAt: Date;
}

const claimedColumns = sql`attempt_id as "attemptId", items, is_list as "isList", tries, give_up_at as "giveUpAt"`;
const leaseUntil = (leaseMs: number): Sql => sql`now() + ${leaseMs}::float8 * interval '1 millisecond'`;

/** Takes one that is due again, or whose sender is dead. */
export async function claimDue(
  tx: Queryable,
  webhookId: string,
  { owner, leaseMs }: { owner: string; leaseMs: number },
): Promise<Claimed | null> {
  const { rows } = await tx.query<Claimed>(sql`
    update webhook_attempts
    set lease_owner = ${owner}, next_at = ${leaseUntil(leaseMs)}, tries = tries + 1
    where attempt_id = (
      select attempt_id
      from webhook_attempts
      where webhook_id = ${webhookId} and next_at <= now()
      order by next_at
      limit 1
      for update skip locked)
    returning ${claimedColumns}`);
  return rows[0] ?? null;
}

/** Makes a request of what happened next, names whom it is about, and takes it. Null when nothing happened. */
export async function claimNew(
  tx: Queryable,
  webhook: Pick<SendingWebhook, "webhookId" | "appKey" | "appId" | "batchSize">,
  made: { attemptId: string; owner: string; leaseMs: number; triedForMs: number },
): Promise<Claimed | null> {
  const { webhookId, appKey, appId, batchSize } = webhook;
  const { rows } = await tx.query<Claimed>(sql`
    with taken as (
      delete from webhook_outbox
      where webhook_id = ${webhookId} and seq in (
        select seq from webhook_outbox
        where webhook_id = ${webhookId}
        order by seq
        limit ${batchSize}
        for update skip locked)
      returning seq, item_id, event, at, user_key, installation_key, data
    ),
    named as (
      select t.seq, t.event, t.user_key, jsonb_build_object(
        'id', t.item_id,
        'event', t.event,
        'appId', ${appId}::text,
        'time', to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'userId', coalesce(u.user_id, o.user_id),
        'installationId', i.installation_id,
        'data', case when m.message_id is null then t.data else t.data - 'step' || jsonb_build_object(
          'channel', case when t.data -> 'step' = '0' then m.channel else m.content -> 'fallback' ->> 'channel' end,
          'campaignId', m.campaign_id) end) as item
      from taken t
      left join users u on u.app_key = ${appKey} and u.user_key = t.user_key
      -- A guest who has logged in since.
      left join user_aliases l on l.app_key = ${appKey} and l.user_key = t.user_key and u.user_key is null
      left join users o on o.app_key = ${appKey} and o.user_key = l.owner_key
      left join installation_directory d on d.app_key = ${appKey} and d.installation_key = t.installation_key
      left join installations i on i.app_key = ${appKey} and i.user_key = d.user_key
        and i.installation_key = d.installation_key
      left join messages m on m.message_id = (t.data ->> 'messageId')::uuid and t.event like 'message.%'
    )
    insert into webhook_attempts (attempt_id, webhook_id, app_key, events, items, is_list, user_keys, state, tries,
      next_at, lease_owner, give_up_at, created_at)
    select ${made.attemptId}::uuid, ${webhookId}::uuid, ${appKey}::integer, array_agg(distinct event),
      jsonb_agg(item order by seq), ${batchSize > 1}, coalesce(array_agg(distinct user_key) filter (where user_key is not null), '{}'),
      'waiting', 1, ${leaseUntil(made.leaseMs)}, ${made.owner}::uuid,
      now() + ${made.triedForMs}::float8 * interval '1 millisecond', now()
    from named
    having count(*) > 0
    returning ${claimedColumns}`);
  return rows[0] ?? null;
}

/** What came of a try. False when it was somebody else's by then. */
export async function settleAttempt(
  tx: Queryable,
  attemptId: string,
  owner: string,
  end: {
    state: "waiting" | "delivered" | "failed";
    afterMs: number;
    status: number | null;
    tookMs: number;
    error: string | null;
  },
): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update webhook_attempts
    set state = ${end.state}, lease_owner = null, tried_at = now(), http_status = ${end.status},
      next_at = case when ${end.state}::text = 'waiting' then ${leaseUntil(end.afterMs)} end,
      took_ms = ${end.tookMs}, error = ${end.error}
    where attempt_id = ${attemptId} and lease_owner = ${owner}`);
  return rowCount === 1;
}

/** A request came through. */
export async function noteSuccess(tx: Queryable, webhookId: string): Promise<void> {
  await tx.query(sql`
    update webhooks set failures = 0, failing_since = null, rest_until = null
    where webhook_id = ${webhookId} and failures > 0`);
}

/** A request did not. Answers how many did not in a row, and since when. */
export async function noteFailure(
  tx: Queryable,
  webhookId: string,
): Promise<{ failures: number; failingMs: number } | null> {
  const { rows } = await tx.query<{ failures: number; failingMs: number }>(sql`
    update webhooks set failures = failures + 1, failing_since = coalesce(failing_since, now())
    where webhook_id = ${webhookId}
    returning failures, extract(epoch from now() - failing_since)::float8 * 1000 as "failingMs"`);
  return rows[0] ?? null;
}

export async function rest(tx: Queryable, webhookId: string, ms: number): Promise<void> {
  await tx.query(sql`update webhooks set rest_until = ${leaseUntil(ms)} where webhook_id = ${webhookId}`);
}

/** Switches it off, with the reason. */
export async function pause(tx: Queryable, webhookId: string, reason: string): Promise<void> {
  await tx.query(sql`
    update webhooks set is_active = false, pause_reason = ${reason}, updated_at = now()
    where webhook_id = ${webhookId} and is_active`);
}

export interface AttemptRow {
  id: string;
  events: WebhookEvent[];
  items: number;
  state: "waiting" | "delivered" | "failed";
  tries: number;
  status: number | null;
  tookMs: number | null;
  error: string | null;
  createdAt: Date;
  triedAt: Date | null;
  nextAt: Date | null;
}

const logColumns = sql`
  attempt_id as id, events, jsonb_array_length(items) as items, state, tries, http_status as status,
  took_ms as "tookMs", error, created_at as "createdAt", tried_at as "triedAt",
  -- While it is tried, its next time is when its sender is taken for dead.
  case when lease_owner is null then next_at end as "nextAt"`;

/** Newest first, before this id. */
export async function listAttemptRows(
  db: Queryable,
  webhookId: string,
  page: { before: string | null; isFailed: boolean; limit: number },
): Promise<AttemptRow[]> {
  const { rows } = await db.query<AttemptRow>(sql`
    select ${logColumns}
    from webhook_attempts
    where webhook_id = ${webhookId} and (${page.before}::uuid is null or attempt_id < ${page.before}::uuid)
      ${page.isFailed ? sql`and error is not null` : sql``}
    order by attempt_id desc
    limit ${page.limit}`);
  return rows;
}

export async function findAttempt(
  db: Queryable,
  webhookId: string,
  attemptId: string,
): Promise<{ row: AttemptRow; items: Item[]; isList: boolean } | null> {
  const { rows } = await db.query<AttemptRow & { content: Item[]; isList: boolean }>(sql`
    select ${logColumns}, items as content, is_list as "isList"
    from webhook_attempts
    where webhook_id = ${webhookId} and attempt_id = ${attemptId}`);
  const [found] = rows;
  if (!found) return null;
  const { content: items, isList, ...row } = found;
  return { row, items, isList };
}

/** Has requests that ended tried again, at once: this one, or all that failed since. Answers how many. */
export async function replayAttempts(
  tx: Queryable,
  webhookId: string,
  which: { attemptId: string } | { since: Date },
  triedForMs: number,
): Promise<number> {
  const those =
    "attemptId" in which
      ? sql`attempt_id = ${which.attemptId} and lease_owner is null`
      : sql`error is not null and state = 'failed' and created_at >= ${which.since}`;
  const { rowCount } = await tx.query(sql`
    update webhook_attempts
    set state = 'waiting', tries = 0, next_at = now(), lease_owner = null,
      give_up_at = now() + ${triedForMs}::float8 * interval '1 millisecond'
    where webhook_id = ${webhookId} and ${those}`);
  return rowCount ?? 0;
}

/** Has what waits for its next try tried at once: its address may be another one now. */
export async function hurryAttempts(tx: Queryable, webhookId: string): Promise<void> {
  await tx.query(sql`
    update webhook_attempts set next_at = now()
    where webhook_id = ${webhookId} and next_at > now() and lease_owner is null`);
}

/** A sample that was sent, for the log. */
export async function insertTest(
  db: Queryable,
  row: {
    attemptId: string;
    webhookId: string;
    appKey: number;
    event: WebhookEvent;
    items: Item[];
    isList: boolean;
    state: "delivered" | "failed";
    status: number | null;
    tookMs: number;
    error: string | null;
  },
): Promise<void> {
  await db.query(sql`
    insert into webhook_attempts (attempt_id, webhook_id, app_key, events, items, is_list, user_keys, state, tries,
      give_up_at, tried_at, http_status, took_ms, error, created_at)
    values (${row.attemptId}, ${row.webhookId}, ${row.appKey}, ${[row.event]}, ${JSON.stringify(row.items)}::jsonb,
      ${row.isList}, '{}', ${row.state}, 1, now(), now(), ${row.status}, ${row.tookMs}, ${row.error}, now())`);
}

/** Forgets requests older than this, and what nobody is left to be told. Answers how many requests it was, at most `limit`. */
export async function forgetAttempts(
  db: Queryable,
  { keptDays, limit }: { keptDays: number; limit: number },
): Promise<number> {
  const before = sql`now() - ${keptDays}::integer * interval '1 day'`;
  const { rowCount } = await db.query(sql`
    delete from webhook_attempts where attempt_id in (
      select attempt_id from webhook_attempts where created_at < ${before} limit ${limit})`);
  await db.query(sql`
    delete from webhook_outbox o
    where created_at < ${before} or not exists (select from webhooks w where w.webhook_id = o.webhook_id)`);
  return rowCount ?? 0;
}

/** Forgets users in what webhooks were told or are to be told. */
export async function eraseFromOutbox(
  tx: Queryable,
  appKey: number,
  { userKeys, userIds }: { userKeys: readonly string[]; userIds: readonly string[] },
): Promise<void> {
  await tx.query(sql`
    delete from webhook_outbox o
    using webhooks w
    where w.app_key = ${appKey} and o.webhook_id = w.webhook_id and o.user_key = any(${userKeys}::uuid[])`);
  await tx.query(sql`
    update webhook_attempts a set
      items = (
        select coalesce(jsonb_agg(item order by place), '[]')
        from jsonb_array_elements(a.items) with ordinality as i (item, place)
        where item ->> 'userId' is null or item ->> 'userId' <> all(${userIds}::text[])),
      user_keys = array(select k from unnest(a.user_keys) as k where k <> all(${userKeys}::uuid[]))
    where app_key = ${appKey} and user_keys && ${userKeys}::uuid[]`);
  await tx.query(sql`delete from webhook_attempts where app_key = ${appKey} and items = '[]'`);
}
