import sql from "sql-template-tag";
import { type CopyText, copyInto, toCopyRows } from "../db/copy.ts";
import type { Transaction } from "../db/database.ts";

/** What a batch knows of one user. Undefined and missing keys leave what is stored. */
export interface UserChange {
  userKey: string;
  userId: string;
  isGuest: boolean;
  email?: string | undefined;
  phone?: string | undefined;
  language?: string | undefined;
  attributes: Record<string, unknown>;
  tags: string[];
  valueTags: Record<string, string>;
}

/** Changes of users, ready to be copied. */
export interface StagedUsers {
  readonly rows: CopyText;
}

/** Prepares {@link mergeUsers}; `changes` has each user once. */
export const stageUsers = (changes: Iterable<UserChange>): StagedUsers => ({
  rows: toCopyRows(stagedRows(changes)),
});

/** The users of a batch that were not as described before: true for new ones, false for changed ones. */
export type ChangedUsers = Map<string, boolean>;

/**
 * Makes or updates users by one COPY and one upsert, in key order so that two batches cannot deadlock. Users that
 * already are as described are not written. `now` must differ from batch to batch,
 * since it tells new rows from old ones.
 */
export async function mergeUsers(
  tx: Transaction,
  appKey: number,
  changes: StagedUsers,
  now: Date,
): Promise<ChangedUsers> {
  await tx.query(sql`
    create temp table if not exists staged_users (
      user_key uuid, user_id text, is_guest boolean, email text, phone text, language text,
      attributes jsonb, tags text[], value_tags jsonb
    ) on commit delete rows`);
  await copyInto(tx, "staged_users", changes.rows);
  const { rows } = await tx.query<{ userKey: string; isNew: boolean }>(sql`
    insert into users as u (
      app_key, user_key, user_id, is_guest, email, phone, language, attributes, tags, value_tags, created_at, updated_at)
    select ${appKey}::integer, user_key, user_id, is_guest, email, phone, language, attributes, tags, value_tags,
      ${now}::timestamptz, ${now}::timestamptz
    from staged_users
    order by user_key
    on conflict (app_key, user_key) do update set
      is_guest = u.is_guest and excluded.is_guest,
      email = coalesce(excluded.email, u.email),
      phone = coalesce(excluded.phone, u.phone),
      language = coalesce(excluded.language, u.language),
      attributes = u.attributes || excluded.attributes,
      tags = case
        when u.tags @> excluded.tags and u.value_tags @> excluded.value_tags then u.tags
        else merge_tags(u.tags, u.value_tags, excluded.tags, excluded.value_tags)
      end,
      value_tags = u.value_tags || excluded.value_tags,
      updated_at = excluded.updated_at
    where not u.tags @> excluded.tags
      or not u.value_tags @> excluded.value_tags
      or not u.attributes @> excluded.attributes
      or u.is_guest and not excluded.is_guest
      or excluded.email is distinct from u.email and excluded.email is not null
      or excluded.phone is distinct from u.phone and excluded.phone is not null
      or excluded.language is distinct from u.language and excluded.language is not null
    returning u.user_key as "userKey", u.created_at = ${now}::timestamptz as "isNew"`);
  return new Map(rows.map((row) => [row.userKey, row.isNew]));
}

function* stagedRows(changes: Iterable<UserChange>) {
  for (const change of changes) {
    const tags = [...change.tags];
    for (const key of Object.keys(change.valueTags)) tags.push(`${key}_${change.valueTags[key]}`);
    yield [
      change.userKey,
      change.userId,
      change.isGuest,
      change.email,
      change.phone,
      change.language,
      change.attributes,
      tags.length > 1 ? [...new Set(tags)].sort() : tags,
      change.valueTags,
    ];
  }
}
