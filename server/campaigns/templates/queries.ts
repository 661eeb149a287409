import sql, { type Sql } from "sql-template-tag";
import type { Channel } from "../../channels/schema.ts";
import type { Queryable } from "../../db/database.ts";
import type { CampaignContent } from "../schema.ts";

export interface SavedTemplateRow {
  templateId: string;
  name: string;
  channel: Channel;
  version: number;
  content: CampaignContent;
  createdAt: Date;
  updatedAt: Date;
  updatedBy: string;
}

const selected = (content: Sql) => sql`
  select t.template_id as "templateId", t.name, t.channel, t.version, ${content} as content,
    t.created_at as "createdAt", t.updated_at as "updatedAt", t.updated_by as "updatedBy"
  from saved_templates t
  join saved_template_versions v on v.template_id = t.template_id and v.version = t.version`;

// A page of e-mails as a whole would be megabytes.
const listedContent = sql`
  (v.content - 'email') || case when v.content ? 'editions' then jsonb_build_object('editions', (
    select coalesce(jsonb_agg(e.edition - 'email' order by e.place), '[]')
    from jsonb_array_elements(v.content -> 'editions') with ordinality as e (edition, place))) else '{}' end`;

/** Templates of an app, newest first. */
export async function listTemplateRows(
  db: Queryable,
  appKey: number,
  page: { channel: Channel | null; search: string; before: string | null; limit: number },
): Promise<SavedTemplateRow[]> {
  const { rows } = await db.query<SavedTemplateRow>(sql`
    ${selected(listedContent)}
    where t.app_key = ${appKey} and t.deleted_at is null and (${page.before}::uuid is null or t.template_id < ${page.before}::uuid)
      and (${page.channel}::text is null or t.channel = ${page.channel}::text)
      and position(${page.search} in t.name_key) > 0
    order by t.template_id desc
    limit ${page.limit + 1}`);
  return rows;
}

export async function findTemplate(
  db: Queryable,
  appKey: number,
  templateId: string,
  { forUpdate = false, isDeleted = false } = {},
): Promise<SavedTemplateRow | null> {
  const { rows } = await db.query<SavedTemplateRow>(sql`
    ${selected(sql`v.content`)}
    where t.app_key = ${appKey} and t.template_id = ${templateId}
      and (t.deleted_at is not null) = ${isDeleted}::boolean
    ${forUpdate ? sql`for update of t` : sql``}`);
  return rows[0] ?? null;
}

// Any number, the same in every process.
const namesLock = 8_127_340;

/** Who takes a name at this moment is waited for, and then seen. */
export async function lockNames(tx: Queryable, appKey: number): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(${namesLock}, ${appKey})`);
}

/** False where the name is taken. */
export async function insertTemplate(
  tx: Queryable,
  row: SavedTemplateRow & { appKey: number; nameKey: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    insert into saved_templates (template_id, app_key, name, name_key, channel, version, created_at, updated_at,
      updated_by)
    values (${row.templateId}, ${row.appKey}, ${row.name}, ${row.nameKey}, ${row.channel}, ${row.version},
      ${row.createdAt}, ${row.updatedAt}, ${row.updatedBy})
    on conflict (app_key, name_key) where deleted_at is null do nothing`);
  return rowCount === 1;
}

/** False where another template of the app has the name. */
export async function updateTemplate(
  tx: Queryable,
  row: SavedTemplateRow & { appKey: number; nameKey: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update saved_templates t
    set name = ${row.name}, name_key = ${row.nameKey}, version = ${row.version}, updated_at = ${row.updatedAt},
      updated_by = ${row.updatedBy}
    where t.app_key = ${row.appKey} and t.template_id = ${row.templateId} and not exists (
      select from saved_templates o
      where o.app_key = ${row.appKey} and o.name_key = ${row.nameKey} and o.deleted_at is null
        and o.template_id <> ${row.templateId})`);
  return rowCount === 1;
}

export async function insertVersion(
  tx: Queryable,
  row: Pick<SavedTemplateRow, "templateId" | "version" | "content" | "updatedAt" | "updatedBy">,
): Promise<void> {
  await tx.query(sql`
    insert into saved_template_versions (template_id, version, content, created_at, created_by)
    values (${row.templateId}, ${row.version}, ${JSON.stringify(row.content)}::jsonb, ${row.updatedAt},
      ${row.updatedBy})`);
}

/** Puts a template out of sight. */
export async function deleteTemplate(
  tx: Queryable,
  appKey: number,
  templateId: string,
  now: Date,
): Promise<void> {
  await tx.query(sql`
    update saved_templates set deleted_at = ${now} where app_key = ${appKey} and template_id = ${templateId}`);
}

/** False where another template has the name by now. */
export async function undeleteTemplate(tx: Queryable, appKey: number, templateId: string): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update saved_templates t
    set deleted_at = null
    where t.app_key = ${appKey} and t.template_id = ${templateId} and not exists (
      select from saved_templates o
      where o.app_key = t.app_key and o.name_key = t.name_key and o.deleted_at is null)`);
  return rowCount === 1;
}

/** Forgets templates of all apps that were deleted before a moment, and their versions. */
export async function purgeTemplates(db: Queryable, before: Date): Promise<void> {
  await db.query(sql`delete from saved_templates where deleted_at < ${before}`);
}

export interface VersionRow {
  version: number;
  content: CampaignContent;
  createdAt: Date;
  createdBy: string;
}

const versionColumns = sql`version, content, created_at as "createdAt", created_by as "createdBy"`;

/** Versions of a template, newest first. */
export async function listVersionRows(
  db: Queryable,
  templateId: string,
  page: { before: number | null; limit: number },
): Promise<VersionRow[]> {
  const { rows } = await db.query<VersionRow>(sql`
    select ${versionColumns}
    from saved_template_versions
    where template_id = ${templateId} and (${page.before}::integer is null or version < ${page.before}::integer)
    order by version desc
    limit ${page.limit + 1}`);
  return rows;
}

export async function findVersion(
  db: Queryable,
  templateId: string,
  version: number,
): Promise<VersionRow | null> {
  const { rows } = await db.query<VersionRow>(sql`
    select ${versionColumns}
    from saved_template_versions
    where template_id = ${templateId} and version = ${version}`);
  return rows[0] ?? null;
}
