import sql, { raw } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import { findAliases } from "./aliases.ts";
import type { LeavableChannel } from "./schema.ts";
import { type Left, tellWhoLeft } from "./who-left.ts";

/** Somebody who reads our mails, as far as it decides which ones they get. */
export interface Reader {
  /** Of now: a guest who logged in since is the user. */
  userKey: string;
  email: string | null;
  language: string | null;
  optedOut: LeavableChannel[];
  leftTopics: string[];
}

/** Who a recipient is now; null when they are gone. Locked, they stay who they are until the transaction ends. */
export async function findReader(
  db: Queryable,
  appKey: number,
  userKey: string,
  { forUpdate = false } = {},
): Promise<Reader | null> {
  const found = await readReader(db, appKey, userKey, forUpdate);
  if (found) return found;
  // Looked for after their row: who logs in keeps it locked until the alias is there.
  const owner = (await findAliases(db, appKey, [userKey])).get(userKey);
  return owner === undefined ? null : readReader(db, appKey, owner, forUpdate);
}

async function readReader(
  db: Queryable,
  appKey: number,
  userKey: string,
  forUpdate: boolean,
): Promise<Reader | null> {
  const { rows } = await db.query<Reader>(sql`
    select user_key as "userKey", email, language, opted_out as "optedOut", left_topics as "leftTopics"
    from users
    where app_key = ${appKey} and user_key = ${userKey}
    ${forUpdate ? sql`for update` : sql``}`);
  return rows[0] ?? null;
}

/** What somebody wants to hear from now on. What is not named stays. */
export interface Wish {
  leaves?: { channel?: LeavableChannel; topics?: readonly string[] };
  returns?: { channel?: LeavableChannel; topics?: readonly string[] };
}

/** Users with one address at most; more are no people. */
const atOneAddress = 100;

/**
 * Does as a reader wishes, for all users with their address: it is the mailbox that asks for quiet, and the next message
 * would go there in the name of another. True where that changed something.
 */
export async function grantWish(
  tx: Queryable,
  appKey: number,
  reader: Reader,
  { leaves = {}, returns = {} }: Wish,
  now: Date,
): Promise<boolean> {
  const { rows } = await tx.query<{ userKey: string }>(sql`
    select user_key as "userKey"
    from users
    where app_key = ${appKey} and email = ${reader.email} and user_key <> ${reader.userKey}
    order by user_key
    limit ${atOneAddress}
    for update`);
  const keys = [reader.userKey, ...rows.map((row) => row.userKey)];
  const list = (channel: LeavableChannel | undefined) => (channel === undefined ? [] : [channel]);
  const { rows: changed } = await tx.query<Left>(sql`
    update users u set opted_out = n.opted_out, left_topics = n.left_topics, updated_at = ${now}
    from (
      select user_key, opted_out as channels, left_topics as topics, array(
          select unnest(opted_out) except select unnest(${list(returns.channel)}::text[])
          union select unnest(${list(leaves.channel)}::text[]) order by 1) as opted_out, array(
          select unnest(left_topics) except select unnest(${returns.topics ?? []}::text[])
          union select unnest(${leaves.topics ?? []}::text[]) order by 1) as left_topics
      from users
      where app_key = ${appKey} and user_key = any(${keys}::uuid[])
    ) as n
    where u.app_key = ${appKey} and u.user_key = n.user_key and not (
      u.opted_out @> n.opted_out and u.opted_out <@ n.opted_out
      and u.left_topics @> n.left_topics and u.left_topics <@ n.left_topics)
    returning u.user_key as "userKey", array(select unnest(n.opted_out) except select unnest(n.channels)) as channels,
      array(select unnest(n.left_topics) except select unnest(n.topics)) as topics`);
  await tellWhoLeft(tx, appKey, changed, now);
  return changed.length > 0;
}

/** What somebody at an address wants to hear from now on, on one channel. */
export interface AddressWish {
  /** As messages are sent to it. */
  address: string;
  wants: "stop" | "resume";
}

/**
 * Does as people wish who are known by their addresses, for all users with these; of several wishes of one the last
 * counts. Answers how many users changed.
 */
export async function wishByAddress(
  tx: Queryable,
  appKey: number,
  channel: LeavableChannel,
  wishes: readonly AddressWish[],
  now: Date,
): Promise<number> {
  let changed = 0;
  const last = new Map(wishes.map(({ address, wants }) => [address, wants]));
  for (const column of ["email", "phone", "whatsapp_id"] as const) {
    const of = [...last].filter(([address]) => columnOf(channel, address) === column);
    if (of.length === 0) continue;
    const { rows } = await tx.query<{ userKey: string; wants: AddressWish["wants"] }>(sql`
      update users u
      set opted_out = case w.wants
          when 'stop' then array(select unnest(u.opted_out) union select ${channel}::text order by 1)
          else array_remove(u.opted_out, ${channel}::text) end,
        updated_at = ${now}
      from unnest(${of.map(([address]) => address)}::text[], ${of.map(([, wants]) => wants)}::text[])
        as w (address, wants)
      where u.app_key = ${appKey} and u.${raw(column)} = w.address
        and (w.wants = 'stop') <> (u.opted_out @> array[${channel}::text])
      returning u.user_key as "userKey", w.wants`);
    changed += rows.length;
    const left = rows.filter(({ wants }) => wants === "stop");
    await tellWhoLeft(
      tx,
      appKey,
      left.map(({ userKey }) => ({ userKey, channels: [channel], topics: [] })),
      now,
    );
  }
  return changed;
}

/** WhatsApp's own ids of people have a point in them, phones are digits. */
const columnOf = (channel: LeavableChannel, address: string) =>
  channel === "email" ? "email" : /^\d+$/.test(address) ? "phone" : "whatsapp_id";

/** What WhatsApp calls people whose number is known. */
export async function learnWhatsappIds(
  tx: Queryable,
  appKey: number,
  people: readonly { phone: string; whatsappId: string }[],
  now: Date,
): Promise<void> {
  const last = new Map(people.map(({ phone, whatsappId }) => [phone, whatsappId]));
  await tx.query(sql`
    update users u set whatsapp_id = p.whatsapp_id, updated_at = ${now}
    from unnest(${[...last.keys()]}::text[], ${[...last.values()]}::text[]) as p (phone, whatsapp_id)
    where u.app_key = ${appKey} and u.phone = p.phone and u.whatsapp_id is distinct from p.whatsapp_id`);
}
