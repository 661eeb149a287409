import sql from "sql-template-tag";
import { type CopyText, copyInto, toCopyRows } from "../db/copy.ts";
import type { Transaction } from "../db/database.ts";
import { versionNumber } from "../lib/version.ts";
import type { DeviceType } from "./schema.ts";

/** What a batch knows of one installation. Null and undefined leave what is stored. */
export interface InstallationChange {
  installationKey: string;
  installationId: string;
  userKey: string;
  deviceType: DeviceType;
  deviceModel?: string | null | undefined;
  osVersion?: string | null | undefined;
  clientVersion?: string | null | undefined;
  launchCount?: number | null | undefined;
  installDate?: Date | null | undefined;
  launchTime?: Date | null | undefined;
  deviceToken?: string | null | undefined;
  /** True opts out; false does not opt in again. */
  optedOut: boolean;
  topics?: string[] | null | undefined;
  lat?: number | null | undefined;
  lng?: number | null | undefined;
}

/** Changes of installations, ready to be copied. */
export interface StagedInstallations {
  readonly rows: CopyText;
}

/** Prepares {@link mergeInstallations}; `changes` has each installation once. */
export const stageInstallations = (changes: Iterable<InstallationChange>): StagedInstallations => ({
  rows: toCopyRows(stagedRows(changes)),
});

/** The installations of a batch that were not as described before: true for new ones, false for changed ones. */
export type ChangedInstallations = Map<string, boolean>;

/**
 * Makes or updates installations and their directory. One that belonged to another user moves, and what is known of
 * it moves along. As {@link mergeUsers}: unchanged ones are not written, and `now` differs from batch to batch.
 */
export async function mergeInstallations(
  tx: Transaction,
  appKey: number,
  changes: StagedInstallations,
  now: Date,
): Promise<ChangedInstallations> {
  await stage(tx, changes);
  const directory = await upsertDirectory(tx, appKey);
  const moved = directory.filter((entry) => entry.pastUserKey !== null);
  if (moved.length > 0) await moveInstallations(tx, appKey, moved);

  const changed: ChangedInstallations = new Map();
  for (const key of await upsertInstallations(tx, appKey, now)) changed.set(key, false);
  for (const entry of directory) changed.set(entry.installationKey, entry.pastUserKey === null);
  return changed;
}

async function stage(tx: Transaction, changes: StagedInstallations): Promise<void> {
  await tx.query(sql`
    create temp table if not exists staged_installations (
      user_key uuid, installation_key uuid, installation_id text, device_type text, device_model text,
      os_version text, os_version_n bigint, client_version text, client_version_n bigint, launch_count integer,
      install_date timestamptz, launch_time timestamptz, device_token text, opted_out boolean, topics text[],
      lat double precision, lng double precision
    ) on commit delete rows`);
  await copyInto(tx, "staged_installations", changes.rows);
}

function* stagedRows(changes: Iterable<InstallationChange>) {
  for (const change of changes) {
    yield [
      change.userKey,
      change.installationKey,
      change.installationId,
      change.deviceType,
      change.deviceModel,
      change.osVersion,
      versionNumber(change.osVersion ?? null),
      change.clientVersion,
      versionNumber(change.clientVersion ?? null),
      change.launchCount,
      change.installDate,
      change.launchTime,
      change.deviceToken,
      change.optedOut,
      change.topics,
      change.lat,
      change.lng,
    ];
  }
}

interface DirectoryChange {
  installationKey: string;
  userKey: string;
  /** Whose it was until now; null for a new installation. */
  pastUserKey: string | null;
}

/** The entries that are new or moved. */
async function upsertDirectory(tx: Transaction, appKey: number): Promise<DirectoryChange[]> {
  const { rows } = await tx.query<DirectoryChange>(sql`
    insert into installation_directory as d (app_key, installation_key, user_key, past_user_keys)
    select ${appKey}::integer, installation_key, user_key, '{}'
    from staged_installations
    order by installation_key
    on conflict (app_key, installation_key) do update set
      user_key = excluded.user_key,
      past_user_keys = array_append(array_remove(d.past_user_keys, d.user_key), d.user_key)
    where d.user_key <> excluded.user_key
    returning d.installation_key as "installationKey", d.user_key as "userKey",
      d.past_user_keys[cardinality(d.past_user_keys)] as "pastUserKey"`);
  return rows;
}

