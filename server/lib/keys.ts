import { hash } from "node:crypto";

/** A uuid in its usual text form, made of the first 128 bits of sha-256 over the parts. */
function hashToUuid(parts: string): string {
  const hex = hash("sha256", parts, "hex");
  const at = (index: number) => hex.charCodeAt(index);
  // Character by character: pieces that are joined stay a rope, and an import looks at each key a dozen times.
  // biome-ignore format: the five groups of a uuid, a line each
  return String.fromCharCode(
    at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), dash,
    at(8), at(9), at(10), at(11), dash,
    at(12), at(13), at(14), at(15), dash,
    at(16), at(17), at(18), at(19), dash,
    at(20), at(21), at(22), at(23), at(24), at(25), at(26), at(27), at(28), at(29), at(30), at(31),
  );
}

const dash = 45;

// Parts are put together with NUL, which cannot occur in an id: no two lists of parts give the same text.

/** Key of a user in every per-user table: uniform over the uuid range, the same on every machine and in every run. */
export const userKey = (appId: string, userId: string): string => hashToUuid(`user\0${appId}\0${userId}`);

/** Key of an installation, from its public id. */
export const installationKey = (appId: string, installationId: string): string =>
  hashToUuid(`installation\0${appId}\0${installationId}`);

/** Key of an event: of the id its sender gave, or of all that it says, so that the same again is the same. */
export const eventKey = (appId: string, identity: readonly string[]): string =>
  hashToUuid(["event", appId, ...identity].join("\0"));

/** Finds a push token without an index on its long text: a uuid's 32 hex digits. */
export const tokenHash = (token: string): string => hash("sha256", token, "hex").slice(0, 32);

/**
 * Id of a delivery, known before any row exists, so that a repeat after a crash carries the same one.
 * `occurrence` counts repeats that are meant, from 0.
 */
export const deliveryId = (messageId: string, user: string, address: string, occurrence = 0): string =>
  hashToUuid(`delivery\0${messageId}\0${user}\0${address}\0${occurrence}`);

/** Stands for "no installation" where a uuid is needed. RFC 9562 §5.9. */
export const nilUuid = "00000000-0000-0000-0000-000000000000";

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** How many keys there are: they are numbers of 128 bits. */
export const keySpace = 2n ** 128n;

/** A key as the number it is, from 0. */
export const positionOf = (key: string): bigint => BigInt(`0x${key.replaceAll("-", "")}`);

/** The key of a number below {@link keySpace}. */
export function keyAt(position: bigint): string {
  const hex = position.toString(16).padStart(32, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** What a provider calls a message, as a key of fixed size. */
export const providerHash = (accountKey: number, providerId: string): string =>
  hashToUuid(`provider\0${accountKey}\0${providerId}`);

/** An address that several users may share, as a key of fixed size. */
export const addressHash = (channel: string, address: string): string =>
  hashToUuid(`address\0${channel}\0${address}`);
