import { createHash, randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import type { Queryable } from "../db/database.ts";
import { findApp, listApps } from "./apps.ts";
import type { Permission } from "./roles.ts";
import { findAppByToken, insertAccessToken, type TokenOwner } from "./token-queries.ts";

/** What is stored of a token or a one-time code: it is random, so a plain sha-256 cannot be searched. */
export const hashSecret = (secret: string): Buffer => createHash("sha256").update(secret).digest();

/** 192 random bits, url-safe. */
export const makeSecret = (prefix: string): string => prefix + randomBytes(24).toString("base64url");

/** Makes an access token of an app and answers it; it is shown once, only its hash is kept. */
export async function createAccessToken(
  db: Queryable,
  token: {
    appKey: number;
    name: string;
    /** The e-mail address of an account, or where else it came from. */
    createdBy?: string;
    secret?: string;
    /** All that it may be used for; everything when left out. */
    scopes?: readonly Permission[] | null;
    expiresAt?: Date | null;
    id?: string;
  },
): Promise<string> {
  const { id = uuidv7(), secret = makeSecret("chp_"), createdBy = "command line" } = token;
  const { scopes = null, expiresAt = null } = token;
  await insertAccessToken(db, {
    ...{
      ...token,
      tokenId: id,
      tokenHash: hashSecret(secret),
      createdBy,
      scopes,
      expiresAt,
      now: new Date(),
    },
  });
  return secret;
}

/** Milliseconds for which a token is trusted without asking the database again: how long a revoked one may live. */
const trustedForMs = 5_000;
const remembered = 1_000;

/** Looks tokens up, and remembers the answer for a moment: thousands of requests a second carry the same one. */
export const createTokenReader = (
  db: Queryable,
): ((secret: string, nowMs: number) => Promise<TokenOwner | null>) =>
  createReader((secret) => findAppByToken(db, hashSecret(secret)));

/** Asks `find` once for all calls that come within a moment with the same secret. What is not found is asked for again. */
export function createReader<T>(
  find: (secret: string) => Promise<T | null>,
): (secret: string, nowMs: number) => Promise<T | null> {
  const known = new Map<string, { value: T; untilMs: number }>();
  return async (secret, nowMs) => {
    // Only its hash is kept in memory.
    const key = hashSecret(secret).toString("base64");
    const hit = known.get(key);
    if (hit && hit.untilMs > nowMs) return hit.value;
    const value = await find(secret);
    known.delete(key);
    if (value !== null) {
      if (known.size >= remembered) known.clear();
      known.set(key, { value, untilMs: nowMs + trustedForMs });
    }
    return value;
  };
}

/** Keys of apps by their ids. Apps do not come and go, so an answer is kept; an unknown id is asked for again. */
export function createAppReader(db: Queryable): (appId: string) => Promise<number | null> {
  const known = new Map<string, number>();
  return async (appId) => {
    const hit = known.get(appId);
    if (hit !== undefined) return hit;
    const app = await findApp(db, appId);
    if (app) known.set(appId, app.appKey);
    return app?.appKey ?? null;
  };
}

export const listAppIds = async (db: Queryable): Promise<string[]> =>
  (await listApps(db)).map(({ appId }) => appId);
