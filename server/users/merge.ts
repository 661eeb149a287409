import sql, { raw } from "sql-template-tag";
import { type CopyData, CopyWriter, copyInto } from "../db/copy.ts";
import type { Transaction } from "../db/database.ts";
import { foldUser } from "./fold.ts";
import type { LeavableChannel } from "./schema.ts";

/** What a batch knows of one user. Undefined and missing keys leave what is stored. */
export interface UserChange {
  userKey: string;
  userId: string;
  isGuest: boolean;
  /**
   * How to find who is meant, when that need not be `userKey`: the owner of the installation `via`, or who has this
   * phone or e-mail. When nobody is found, the user is made as described.
   */
  foundBy?: "installation" | "phone" | "email" | null | undefined;
  /** Installation key, with `foundBy: "installation"`. */
  via?: string | null | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  language?: string | undefined;
  attributes: Record<string, unknown>;
  tags: string[];
  valueTags: Record<string, string>;
  /** Channels that are left from now on; importing never joins them again. */
  optedOut: LeavableChannel[];
  /** What to forget before the rest is stored. */
  erase?: UserErasures | null | undefined;
  /** Orders changes that turn out to speak of one person. */
  line?: number | undefined;
}

export interface UserErasures {
  fields: ("email" | "phone" | "language" | "tags")[];
  attributes: string[];
}

/** Changes of users, ready to be copied, and what they need besides the upsert. */
export interface StagedUsers {
  readonly rows: CopyData;
  readonly hasAddresses: boolean;
  readonly hasErasures: boolean;
  /** Some are to be found by their phone or e-mail, or by an installation. */
  readonly isFoundByAddress: boolean;
  readonly isFoundByInstallation: boolean;
  /** There are several changes of one user. */
  readonly hasRepeats: boolean;
  /** Every tag that comes, once. */
  readonly tags: readonly string[];
}

/** Takes changes of users in any order, the later of two speaking last. */
export interface UserStage {
  /** The stage may change what it is given. */
  add(change: UserChange): void;
  /** All that came since the start or the last time. */
  finish(): StagedUsers;
}

/**
 * Prepares {@link mergeUsers} row by row and keeps none of them. Changes of one user that follow one another become one
 * here, others in the database.
 */
export function createUserStage(): UserStage {
  const writer = new CopyWriter(15);
  const keys = new Set<string>();
  const tags = new Set<string>();
  let pending: UserChange | null = null;
  let needs = noUserNeeds();

  function write(change: UserChange): void {
    if (keys.has(change.userKey)) needs.hasRepeats = true;
    keys.add(change.userKey);
    const { email, phone, foundBy, erase } = change;
    if (email !== undefined || phone !== undefined) needs.hasAddresses = true;
    if (erase) needs.hasErasures = true;
    if (foundBy === "installation") needs.isFoundByInstallation = true;
    else if (foundBy) needs.isFoundByAddress = true;
    writer
      .row()
      .int4(change.line ?? 0)
      .uuid(change.userKey)
      .text(change.userId)
      .boolean(change.isGuest);
    writer.text(foundBy).uuid(change.via).text(email).text(phone).text(change.language);
    const given = allTags(change);
    for (const tag of given) tags.add(tag);
    writer.json(change.attributes).texts(given).json(change.valueTags).texts(change.optedOut);
    writer.texts(erase?.fields).texts(erase?.attributes);
  }

  return {
    add(change) {
      if (pending?.userKey === change.userKey) {
        foldUser(pending, change);
        return;
      }
      if (pending) write(pending);
      pending = change;
    },
    finish() {
      if (pending) write(pending);
      const staged = { rows: writer.finish(), ...needs, tags: [...tags] };
      pending = null;
      keys.clear();
      tags.clear();
      needs = noUserNeeds();
      return staged;
    },
  };
}

const noUserNeeds = () => ({
  hasAddresses: false,
  hasErasures: false,
  isFoundByAddress: false,
  isFoundByInstallation: false,
  hasRepeats: false,
});

/** {@link createUserStage} for a few. */
export function stageUsers(changes: Iterable<UserChange>): StagedUsers {
  const stage = createUserStage();
  for (const change of changes) stage.add(change);
  return stage.finish();
}

/** Plain tags and `key_value` of every pair, sorted, each once. */
function allTags({ tags, valueTags }: UserChange): string[] {
  const all = tags.slice();
  for (const key in valueTags) all.push(`${key}_${valueTags[key]}`);
  return all.length > 1 ? all.sort().filter((tag, index) => tag !== all[index - 1]) : all;
}

/**
 * What {@link mergeUsers} stages and answers in; all of it is empty again after the transaction. One round trip, since
 * every batch makes sure of it.
 */
