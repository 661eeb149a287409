import sql from "sql-template-tag";
import { type CopyData, CopyWriter, copyInto } from "../db/copy.ts";
import type { Transaction } from "../db/database.ts";
import { tokenHash } from "../lib/keys.ts";
import { versionNumber } from "../lib/version.ts";
import { findByAlias } from "../users/aliases.ts";
import {
  type Adoption,
  adopt,
  adoptRows,
  copyUsers,
  findByAddress,
  foldStagedUsers,
  mergeUsers,
  type StagedUsers,
  userTables,
} from "../users/merge.ts";
import { noteNames, noteTags } from "../users/registers.ts";
import { quarterOf } from "../users/tallies.ts";
import { foldInstallation } from "./fold.ts";
import { type AbsorbGuests, mergeGuests } from "./guests.ts";
import { topicRegister } from "./queries.ts";
import type { DeviceType } from "./schema.ts";
import { isPrivateTopic } from "./topic-names.ts";

/** Who takes a push token: what Chapar can send through, and what an export may bring besides. */
export type TokenService =
  | "fcm"
  | "apns"
  | "webpush"
  | "adm"
  | "hms"
  | "mpns"
  | "wns"
  | "safari"
  | "macos"
  | "alexa";

type Erasable =
  | "device_model"
  | "os_version"
  | "client_version"
  | "launch_count"
  | "install_date"
  | "launch_time"
  | "device_token"
  | "language"
  | "country"
  | "time_zone"
  | "location";

/** What a batch knows of one installation. Null and undefined leave what is stored. */
export interface InstallationChange {
  installationKey: string;
  installationId: string;
  userKey: string;
  /** False when the caller does not say whose it is: a known installation then stays with its owner. */
  isOwnerKnown: boolean;
  deviceType: DeviceType;
  deviceModel?: string | null | undefined;
  /** Of a web device. */
  browser?: string | null | undefined;
  osVersion?: string | null | undefined;
  clientVersion?: string | null | undefined;
  launchCount?: number | null | undefined;
  installDate?: Date | null | undefined;
  launchTime?: Date | null | undefined;
  deviceToken?: string | null | undefined;
  tokenService?: TokenService | null | undefined;
  language?: string | null | undefined;
  country?: string | null | undefined;
  timeZone?: string | null | undefined;
  /** True opts out; false does not opt in again. */
  optedOut: boolean;
  topics?: string[] | null | undefined;
  lat?: number | null | undefined;
  lng?: number | null | undefined;
  /** What to forget before the rest is stored. */
  erase?: Erasable[] | null | undefined;
  /** Orders changes of one installation, and installations that come with one token: the last has it. */
  line?: number | undefined;
}

/** Changes of installations, ready to be copied, and what they need besides the upsert. */
export interface StagedInstallations {
  readonly rows: CopyData;
  readonly hasErasures: boolean;
  /** Of some the first visit is known and the last one is not. */
  readonly hasFirstVisitOnly: boolean;
  /** There are several changes of one installation. */
  readonly hasRepeats: boolean;
  /** Several installations come with one token. */
  readonly hasRepeatedTokens: boolean;
  /** Every topic that comes, once. */
  readonly topics: readonly string[];
}

/** Takes changes of installations in any order, the later of two speaking last. */
export interface InstallationStage {
  /** The stage may change what it is given. */
  add(change: InstallationChange): void;
  /** All that came since the start or the last time. */
  finish(): StagedInstallations;
}

