import { z } from "zod";
import { credential, Origin, timeoutMs } from "../config-parts.ts";
import { wordLists } from "../stop-words.ts";

const sid = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), `is not an SID, which is ${prefix} and 32 hex digits`);

/** What an account of Twilio needs. */
export const TwilioConfig = z
  .strictObject({
    accountSid: sid("AC").describe("Twilio console, Account info: Account SID"),
    authToken: credential.describe("Twilio console, Account info: Auth Token. Reports are verified with it"),
    apiKeySid: sid("SK").optional().describe("An API key to send with, in place of the auth token"),
    apiKeySecret: credential.optional().describe("The secret of the API key"),
    from: z
      .string()
      .trim()
      .regex(
        /^(\+?\d{3,15}|[A-Za-z0-9 ]{1,11})$/,
        "is not a number, as +15551234567, nor a name of up to 11 letters",
      )
      .optional()
      .describe("The number or name that messages are sent from"),
    messagingServiceSid: sid("MG").optional().describe("Or the messaging service that chooses it"),
    ...wordLists,
    timeoutMs,
    baseUrl: Origin.default("https://api.twilio.com").describe("Where messages are sent to"),
  })
  .superRefine((config, context) => {
    const fault = (member: string, message: string) =>
      context.addIssue({ code: "custom", path: [member], message });
    if (config.from !== undefined && config.messagingServiceSid !== undefined)
      fault("messagingServiceSid", "stands beside from; leave one of them out");
    if (config.from === undefined && config.messagingServiceSid === undefined)
      fault("from", "is missing; give a number, or messagingServiceSid");
    if (config.apiKeySid !== undefined && config.apiKeySecret === undefined)
      fault("apiKeySecret", "is missing; it belongs to apiKeySid");
    if (config.apiKeySid === undefined && config.apiKeySecret !== undefined)
      fault("apiKeySid", "is missing; apiKeySecret belongs to it");
  });
export type TwilioConfig = z.output<typeof TwilioConfig>;
