import sql, { join, raw, type Sql } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import type { AttributeType } from "./attribute-types.ts";
import type { Attribute, LeavableChannel } from "./schema.ts";
import type { UserSearch } from "./search.ts";
import { tallyMade } from "./tallies.ts";
import type { Left } from "./who-left.ts";

export interface UserRow {
  userKey: string;
  userId: string;
  isGuest: boolean;
  email: string | null;
  phone: string | null;
  whatsappId: string | null;
  language: string | null;
  optedOut: LeavableChannel[];
  leftTopics: string[];
  tags: string[];
  attributes: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
}

const userColumns = sql`
  user_key as "userKey", user_id as "userId", is_guest as "isGuest", email, phone, whatsapp_id as "whatsappId", language,
  opted_out as "optedOut",
  left_topics as "leftTopics", tags,
  attributes, created_at as "createdAt", updated_at as "updatedAt"`;

export async function findUser(db: Queryable, appKey: number, userKey: string): Promise<UserRow | null> {
  const { rows } = await db.query<UserRow>(sql`
    select ${userColumns} from users where app_key = ${appKey} and user_key = ${userKey}`);
  return rows[0] ?? null;
}

/** Where a page of users begins, and what they are narrowed to (over `users u`). */
interface UserPage {
  after: string | null;
  within: Sql;
  limit: number;
}

/** All users in the order of their ids. */
export async function listUsersById(db: Queryable, appKey: number, page: UserPage): Promise<UserRow[]> {
  const { rows } = await db.query<UserRow>(sql`
    select ${userColumns}
    from users u
    where ${ofPage(appKey, page)}
    order by user_id collate "C"
    limit ${page.limit + 1}`);
  return rows;
}

const ofPage = (appKey: number, { after, within }: UserPage): Sql => sql`
  u.app_key = ${appKey}
  and (${after}::text is null or u.user_id collate "C" > ${after}::text)
  and ${within}`;

/** Those who are searched for, in the order of their ids. Each way of finding them brings a page, from an index of its own. */
export async function searchUsers(
  db: Queryable,
  appKey: number,
  search: UserSearch,
  page: UserPage,
): Promise<UserRow[]> {
  const ways = [
    sql`
    select u.user_id
    from users u
    where ${ofPage(appKey, page)}
      and u.user_id collate "C" >= ${search.id} and u.user_id collate "C" < ${`${search.id}\u{10ffff}`}
    order by u.user_id collate "C"
    limit ${page.limit + 1}`,
  ];
  const phones = await findPhoneStarts(db, appKey, search.phones);
  if (phones.length > 0) {
    const ranges = phones.map((start) => sql`u.phone >= ${start} and u.phone < ${start + aboveDigits}::text`);
    ways.push(firstOf(page, sql`from users u where ${ofPage(appKey, page)} and (${join(ranges, " or ")})`));
  }
  if (search.email !== null) {
    ways.push(
      firstOf(
        page,
        sql`
          from users u
          where ${ofPage(appKey, page)} and u.email >= ${search.email} and u.email < ${`${search.email}\u{10ffff}`}`,
      ),
    );
  }
  if (search.name !== null) {
    ways.push(
      firstOf(
        page,
        sql`
          from users u
          where ${ofPage(appKey, page)} and ${hasName} and ${nameOf} @@ name_query(${search.name})`,
      ),
    );
  }
  const { rows } = await db.query<UserRow>(sql`
    select ${userColumns}
    from (select user_id as found from (${join(
      ways.map((way) => sql`(${way})`),
      " union ",
    )}) as f order by user_id collate "C" limit ${page.limit + 1}) as f
    join users u on u.app_key = ${appKey} and u.user_id collate "C" = f.found
    order by u.user_id collate "C"`);
  return rows;
}

// A colon sorts just above the digits.
const aboveDigits = ":";

/**
 * Which of these some phone number begins with. A question of its own: of a join with four hundred of them PostgreSQL
 * expects so much that it compiles the query, which takes 0.3 s.
 */
async function findPhoneStarts(db: Queryable, appKey: number, starts: readonly string[]): Promise<string[]> {
  if (starts.length === 0) return [];
  const { rows } = await db.query<{ start: string }>(sql`
    select s.start
    from unnest(${starts}::text[]) as s (start)
    cross join lateral (
      select from users u
      where u.app_key = ${appKey} and u.phone >= s.start and u.phone < s.start || ${aboveDigits}::text
      limit 1
    ) as found`);
  return rows.map((row) => row.start);
}