/** Prepares {@link mergePeople} row by row and keeps none of them. */
export function createInstallationStage(): InstallationStage {
  const writer = new CopyWriter(26);
  const keys = new Set<string>();
  const tokens = new Set<string>();
  const topics = new Set<string>();
  let needs = noInstallationNeeds();
  return {
    add(change) {
      const { installationKey, deviceToken, erase } = change;
      if (keys.has(installationKey)) needs.hasRepeats = true;
      keys.add(installationKey);
      if (erase) needs.hasErasures = true;
      if (change.installDate && !change.launchTime) needs.hasFirstVisitOnly = true;
      if (change.topics) for (const topic of change.topics) topics.add(topic);
      const hash = deviceToken ? tokenHash(deviceToken) : null;
      if (hash !== null) {
        if (tokens.has(hash)) needs.hasRepeatedTokens = true;
        tokens.add(hash);
      }
      writer
        .row()
        .int4(change.line ?? 0)
        .uuid(change.userKey)
        .uuid(installationKey)
        .text(change.installationId);
      writer
        .boolean(change.isOwnerKnown)
        .text(change.deviceType)
        .text(change.deviceModel)
        .text(change.browser)
        .text(change.osVersion);
      writer
        .int8(versionOf(change.osVersion))
        .text(change.clientVersion)
        .int8(versionOf(change.clientVersion));
      writer.int4(change.launchCount).moment(change.installDate).moment(change.launchTime);
      writer
        .text(hash && deviceToken)
        .text(hash && change.tokenService)
        .uuid(hash)
        .boolean(change.optedOut);
      writer.texts(change.topics).text(change.language).text(change.country).text(change.timeZone);
      writer.float8(change.lat).float8(change.lng).texts(erase);
    },
    finish() {
      const staged = { rows: writer.finish(), ...needs, topics: [...topics] };
      keys.clear();
      tokens.clear();
      topics.clear();
      needs = noInstallationNeeds();
      return staged;
    },
  };
}

const noInstallationNeeds = () => ({
  hasErasures: false,
  hasFirstVisitOnly: false,
  hasRepeats: false,
  hasRepeatedTokens: false,
});

/** {@link createInstallationStage} for a few. */
export function stageInstallations(changes: Iterable<InstallationChange>): StagedInstallations {
  const stage = createInstallationStage();
  for (const change of changes) stage.add(change);
  return stage.finish();
}

/** There are few versions, and each is on many devices. */
const versions = new Map<string, bigint | null>();
const maxVersions = 10_000;

function versionOf(text: string | null | undefined): bigint | null {
  if (!text) return null;
  const known = versions.get(text);
  if (known !== undefined) return known;
  const version = versionNumber(text);
  if (versions.size >= maxVersions) versions.clear();
  versions.set(text, version);
  return version;
}

/** Users and installations of a batch, ready to be copied. */
export interface StagedPeople {
  readonly users: StagedUsers;
  readonly installations: StagedInstallations;
}

export interface MergeOptions {
  now: Date;
  /** A tag that is written along with other changes, but is none in itself. */
  passingTag?: string | null;
  /** How many of the installations came because somebody opened the app or page. */
  visits?: number;
  /** What other rooms do when a guest turns out to be a user; without it guests stay apart. */
  absorb?: AbsorbGuests | null;
}

/**
 * Stores what {@link stagePeople} staged in this transaction: users and their installations, in three upserts that each
 * lock in key order and one after the other, so that batches that run at once cannot deadlock. An installation that belonged to another user moves, and what is known of
 * it moves along; so does a push token that another installation held. What already is as described is not written.
 *
 * Answers whom the changes meant that had to be found, and leaves `merged_users` and `merged_installations` filled with
 * the keys of what is new and changed until the transaction ends.
 */
export async function mergePeople(
  tx: Transaction,
  appKey: number,
  people: StagedPeople,
  { now, passingTag = null, visits = 0, absorb = null }: MergeOptions,
): Promise<Adoption[]> {
  const adoptions: Adoption[] = [];
  const adoptAll = async (found: Adoption[]) => {
    if (found.length === 0) return;
    await adopt(tx, found);
    await foldStagedUsers(tx);
    await adoptRows(tx, "staged_installations", found);
    adoptions.push(...found);
  };
  if (people.users.hasRepeats) await foldStagedUsers(tx);
  if (people.installations.hasRepeats) await foldStagedInstallations(tx);
  if (people.installations.hasRepeatedTokens) await keepLastOfTokens(tx);
  await adoptAll(await findByAlias(tx, appKey));
  if (people.users.isFoundByAddress) await adoptAll(await findByAddress(tx, appKey));
  const hasInstallations = people.installations.rows.length > 0;
  let moved = 0;
  if (hasInstallations) {
    const { tokens, ...entered } = await upsertDirectory(tx, appKey);
    moved = entered.moved;
    if (people.users.isFoundByInstallation) await adoptAll(await findByInstallation(tx, appKey));
    if (moved > 0) await moveInstallations(tx, appKey);
    if (tokens > 0) await takeTokens(tx, appKey, now);
  }
  await mergeUsers(tx, appKey, people.users, { now, passingTag });
  if (hasInstallations) await mergeInstallations(tx, appKey, people.installations, now);
  if (people.installations.hasFirstVisitOnly) await takeFirstVisitForLast(tx, appKey);
  if (moved > 0 && absorb) await mergeGuests(tx, appKey, { now, absorb });
  await tallyMerged(tx, appKey, { visits, now });
  await noteTags(tx, appKey, people.users.tags);
  const topics = people.installations.topics.filter((topic) => !isPrivateTopic(topic));
  await noteNames(tx, topicRegister, appKey, topics);
  return adoptions;
}