export const userTables = `
  create temp table if not exists staged_users (
    line integer, user_key uuid, user_id text, is_guest boolean, found_by text, via uuid, email text, phone text,
    language text, attributes jsonb, tags text[], value_tags jsonb, opted_out text[], erase_fields text[],
    erase_attributes text[]
  ) on commit delete rows;
  create temp table if not exists merged_users (user_key uuid, is_new boolean) on commit delete rows;
  create temp table if not exists known_addresses (user_key uuid, has_email boolean, has_phone boolean)
    on commit delete rows;`;

/** A staged change that turned out to mean somebody else than its own key says. */
export interface Adoption {
  /** As it was staged. */
  userKey: string;
  ownerKey: string;
  ownerId: string;
  isGuest: boolean;
}

/** Whom the staged changes that are to be found by phone or e-mail mean. Of several, the one that was known first. */
export async function findByAddress(tx: Transaction, appKey: number): Promise<Adoption[]> {
  const { rows } = await tx.query<Adoption>(sql`
    select s.user_key as "userKey", u.user_key as "ownerKey", u.user_id as "ownerId", u.is_guest as "isGuest"
    from staged_users s
    cross join lateral (
      (select user_key, user_id, is_guest, created_at
      from users
      where app_key = ${appKey} and s.found_by = 'phone' and phone = s.phone
      order by created_at, user_key
      limit 1)
      union all
      (select user_key, user_id, is_guest, created_at
      from users
      where app_key = ${appKey} and s.found_by = 'email' and email = s.email
      order by created_at, user_key
      limit 1)
    ) as u
    where s.found_by in ('phone', 'email') and u.user_key <> s.user_key`);
  return rows;
}

/** Gives the rows of a staged table to who is meant. `table` is trusted text and has a column user_key. */
export async function adoptRows(
  tx: Transaction,
  table: string,
  adoptions: readonly Adoption[],
): Promise<void> {
  await tx.query(sql`
    update ${raw(table)} s set user_key = a.owner_key
    from unnest(
      ${adoptions.map((adoption) => adoption.userKey)}::uuid[],
      ${adoptions.map((adoption) => adoption.ownerKey)}::uuid[]
    ) as a (user_key, owner_key)
    where s.user_key = a.user_key`);
}

/** Makes the staged changes speak of who is meant. Several of one person are left to {@link foldStagedUsers}. */
export async function adopt(tx: Transaction, adoptions: readonly Adoption[]): Promise<void> {
  await tx.query(sql`
    update staged_users s set user_key = a.owner_key, user_id = a.owner_id, is_guest = a.is_guest
    from unnest(
      ${adoptions.map((adoption) => adoption.userKey)}::uuid[],
      ${adoptions.map((adoption) => adoption.ownerKey)}::uuid[],
      ${adoptions.map((adoption) => adoption.ownerId)}::text[],
      ${adoptions.map((adoption) => adoption.isGuest)}::boolean[]
    ) as a (user_key, owner_key, owner_id, is_guest)
    where s.user_key = a.user_key`);
}

/** Makes one of several staged changes of a user, later ones winning. */
export async function foldStagedUsers(tx: Transaction): Promise<void> {
  const { rows } = await tx.query<
    UserChange & { eraseFields: UserErasures["fields"] | null; eraseAttributes: string[] }
  >(sql`
    with taken as (
      delete from staged_users
      where user_key in (select user_key from staged_users group by user_key having count(*) > 1)
      returning *
    )
    select line, user_key as "userKey", user_id as "userId", is_guest as "isGuest", found_by as "foundBy", via, email,
      phone, language, attributes, tags, value_tags as "valueTags", opted_out as "optedOut",
      erase_fields as "eraseFields", erase_attributes as "eraseAttributes"
    from taken
    order by user_key, line`);
  if (rows.length === 0) return;
  const stage = createUserStage();
  for (const { eraseFields, eraseAttributes, ...row } of rows) {
    const pairs = new Set(Object.entries(row.valueTags).map(([key, value]) => `${key}_${value}`));
    stage.add({
      ...row,
      erase: eraseFields ? { fields: eraseFields, attributes: eraseAttributes } : null,
      email: row.email ?? undefined,
      phone: row.phone ?? undefined,
      language: row.language ?? undefined,
      tags: row.tags.filter((tag) => !pairs.has(tag)),
    });
  }
  await copyUsers(tx, stage.finish());
}

export const copyUsers = (tx: Transaction, changes: StagedUsers): Promise<void> =>
  copyInto(tx, "staged_users", changes.rows);

/**
 * Makes or updates the users of `staged_users` by one upsert, in key order so that two batches cannot deadlock. Those
 * that already are as described are not written. Answers in `merged_users` (new and changed ones) and, of those who
 * come with an address, in `known_addresses` what they had before.
 *
 * @param passingTag a tag that is written along with other changes, but is none in itself
 */
