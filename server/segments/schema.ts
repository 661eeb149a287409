import { z } from "zod";

/** Body of `POST /api/segments/count`. `target` is a LoopBack-style filter, or its JSON text; `{}` is everyone. */
export const CountRequest = z
  .strictObject({ target: z.union([z.record(z.string(), z.unknown()), z.string()]) })
  .meta({ id: "SegmentCountRequest" });

export const SegmentCount = z
  .object({
    users: z.int().describe("Distinct users that match, also those without an installation"),
    installations: z.int().describe("Their matching installations, opted-out and tokenless ones included"),
    reach: z.object({
      inbox: z.int().describe("Installations"),
      push: z.int().describe("Installations with a usable token"),
      email: z.int().describe("Users"),
      sms: z.int().describe("Users"),
      whatsapp: z.int().describe("Users"),
    }),
  })
  .meta({ id: "SegmentCount" });
export type SegmentCount = z.infer<typeof SegmentCount>;
