import { createECDH } from "node:crypto";
import { z } from "zod";
import { timeoutMs } from "../config-parts.ts";

const base64url = /^[\w-]+={0,2}$/;
const publicKeyBytes = 65;
const privateKeyBytes = 32;
const cure = "make a pair with POST /api/providers/kinds/webpush/keys";

const key = (bytes: number, what: string) =>
  z
    .string()
    .max(200)
    .refine((text) => base64url.test(text) && Buffer.from(text, "base64url").length === bytes, {
      error: `is not ${what} of VAPID, which has ${bytes} bytes in base64url; ${cure}`,
    });

/** Whether both keys are of one pair. */
export function isPair(publicKey: string, privateKey: string): boolean {
  try {
    const curve = createECDH("prime256v1");
    curve.setPrivateKey(Buffer.from(privateKey, "base64url"));
    return curve.getPublicKey().equals(Buffer.from(publicKey, "base64url"));
  } catch {
    return false;
  }
}

const hostPattern = /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i;

/** What an account of web push needs. */
export const WebpushConfig = z
  .strictObject({
    publicKey: key(publicKeyBytes, "a public key").describe(
      "Public key of VAPID, which browsers subscribe with; another one makes their subscriptions useless",
    ),
    privateKey: key(privateKeyBytes, "a private key").describe("Private key of VAPID"),
    subject: z
      .string()
      .max(500)
      .regex(/^(mailto:[^@\s]+@[^@\s]+|https:\/\/\S+)$/, "is not mailto:you@example.com or an https address")
      .describe("Whom push services write to when something is wrong: mailto: or an https address"),
    timeoutMs,
    allowedHosts: z
      .array(
        z.string().max(200).regex(hostPattern, "is not a host, as fcm.googleapis.com or *.push.apple.com"),
      )
      .min(1)
      .max(50)
      .optional()
      .describe(
        "Hosts of push services to send to, as *.push.services.mozilla.com; without it, any public one",
      ),
  })
  .superRefine(({ publicKey, privateKey }, context) => {
    if (!isPair(publicKey, privateKey))
      context.addIssue({
        ...{ code: "custom", path: ["privateKey"] },
        message: `does not belong to publicKey; ${cure}`,
      });
  });
export type WebpushConfig = z.output<typeof WebpushConfig>;

/** Tells whether a host is one of a list, in which `*.` stands for any name before it. */
export function createHostList(allowed: readonly string[] | undefined): (host: string) => boolean {
  if (!allowed) return () => true;
  const exact = new Set(allowed.map((host) => host.toLowerCase()));
  const suffixes = [...exact].filter((host) => host.startsWith("*.")).map((host) => host.slice(1));
  return (host) => exact.has(host) || suffixes.some((suffix) => host.endsWith(suffix));
}