/**
 * `offset 0` has all that match looked up by the index and sorted. PostgreSQL would rather walk the ids until a page is
 * full, which takes for ever where ids and what is searched for go together (a phone number as the id).
 */
const firstOf = (page: UserPage, found: Sql): Sql => sql`
  select user_id from (select u.user_id ${found} offset 0) as m order by user_id collate "C" limit ${page.limit + 1}`;

/** Over `users u`. Asks the register first: for a tag that nobody has everybody may be looked at. */
export const hasTag = (appKey: number, tag: string): Sql => sql`
  exists (select from tags where app_key = ${appKey} and tag = ${tag}) and u.tags @> array[${tag}::text]`;

/** As the index of names has them. */
const nameOf = sql`array_to_tsvector(name_words(
  coalesce(u.attributes ->> 'name', '') || ' ' || coalesce(u.attributes ->> 'full_name', '') || ' ' ||
  coalesce(u.attributes ->> 'firstName', '') || ' ' || coalesce(u.attributes ->> 'lastName', '') || ' ' ||
  coalesce(u.attributes ->> 'first_name', '') || ' ' || coalesce(u.attributes ->> 'last_name', '')))`;

const hasName = sql`
  u.attributes ?| array['name', 'full_name', 'firstName', 'lastName', 'first_name', 'last_name']`;

export type AttributeRow = Omit<Attribute, "createdAt"> & { createdAt: Date };

export async function listAttributes(db: Queryable, appKey: number): Promise<AttributeRow[]> {
  const { rows } = await db.query<AttributeRow>(sql`
    select name, type, fast, fast_failure as "fastFailure", created_at as "createdAt"
    from attributes
    where app_key = ${appKey}
    order by name collate "C"`);
  return rows;
}

export async function updateFast(
  db: Queryable,
  attribute: { appKey: number; name: string },
  { from, to, failure }: { from: Attribute["fast"][]; to: Attribute["fast"]; failure: string | null },
): Promise<void> {
  await db.query(sql`
    update attributes set fast = ${to}, fast_failure = ${failure}
    where app_key = ${attribute.appKey} and name = ${attribute.name} and fast = any(${from}::text[])`);
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
    where a.app_key = ${appKey} and a.import_id = ${importId} and a.fast = 'no'
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
    with written as (
      insert into users as u (
        app_key, user_key, user_id, is_guest, attributes, tags, value_tags, created_at, updated_at)
      values (
        ${user.appKey}, ${user.userKey}, ${user.userId}, false, '{}', merge_tags('{}', '{}', ${tags}::text[], '{}'),
        ${JSON.stringify(pairs)}::jsonb, ${now}, ${now})
      on conflict (app_key, user_key) do update set
        tags = merge_tags(u.tags, u.value_tags, excluded.tags, excluded.value_tags),
        value_tags = u.value_tags || excluded.value_tags,
        updated_at = excluded.updated_at
      where not u.tags @> excluded.tags or not u.value_tags @> excluded.value_tags
      returning xmax = 0 as is_new
    ),
    made as (select from written where is_new)
    ${tallyMade(user.appKey, now)}`);
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
    with made as (
      insert into users (app_key, user_key, user_id, is_guest, attributes, tags, value_tags, created_at, updated_at)
      values (${user.appKey}, ${user.userKey}, ${user.userId}, false, '{}', '{}', '{}', ${now}, ${now})
      on conflict do nothing
      returning user_key
    )
    ${tallyMade(user.appKey, now)}`);
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

/** Makes a user; false where there is one with this id. */
export async function insertUser(tx: Queryable, user: UserIdentity, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    with made as (
      insert into users (app_key, user_key, user_id, is_guest, attributes, tags, value_tags, created_at, updated_at)
      values (${user.appKey}, ${user.userKey}, ${user.userId}, false, '{}', '{}', '{}', ${now}, ${now})
      on conflict do nothing
      returning user_key
    )
    ${tallyMade(user.appKey, now)}`);
  return rowCount === 1;
}

export async function lockUser(tx: Queryable, appKey: number, userKey: string): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    select from users where app_key = ${appKey} and user_key = ${userKey} for update`);
  return rowCount === 1;
}

