import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";

// version (1) | id of the key (4) | nonce (12) | tag (16) | what is kept
const version = 1;
const nonceAt = 5;
const tagAt = 17;
const contentAt = 33;

/** Secrets that cannot be opened: they were sealed with another SECRET_KEY, or are another account's. */
export class SealedError extends Error {}

/** The key for secrets of providers, and what tells it from another. */
function keyOf(secretKey: string): { key: Buffer; id: Buffer } {
  const key = Buffer.from(hkdfSync("sha256", secretKey, "", "chapar provider secrets", 32));
  return { key, id: createHash("sha256").update(key).digest().subarray(0, 4) };
}

/** Encrypts the secrets of an account (AES-256-GCM); the account id is needed again to open them. */
export function seal(secretKey: string, accountId: string, secrets: Record<string, unknown>): Buffer {
  const { key, id } = keyOf(secretKey);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(accountId));
  const content = Buffer.concat([cipher.update(JSON.stringify(secrets), "utf8"), cipher.final()]);
  return Buffer.concat([Buffer.from([version]), id, nonce, cipher.getAuthTag(), content]);
}

/** Opens what {@link seal} made. Throws {@link SealedError} with a sentence for who set up the account. */
export function unseal(secretKey: string, accountId: string, sealed: Buffer): Record<string, unknown> {
  const { key, id } = keyOf(secretKey);
  if (sealed[0] !== version || !sealed.subarray(1, nonceAt).equals(id))
    throw new SealedError("The secrets were stored under another SECRET_KEY; type them again.");
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(nonceAt, tagAt), {
    authTagLength: 16,
  })
    .setAAD(Buffer.from(accountId))
    .setAuthTag(sealed.subarray(tagAt, contentAt));
  try {
    const content = Buffer.concat([decipher.update(sealed.subarray(contentAt)), decipher.final()]);
    return JSON.parse(content.toString("utf8")) as Record<string, unknown>;
  } catch (cause) {
    throw new SealedError("The stored secrets are damaged; type them again.", { cause });
  }
}
