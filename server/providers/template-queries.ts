import sql from "sql-template-tag";
import type { TemplateNews } from "../channels/provider.ts";
import type { MessageTemplate } from "../channels/whatsapp/template.ts";
import type { Queryable } from "../db/database.ts";

/** What is known of the templates of an account. */
export interface TemplateState {
  accountKey: number;
  fetchedAt: Date | null;
  triedAt: Date | null;
  failure: string | null;
}

export async function listTemplateStates(
  db: Queryable,
  accountKeys: readonly number[],
): Promise<Map<number, TemplateState>> {
  const { rows } = await db.query<TemplateState>(sql`
    select account_key as "accountKey", templates_fetched_at as "fetchedAt",
      templates_tried_at as "triedAt", templates_failure as failure
    from provider_accounts
    where account_key = any(${accountKeys}::integer[])`);
  return new Map(rows.map((row) => [row.accountKey, row]));
}

/** Templates of some accounts by account, name and language. */
export async function listStoredTemplates(
  db: Queryable,
  accountKeys: readonly number[],
): Promise<{ accountKey: number; template: MessageTemplate }[]> {
  const { rows } = await db.query<{ accountKey: number; template: MessageTemplate }>(sql`
    select account_key as "accountKey", template
    from account_templates
    where account_key = any(${accountKeys}::integer[])
    order by account_key, name, language`);
  return rows;
}

/** An account as it was when its templates were asked for. */
interface Asked {
  accountKey: number;
  revision: number;
}

/** Puts a list that was fetched in the place of what was known; not when the account was changed or deleted meanwhile. */
export async function replaceTemplates(
  tx: Queryable,
  { accountKey, revision }: Asked,
  templates: readonly MessageTemplate[],
  now: Date,
): Promise<void> {
  const { rowCount } = await tx.query(sql`
    update provider_accounts set templates_fetched_at = ${now}, templates_tried_at = ${now}, templates_failure = null
    where account_key = ${accountKey} and revision = ${revision}`);
  if (rowCount === 0) return;
  await tx.query(sql`delete from account_templates where account_key = ${accountKey}`);
  await tx.query(sql`
    insert into account_templates (account_key, name, language, template)
    select ${accountKey}::integer, name, language, template
    from unnest(
      ${templates.map(({ name }) => name)}::text[], ${templates.map(({ language }) => language)}::text[],
      ${templates.map((template) => JSON.stringify(template))}::jsonb[]) as t (name, language, template)
    on conflict do nothing`);
}

export async function setTemplatesFailure(
  db: Queryable,
  { accountKey, revision }: Asked,
  failure: string,
  now: Date,
): Promise<void> {
  await db.query(sql`
    update provider_accounts
    set templates_failure = ${failure}, templates_tried_at = ${now}
    where account_key = ${accountKey} and revision = ${revision}`);
}

/** What a service reported of its templates since they were fetched. Answers how many there were. */
export async function changeTemplates(
  tx: Queryable,
  accountKey: number,
  news: readonly TemplateNews[],
): Promise<number> {
  const { rowCount } = await tx.query(sql`
    update account_templates t
    set template = t.template || jsonb_build_object('status', n.status, 'statusDetail', n.detail)
    from unnest(
      ${news.map(({ name }) => name)}::text[], ${news.map(({ language }) => language)}::text[],
      ${news.map(({ status }) => status)}::text[], ${news.map(({ detail }) => detail)}::text[]
    ) as n (name, language, status, detail)
    where t.account_key = ${accountKey} and t.name = n.name and t.language = n.language`);
  return rowCount ?? 0;
}

/**
 * Some active accounts of these providers whose templates were fetched and asked for before these moments; first those that
 * did not fail.
 */
export async function listStaleAccounts(
  db: Queryable,
  providers: readonly string[],
  before: { fetched: Date; tried: Date },
): Promise<{ appKey: number; accountId: string }[]> {
  const { rows } = await db.query<{ appKey: number; accountId: string }>(sql`
    select app_key as "appKey", account_id as "accountId"
    from provider_accounts
    where provider = any(${providers}::text[]) and is_active
      and (templates_fetched_at is null or templates_fetched_at < ${before.fetched})
      and (templates_tried_at is null or templates_tried_at < ${before.tried})
    order by templates_failure is not null, random()
    limit 20`);
  return rows;
}