export interface Identity {
  email?: string | null | undefined;
  phone?: string | null | undefined;
  whatsappId?: string | null | undefined;
  language?: string | null | undefined;
  optedOut?: readonly LeavableChannel[] | undefined;
  leftTopics?: readonly string[] | undefined;
}

/** What is undefined stays. Answers what they left by it. */
export async function updateIdentity(
  tx: Queryable,
  user: UserIdentity,
  { email, phone, whatsappId, language, optedOut, leftTopics }: Identity,
  now: Date,
): Promise<Left[]> {
  const { rows } = await tx.query<Left>(sql`
    update users u set
      email = case when ${email !== undefined} then ${email ?? null}::text else u.email end,
      phone = case when ${phone !== undefined} then ${phone ?? null}::text else u.phone end,
      -- WhatsApp has another id for another number.
      whatsapp_id = case
        when ${whatsappId !== undefined} then ${whatsappId ?? null}::text
        when ${phone !== undefined} and u.phone is not null and u.phone is distinct from ${phone ?? null}::text then null
        else u.whatsapp_id
      end,
      language = case when ${language !== undefined} then ${language ?? null}::text else u.language end,
      opted_out = coalesce(${optedOut ?? null}::text[], u.opted_out),
      left_topics = coalesce(${leftTopics ?? null}::text[], u.left_topics),
      updated_at = ${now}
    from users was
    where u.app_key = ${user.appKey} and u.user_key = ${user.userKey}
      and was.app_key = u.app_key and was.user_key = u.user_key
    returning u.user_key as "userKey", array(select unnest(u.opted_out) except select unnest(was.opted_out)) as channels,
      array(select unnest(u.left_topics) except select unnest(was.left_topics)) as topics`);
  return rows;
}

/** A table of names that are in use, to choose from, and what uses one: tags, topics. Names are trusted text. */
export interface Register {
  table: string;
  column: string;
  isUsed(appKey: number, name: string): Sql;
}

export const tagRegister: Register = {
  ...{ table: "tags", column: "tag" },
  isUsed: (appKey, tag) =>
    sql`exists (select from users where app_key = ${appKey} and tags @> array[${tag}::text])`,
};

const registerLock = (register: Register, appKey: number): Sql =>
  sql`hashtext(${register.table}), ${appKey}::integer`;

/**
 * Notes names that come into use. Last in its transaction, and sorted, so that two cannot wait for one another. The lock
 * is shared by all who note names and keeps out who forgets unused ones: to that one the use is not to be seen yet.
 */
export async function insertNames(
  tx: Queryable,
  register: Register,
  appKey: number,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  await tx.query(sql`
    insert into ${raw(register.table)} (app_key, ${raw(register.column)})
    select ${appKey}::integer, n.name
    from (select pg_advisory_xact_lock_shared(${registerLock(register, appKey)}) offset 0) as l
    cross join unnest(${names}::text[]) as n (name)
    order by n.name collate "C"
    on conflict do nothing`);
}

export async function listNames(
  db: Queryable,
  register: Register,
  appKey: number,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(sql`
    select ${raw(register.column)} as name
    from ${raw(register.table)}
    where app_key = ${appKey}
    order by ${raw(register.column)}
    limit ${limit}`);
  return rows.map((row) => row.name);
}

/** Which of a few names nothing uses. One question each: PostgreSQL asks for a frequent one otherwise than for a rare one. */
export async function findUnused(
  db: Queryable,
  register: Register,
  appKey: number,
  names: readonly string[],
): Promise<string[]> {
  const { rows } = await db.query<{ used: boolean[] }>(sql`
    select array[${join(names.map((name) => register.isUsed(appKey, name)))}] as used`);
  return names.filter((_, index) => !rows[0]?.used[index]);
}

/** False while somebody is noting names. */
export async function tryLockRegister(tx: Queryable, register: Register, appKey: number): Promise<boolean> {
  const { rows } = await tx.query<{ locked: boolean }>(
    sql`select pg_try_advisory_xact_lock(${registerLock(register, appKey)}) as locked`,
  );
  return rows[0]?.locked ?? false;
}

export async function deleteNames(
  tx: Queryable,
  register: Register,
  appKey: number,
  names: readonly string[],
): Promise<void> {
  await tx.query(sql`
    delete from ${raw(register.table)}
    where app_key = ${appKey} and ${raw(register.column)} = any(${names}::text[])`);
}
