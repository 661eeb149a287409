import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import { europeanDigits } from "../lib/digits.ts";
import { findAliases } from "./aliases.ts";
import type { LeavableChannel } from "./schema.ts";

/** What must be known of a user at the moment of sending. */
export interface UserToReach {
  /** Of now: a guest who logged in since is the user. */
  userKey: string;
  userId: string;
  email: string | null;
  phone: string | null;
  /** Channels that they left. */
  optedOut: LeavableChannel[];
  /** Topics that they left, on every channel. */
  leftTopics: string[];
  attributes: Record<string, unknown>;
}

/** Who these users are now, by the key that was asked for; those that were removed are left out. */
export async function findUsersToReach(
  db: Queryable,
  appKey: number,
  userKeys: readonly string[],
): Promise<Map<string, UserToReach>> {
  const found = await findNow(db, appKey, userKeys);
  const missing = [...new Set(userKeys)].filter((key) => !found.has(key));
  if (missing.length === 0) return found;
  const aliases = await findAliases(db, appKey, missing);
  if (aliases.size === 0) return found;
  const owners = await findNow(db, appKey, [...new Set(aliases.values())]);
  for (const [guest, owner] of aliases) {
    const user = owners.get(owner);
    if (user) found.set(guest, user);
  }
  return found;
}

async function findNow(db: Queryable, appKey: number, userKeys: readonly string[]) {
  const { rows } = await db.query<UserToReach>(sql`
    select user_key as "userKey", user_id as "userId", email, phone, opted_out as "optedOut", left_topics as "leftTopics", attributes
    from users
    where app_key = ${appKey} and user_key = any(${userKeys}::uuid[])`);
  return new Map(rows.map((row) => [row.userKey, row]));
}

/** The address by which a channel reaches a user; null when they have none. */
export const addressOf = (user: UserToReach, channel: LeavableChannel): string | null =>
  channel === "email" ? user.email : user.phone;

/** Those of the addresses that more than one user has. */
export async function findShared(
  db: Queryable,
  appKey: number,
  channel: LeavableChannel,
  addresses: readonly string[],
): Promise<Set<string>> {
  const column = channel === "email" ? sql`email` : sql`phone`;
  const { rows } = await db.query<{ address: string }>(sql`
    select a.address
    from (select distinct unnest(${addresses}::text[]) collate "C" as address) as a
    where (
      select count(*)
      from (select from users u where u.app_key = ${appKey} and u.${column} = a.address limit 2) as two) > 1`);
  return new Set(rows.map((row) => row.address));
}

/** Keys of the users with this e-mail address or phone number, a few of them. */
export async function findUsersByAddress(db: Queryable, appKey: number, text: string): Promise<string[]> {
  const digits = europeanDigits(text).replace(/\D/g, "");
  const { rows } = await db.query<{ userKey: string }>(sql`
    (select user_key as "userKey" from users where app_key = ${appKey} and email = ${text.trim().toLowerCase()} limit 100)
    union
    (select user_key from users where app_key = ${appKey} and phone = ${digits} limit 100)`);
  return rows.map((row) => row.userKey);
}
