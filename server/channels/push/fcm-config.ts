import { createPrivateKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import { Origin, timeoutMs } from "../config-parts.ts";

/** What of a service account file is needed. The key is read already. */
export interface ServiceAccount {
  projectId: string;
  clientEmail: string;
  privateKeyId: string | null;
  privateKey: KeyObject;
  privateKeyText: string;
  tokenUri: string;
}

const defaultTokenUri = "https://oauth2.googleapis.com/token";
const where = "Firebase console, Project settings, Service accounts, Generate new private key";

/** Reads the file as Google gives it, or says what is wrong with it. */
export function readServiceAccount(
  text: string,
): { ok: true; account: ServiceAccount } | { ok: false; detail: string } {
  let file: Record<string, unknown>;
  try {
    file = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { ok: false, detail: `is not JSON; paste the whole file (${where})` };
  }
  if (typeof file !== "object" || file === null)
    return { ok: false, detail: `is not a service account; paste the whole file (${where})` };
  if ("project_info" in file)
    return {
      ok: false,
      detail: `is google-services.json, which belongs into the app; what is needed here is the service account (${where})`,
    };
  if (typeof file.type === "string" && file.type !== "service_account")
    return {
      ok: false,
      detail: `is of the type ${file.type}; what is needed is a service account (${where})`,
    };
  for (const name of ["project_id", "client_email", "private_key"])
    if (typeof file[name] !== "string" || file[name] === "")
      return { ok: false, detail: `has no ${name}; paste the whole file (${where})` };
  const privateKeyText = String(file.private_key);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(privateKeyText);
  } catch {
    return {
      ok: false,
      detail: `has a private_key that cannot be read; paste the file unchanged (${where})`,
    };
  }
  if (privateKey.asymmetricKeyType !== "rsa")
    return {
      ok: false,
      detail: `has a private_key that is not an RSA key; paste the file unchanged (${where})`,
    };
  const tokenUri = typeof file.token_uri === "string" ? file.token_uri : defaultTokenUri;
  if (!isAddress(tokenUri)) return { ok: false, detail: "has a token_uri that is not an address" };
  return {
    ok: true,
    account: {
      projectId: String(file.project_id),
      clientEmail: String(file.client_email),
      privateKeyId: typeof file.private_key_id === "string" ? file.private_key_id : null,
      ...{ privateKey, privateKeyText, tokenUri },
    },
  };
}

const isAddress = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text);

/** What an account of FCM needs. */
export const FcmConfig = z.strictObject({
  serviceAccount: z
    .string()
    .max(16 * 1024)
    .superRefine((text, context) => {
      const read = readServiceAccount(text);
      if (!read.ok) context.addIssue({ code: "custom", message: read.detail });
    })
    .describe(`The text of the service account file (${where})`),
  projectId: z
    .string()
    .regex(/^[a-z0-9:.-]{4,100}$/, "is not the id of a project, as my-app-1a2b3")
    .optional()
    .describe("Project that the tokens are of; without it, the one of the service account"),
  display: z
    .enum(["service", "app"])
    .default("service")
    .describe("Who shows a notification: Google's service on the device, or the app's own code"),
  channelId: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Notification channel of the Android app; without it, the app's default"),
  timeoutMs,
  baseUrl: Origin.default("https://fcm.googleapis.com").describe("Where messages are sent to"),
  tokenUrl: z
    .string()
    .max(500)
    .refine(isAddress, "is not an address, as https://oauth2.googleapis.com/token")
    .optional()
    .describe("Where access tokens come from; without it, token_uri of the service account"),
});
export type FcmConfig = z.output<typeof FcmConfig>;
