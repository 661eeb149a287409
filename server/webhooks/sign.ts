import { createHmac, randomBytes } from "node:crypto";

const prefix = "whsec_";

/** A secret to sign with. Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const makeSigningSecret = (): string => prefix + randomBytes(32).toString("base64");

/**
 * The headers that prove a request to be ours: the signature is over id, time and body, by each secret that is valid at
 * this time, so that one can be replaced without a gap.
 */
export function signedHeaders(
  secrets: readonly string[],
  { id, at, body }: { id: string; at: Date; body: string },
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(prefix.length), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
