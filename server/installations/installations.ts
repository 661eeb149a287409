import type { Sql } from "sql-template-tag";
import { v4 as uuidv4 } from "uuid";
import type { Database, Queryable } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { installationKey, userKey } from "../lib/keys.ts";
import { findAliases } from "../users/aliases.ts";
import { stageUsers } from "../users/merge.ts";
import type { AbsorbGuests } from "./guests.ts";
import { mergePeople, stageInstallations, stagePeople, type TokenService } from "./merge.ts";
import { findConnected, revoked } from "./presence.ts";
import {
  type CurrentInstallation,
  clearToken,
  countPairs,
  findCurrent,
  findDirectoryEntries,
  findOwnedInstallation,
  isGuestUser,
  listCredentialsVersions,
  listInstallationKeys,
  listInstallationsOfUser,
  listLanguages,
  markInstalled,
  type OwnedInstallation,
  raiseCredentialsVersion,
  topicPairs,
} from "./queries.ts";
import type { DeviceType, Installation, RegisterInstallation } from "./schema.ts";
import { publicTopic } from "./topic-names.ts";

/**
 * A device introduces itself: makes it, or updates what is known of it. With a `userId` it becomes that user's (a log
 * in), and so does all that the guest has who had it before; without one it stays whose it is, and a new one gets a guest of its own, whose id is made up.
 */
export async function registerInstallation(
  { db, absorb }: { db: Database; absorb: AbsorbGuests },
  app: { appKey: number; appId: string },
  request: RegisterInstallation,
): Promise<{ id: string; userId: string }> {
  const id = request.id ?? uuidv4();
  const key = installationKey(app.appId, id);
  const isOwnerKnown = request.userId !== undefined;
  const userId = request.userId ?? uuidv4();
  const user = userKey(app.appId, userId);
  // A device that introduces itself as the guest it is has not logged in.
  const isGuest = request.isGuest ?? (!isOwnerKnown || (await isGuestUser(db, app.appKey, user)));
  const people = {
    users: stageUsers([
      {
        userKey: user,
        userId,
        isGuest,
        foundBy: isOwnerKnown ? null : "installation",
        via: isOwnerKnown ? null : key,
        attributes: {},
        tags: [],
        valueTags: {},
        optedOut: [],
      },
    ]),
    installations: stageInstallations([
      {
        installationKey: key,
        installationId: id,
        userKey: user,
        isOwnerKnown,
        deviceType: request.deviceType,
        deviceModel: request.deviceModel,
        browser: request.browser,
        osVersion: request.osVersion,
        clientVersion: request.clientVersion,
        ...{ language: request.language, country: request.country, timeZone: request.timeZone },
        launchCount: request.launchCount,
        deviceToken: request.deviceToken,
        tokenService:
          request.deviceToken === undefined
            ? null
            : (request.tokenService ?? tokenServices[request.deviceType]),
        optedOut: false,
        topics: request.subscriptions?.map(publicTopic),
        lat: request.location?.lat,
        lng: request.location?.lng,
      },
    ]),
  };
  return db.transaction(async (tx) => {
    await stagePeople(tx, people);
    const now = new Date();
    // What apps count up when they are opened; other changes of a device come without it.
    const visits = request.launchCount === undefined ? 0 : 1;
    const [owner] = await mergePeople(tx, app.appKey, people, { now, absorb, visits });
    const tokenAt = request.deviceToken === undefined ? null : now;
    await markInstalled(tx, app.appKey, { userKey: owner?.ownerKey ?? user, installationKey: key, tokenAt });
    return { id, userId: owner?.ownerId ?? userId };
  });
}

const tokenServices: Record<DeviceType, TokenService | null> = {
  android: "fcm",
  ios: "apns",
  web: "webpush",
  windows: "wns",
  other: null,
};

/** The installations of a user as the API shows them, the last used one first. */
export async function listUserInstallations(
  db: Queryable,
  app: { appKey: number; appId: string },
  userId: string,
): Promise<Installation[]> {
  const rows = await listInstallationsOfUser(db, app.appKey, userKey(app.appId, userId));
  const connected = await findConnected(
    db,
    app.appKey,
    rows.map((row) => row.installationKey),
  );
  return rows.map((row) => ({
    id: row.id,
    userId,
    deviceType: row.deviceType as DeviceType, // written by us from the same enum
    deviceModel: row.deviceModel,
    browser: row.browser,
    osVersion: row.osVersion,
    clientVersion: row.clientVersion,
    launchCount: row.launchCount ?? 0,
    installDate: row.installDate?.toISOString() ?? null,
    launchTime: row.launchTime?.toISOString() ?? null,
    hasToken: row.hasToken,
    optedOut: row.optedOut,
    connected: connected.has(row.installationKey),
    language: row.language,
    country: row.country,
    timeZone: row.timeZone,
    location: row.lat !== null && row.lng !== null ? { lat: row.lat, lng: row.lng } : null,
    uninstalledAt: row.uninstalledAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  }));
}

/** A user who may be written to, and on which devices. */
export interface Recipient {
  userKey: string;
  installationKeys: string[];
}

/**
 * Who has these keys, with their installations, by the key that was asked for: a guest who logged in is the user. Users
 * without an installation are left out.
 */
export async function listRecipients(
  db: Queryable,
  appKey: number,
  userKeys: readonly string[],
): Promise<Map<string, Recipient>> {
  const found = await listDevices(db, appKey, userKeys);
  const missing = userKeys.filter((key) => !found.has(key));
  if (missing.length === 0) return found;
  const aliases = await findAliases(db, appKey, missing);
  if (aliases.size === 0) return found;
  const owners = await listDevices(db, appKey, [...new Set(aliases.values())]);
  for (const [guest, owner] of aliases) {
    const recipient = owners.get(owner);
    if (recipient) found.set(guest, recipient);
  }
  return found;
}

