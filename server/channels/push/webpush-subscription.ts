import { ECDH } from "node:crypto";

/** Where a browser is written to, and what for: https://w3c.github.io/push-api/#pushsubscription-interface */
export interface Subscription {
  endpoint: URL;
  /** Public key of the browser, and its secret; base64url. */
  p256dh: string;
  auth: string;
}

/** Reads the JSON text that a subscription is kept as, or says what is wrong with it. */
export function readSubscription(
  text: string,
): { ok: true; subscription: Subscription } | { ok: false; detail: string } {
  let given: { endpoint?: unknown; keys?: { p256dh?: unknown; auth?: unknown } };
  try {
    given = JSON.parse(text) as typeof given;
  } catch {
    return { ok: false, detail: "It is no subscription in JSON." };
  }
  const endpoint = given?.endpoint;
  if (typeof endpoint !== "string" || !URL.canParse(endpoint))
    return { ok: false, detail: "The subscription has no endpoint that is an address." };
  const { p256dh, auth } = given.keys ?? {};
  if (typeof p256dh !== "string" || !isPoint(p256dh))
    return { ok: false, detail: "The subscription has no p256dh that is a public key." };
  // RFC 8291 §3.2
  if (typeof auth !== "string" || Buffer.from(auth, "base64url").length !== 16)
    return { ok: false, detail: "The subscription has no auth of 16 bytes." };
  return { ok: true, subscription: { endpoint: new URL(endpoint), p256dh, auth } };
}

/** A point on P-256 that is not compressed. Any other would make the encryption throw. */
function isPoint(text: string): boolean {
  try {
    const bytes = Buffer.from(text, "base64url");
    return bytes.length === 65 && ECDH.convertKey(bytes, "prime256v1").length === 65;
  } catch {
    return false;
  }
}
