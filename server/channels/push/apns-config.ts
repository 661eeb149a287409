import { createPrivateKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import { Origin, timeoutMs } from "../config-parts.ts";

const where = "Apple developer account, Certificates, Identifiers & Profiles, Keys";

/** Reads a .p8 key, or says what is wrong with it. */
export function readApnsKey(text: string): { ok: true; key: KeyObject } | { ok: false; detail: string } {
  if (/BEGIN CERTIFICATE/.test(text))
    return { ok: false, detail: `is a certificate; what is needed is a .p8 key (${where})` };
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    return {
      ok: false,
      detail: `cannot be read; paste the whole .p8 file with its first and last line (${where})`,
    };
  }
  if (key.asymmetricKeyType !== "ec" || key.asymmetricKeyDetails?.namedCurve !== "prime256v1")
    return { ok: false, detail: `is not a key of Apple, which are on the curve P-256 (${where})` };
  return { ok: true, key };
}

const tenSigns = (what: string) =>
  z.string().regex(/^[A-Za-z0-9]{10}$/, `is not ${what}, which has ten letters and digits`);

/** What an account of APNs needs. */
export const ApnsConfig = z.strictObject({
  keyId: tenSigns("the id of a key").describe(`Id of the key (${where})`),
  teamId: tenSigns("the id of a team").describe(
    "Id of the team (Apple developer account, Membership details)",
  ),
  bundleId: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,155}$/, "is not a bundle id, as com.example.shop")
    .describe("Bundle id of the app, as com.example.shop"),
  privateKey: z
    .string()
    .max(4096)
    .superRefine((text, context) => {
      const read = readApnsKey(text);
      if (!read.ok) context.addIssue({ code: "custom", message: read.detail });
    })
    .describe("The text of the .p8 file"),
  environment: z
    .enum(["production", "sandbox"])
    .default("production")
    .describe("sandbox for apps that Xcode put on the device itself; their tokens are others"),
  timeoutMs,
  baseUrl: Origin.optional().describe("Where messages are sent to; without it, Apple's of the environment"),
});
export type ApnsConfig = z.output<typeof ApnsConfig>;

/** Where an account sends to, as an origin. */
export const apnsOrigin = ({ baseUrl, environment }: ApnsConfig): string =>
  baseUrl
    ? new URL(baseUrl).origin
    : environment === "sandbox"
      ? "https://api.sandbox.push.apple.com"
      : "https://api.push.apple.com";
