import { z } from "zod";
import { credential, Origin, timeoutMs } from "../config-parts.ts";
import { wordLists } from "../stop-words.ts";
import { audienceFields } from "./audience.ts";

const id = z
  .string()
  .trim()
  .regex(/^\d{5,30}$/, "is not an id, as 106540352242922; it is not the phone number itself");

/** What an account of WhatsApp at Meta itself needs. */
export const MetaConfig = z.strictObject({
  phoneNumberId: id.describe(
    "WhatsApp Manager, Phone numbers, or the app's WhatsApp, API setup: Phone number ID",
  ),
  wabaId: id.describe("The same page: WhatsApp Business Account ID. Its templates are listed"),
  accessToken: credential.describe("Of a system user, with whatsapp_business_messaging and _management"),
  appSecret: credential.describe(
    "The app at Meta, Settings, Basic: App secret. Reports are verified with it",
  ),
  verifyToken: credential
    .max(200)
    .describe("What you make up, and give to Meta together with the address of reports"),
  graphVersion: z
    .string()
    .regex(/^v\d{1,3}\.\d{1,2}$/, "is not a version, as v25.0")
    .default("v25.0"),
  ...audienceFields,
  ...wordLists,
  timeoutMs,
  baseUrl: Origin.default("https://graph.facebook.com").describe("Where messages are sent to"),
});
export type MetaConfig = z.output<typeof MetaConfig>;
