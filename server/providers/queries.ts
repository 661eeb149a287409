import sql, { raw, type Sql } from "sql-template-tag";
import type { ProviderChannel } from "../channels/schema.ts";
import type { Queryable } from "../db/database.ts";
import type { Price } from "./schema.ts";

export interface AccountRow {
  accountKey: number;
  accountId: string;
  appKey: number;
  channel: ProviderChannel;
  provider: string;
  name: string;
  priority: number;
  isActive: boolean;
  ratePerSecond: number | null;
  price: Price | null;
  concurrency: number;
  /** Without its secrets. */
  config: Record<string, unknown>;
  /** As `seal` made them; null when there are none. */
  secrets: Buffer | null;
  receiptsKey: string;
  revision: number;
  misconfiguredDetail: string | null;
  restsUntil: Date | null;
  restsDetail: string | null;
  /** How long from now, by the database's clock; null when it does not rest. */
  restsMs: number | null;
  trustsGoneMs: number | null;
  lastSuccessAt: Date | null;
  lastFailureAt: Date | null;
  lastFailure: string | null;
  /** In about the last minute. */
  accepted: number;
  failed: number;
  createdAt: Date;
  updatedAt: Date;
}

/** Milliseconds until a moment, null when it is over or there is none. Workers need not agree on the time. */
const msUntil = (column: Sql): Sql => sql`
  case when ${column} > clock_timestamp() then
    ceil(extract(epoch from ${column} - clock_timestamp()) * 1000)::double precision end`;

/** The latest minute, and what is left within the last sixty seconds of the one before. */
const inLastMinute = (column: "accepted" | "failed"): Sql => {
  const now = sql`extract(epoch from clock_timestamp())`;
  const [latest, before] = [raw(column), raw(`${column}_before`)];
  return sql`round(case floor(${now} / 60) - minute
    when 0 then ${latest} + ${before} * (1 - mod(${now}, 60) / 60)
    when 1 then ${latest} * (1 - mod(${now}, 60) / 60)
    else 0 end)::integer`;
};

const columns = sql`
  account_key as "accountKey", account_id as "accountId", app_key as "appKey", channel, provider, name, priority,
  is_active as "isActive", rate_per_second::double precision as "ratePerSecond", concurrency, price, config, secrets,
  receipts_key as "receiptsKey", revision, misconfigured_detail as "misconfiguredDetail",
  rests_until as "restsUntil", rests_detail as "restsDetail", ${msUntil(sql`rests_until`)} as "restsMs",
  ${msUntil(sql`trusts_gone_until`)} as "trustsGoneMs", last_success_at as "lastSuccessAt",
  last_failure_at as "lastFailureAt", last_failure as "lastFailure",
  ${inLastMinute("accepted")} as accepted, ${inLastMinute("failed")} as failed, created_at as "createdAt", updated_at as "updatedAt"`;

/** What somebody sets of an account. */
export type AccountSettings = Pick<
  AccountRow,
  "name" | "priority" | "isActive" | "ratePerSecond" | "concurrency" | "price" | "config" | "secrets"
>;

export async function insertAccount(
  db: Queryable,
  account: AccountSettings &
    Pick<AccountRow, "accountId" | "appKey" | "channel" | "provider" | "receiptsKey"> & { now: Date },
): Promise<AccountRow> {
  const { rows } = await db.query<AccountRow>(sql`
    insert into provider_accounts (account_id, app_key, channel, provider, name, priority, is_active, rate_per_second,
      concurrency, price, config, secrets, receipts_key, created_at, updated_at)
    values (${account.accountId}, ${account.appKey}, ${account.channel}, ${account.provider}, ${account.name},
      ${account.priority}, ${account.isActive}, ${account.ratePerSecond}, ${account.concurrency},
      ${account.price && JSON.stringify(account.price)}::jsonb,
      ${JSON.stringify(account.config)}::jsonb, ${account.secrets}, ${account.receiptsKey}, ${account.now}, ${account.now})
    returning ${columns}`);
  return rows[0] as AccountRow;
}

/** Accounts of an app by when they were made, newest first. */
export async function listAccounts(
  db: Queryable,
  appKey: number,
  { before, limit }: { before: number | null; limit: number },
): Promise<AccountRow[]> {
  const { rows } = await db.query<AccountRow>(sql`
    select ${columns}
    from provider_accounts
    where app_key = ${appKey} and (${before}::integer is null or account_key < ${before}::integer)
    order by account_key desc
    limit ${limit}`);
  return rows;
}

