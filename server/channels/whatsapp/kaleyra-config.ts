import { z } from "zod";
import { credential, Origin, receiptsToken, timeoutMs } from "../config-parts.ts";
import { wordLists } from "../stop-words.ts";
import { audienceFields } from "./audience.ts";

/** What an account of WhatsApp at Kaleyra needs. */
export const KaleyraWhatsappConfig = z.strictObject({
  sid: credential
    .max(100)
    .regex(/^\w+$/, "is not an SID, as HXIN1700000000IN")
    .describe("Kaleyra, Developers, API keys: Security ID (SID)"),
  apiKey: credential.describe("Kaleyra, Developers, API keys"),
  from: z
    .string()
    .trim()
    .regex(/^\+?[1-9]\d{6,14}$/, "is not a phone with its country code, as 919812345678")
    .describe("The WhatsApp number of the business"),
  wabaId: z
    .string()
    .trim()
    .regex(/^\d{5,30}$/, "is not an id, as 106540352242922")
    .optional()
    .describe("WhatsApp Business Account ID: its templates are listed"),
  version: z
    .enum(["v2", "v1"])
    .default("v2")
    .describe("Of Kaleyra's API; v1 has no place for values with commas, replies, or named parameters"),
  callbackProfileId: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe("Kaleyra, Settings, Callback profiles: how it reports; without it, as is set with the number"),
  receiptsToken,
  region: z.enum(["in", "ap", "eu", "na"]).default("in").describe("Where the account at Kaleyra is"),
  ...audienceFields,
  ...wordLists,
  timeoutMs,
  baseUrl: Origin.optional().describe("Where messages are sent to, in place of what region says"),
});
export type KaleyraWhatsappConfig = z.output<typeof KaleyraWhatsappConfig>;

/** Source: https://developers.kaleyra.io/docs/whatsapp-message-api-v2-get-templates */
const origins: Readonly<Record<KaleyraWhatsappConfig["region"], string>> = {
  in: "https://api.in.kaleyra.io",
  ap: "https://api.ap.kaleyra.io",
  eu: "https://api.eu.kaleyra.io",
  na: "https://api.na.kaleyra.ai",
};

export const originOf = ({ baseUrl, region }: KaleyraWhatsappConfig): string =>
  new URL(baseUrl ?? origins[region]).origin;
