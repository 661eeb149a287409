import { z } from "zod";
import { credential, Origin, receiptsToken, timeoutMs } from "../config-parts.ts";
import { wordLists } from "../stop-words.ts";

/** What an account of Kaleyra's SMS needs. */
export const KaleyraConfig = z.strictObject({
  sid: credential
    .max(100)
    .regex(/^\w+$/, "is not an SID, as HXIN1700000000IN")
    .describe("Kaleyra, Developers, API keys: Security ID (SID)"),
  apiKey: credential.describe("Kaleyra, Developers, API keys"),
  sender: z
    .string()
    .trim()
    .min(1)
    .max(20)
    .describe("Sender id or number that Kaleyra has approved, as SHOPPR"),
  type: z
    .enum(["TXN", "OTP", "MKT", "DEFAULT"])
    .default("MKT")
    .describe("What messages are about: transactions, codes, marketing"),
  templateId: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe("In India: the id of the DLT template that the texts are of"),
  receiptsToken,
  ...wordLists,
  timeoutMs,
  baseUrl: Origin.default("https://api.kaleyra.io").describe(
    "Where messages are sent to; of a region, as https://api.in.kaleyra.io",
  ),
});
export type KaleyraConfig = z.output<typeof KaleyraConfig>;
