import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import type { WebhookEvent } from "../outbox/schema.ts";

export interface WebhookRow {
  webhookId: string;
  appKey: number;
  name: string;
  url: string;
  events: WebhookEvent[];
  eventNames: string[] | null;
  batchSize: number;
  isActive: boolean;
  pauseReason: string | null;
  sealedSecret: Buffer;
  failures: number;
  failingSince: Date | null;
  restUntil: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

const columns = sql`
  webhook_id as "webhookId", app_key as "appKey", name, url, events, event_names as "eventNames",
  batch_size as "batchSize", is_active as "isActive", pause_reason as "pauseReason", sealed_secret as "sealedSecret",
  failures, failing_since as "failingSince", rest_until as "restUntil", created_at as "createdAt",
  updated_at as "updatedAt"`;

export async function insertWebhook(db: Queryable, row: WebhookRow): Promise<void> {
  await db.query(sql`
    insert into webhooks (webhook_id, app_key, name, url, events, event_names, batch_size, is_active, sealed_secret,
      created_at, updated_at)
    values (${row.webhookId}, ${row.appKey}, ${row.name}, ${row.url}, ${row.events}, ${row.eventNames},
      ${row.batchSize}, ${row.isActive}, ${row.sealedSecret}, ${row.createdAt}, ${row.updatedAt})`);
}

export async function countWebhooks(db: Queryable, appKey: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(sql`
    select count(*) as count from webhooks where app_key = ${appKey}`);
  return rows[0]?.count ?? 0;
}

/** Newest first, before this id. */
export async function listWebhookRows(
  db: Queryable,
  appKey: number,
  { before, limit }: { before: string | null; limit: number },
): Promise<WebhookRow[]> {
  const { rows } = await db.query<WebhookRow>(sql`
    select ${columns}
    from webhooks
    where app_key = ${appKey} and (${before}::uuid is null or webhook_id < ${before}::uuid)
    order by webhook_id desc
    limit ${limit}`);
  return rows;
}

export async function findWebhook(db: Queryable, appKey: number, id: string): Promise<WebhookRow | null> {
  const { rows } = await db.query<WebhookRow>(sql`
    select ${columns} from webhooks where app_key = ${appKey} and webhook_id = ${id}`);
  return rows[0] ?? null;
}

/** Locks it until the transaction ends. */
export async function lockWebhook(db: Queryable, appKey: number, id: string): Promise<WebhookRow | null> {
  const { rows } = await db.query<WebhookRow>(sql`
    select ${columns} from webhooks where app_key = ${appKey} and webhook_id = ${id} for no key update`);
  return rows[0] ?? null;
}

export async function updateWebhook(db: Queryable, row: WebhookRow): Promise<void> {
  await db.query(sql`
    update webhooks
    set name = ${row.name}, url = ${row.url}, events = ${row.events}, event_names = ${row.eventNames},
      batch_size = ${row.batchSize}, is_active = ${row.isActive}, pause_reason = ${row.pauseReason},
      sealed_secret = ${row.sealedSecret}, failures = ${row.failures}, failing_since = ${row.failingSince},
      rest_until = ${row.restUntil}, updated_at = ${row.updatedAt}
    where webhook_id = ${row.webhookId}`);
}

/** With all that it was still to be told, and its log. */
export async function deleteWebhook(db: Queryable, id: string): Promise<void> {
  await db.query(sql`delete from webhooks where webhook_id = ${id}`);
  await db.query(sql`delete from webhook_outbox where webhook_id = ${id}`);
  await db.query(sql`delete from webhook_attempts where webhook_id = ${id}`);
}

const countUpTo = 10_000;

/** How many happenings these are still to be told, each up to 10,000. */
export async function countWaiting(db: Queryable, ids: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.query<{ id: string; count: number }>(sql`
    select w.id, least(${countUpTo}, (
        select count(*) from (select from webhook_outbox o where o.webhook_id = w.id limit ${countUpTo}) as o
      ) + coalesce((
        select sum(jsonb_array_length(a.items))
        from (
          select items from webhook_attempts a where a.webhook_id = w.id and a.next_at is not null limit 1000
        ) as a), 0)) as count
    from unnest(${ids}::uuid[]) as w (id)`);
  return new Map(rows.map(({ id, count }) => [id, Number(count)]));
}
