import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";

/** Of a key that others take for safe (RFC 8301), and that fits into one record of the DNS in two texts. */
const bits = 2048;

/** Reads a private key (PEM); null where it is none of RSA, which all receivers know. */
export function readDkimKey(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === "rsa" ? key : null;
  } catch {
    return null;
  }
}

/** Bits of a key's modulus: receivers ignore signatures of fewer than 1,024. */
export const bitsOf = (key: KeyObject): number => key.asymmetricKeyDetails?.modulusLength ?? 0;

/** The public part, as the DNS has it (RFC 6376 §3.6.1). */
export const publicPartOf = (key: KeyObject): string =>
  createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64");

/** A new key, and the name it goes by in the DNS. */
export function makeDkimKey(): { dkimPrivateKey: string; dkimSelector: string } {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  return {
    dkimPrivateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    dkimSelector: "chapar",
  };
}