/** Counts what is new. */
async function tallyMerged(
  tx: Transaction,
  appKey: number,
  { visits, now }: { visits: number; now: Date },
): Promise<void> {
  await tx.query(sql`
    insert into tallies (app_key, at, users, installations, visits)
    select ${appKey}::integer, ${quarterOf(sql`${now}::timestamptz`)}, users, installations, ${visits}::integer
    from (select count(*) as users from merged_users where is_new) as u,
      (select count(*) as installations from merged_installations where is_new) as i
    where users > 0 or installations > 0 or ${visits}::integer > 0`);
}

/** What {@link mergePeople} stages and answers in; all of it is empty again after the transaction. */
const peopleTables = `${userTables}
  create temp table if not exists staged_installations (
    line integer, user_key uuid, installation_key uuid, installation_id text, is_owner_known boolean, device_type text,
    device_model text, browser text, os_version text, os_version_n bigint, client_version text, client_version_n bigint,
    launch_count integer, install_date timestamptz, launch_time timestamptz, device_token text, token_service text,
    token_hash uuid, opted_out boolean, topics text[], language text, country text, time_zone text,
    lat double precision, lng double precision, erase text[]
  ) on commit delete rows;
  create temp table if not exists merged_directory (
    installation_key uuid, user_key uuid, past_user_key uuid, token_hash uuid
  ) on commit delete rows;
  create temp table if not exists merged_installations (installation_key uuid, is_new boolean) on commit delete rows;`;

/** Brings changes to the database and stores none of them yet: needs nothing of what is stored, and locks nothing. */
export async function stagePeople(tx: Transaction, people: StagedPeople): Promise<void> {
  await tx.client.query(peopleTables);
  await copyUsers(tx, people.users);
  await copyInto(tx, "staged_installations", people.installations.rows);
}

/** Makes one of several staged changes of an installation, later ones winning. */
async function foldStagedInstallations(tx: Transaction): Promise<void> {
  const { rows } = await tx.query<InstallationChange>(sql`
    with taken as (
      delete from staged_installations
      where installation_key in (
        select installation_key from staged_installations group by installation_key having count(*) > 1)
      returning *
    )
    select line, user_key as "userKey", installation_key as "installationKey", installation_id as "installationId",
      is_owner_known as "isOwnerKnown", device_type as "deviceType", device_model as "deviceModel",
      browser, os_version as "osVersion", client_version as "clientVersion", launch_count as "launchCount",
      install_date as "installDate", launch_time as "launchTime", device_token as "deviceToken",
      token_service as "tokenService", opted_out as "optedOut", topics, language, country, time_zone as "timeZone",
      lat, lng, erase
    from taken
    order by line`);
  const folded = new Map<string, InstallationChange>();
  for (const change of rows) {
    const earlier = folded.get(change.installationKey);
    if (earlier) foldInstallation(earlier, change);
    else folded.set(change.installationKey, change);
  }
  await copyInto(tx, "staged_installations", stageInstallations(folded.values()).rows);
}

/** Of several installations that hold one token the last keeps it. */
async function keepLastOfTokens(tx: Transaction): Promise<void> {
  await tx.query(sql`
    update staged_installations s set device_token = null, token_service = null, token_hash = null
    from (select token_hash, max(line) as line from staged_installations group by token_hash) as last
    where s.token_hash = last.token_hash and s.line < last.line`);
}

