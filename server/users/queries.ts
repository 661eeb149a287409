import sql, { type Sql } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import type { AttributeType } from "./attribute-types.ts";

export interface UserRow {
  userKey: string;
  userId: string;
  isGuest: boolean;
  email: string | null;
  phone: string | null;
  language: string | null;
  tags: string[];
  attributes: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
}

const userColumns = sql`
  user_key as "userKey", user_id as "userId", is_guest as "isGuest", email, phone, language, tags, attributes,
  created_at as "createdAt", updated_at as "updatedAt"`;

export async function findUser(db: Queryable, appKey: number, userKey: string): Promise<UserRow | null> {
  const { rows } = await db.query<UserRow>(sql`
    select ${userColumns} from users where app_key = ${appKey} and user_key = ${userKey}`);
  return rows[0] ?? null;
}

/** Users in the order of their ids, from `after` on; `prefix` narrows to ids that start with it, `within` (over `users u`) too. */
export async function listUsersById(
  db: Queryable,
  appKey: number,
  page: { prefix: string; after: string | null; within: Sql; limit: number },
): Promise<UserRow[]> {
  // The highest code point ends the range of a prefix; a plain LIKE would not use the index in every collation.
  const end = `${page.prefix}\u{10ffff}`;
  const { rows } = await db.query<UserRow>(sql`
    select ${userColumns}
    from users u
    where app_key = ${appKey}
      and user_id collate "C" >= ${page.prefix} and user_id collate "C" < ${end}
      and (${page.after}::text is null or user_id collate "C" > ${page.after}::text)
      and ${page.within}
    order by user_id collate "C"
    limit ${page.limit + 1}`);
  return rows;
}

export async function listAttributes(
  db: Queryable,
  appKey: number,
): Promise<{ name: string; type: AttributeType; createdAt: Date }[]> {
  const { rows } = await db.query<{ name: string; type: AttributeType; createdAt: Date }>(sql`
    select name, type, created_at as "createdAt"
    from attributes
    where app_key = ${appKey}
    order by name collate "C"`);
  return rows;
}

/** One writer of new attributes at a time in an app, until the transaction ends. */
export async function lockAttributes(tx: Queryable, appKey: number): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtext('attributes'), ${appKey}::integer)`);
}

export async function insertAttributes(
  tx: Queryable,
  added: {
    appKey: number;
    importId: string | null;
    attributes: readonly { name: string; type: AttributeType }[];
    now: Date;
  },
): Promise<void> {
  const { attributes } = added;
  await tx.query(sql`
    insert into attributes (app_key, name, type, import_id, created_at)
    select ${added.appKey}::integer, name, type, ${added.importId}::uuid, ${added.now}::timestamptz
    from unnest(
      ${attributes.map(({ name }) => name)}::text[], ${attributes.map(({ type }) => type)}::text[]
    ) as a (name, type)
    on conflict do nothing`);
}

export async function deleteUnusedAttributes(tx: Queryable, appKey: number, importId: string): Promise<void> {
  await tx.query(sql`
    delete from attributes a
    where a.app_key = ${appKey} and a.import_id = ${importId}
      and not exists (select from users u where u.app_key = ${appKey} and u.attributes ? a.name)`);
}

interface UserIdentity {
  appKey: number;
  userKey: string;
  userId: string;
}

/** `tags` are all of the new ones, also those of `pairs`. Nothing is written where nothing changes. */
export async function upsertTags(
  db: Queryable,
  user: UserIdentity,
  { tags, pairs }: { tags: readonly string[]; pairs: Record<string, string> },
  now: Date,
): Promise<void> {
  await db.query(sql`
    insert into users as u (
      app_key, user_key, user_id, is_guest, attributes, tags, value_tags, created_at, updated_at)
    values (
      ${user.appKey}, ${user.userKey}, ${user.userId}, false, '{}', merge_tags('{}', '{}', ${tags}::text[], '{}'),
      ${JSON.stringify(pairs)}::jsonb, ${now}, ${now})
    on conflict (app_key, user_key) do update set
      tags = merge_tags(u.tags, u.value_tags, excluded.tags, excluded.value_tags),
      value_tags = u.value_tags || excluded.value_tags,
      updated_at = excluded.updated_at
    where not u.tags @> excluded.tags or not u.value_tags @> excluded.value_tags`);
}

export async function deleteTags(
  db: Queryable,
  user: UserIdentity,
  tags: readonly string[],
  now: Date,
): Promise<void> {
  await db.query(sql`
    update users u set
      tags = array(select unnest(u.tags) except select unnest(${tags}::text[]) order by 1),
      value_tags = u.value_tags - array(
        select key from jsonb_each_text(u.value_tags) where key || '_' || value = any(${tags}::text[])),
      updated_at = ${now}
    where u.app_key = ${user.appKey} and u.user_key = ${user.userKey} and u.tags && ${tags}::text[]`);
}

export async function deleteValueTag(
  db: Queryable,
  user: UserIdentity,
  key: string,
  now: Date,
): Promise<void> {
  await db.query(sql`
    update users u set
      tags = array_remove(u.tags, ${key}::text || '_' || (u.value_tags ->> ${key}::text)),
      value_tags = u.value_tags - ${key}::text,
      updated_at = ${now}
    where u.app_key = ${user.appKey} and u.user_key = ${user.userKey} and u.value_tags ? ${key}::text`);
}

/** What a user's attributes are, locked until the transaction ends; the user is made when there is none. */
export async function lockAttributesOf(
  tx: Queryable,
  user: UserIdentity,
  now: Date,
): Promise<Record<string, unknown>> {
  await tx.query(sql`
    insert into users (app_key, user_key, user_id, is_guest, attributes, tags, value_tags, created_at, updated_at)
    values (${user.appKey}, ${user.userKey}, ${user.userId}, false, '{}', '{}', '{}', ${now}, ${now})
    on conflict do nothing`);
  const { rows } = await tx.query<{ attributes: Record<string, unknown> }>(sql`
    select attributes from users where app_key = ${user.appKey} and user_key = ${user.userKey} for update`);
  const row = rows[0];
  if (!row) throw new Error("the user was just made");
  return row.attributes;
}

export async function updateAttributesOf(
  tx: Queryable,
  user: UserIdentity,
  attributes: Record<string, unknown>,
  now: Date,
): Promise<void> {
  await tx.query(sql`
    update users set attributes = ${JSON.stringify(attributes)}::jsonb, updated_at = ${now}
    where app_key = ${user.appKey} and user_key = ${user.userKey}
      and attributes <> ${JSON.stringify(attributes)}::jsonb`);
}