export async function mergeUsers(
  tx: Transaction,
  appKey: number,
  changes: StagedUsers,
  { now, passingTag }: { now: Date; passingTag: string | null },
): Promise<void> {
  if (changes.hasAddresses) await noteAddresses(tx, appKey);
  const erased = changes.hasErasures ? await eraseFromUsers(tx, appKey, now) : [];
  await tx.query(sql`
    with merged as (
      insert into users as u (
        app_key, user_key, user_id, is_guest, email, phone, language, opted_out, attributes, tags, value_tags,
        created_at, updated_at)
      select ${appKey}::integer, user_key, user_id, is_guest, email, phone, language, opted_out, attributes, tags,
        value_tags, ${now}::timestamptz, ${now}::timestamptz
      from staged_users
      order by user_key
      on conflict (app_key, user_key) do update set
        is_guest = u.is_guest and excluded.is_guest,
        email = coalesce(excluded.email, u.email),
        phone = coalesce(excluded.phone, u.phone),
        -- WhatsApp has another id for another number.
        whatsapp_id = case when excluded.phone <> u.phone then null else u.whatsapp_id end,
        language = coalesce(excluded.language, u.language),
        opted_out = case
          when u.opted_out @> excluded.opted_out then u.opted_out
          else u.opted_out || excluded.opted_out
        end,
        attributes = u.attributes || excluded.attributes,
        tags = case
          when u.tags @> excluded.tags and u.value_tags @> excluded.value_tags then u.tags
          else merge_tags(u.tags, u.value_tags, excluded.tags, excluded.value_tags)
        end,
        value_tags = u.value_tags || excluded.value_tags,
        updated_at = excluded.updated_at
      where not u.tags @> array_remove(excluded.tags, ${passingTag}::text)
        or not u.value_tags @> excluded.value_tags
        or u.attributes <> u.attributes || excluded.attributes
        or not u.opted_out @> excluded.opted_out
        or u.is_guest and not excluded.is_guest
        or excluded.email is distinct from u.email and excluded.email is not null
        or excluded.phone is distinct from u.phone and excluded.phone is not null
        or excluded.language is distinct from u.language and excluded.language is not null
      -- A row that was there is locked by its update, a new one is not.
      returning u.user_key, u.xmax = 0 as is_new
    )
    insert into merged_users (user_key, is_new) select user_key, is_new from merged`);
  if (erased.length > 0) {
    await tx.query(sql`
      insert into merged_users (user_key, is_new)
      select e.user_key, false
      from unnest(${erased}::uuid[]) as e (user_key)
      where not exists (select from merged_users m where m.user_key = e.user_key)`);
  }
}

/** Locks them, in key order: what another batch is giving them now counts as had before. */
async function noteAddresses(tx: Transaction, appKey: number): Promise<void> {
  await tx.query(sql`
    insert into known_addresses (user_key, has_email, has_phone)
    select s.user_key, u.email is not null, u.phone is not null
    from (
      select user_key from staged_users where email is not null or phone is not null order by user_key
    ) as s
    cross join lateral (
      select email, phone from users where app_key = ${appKey} and user_key = s.user_key limit 1 for update
    ) as u`);
}

/** The keys of the users that had something to forget. */
async function eraseFromUsers(tx: Transaction, appKey: number, now: Date): Promise<string[]> {
  const { rows } = await tx.query<{ key: string }>(sql`
    update users u set
      email = case when 'email' = any(s.erase_fields) then null else u.email end,
      phone = case when 'phone' = any(s.erase_fields) then null else u.phone end,
      whatsapp_id = case when 'phone' = any(s.erase_fields) and u.phone is not null then null else u.whatsapp_id end,
      language = case when 'language' = any(s.erase_fields) then null else u.language end,
      tags = case when 'tags' = any(s.erase_fields) and not u.tags <@ s.tags then '{}' else u.tags end,
      value_tags = case
        when 'tags' = any(s.erase_fields) and not u.tags <@ s.tags then '{}'
        else u.value_tags
      end,
      attributes = u.attributes - s.erase_attributes,
      updated_at = ${now}::timestamptz
    from (select * from staged_users where erase_fields is not null order by user_key) as s
    where u.app_key = ${appKey} and u.user_key = s.user_key
      and ('email' = any(s.erase_fields) and u.email is not null
        or 'phone' = any(s.erase_fields) and u.phone is not null
        or 'language' = any(s.erase_fields) and u.language is not null
        or 'tags' = any(s.erase_fields) and not u.tags <@ s.tags
        or u.attributes ?| s.erase_attributes)
    returning u.user_key as key`);
  return rows.map((row) => row.key);
}