/** Answers how many installations changed hands, and how many came with a token they did not have. */
async function upsertDirectory(tx: Transaction, appKey: number): Promise<{ moved: number; tokens: number }> {
  // Null for the past owners says that the owner is not known; `excluded` has no other way to tell.
  const { rows } = await tx.query<{ moved: number; tokens: number }>(sql`
    with entered as (
      insert into installation_directory as d (app_key, installation_key, user_key, past_user_keys, token_hash)
      select ${appKey}::integer, installation_key, user_key, case when is_owner_known then '{}'::uuid[] end, token_hash
      from staged_installations
      order by installation_key
      on conflict (app_key, installation_key) do update set
        user_key = case when excluded.past_user_keys is null then d.user_key else excluded.user_key end,
        past_user_keys = case
          when excluded.past_user_keys is null or excluded.user_key = d.user_key then d.past_user_keys
          else array_append(array_remove(coalesce(d.past_user_keys, '{}'), d.user_key), d.user_key)
        end,
        token_hash = coalesce(excluded.token_hash, d.token_hash)
      where excluded.past_user_keys is not null and d.user_key <> excluded.user_key
        or excluded.token_hash is not null and d.token_hash is distinct from excluded.token_hash
      returning d.installation_key, d.user_key, d.token_hash,
        case when d.xmax <> 0 then d.past_user_keys[cardinality(d.past_user_keys)] end as past_user_key
    ),
    noted as (
      insert into merged_directory (installation_key, user_key, past_user_key, token_hash)
      select installation_key, user_key, past_user_key, token_hash from entered
      returning past_user_key, token_hash
    )
    select count(*) filter (where past_user_key is not null) as moved, count(token_hash) as tokens from noted`);
  return rows[0] ?? { moved: 0, tokens: 0 };
}

/** Whose installations the changes without an owner speak of. Their entries are locked by now. */
async function findByInstallation(tx: Transaction, appKey: number): Promise<Adoption[]> {
  const { rows } = await tx.query<Adoption>(sql`
    select s.user_key as "userKey", d.user_key as "ownerKey", u.user_id as "ownerId", u.is_guest as "isGuest"
    from staged_users s
    cross join lateral (
      select user_key from installation_directory where app_key = ${appKey} and installation_key = s.via limit 1
    ) as d
    cross join lateral (
      select user_id, is_guest from users where app_key = ${appKey} and user_key = d.user_key limit 1
    ) as u
    where s.found_by = 'installation' and d.user_key <> s.user_key`);
  return rows;
}

// Also where only the token changed the owner of before is found here: nothing is under it then.
async function moveInstallations(tx: Transaction, appKey: number): Promise<void> {
  // Delete and insert, not update: the key that a table is distributed by cannot change in place. Private topics are
  // those of the user: a guest who logs in takes them along, and whoever comes after a named one does not get theirs.
  await tx.query(sql`
    with taken as (
      delete from installations i
      using merged_directory m
      where i.app_key = ${appKey} and i.user_key = m.past_user_key and i.installation_key = m.installation_key
        and m.past_user_key <> m.user_key
      returning i.*, m.user_key as next_user_key
    ),
    moved as (
      select t.*, exists (
        select from users u where u.app_key = ${appKey} and u.user_key = t.user_key and u.is_guest
      ) as keeps
      from taken t
    )
    insert into installations (
      app_key, user_key, installation_key, installation_id, device_type, device_model, browser, os_version, os_version_n,
      client_version, client_version_n, launch_count, install_date, launch_time, device_token, token_service, token_at,
      language, country, time_zone, opted_out, topics, live_topics, lat, lng, uninstalled_at, created_at, updated_at)
    select app_key, next_user_key, installation_key, installation_id, device_type, device_model, browser, os_version,
      os_version_n, client_version, client_version_n, launch_count, install_date, launch_time, device_token,
      token_service, token_at, language, country, time_zone, opted_out,
      case when keeps then topics else array(select t from unnest(topics) as t where t not like 'private/%') end,
      case when keeps then live_topics else array(select t from unnest(live_topics) as t where t not like 'private/%') end,
      lat, lng, uninstalled_at, created_at, updated_at
    from moved
    on conflict (app_key, user_key, installation_key) do nothing`);
}

