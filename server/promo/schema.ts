import { z } from "zod";

/** Stands for a track id where codes are the app's own. */
export const globalTrack = "";

/** Answer of the calls that put new codes in the place of old ones. */
export const PromoUpload = z
  .object({
    promoSetId: z.string().describe("Of global codes the id of the app"),
    totalRows: z.int(),
  })
  .meta({ id: "PromoUpload" });
export type PromoUpload = z.infer<typeof PromoUpload>;

/** Query of `GET /api/promo-codes`. */
export const PromoQuery = z.object({
  trackId: z.string().min(1).max(128).optional().describe("Codes of campaigns with this track id alone"),
});

/** The codes of one track id, or of the whole app. */
export const PromoSet = z
  .object({
    trackId: z.string().nullable().describe("Null for the global ones"),
    total: z.int(),
    given: z.int(),
    left: z.int(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "PromoSet" });
export type PromoSet = z.infer<typeof PromoSet>;

export const PromoSets = z.object({ data: z.array(PromoSet) }).meta({ id: "PromoSets" });
