import { z } from "zod";
import { PageQuery } from "../lib/page.ts";

/** A named set of users: a static one is a list that imports make and add to, a dynamic one whoever matches a filter. */
export const Segment = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: z.enum(["static", "dynamic"]),
    target: z.unknown().describe("Of a dynamic one its filter, with ids where it names segments; else null"),
    createdAt: z.iso.datetime(),
    createdBy: z.string().nullable().describe("Name of an access token, or e-mail address of an account"),
  })
  .meta({ id: "Segment" });
export type Segment = z.infer<typeof Segment>;

export const SegmentDetail = Segment.extend({
  users: z.int().describe("Members that still exist, counted now"),
}).meta({ id: "SegmentDetail" });
export type SegmentDetail = z.infer<typeof SegmentDetail>;

export const SegmentQuery = PageQuery.extend({
  search: z.string().trim().max(128).optional().describe("Part of the name, in capitals or not"),
});
export type SegmentQuery = z.infer<typeof SegmentQuery>;

/** Body of `POST /api/segments`. `target` is as in a count. */
export const CreateSegment = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1, "expected a name of 1 to 128 characters")
      .max(128, "expected a name of 1 to 128 characters"),
    target: z.union([z.record(z.string(), z.unknown()), z.string()]),
  })
  .meta({ id: "CreateSegment" });

/**
 * Body of `POST /api/segments/count`. `target` is a LoopBack-style filter, its JSON text, or the name or id of a
 * segment; `{}` is everyone.
 */
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