export async function findAccount(
  db: Queryable,
  appKey: number,
  accountId: string,
  { forUpdate = false } = {},
): Promise<AccountRow | null> {
  const { rows } = await db.query<AccountRow>(sql`
    select ${columns}
    from provider_accounts
    where app_key = ${appKey} and account_id = ${accountId}
    ${forUpdate ? sql`for update` : sql``}`);
  return rows[0] ?? null;
}

/** The account whose address of receipts has this key. */
export async function findByReceiptsKey(
  db: Queryable,
  provider: string,
  receiptsKey: string,
): Promise<AccountRow | null> {
  const { rows } = await db.query<AccountRow>(sql`
    select ${columns}
    from provider_accounts
    where receipts_key = ${receiptsKey} and provider = ${provider}`);
  return rows[0] ?? null;
}

/** Changes what somebody set. With `clears`, what workers found out about the account is forgotten. */
export async function updateAccount(
  db: Queryable,
  accountKey: number,
  { clears, now, ...settings }: AccountSettings & { clears: boolean; now: Date },
): Promise<AccountRow> {
  const { rows } = await db.query<AccountRow>(sql`
    update provider_accounts set
      name = ${settings.name},
      priority = ${settings.priority},
      is_active = ${settings.isActive},
      rate_per_second = ${settings.ratePerSecond},
      concurrency = ${settings.concurrency},
      price = ${settings.price && JSON.stringify(settings.price)}::jsonb,
      config = ${JSON.stringify(settings.config)}::jsonb,
      secrets = ${settings.secrets},
      misconfigured_detail = case when ${clears} then null else misconfigured_detail end,
      rests_until = case when ${clears} then null else rests_until end,
      rests_detail = case when ${clears} then null else rests_detail end,
      -- It may be another business whose templates it sends.
      templates_fetched_at = case when ${clears} then null else templates_fetched_at end,
      templates_tried_at = case when ${clears} then null else templates_tried_at end,
      templates_failure = case when ${clears} then null else templates_failure end,
      -- Another rate does not wait for what was taken by the old one.
      next_free_at = null,
      revision = revision + 1,
      updated_at = ${now}
    where account_key = ${accountKey}
    returning ${columns}`);
  return rows[0] as AccountRow;
}

/** Lets an account go on. For `trustForMs` it is believed which addresses are dead, however many. */
export async function resumeAccount(
  db: Queryable,
  accountKey: number,
  { trustForMs }: { trustForMs: number },
): Promise<AccountRow> {
  const { rows } = await db.query<AccountRow>(sql`
    update provider_accounts set
      misconfigured_detail = null,
      rests_until = null,
      rests_detail = null,
      trusts_gone_until = clock_timestamp() + make_interval(secs => ${trustForMs / 1000}::double precision),
      revision = revision + 1
    where account_key = ${accountKey}
    returning ${columns}`);
  return rows[0] as AccountRow;
}

export async function deleteAccount(db: Queryable, accountKey: number): Promise<void> {
  await db.query(sql`delete from provider_accounts where account_key = ${accountKey}`);
}

/** Accounts of these apps, those to be used first before others of their channel. */
export async function listAccountsOfApps(db: Queryable, appKeys: readonly number[]): Promise<AccountRow[]> {
  const { rows } = await db.query<AccountRow>(sql`
    select ${columns}
    from provider_accounts
    where app_key = any(${appKeys}::integer[])
    order by app_key, channel, priority, account_key`);
  return rows;
}

/** What browsers subscribe to push with: of the account of web push that is to be used first. */
export async function findWebPushKey(db: Queryable, appKey: number): Promise<string | null> {
  const { rows } = await db.query<{ publicKey: string }>(sql`
    select config ->> 'publicKey' as "publicKey"
    from provider_accounts
    where app_key = ${appKey} and channel = 'push' and provider = 'webpush' and is_active
    order by priority, account_key
    limit 1`);
  return rows[0]?.publicKey ?? null;
}

export async function hasActiveAccount(
  db: Queryable,
  appKey: number,
  channel: ProviderChannel,
): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(sql`
    select exists (
      select from provider_accounts where app_key = ${appKey} and channel = ${channel} and is_active
    ) as found`);
  return rows[0]?.found === true;
}

