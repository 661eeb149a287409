import sql, { type Sql } from "sql-template-tag";
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
  /** What WhatsApp calls them, where that is known. */
  whatsappId: string | null;
  language: string | null;
  /** Channels that they left. */
  optedOut: LeavableChannel[];
  /** Topics that they left, on every channel. */
  leftTopics: string[];
  attributes: Record<string, unknown>;
}

/** A user with what is known of their address on a channel. */
export interface Addressee extends UserToReach {
  /** Null when they have none. */
  address: string | null;
  /** It was found dead before. */
  isSuppressed: boolean;
  /** Others have it too. */
  isShared: boolean;
}

/** Who these users are now, by the key that was asked for; those that were removed are left out. */
export const findUsersToReach = (
  db: Queryable,
  appKey: number,
  userKeys: readonly string[],
): Promise<Map<string, UserToReach>> =>
  followingAliases(db, appKey, userKeys, (keys) => findNow<UserToReach>(db, appKey, keys, sql``));

/** The same with their addresses on a channel: one question for all that has to be known before sending. */
export function findAddressees(
  db: Queryable,
  appKey: number,
  userKeys: readonly string[],
  channel: LeavableChannel,
): Promise<Map<string, Addressee>> {
  const address = channel === "email" ? sql`email` : sql`phone`;
  // Numbers first: WhatsApp's own ids are other ones when the person changes theirs.
  const reached = channel === "whatsapp" ? sql`coalesce(u.phone, u.whatsapp_id)` : sql`u.${address}`;
  const known = sql`,
    ${reached} as address,
    exists (
      select from suppressions s
      where s.app_key = u.app_key and s.channel = ${channel} and s.address = ${reached}) as "isSuppressed",
    (${othersBy(address)}${channel === "whatsapp" ? sql` or ${othersBy(sql`whatsapp_id`)}` : sql``}) as "isShared"`;
  return followingAliases(db, appKey, userKeys, (keys) => findNow<Addressee>(db, appKey, keys, known));
}

const othersBy = (column: Sql): Sql => sql`
    (select count(*)
      from (select from users o where o.app_key = u.app_key and o.${column} = u.${column} limit 2) as two) > 1`;

/** All that the same mailbox, phone or chat may be known by: WhatsApp has two names for somebody. */
export const namesOf = ({ address, phone, whatsappId }: Addressee, channel: LeavableChannel): string[] =>
  (channel === "whatsapp" ? [phone, whatsappId] : [address]).filter((name) => name !== null);

/** A guest who logged in is the user. */
async function followingAliases<User extends UserToReach>(
  db: Queryable,
  appKey: number,
  userKeys: readonly string[],
  find: (keys: readonly string[]) => Promise<Map<string, User>>,
): Promise<Map<string, User>> {
  const found = await find(userKeys);
  const missing = [...new Set(userKeys)].filter((key) => !found.has(key));
  if (missing.length === 0) return found;
  const aliases = await findAliases(db, appKey, missing);
  if (aliases.size === 0) return found;
  const owners = await find([...new Set(aliases.values())]);
  for (const [guest, owner] of aliases) {
    const user = owners.get(owner);
    if (user) found.set(guest, user);
  }
  return found;
}

async function findNow<User extends UserToReach>(
  db: Queryable,
  appKey: number,
  userKeys: readonly string[],
  more: Sql,
): Promise<Map<string, User>> {
  const { rows } = await db.query<User>(sql`
    select u.user_key as "userKey", u.user_id as "userId", u.email, u.phone, u.whatsapp_id as "whatsappId",
      u.language, u.opted_out as "optedOut",
      u.left_topics as "leftTopics", u.attributes${more}
    from users u
    where u.app_key = ${appKey} and u.user_key = any(${userKeys}::uuid[])`);
  return new Map(rows.map((row) => [row.userKey, row]));
}

/** The address by which a channel reaches a user; null when they have none. */
export const addressOf = (user: UserToReach, channel: LeavableChannel): string | null =>
  channel === "email" ? user.email : channel === "whatsapp" ? (user.phone ?? user.whatsappId) : user.phone;

/** Keys of the users with this e-mail address or phone number, a few of them. */
export async function findUsersByAddress(db: Queryable, appKey: number, text: string): Promise<string[]> {
  const digits = europeanDigits(text).replace(/\D/g, "");
  const { rows } = await db.query<{ userKey: string }>(sql`
    (select user_key as "userKey" from users where app_key = ${appKey} and email = ${text.trim().toLowerCase()} limit 100)
    union
    (select user_key from users where app_key = ${appKey} and phone = ${digits} limit 100)`);
  return rows.map((row) => row.userKey);
}
