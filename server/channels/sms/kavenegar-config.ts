import { z } from "zod";
import { credential, Origin, timeoutMs } from "../config-parts.ts";
import { wordLists } from "../stop-words.ts";

/** What an account of Kavenegar needs. */
export const KavenegarConfig = z.strictObject({
  apiKey: credential.max(500).describe("Kavenegar's panel, Settings, API key (کلید وب سرویس)"),
  sender: z
    .string()
    .trim()
    .regex(/^\+?\d{3,20}$/, "is not a line, as 10004346")
    .describe("The line that messages are sent from"),
  ...wordLists,
  timeoutMs,
  baseUrl: Origin.default("https://api.kavenegar.com").describe("Where messages are sent to"),
});
export type KavenegarConfig = z.output<typeof KavenegarConfig>;
