import sql, { type Sql } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import type { Register } from "../users/registers.ts";
import { quarterOf } from "../users/tallies.ts";

/** In their order; null for an installation that is not there. */
export async function listCredentialsVersions(
  db: Queryable,
  asked: readonly { appKey: number; installationKey: string }[],
): Promise<(number | null)[]> {
  const { rows } = await db.query<{ credentials: number | null }>(sql`
    select d.credentials
    from unnest(
      ${asked.map(({ appKey }) => appKey)}::integer[],
      ${asked.map(({ installationKey }) => installationKey)}::uuid[]
    ) with ordinality as a (app_key, installation_key, position)
    left join installation_directory d using (app_key, installation_key)
    order by a.position`);
  return rows.map(({ credentials }) => credentials);
}

export async function raiseCredentialsVersion(
  db: Queryable,
  appKey: number,
  installationKey: string,
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update installation_directory set credentials = credentials + 1
    where app_key = ${appKey} and installation_key = ${installationKey}`);
  return rowCount === 1;
}

export interface DirectoryEntry {
  userKey: string;
  pastUserKeys: string[];
}

export async function findDirectoryEntries(
  db: Queryable,
  appKey: number,
  installationKeys: readonly string[],
): Promise<Map<string, DirectoryEntry>> {
  const { rows } = await db.query<DirectoryEntry & { installationKey: string }>(sql`
    select installation_key as "installationKey", user_key as "userKey", coalesce(past_user_keys, '{}') as "pastUserKeys"
    from installation_directory
    where app_key = ${appKey} and installation_key = any(${installationKeys}::uuid[])`);
  return new Map(rows.map((row) => [row.installationKey, row]));
}

export interface InstallationRow {
  installationKey: string;
  userKey: string;
  id: string;
  deviceType: string;
  deviceModel: string | null;
  browser: string | null;
  osVersion: string | null;
  clientVersion: string | null;
  launchCount: number | null;
  installDate: Date | null;
  launchTime: Date | null;
  hasToken: boolean;
  optedOut: boolean;
  language: string | null;
  country: string | null;
  timeZone: string | null;
  lat: number | null;
  lng: number | null;
  uninstalledAt: Date | null;
  createdAt: Date;
}

const installationColumns = sql`
  installation_key as "installationKey", user_key as "userKey", installation_id as id, device_type as "deviceType",
  device_model as "deviceModel", browser, os_version as "osVersion", client_version as "clientVersion",
  launch_count as "launchCount", install_date as "installDate", launch_time as "launchTime",
  device_token is not null as "hasToken", opted_out as "optedOut", language, country,
  time_zone as "timeZone", lat, lng, uninstalled_at as "uninstalledAt", created_at as "createdAt"`;

/** At most 500: a person has a handful, a test account perhaps hundreds. */
export async function listInstallationsOfUser(
  db: Queryable,
  appKey: number,
  userKey: string,
): Promise<InstallationRow[]> {
  const { rows } = await db.query<InstallationRow>(sql`
    select ${installationColumns}
    from installations
    where app_key = ${appKey} and user_key = ${userKey}
    order by launch_time desc nulls last, installation_key
    limit 500`);
  return rows;
}

/** What the devices of a user say about them. */
export interface DevicesOfUser {
  inbox: number;
  push: number;
  deviceTypes: string[];
  lastSeenAt: Date | null;
}

/** By user key; users without a device are left out. */
export async function summarizeDevices(
  db: Queryable,
  appKey: number,
  userKeys: readonly string[],
): Promise<Map<string, DevicesOfUser>> {
  const { rows } = await db.query<DevicesOfUser & { userKey: string }>(sql`
    select user_key as "userKey",
      count(*) filter (where not opted_out and uninstalled_at is null) as inbox,
      count(*) filter (
        where not opted_out and uninstalled_at is null and token_service in ('fcm', 'apns', 'webpush')) as push,
      array_agg(distinct device_type) as "deviceTypes",
      max(launch_time) as "lastSeenAt"
    from installations
    where app_key = ${appKey} and user_key = any(${userKeys}::uuid[])
    group by user_key`);
  return new Map(rows.map((row) => [row.userKey, row]));
}

export async function countInstallationsOfUser(
  db: Queryable,
  appKey: number,
  userKey: string,
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(sql`
    select count(*) as count from installations where app_key = ${appKey} and user_key = ${userKey}`);
  return rows[0]?.count ?? 0;
}

/** An installation, and whose it is. */
export interface OwnedInstallation {
  userKey: string;
  userId: string;
  isGuest: boolean;
  deviceType: string;
}

/** Null when it is gone or was never there. */
export async function findOwnedInstallation(
  db: Queryable,
  appKey: number,
  installationKey: string,
): Promise<OwnedInstallation | null> {
  const { rows } = await db.query<OwnedInstallation>(sql`
    select u.user_key as "userKey", u.user_id as "userId", u.is_guest as "isGuest", i.device_type as "deviceType"
    from installation_directory d
    join installations i on i.app_key = d.app_key and i.user_key = d.user_key
      and i.installation_key = d.installation_key
    join users u on u.app_key = d.app_key and u.user_key = d.user_key
    where d.app_key = ${appKey} and d.installation_key = ${installationKey}`);
  return rows[0] ?? null;
}

/** Whether this user is there, and nobody has logged in as them. */
export async function isGuestUser(db: Queryable, appKey: number, userKey: string): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    select from users where app_key = ${appKey} and user_key = ${userKey} and is_guest`);
  return rowCount === 1;
}

