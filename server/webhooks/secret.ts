import { seal, unseal } from "../providers/secrets.ts";

/** How long requests are signed with the secret before, too. */
const overlapMs = 24 * 3_600_000;

interface Secrets {
  current: string;
  previous?: string;
  /** ISO 8601. */
  previousUntil?: string;
}

/** What a webhook's requests are signed with, encrypted. Throws `SealedError` under another SECRET_KEY. */
export const openSecrets = (secretKey: string, webhookId: string, sealed: Buffer): Secrets =>
  unseal(secretKey, webhookId, sealed) as unknown as Secrets;

export const sealSecret = (secretKey: string, webhookId: string, current: string): Buffer =>
  seal(secretKey, webhookId, { current });

/** The new secret first; the old one is valid for another day, so that receivers can be changed in peace. */
export function replaceSecret(
  secretKey: string,
  { webhookId, sealedSecret }: { webhookId: string; sealedSecret: Buffer },
  current: string,
  now: Date,
): Buffer {
  const { current: previous } = openSecrets(secretKey, webhookId, sealedSecret);
  const previousUntil = new Date(now.getTime() + overlapMs).toISOString();
  return seal(secretKey, webhookId, { current, previous, previousUntil });
}

/** Those to sign with now. */
export function validSecrets({ current, previous, previousUntil }: Secrets, now: Date): string[] {
  const isValid = previous !== undefined && previousUntil !== undefined && now < new Date(previousUntil);
  return isValid ? [current, previous] : [current];
}