async function moveInstallations(tx: Transaction, appKey: number, moved: DirectoryChange[]): Promise<void> {
  // Delete and insert, not update: the key that a table is distributed by cannot change in place.
  await tx.query(sql`
    with moved as (
      select *
      from unnest(
        ${moved.map((entry) => entry.installationKey)}::uuid[],
        ${moved.map((entry) => entry.pastUserKey)}::uuid[],
        ${moved.map((entry) => entry.userKey)}::uuid[]
      ) as m (installation_key, past_user_key, next_user_key)
    ),
    taken as (
      delete from installations i
      using moved m
      where i.app_key = ${appKey} and i.user_key = m.past_user_key and i.installation_key = m.installation_key
      returning i.*, m.next_user_key
    )
    insert into installations (
      app_key, user_key, installation_key, installation_id, device_type, device_model, os_version, os_version_n,
      client_version, client_version_n, launch_count, install_date, launch_time, device_token, opted_out, topics,
      lat, lng, created_at, updated_at)
    select app_key, next_user_key, installation_key, installation_id, device_type, device_model, os_version,
      os_version_n, client_version, client_version_n, launch_count, install_date, launch_time, device_token, opted_out,
      topics, lat, lng, created_at, updated_at
    from taken
    on conflict (app_key, user_key, installation_key) do nothing`);
}

/** The keys of the rows that were written. */
async function upsertInstallations(tx: Transaction, appKey: number, now: Date): Promise<string[]> {
  const { rows } = await tx.query<{ key: string }>(sql`
    insert into installations as i (
      app_key, user_key, installation_key, installation_id, device_type, device_model, os_version, os_version_n,
      client_version, client_version_n, launch_count, install_date, launch_time, device_token, opted_out, topics,
      lat, lng, created_at, updated_at)
    select ${appKey}::integer, user_key, installation_key, installation_id, device_type, device_model, os_version,
      os_version_n, client_version, client_version_n, launch_count, install_date, launch_time, device_token, opted_out,
      coalesce(topics, '{}'), lat, lng, ${now}::timestamptz, ${now}::timestamptz
    from staged_installations
    order by user_key, installation_key
    on conflict (app_key, user_key, installation_key) do update set
      device_type = excluded.device_type,
      device_model = coalesce(excluded.device_model, i.device_model),
      os_version = coalesce(excluded.os_version, i.os_version),
      os_version_n = case when excluded.os_version is null then i.os_version_n else excluded.os_version_n end,
      client_version = coalesce(excluded.client_version, i.client_version),
      client_version_n = case when excluded.client_version is null then i.client_version_n else excluded.client_version_n end,
      launch_count = coalesce(excluded.launch_count, i.launch_count),
      install_date = coalesce(excluded.install_date, i.install_date),
      launch_time = coalesce(excluded.launch_time, i.launch_time),
      device_token = coalesce(excluded.device_token, i.device_token),
      opted_out = i.opted_out or excluded.opted_out,
      topics = case when excluded.topics = '{}' then i.topics else excluded.topics end,
      lat = coalesce(excluded.lat, i.lat),
      lng = coalesce(excluded.lng, i.lng),
      updated_at = excluded.updated_at
    where (i.device_type, i.device_model, i.os_version, i.client_version, i.launch_count, i.install_date,
        i.launch_time, i.device_token, i.opted_out, i.topics, i.lat, i.lng)
      is distinct from (
        excluded.device_type,
        coalesce(excluded.device_model, i.device_model),
        coalesce(excluded.os_version, i.os_version),
        coalesce(excluded.client_version, i.client_version),
        coalesce(excluded.launch_count, i.launch_count),
        coalesce(excluded.install_date, i.install_date),
        coalesce(excluded.launch_time, i.launch_time),
        coalesce(excluded.device_token, i.device_token),
        i.opted_out or excluded.opted_out,
        case when excluded.topics = '{}' then i.topics else excluded.topics end,
        coalesce(excluded.lat, i.lat),
        coalesce(excluded.lng, i.lng))
    returning i.installation_key as key`);
  return rows.map((row) => row.key);
}