/** The app is back on a device that it was removed from. */
export async function markInstalled(
  db: Queryable,
  appKey: number,
  { userKey, installationKey, tokenAt }: { userKey: string; installationKey: string; tokenAt: Date | null },
): Promise<void> {
  await db.query(sql`
    update installations set uninstalled_at = null, token_at = coalesce(${tokenAt}::timestamptz, token_at)
    where app_key = ${appKey} and user_key = ${userKey} and installation_key = ${installationKey}
      and (uninstalled_at is not null or ${tokenAt}::timestamptz is not null)`);
}

/** Which of these installations hold a realtime connection now. */
/** Installation keys of these users, by user key. */
export async function listInstallationKeys(
  db: Queryable,
  appKey: number,
  userKeys: readonly string[],
): Promise<{ userKey: string; installationKey: string }[]> {
  const { rows } = await db.query<{ userKey: string; installationKey: string }>(sql`
    select user_key as "userKey", installation_key as "installationKey"
    from installations
    where app_key = ${appKey} and user_key = any(${userKeys}::uuid[])
    order by user_key, installation_key`);
  return rows;
}

/** A select of (user_key, installation_key) pairs in a public topic, to be nested. Every installation is in `default`. */
export function topicPairs(appKey: number, topic: string): Sql {
  const subscribed = topic === "default" ? sql`true` : hasTopic(topic);
  return sql`select i.user_key, i.installation_key from installations i where i.app_key = ${appKey} and ${subscribed}`;
}

/** Over `installations i`; with the condition of the index. */
const hasTopic = (topic: string): Sql => sql`i.topics <> '{}' and i.topics @> array[${topic}::text]`;

/** Topics in use besides `default`. */
export const topicRegister: Register = {
  ...{ table: "topics", column: "topic" },
  isUsed: (appKey, topic) =>
    sql`exists (select from installations i where i.app_key = ${appKey} and ${hasTopic(topic)})`,
};

export async function countPairs(db: Queryable, pairs: Sql): Promise<number> {
  const { rows } = await db.query<{ count: number }>(sql`select count(*) as count from (${pairs}) as p`);
  return rows[0]?.count ?? 0;
}

/** What the devices of a user are set to, the one that was used last first. */
export async function listLanguages(db: Queryable, appKey: number, userKey: string): Promise<string[]> {
  const { rows } = await db.query<{ language: string }>(sql`
    select language
    from installations
    where app_key = ${appKey} and user_key = ${userKey} and language is not null
    order by launch_time desc nulls last, installation_key
    limit 10`);
  return rows.map((row) => row.language);
}

/** What must be known of a frozen recipient at the moment of sending. */
export interface CurrentInstallation {
  installationKey: string;
  userKey: string;
  installationId: string;
  optedOut: boolean;
  isUninstalled: boolean;
  deviceToken: string | null;
  /** Who takes the token; one that nobody here sends through reaches nothing. */
  tokenService: string | null;
  deviceType: string;
  /** ISO 639; null when it is not known. */
  language: string | null;
  /** Whose it was; null when it was always the same user's. */
  pastUserKeys: string[] | null;
  /** Topics that it is in besides `default`, and those of them that it wants nothing of while it is away; null for none. */
  topics: string[] | null;
  liveTopics: string[] | null;
}

/** The installations that still are under these pairs of keys. */
export async function findCurrent(
  db: Queryable,
  appKey: number,
  pairs: { userKeys: readonly string[]; installationKeys: readonly string[] },
): Promise<CurrentInstallation[]> {
  const { rows } = await db.query<CurrentInstallation>(sql`
    select i.installation_key as "installationKey", i.user_key as "userKey", i.installation_id as "installationId",
      i.opted_out as "optedOut", i.uninstalled_at is not null as "isUninstalled", i.device_token as "deviceToken",
      i.token_service as "tokenService", i.device_type as "deviceType", i.language, d.past_user_keys as "pastUserKeys",
      nullif(i.topics, '{}') as topics, nullif(i.live_topics, '{}') as "liveTopics"
    from unnest(${pairs.userKeys}::uuid[], ${pairs.installationKeys}::uuid[]) as p (user_key, installation_key)
    join installations i on i.app_key = ${appKey} and i.user_key = p.user_key
      and i.installation_key = p.installation_key
    left join installation_directory d on d.app_key = ${appKey} and d.installation_key = i.installation_key
      and d.past_user_keys <> '{}'`);
  return rows;
}

