import { z } from "zod";
import { credential, Origin, timeoutMs } from "../config-parts.ts";
import { wordLists } from "../stop-words.ts";
import { audienceFields } from "./audience.ts";

/** What an account of WhatsApp at 360dialog needs. */
export const Dialog360Config = z.strictObject({
  apiKey: credential.describe("360dialog Hub, the number, API key: each number has its own"),
  webhookToken: credential
    .min(8, "is too short to keep anybody out; make it 8 characters or more")
    .optional()
    .describe("What reports carry in the header Authorization, as it was set with the webhook"),
  platformSecret: credential
    .optional()
    .describe("Of partners: reports are signed with it (x-360dialog-signature)"),
  ...audienceFields,
  ...wordLists,
  timeoutMs,
  baseUrl: Origin.default("https://waba-v2.360dialog.io").describe("Where messages are sent to"),
});
export type Dialog360Config = z.output<typeof Dialog360Config>;