async function listDevices(db: Queryable, appKey: number, userKeys: readonly string[]) {
  const found = new Map<string, Recipient>();
  for (const { userKey, installationKey } of await listInstallationKeys(db, appKey, userKeys)) {
    const recipient = found.get(userKey);
    if (recipient) recipient.installationKeys.push(installationKey);
    else found.set(userKey, { userKey, installationKeys: [installationKey] });
  }
  return found;
}

/** Languages of a user's devices, the one that was used last first. */
export const languagesOfUser = (db: Queryable, appKey: number, userKey: string): Promise<string[]> =>
  listLanguages(db, appKey, userKey);

/** A select of the pairs in a public topic, for the sending engine to nest in its expansion. */
export const topicAudience = (appKey: number, topic: string): Sql => topicPairs(appKey, topic);

export const countTopic = (db: Queryable, appKey: number, topic: string): Promise<number> =>
  countPairs(db, topicPairs(appKey, topic));

/**
 * What these frozen recipients look like now, by installation key; those that were removed are left out. One whose guest
 * has logged in since is found through the directory; one that another user has by now is not theirs any more.
 */
export async function findCurrentInstallations(
  db: Queryable,
  appKey: number,
  pairs: { userKeys: readonly string[]; installationKeys: readonly string[] },
): Promise<Map<string, CurrentInstallation>> {
  const found = new Map<string, CurrentInstallation>();
  for (const current of await findCurrent(db, appKey, pairs)) found.set(current.installationKey, current);
  const missing = new Map(
    pairs.installationKeys
      .map((key, index) => [key, pairs.userKeys[index] ?? ""] as const)
      .filter(([key]) => !found.has(key)),
  );
  if (missing.size === 0) return found;
  const aliases = await findAliases(db, appKey, [...new Set(missing.values())]);
  if (aliases.size === 0) return found;
  const moved = [...(await findDirectoryEntries(db, appKey, [...missing.keys()]))].filter(
    ([key, entry]) => aliases.get(missing.get(key) ?? "") === entry.userKey,
  );
  const now = {
    userKeys: moved.map(([, entry]) => entry.userKey),
    installationKeys: moved.map(([key]) => key),
  };
  for (const current of await findCurrent(db, appKey, now)) found.set(current.installationKey, current);
  return found;
}

/** Whose these installations are and were, by installation key; unknown ones are left out. */
export async function findAllOwners(
  db: Queryable,
  appKey: number,
  installationKeys: readonly string[],
): Promise<Map<string, string[]>> {
  const entries = await findDirectoryEntries(db, appKey, installationKeys);
  return new Map([...entries].map(([key, entry]) => [key, [entry.userKey, ...entry.pastUserKeys]]));
}

/**
 * Whose messages may be read on these installations, by installation key: of those who have them now, who come first,
 * also from when they were a guest. What was sent to somebody who has logged out is not for whoever comes after.
 */
export async function findReaders(
  db: Queryable,
  appKey: number,
  installationKeys: readonly string[],
): Promise<Map<string, string[]>> {
  const entries = await findDirectoryEntries(db, appKey, installationKeys);
  const past = [...entries.values()].flatMap(({ pastUserKeys }) => pastUserKeys);
  const aliases = past.length === 0 ? new Map<string, string>() : await findAliases(db, appKey, past);
  return new Map(
    [...entries].map(([key, { userKey, pastUserKeys }]) => [
      key,
      [userKey, ...pastUserKeys.filter((guest) => aliases.get(guest) === userKey)],
    ]),
  );
}

export type { CurrentInstallation, OwnedInstallation } from "./queries.ts";
export { dropTokens, findTokenServices, listTimeZones } from "./queries.ts";

/** The version of an installation's password; null where there is no such installation. */
export const findCredentials = async (
  db: Queryable,
  app: { appKey: number; appId: string },
  installationId: string,
): Promise<number | null> => {
  const key = installationKey(app.appId, installationId);
  return (await listCredentials(db, [{ appKey: app.appKey, installationKey: key }]))[0] ?? null;
};

/** The same of many, in their order. */
export const listCredentials = (
  db: Queryable,
  asked: readonly { appKey: number; installationKey: string }[],
): Promise<(number | null)[]> => listCredentialsVersions(db, asked);

/** A device has no push token any more. It is still there, and reached by its inbox. */
export const forgetToken = (
  db: Database,
  app: { appKey: number; appId: string },
  installationId: string,
): Promise<void> =>
  db.transaction((tx) => clearToken(tx, app.appKey, installationKey(app.appId, installationId), new Date()));

/** Whose an installation is; null where there is no such installation. */
export const findOwner = (
  db: Queryable,
  app: { appKey: number; appId: string },
  installationId: string,
): Promise<OwnedInstallation | null> =>
  findOwnedInstallation(db, app.appKey, installationKey(app.appId, installationId));

/**
 * Makes the password of an installation worthless, and has connections with it ended. False where there is no such
 * installation.
 */
export const revokeCredentials = (
  db: Database,
  app: { appKey: number; appId: string },
  installationId: string,
): Promise<boolean> =>
  db.transaction(async (tx) => {
    const key = installationKey(app.appId, installationId);
    const isThere = await raiseCredentialsVersion(tx, app.appKey, key);
    if (isThere) await notify(tx, revoked, `${app.appId}/${installationId}`);
    return isThere;
  });
