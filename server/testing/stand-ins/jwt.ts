import { type KeyObject, verify } from "node:crypto";

interface Jwt {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

/** Reads a token and verifies its signature with the public key; null for one that is none or was signed by another. */
export function verifyJwt(token: string, key: KeyObject): Jwt | null {
  const [header, claims, signature, ...rest] = token.split(".");
  if (!header || !claims || !signature || rest.length > 0) return null;
  const isGood = verify(
    "sha256",
    Buffer.from(`${header}.${claims}`),
    { key, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  if (!isGood) return null;
  try {
    return { header: decode(header), claims: decode(claims) };
  } catch {
    return null;
  }
}

const decode = (text: string) =>
  JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Record<string, unknown>;