/** A token is one device: whoever held one that came with another installation now has none. */
async function takeTokens(tx: Transaction, appKey: number, now: Date): Promise<void> {
  await tx.query(sql`
    with holders as (
      select h.installation_key, h.user_key
      from merged_directory m
      cross join lateral (
        select installation_key, user_key
        from installation_directory
        where app_key = ${appKey} and token_hash = m.token_hash
        offset 0
      ) as h
      where m.token_hash is not null and h.installation_key <> m.installation_key
      order by h.installation_key
    ),
    forgotten as (
      update installation_directory d set token_hash = null
      from holders h
      where d.app_key = ${appKey} and d.installation_key = h.installation_key
    )
    update installations i set device_token = null, token_service = null, updated_at = ${now}::timestamptz
    from holders h
    where i.app_key = ${appKey} and i.user_key = h.user_key and i.installation_key = h.installation_key`);
}

async function mergeInstallations(
  tx: Transaction,
  appKey: number,
  changes: StagedInstallations,
  now: Date,
): Promise<void> {
  const erased = changes.hasErasures ? await eraseFromInstallations(tx, appKey, now) : [];
  await tx.query(sql`
    with merged as (
      insert into installations as i (
        app_key, user_key, installation_key, installation_id, device_type, device_model, browser, os_version, os_version_n,
        client_version, client_version_n, launch_count, install_date, launch_time, device_token, token_service,
        language, country, time_zone, opted_out, topics, lat, lng, created_at, updated_at)
      select ${appKey}::integer, user_key, installation_key, installation_id, device_type, device_model, browser, os_version,
        os_version_n, client_version, client_version_n, launch_count, install_date, launch_time, device_token,
        token_service, language, country, time_zone, opted_out, coalesce(topics, '{}'), lat, lng,
        ${now}::timestamptz, ${now}::timestamptz
      from staged_installations
      order by user_key, installation_key
      on conflict (app_key, user_key, installation_key) do update set
        device_type = excluded.device_type,
        device_model = coalesce(excluded.device_model, i.device_model),
        browser = coalesce(excluded.browser, i.browser),
        os_version = coalesce(excluded.os_version, i.os_version),
        os_version_n = case when excluded.os_version is null then i.os_version_n else excluded.os_version_n end,
        client_version = coalesce(excluded.client_version, i.client_version),
        client_version_n = case when excluded.client_version is null then i.client_version_n else excluded.client_version_n end,
        launch_count = coalesce(excluded.launch_count, i.launch_count),
        install_date = coalesce(excluded.install_date, i.install_date),
        launch_time = coalesce(excluded.launch_time, i.launch_time),
        device_token = coalesce(excluded.device_token, i.device_token),
        token_service = coalesce(excluded.token_service, i.token_service),
        language = coalesce(excluded.language, i.language),
        country = coalesce(excluded.country, i.country),
        time_zone = coalesce(excluded.time_zone, i.time_zone),
        opted_out = i.opted_out or excluded.opted_out,
        topics = case when excluded.topics = '{}' then i.topics else excluded.topics end,
        live_topics = case
          when excluded.topics = '{}' or i.live_topics = '{}' then i.live_topics
          else array(select t from unnest(i.live_topics) as t where t = any(excluded.topics))
        end,
        lat = coalesce(excluded.lat, i.lat),
        lng = coalesce(excluded.lng, i.lng),
        updated_at = excluded.updated_at
      where excluded.device_type <> i.device_type
        or excluded.launch_count is distinct from i.launch_count and excluded.launch_count is not null
        or excluded.launch_time is distinct from i.launch_time and excluded.launch_time is not null
        or excluded.device_token is distinct from i.device_token and excluded.device_token is not null
        or excluded.token_service is distinct from i.token_service and excluded.token_service is not null
        or excluded.client_version is distinct from i.client_version and excluded.client_version is not null
        or excluded.os_version is distinct from i.os_version and excluded.os_version is not null
        or excluded.device_model is distinct from i.device_model and excluded.device_model is not null
        or excluded.browser is distinct from i.browser and excluded.browser is not null
        or excluded.install_date is distinct from i.install_date and excluded.install_date is not null
        or excluded.language is distinct from i.language and excluded.language is not null
        or excluded.country is distinct from i.country and excluded.country is not null
        or excluded.time_zone is distinct from i.time_zone and excluded.time_zone is not null
        or excluded.opted_out and not i.opted_out
        or excluded.topics <> '{}' and excluded.topics <> i.topics
        or excluded.lat is distinct from i.lat and excluded.lat is not null
        or excluded.lng is distinct from i.lng and excluded.lng is not null
      returning i.installation_key, i.xmax = 0 as is_new
    )
    insert into merged_installations (installation_key, is_new)
    select installation_key, is_new from merged`);
  // What moved was made anew under its user, so its row says nothing; the directory knows that it is not new.
  await tx.query(sql`
    insert into merged_installations (installation_key, is_new)
    select k.installation_key, false
    from (
      select installation_key from merged_directory where past_user_key <> user_key
      union
      select unnest(${erased}::uuid[])
    ) as k
    where not exists (select from merged_installations m where m.installation_key = k.installation_key)`);
}

