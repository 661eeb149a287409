import { v4 as uuidv4 } from "uuid";
import { getSettings } from "../accounts/settings.ts";
import { isUserHash } from "../accounts/user-hash.ts";
import type { Database } from "../db/database.ts";
import type { Caller } from "../http/authentication.ts";
import type { AbsorbGuests } from "../installations/guests.ts";
import { findOwner, type OwnedInstallation, registerInstallation } from "../installations/installations.ts";
import { requireOwn } from "../installations/own.ts";
import type { DeviceType } from "../installations/schema.ts";
import { Problem } from "../lib/problem.ts";
import { readWebPushKey } from "../providers/accounts.ts";
import { resolveUser } from "../users/aliases.ts";
import type { Login, RegisterClient, RegisteredClient } from "./schema.ts";

/** What a registered device signs in to the broker with. */
export type CredentialsFor = (
  app: { appKey: number; appId: string },
  installationId: string,
) => Promise<RegisteredClient["mqtt"]>;

export interface ClientParts {
  db: Database;
  secretKey: string;
  absorb: AbsorbGuests;
  credentialsFor: CredentialsFor;
}

/** A device introduces itself, or says what has changed about it. */
export async function registerClient(
  parts: ClientParts,
  caller: Caller,
  { userHash, ...request }: RegisterClient,
): Promise<RegisteredClient> {
  const present = request.id === undefined ? null : await findOwner(parts.db, caller, request.id);
  if (present) await requireOwnToUpdate(parts.db, caller, request.id ?? "");
  const { userId } = request;
  const isLogin = userId !== undefined && !(await isSame(parts.db, caller, present, userId));
  if (isLogin) await requireUserHash(parts, caller, { userId, userHash });
  const { id } = await registerInstallation(parts, caller, {
    ...request,
    // With a public key it is the hash that says who is a guest, not the device.
    ...(caller.by === "key" ? { isGuest: isLogin ? false : undefined } : {}),
  });
  return describeClient(parts, caller, id);
}

/** Whether a call with a public key would make a device that is not there yet. */
export const registersNew = async (db: Database, caller: Caller, id: string | undefined): Promise<boolean> =>
  caller.by === "key" && (id === undefined || (await findOwner(db, caller, id)) === null);

/** Says what has changed about a device that there is. */
export async function updateClient(
  parts: ClientParts,
  caller: Caller,
  id: string,
  request: RegisterClient,
): Promise<RegisteredClient> {
  await requireClient(parts.db, caller, id);
  return registerClient(parts, caller, { ...request, id });
}

/** Gives a device to a user; all that the guest has who had it before becomes the user's too. */
export async function logIn(
  parts: ClientParts,
  caller: Caller,
  id: string,
  { userId, userHash }: Login,
): Promise<RegisteredClient> {
  const present = await requireClient(parts.db, caller, id);
  if (present.isGuest || !(await isSame(parts.db, caller, present, userId))) {
    await requireUserHash(parts, caller, { userId, userHash });
    await giveTo(parts, caller, { id, ...present }, { userId, isGuest: false });
  }
  return describeClient(parts, caller, id);
}

/** Makes a device that of a new guest; its push token and public topics stay. A guest stays who it is. */
export async function logOut(parts: ClientParts, caller: Caller, id: string): Promise<RegisteredClient> {
  const present = await requireClient(parts.db, caller, id);
  if (!present.isGuest) await giveTo(parts, caller, { id, ...present }, { userId: uuidv4(), isGuest: true });
  return describeClient(parts, caller, id);
}

/** Whose this device is, once the caller may know; a problem where there is no such device. */
export async function requireClient(db: Database, caller: Caller, id: string): Promise<OwnedInstallation> {
  await requireOwn(db, caller, { installationId: id });
  const present = await findOwner(db, caller, id);
  if (present) return present;
  throw new Problem(
    "not_found",
    `There is no installation ${JSON.stringify(id)} in this app; register it with POST /api/installations.`,
  );
}

const giveTo = (
  parts: ClientParts,
  caller: Caller,
  { id, deviceType }: { id: string; deviceType: string },
  user: { userId: string; isGuest: boolean },
) =>
  // Stored by us from the same enum.
  registerInstallation(parts, caller, { id, deviceType: deviceType as DeviceType, ...user });

async function requireOwnToUpdate(db: Database, caller: Caller, id: string): Promise<void> {
  if (caller.by === "key" && !caller.device)
    throw new Problem(
      "forbidden",
      `The installation ${JSON.stringify(id)} is there already: update it with its credentials (Authorization: Basic), or register without an id.`,
    );
  await requireOwn(db, caller, { installationId: id });
}

async function isSame(
  db: Database,
  caller: Caller,
  present: OwnedInstallation | null,
  userId: string,
): Promise<boolean> {
  return present !== null && (await resolveUser(db, caller, userId)).userKey === present.userKey;
}

/** Refuses a device that cannot prove who logs in on it. */
async function requireUserHash(
  { db, secretKey }: ClientParts,
  caller: Caller,
  { userId, userHash }: Login,
): Promise<void> {
  if (caller.by !== "key") return;
  const isProven =
    userHash !== undefined && (await isUserHash(db, caller, secretKey, { userId, hash: userHash }));
  if (isProven || !(await getSettings(db, caller.appKey)).requiresUserHash) return;
  const what = userHash === undefined ? "is missing" : "is not the one of this user id";
  throw new Problem(
    "forbidden",
    `userHash ${what}: your own server makes it, the HMAC-SHA256 of the user id in hexadecimal digits, by the secret of GET /api/settings/user-hash (panel: Settings, Apps and websites).`,
    [{ pointer: "/userHash", detail: `${what}; expected the HMAC-SHA256 of userId in hexadecimal digits` }],
  );
}

/** What a device is told about itself. */
async function describeClient(
  { db, credentialsFor }: ClientParts,
  caller: Caller,
  id: string,
): Promise<RegisteredClient> {
  const owner = await findOwner(db, caller, id);
  if (!owner) throw new Problem("not_found", `The installation ${JSON.stringify(id)} was deleted just now.`);
  const publicKey = await readWebPushKey(db, caller.appKey);
  return {
    ...{ id, userId: owner.userId, isGuest: owner.isGuest },
    webPush: publicKey === null ? null : { publicKey },
    mqtt: await credentialsFor(caller, id),
  };
}
