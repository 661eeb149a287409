import { createHmac, timingSafeEqual } from "node:crypto";
import sql from "sql-template-tag";
import type { Database, Queryable } from "../db/database.ts";
import { recordAudit } from "./audit.ts";

interface App {
  appKey: number;
  appId: string;
}

/** What the customer's server hashes user ids with: derived from the server's own secret, so nothing is stored. */
const secretOf = (secretKey: string, appId: string, version: number): string =>
  createHmac("sha256", secretKey).update(`user-hash:${version}:${appId}`).digest("base64url");

/** HMAC-SHA256 of a user id, in hexadecimal digits. */
const userHash = (secret: string, userId: string): string =>
  createHmac("sha256", secret).update(userId).digest("hex");

export async function readUserHashSecret(
  db: Queryable,
  { appKey, appId }: App,
  secretKey: string,
): Promise<string> {
  const { rows } = await db.query<{ version: number }>(sql`
    select user_hash_version as version from apps where app_key = ${appKey}`);
  return secretOf(secretKey, appId, rows[0]?.version ?? 0);
}

/** Makes every hash worthless that was made so far. Devices that are logged in stay so. */
export async function rotateUserHashSecret(
  db: Database,
  { appKey, appId, name: actor }: App & { name: string },
  secretKey: string,
): Promise<string> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<{ version: number }>(sql`
      update apps set user_hash_version = user_hash_version + 1 where app_key = ${appKey}
      returning user_hash_version as version`);
    const version = rows[0]?.version ?? 0;
    await recordAudit(tx, {
      ...{ appKey, actor, action: "user_hash.rotated", subject: "user-hash", detail: { version } },
      now: new Date(),
    });
    return secretOf(secretKey, appId, version);
  });
}

/** The hash of a user id, as the customer's own server would make it. */
export const userHashOf = async (
  db: Queryable,
  app: App,
  secretKey: string,
  userId: string,
): Promise<string> => userHash(await readUserHashSecret(db, app, secretKey), userId);

/** Whether the customer's own server says that it is this user. In constant time; digits may be capitals. */
export async function isUserHash(
  db: Queryable,
  app: App,
  secretKey: string,
  { userId, hash }: { userId: string; hash: string },
): Promise<boolean> {
  const expected = Buffer.from(await userHashOf(db, app, secretKey, userId));
  const given = Buffer.from(hash.trim().toLowerCase());
  return given.length === expected.length && timingSafeEqual(given, expected);
}