export async function listNames(
  db: Queryable,
  appKey: number,
): Promise<{ accountKey: number; name: string }[]> {
  const { rows } = await db.query<{ accountKey: number; name: string }>(sql`
    select account_key as "accountKey", name from provider_accounts where app_key = ${appKey}`);
  return rows;
}

/**
 * Takes the starts of the next `count` messages for one worker, `1 / rate` seconds apart, after all that were taken
 * before. By the clock of the database, which is the same for all workers: when the first may start, in ms of the epoch
 * and in ms from now. Null when that is more than `atMostMs` away: nothing is taken then.
 */
export async function leaseStarts(
  db: Queryable,
  accountKey: number,
  { count, ratePerSecond, atMostMs }: { count: number; ratePerSecond: number; atMostMs: number },
): Promise<{ startsAtMs: number; startsInMs: number } | null> {
  const seconds = count / ratePerSecond;
  const { rows } = await db.query<{ startsAtMs: number; startsInMs: number }>(sql`
    update provider_accounts
    set next_free_at =
      greatest(next_free_at, clock_timestamp()) + make_interval(secs => ${seconds}::double precision)
    where account_key = ${accountKey}
      and (next_free_at is null
        or next_free_at <= clock_timestamp() + make_interval(secs => ${atMostMs / 1000}::double precision))
    returning
      (extract(epoch from next_free_at) * 1000)::double precision - ${seconds * 1000}::double precision as "startsAtMs",
      (extract(epoch from next_free_at - clock_timestamp()) * 1000)::double precision
        - ${seconds * 1000}::double precision as "startsInMs"`);
  return rows[0] ?? null;
}

/** In how many ms the next message that nobody took may start; null for at once. */
export async function readNextStart(db: Queryable, accountKey: number): Promise<number | null> {
  const { rows } = await db.query<{ ms: number | null }>(sql`
    select ${msUntil(sql`next_free_at`)} as ms from provider_accounts where account_key = ${accountKey}`);
  return rows[0]?.ms ?? null;
}

/** Keeps all workers from the account for `forMs`, or for as long as somebody else said if that is longer. */
export async function restAccount(
  db: Queryable,
  account: { accountKey: number; revision: number },
  { forMs, detail }: { forMs: number; detail: string },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update provider_accounts set
      rests_until = clock_timestamp() + make_interval(secs => ${forMs / 1000}::double precision),
      rests_detail = ${detail}
    where account_key = ${account.accountKey} and revision = ${account.revision}
      and (rests_until is null
        or rests_until < clock_timestamp() + make_interval(secs => ${forMs / 1000}::double precision))`);
  return rowCount === 1;
}

/** Pauses the account until somebody mends it; false when it was changed meanwhile or is paused already. */
export async function pauseAccount(
  db: Queryable,
  account: { accountKey: number; revision: number },
  detail: string,
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update provider_accounts set misconfigured_detail = ${detail}
    where account_key = ${account.accountKey} and revision = ${account.revision} and misconfigured_detail is null`);
  return rowCount === 1;
}

/** What happened last, where nulls leave what is known, and how many attempts since it was written before. */
export async function writeHealth(
  db: Queryable,
  accountKey: number,
  health: {
    lastSuccessAt: Date | null;
    lastFailureAt: Date | null;
    lastFailure: string | null;
    accepted: number;
    failed: number;
  },
): Promise<void> {
  const minute = sql`floor(extract(epoch from clock_timestamp()) / 60)::bigint`;
  const counted = (column: "accepted" | "failed", more: number): Sql => {
    const [latest, before] = [raw(column), raw(`${column}_before`)];
    return sql`
      ${before} = case ${minute} - minute when 0 then ${before} when 1 then ${latest} else 0 end,
      ${latest} = case when minute = ${minute} then ${latest} else 0 end + ${more}::integer`;
  };
  await db.query(sql`
    update provider_accounts set
      last_success_at = greatest(last_success_at, ${health.lastSuccessAt}::timestamptz),
      last_failure_at = greatest(last_failure_at, ${health.lastFailureAt}::timestamptz),
      last_failure = coalesce(${health.lastFailure}::text, last_failure),
      ${counted("accepted", health.accepted)},
      ${counted("failed", health.failed)},
      minute = ${minute}
    where account_key = ${accountKey}`);
}
