import { hash } from "node:crypto";

/** A uuid in its usual text form, made of the first 128 bits of sha-256 over the parts. */
function hashToUuid(parts: readonly string[]): string {
  // NUL cannot occur in an id, so no two lists of parts hash the same text.
  const hex = hash("sha256", parts.join("\0"), "hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** Key of a user in every per-user table: uniform over the uuid range, the same on every machine and in every run. */
export const userKey = (appId: string, userId: string): string => hashToUuid(["user", appId, userId]);

/** Key of an installation, from its public id. */
export const installationKey = (appId: string, installationId: string): string =>
  hashToUuid(["installation", appId, installationId]);

/** Key of an event: of the id its sender gave, or of all that it says, so that the same again is the same. */
export const eventKey = (appId: string, identity: readonly string[]): string =>
  hashToUuid(["event", appId, ...identity]);

/** Finds a push token without an index on its long text: a uuid's 32 hex digits. */
export const tokenHash = (token: string): string => hash("sha256", token, "hex").slice(0, 32);

/**
 * Id of a delivery, known before any row exists, so that a repeat after a crash carries the same one.
 * `occurrence` counts repeats that are meant, from 0.
 */
export const deliveryId = (messageId: string, user: string, address: string, occurrence = 0): string =>
  hashToUuid(["delivery", messageId, user, address, String(occurrence)]);

/** Stands for "no installation" where a uuid is needed. RFC 9562 §5.9. */
export const nilUuid = "00000000-0000-0000-0000-000000000000";
