import { z } from "zod";
import type { AudienceLimit } from "../provider.ts";

/** Members of accounts of WhatsApp that say how many people Meta lets the business write to first. */
export const audienceFields = {
  portfolio: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe("Business portfolio at Meta: accounts with the same one share messagingLimit"),
  messagingLimit: z
    .int()
    .min(1)
    .max(100_000_000)
    .optional()
    .describe("People whom Meta lets the business write to first in 24 hours, as 2000; without it, no limit"),
};

const dayMs = 24 * 3_600_000;

/** The limit of an account; `name` is what it is called where it belongs to no portfolio that we know. */
export const limitOf = (
  { portfolio, messagingLimit }: { portfolio?: string | undefined; messagingLimit?: number | undefined },
  name: string,
): AudienceLimit | null =>
  messagingLimit === undefined ? null : { name: portfolio ?? name, people: messagingLimit, windowMs: dayMs };