/** A push token that its service called dead. */
export interface DeadToken {
  userKey: string;
  installationKey: string;
  token: string;
  /** It was good: the app was removed. Else it never was one that the account could send to. */
  isUnregistered: boolean;
  /** When the service found out: whoever registered it since is not meant. */
  since: Date | null;
}

/**
 * Forgets push tokens that are dead, of installations that still have them. Those whose app was removed count as
 * uninstalled, unless they are connected at this moment: then only the token went.
 */
export async function dropTokens(
  db: Queryable,
  appKey: number,
  dead: readonly DeadToken[],
  now: Date,
): Promise<void> {
  if (dead.length === 0) return;
  await db.query(sql`
    with dropped as (
      update installations i
      set device_token = null, token_service = null, token_at = null, updated_at = ${now},
        uninstalled_at = case
          when g.is_unregistered and i.uninstalled_at is null and not exists (
            select from presence p
            where p.app_key = ${appKey} and p.installation_key = g.installation_key and not p.is_doubted
          ) then ${now}::timestamptz
          else i.uninstalled_at end
      from unnest(
        ${dead.map((row) => row.userKey)}::uuid[],
        ${dead.map((row) => row.installationKey)}::uuid[],
        ${dead.map((row) => row.token)}::text[],
        ${dead.map((row) => row.isUnregistered)}::boolean[],
        ${dead.map((row) => row.since)}::timestamptz[]
      ) as g (user_key, installation_key, token, is_unregistered, since)
      where i.app_key = ${appKey} and i.user_key = g.user_key and i.installation_key = g.installation_key
        and i.device_token = g.token and (g.since is null or i.token_at is null or i.token_at <= g.since)
      returning i.user_key, i.installation_key, i.uninstalled_at = ${now}::timestamptz as is_removed
    ),
    forgotten as (
      update installation_directory d set token_hash = null
      from dropped r
      where d.app_key = ${appKey} and d.installation_key = r.installation_key
    ),
    tallied as (
      insert into tallies (app_key, at, uninstalls)
      select ${appKey}::integer, ${quarterOf(sql`${now}::timestamptz`)}, count(*) from dropped where is_removed
      having count(*) > 0
    )
    insert into uninstalls (app_key, user_key, installation_key, at)
    select ${appKey}::integer, user_key, installation_key, ${now}::timestamptz from dropped where is_removed
    on conflict do nothing`);
}

export async function clearToken(db: Queryable, appKey: number, key: string, now: Date): Promise<void> {
  await db.query(sql`
    with owner as (
      update installation_directory set token_hash = null
      where app_key = ${appKey} and installation_key = ${key}
      returning user_key
    )
    update installations i set device_token = null, token_service = null, token_at = null, updated_at = ${now}
    from owner o
    where i.app_key = ${appKey} and i.user_key = o.user_key and i.installation_key = ${key}
      and i.device_token is not null`);
}

/** Who takes the push tokens of these installations, by their keys; without a token they are left out. */
export async function findTokenServices(
  db: Queryable,
  appKey: number,
  pairs: { userKeys: readonly string[]; installationKeys: readonly string[] },
): Promise<Map<string, string>> {
  const { rows } = await db.query<{ key: string; service: string }>(sql`
    select i.installation_key as key, i.token_service as service
    from unnest(${pairs.userKeys}::uuid[], ${pairs.installationKeys}::uuid[]) as p (user_key, installation_key)
    join installations i on i.app_key = ${appKey} and i.user_key = p.user_key
      and i.installation_key = p.installation_key
    where i.token_service is not null`);
  return new Map(rows.map(({ key, service }) => [key, service]));
}

/** The zones of these users: of the device that each used last and that says one. Who has none is left out. */
export async function listTimeZones(
  db: Queryable,
  appKey: number,
  userKeys: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await db.query<{ userKey: string; timeZone: string }>(sql`
    select distinct on (user_key) user_key as "userKey", time_zone as "timeZone"
    from installations
    where app_key = ${appKey} and user_key = any(${userKeys}::uuid[]) and time_zone is not null
    order by user_key, launch_time desc nulls last, installation_key`);
  return new Map(rows.map(({ userKey, timeZone }) => [userKey, timeZone]));
}
