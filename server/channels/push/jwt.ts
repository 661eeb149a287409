import { type KeyObject, sign } from "node:crypto";

const algorithms = { rsa: "RS256", ec: "ES256" } as const;

/** A signed token (RFC 7519): RS256 by an RSA key, ES256 by one on P-256. `keyId` is its `kid`. */
export function signJwt(
  key: KeyObject,
  keyId: string | null,
  claims: Record<string, string | number>,
): string {
  const alg = algorithms[key.asymmetricKeyType as keyof typeof algorithms];
  const header = encode(keyId === null ? { alg, typ: "JWT" } : { alg, kid: keyId, typ: "JWT" });
  const signed = `${header}.${encode(claims)}`;
  // RFC 7518 §3.4: both numbers one after the other, not the DER that is usual elsewhere.
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