/** A new installation was last seen when it was first seen, if nothing else is known. */
async function takeFirstVisitForLast(tx: Transaction, appKey: number): Promise<void> {
  await tx.query(sql`
    update installations i set launch_time = i.install_date
    from staged_installations s
    join merged_installations m on m.installation_key = s.installation_key and m.is_new
    where s.launch_time is null and s.install_date is not null
      and i.app_key = ${appKey} and i.user_key = s.user_key and i.installation_key = s.installation_key`);
}

/** The keys of the installations that had something to forget. */
async function eraseFromInstallations(tx: Transaction, appKey: number, now: Date): Promise<string[]> {
  const { rows } = await tx.query<{ key: string }>(sql`
    with erased as (
      update installations i set
        device_model = case when 'device_model' = any(s.erase) then null else i.device_model end,
        os_version = case when 'os_version' = any(s.erase) then null else i.os_version end,
        os_version_n = case when 'os_version' = any(s.erase) then null else i.os_version_n end,
        client_version = case when 'client_version' = any(s.erase) then null else i.client_version end,
        client_version_n = case when 'client_version' = any(s.erase) then null else i.client_version_n end,
        launch_count = case when 'launch_count' = any(s.erase) then null else i.launch_count end,
        install_date = case when 'install_date' = any(s.erase) then null else i.install_date end,
        launch_time = case when 'launch_time' = any(s.erase) then null else i.launch_time end,
        device_token = case when 'device_token' = any(s.erase) then null else i.device_token end,
        token_service = case when 'device_token' = any(s.erase) then null else i.token_service end,
        language = case when 'language' = any(s.erase) then null else i.language end,
        country = case when 'country' = any(s.erase) then null else i.country end,
        time_zone = case when 'time_zone' = any(s.erase) then null else i.time_zone end,
        lat = case when 'location' = any(s.erase) then null else i.lat end,
        lng = case when 'location' = any(s.erase) then null else i.lng end,
        updated_at = ${now}::timestamptz
      from (select * from staged_installations where erase is not null order by user_key, installation_key) as s
      where i.app_key = ${appKey} and i.user_key = s.user_key and i.installation_key = s.installation_key
        and ('device_model' = any(s.erase) and i.device_model is not null
          or 'os_version' = any(s.erase) and i.os_version is not null
          or 'client_version' = any(s.erase) and i.client_version is not null
          or 'launch_count' = any(s.erase) and i.launch_count is not null
          or 'install_date' = any(s.erase) and i.install_date is not null
          or 'launch_time' = any(s.erase) and i.launch_time is not null
          or 'device_token' = any(s.erase) and i.device_token is not null
          or 'language' = any(s.erase) and i.language is not null
          or 'country' = any(s.erase) and i.country is not null
          or 'time_zone' = any(s.erase) and i.time_zone is not null
          or 'location' = any(s.erase) and i.lat is not null)
      returning i.installation_key, 'device_token' = any(s.erase) as is_token
    ),
    forgotten as (
      update installation_directory d set token_hash = null
      from (select installation_key from erased where is_token order by installation_key) as e
      where d.app_key = ${appKey} and d.installation_key = e.installation_key
    )
    select installation_key as key from erased`);
  return rows.map((row) => row.key);
}
