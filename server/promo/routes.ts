import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { openUpload, withUploads } from "../http/upload.ts";
import { PromoQuery, PromoSets, PromoUpload } from "./schema.ts";
import { type HasTrack, listPromoSets, replaceCodes } from "./upload.ts";

const uploadLimit = 1024 ** 3;
const description =
  "The body is the file, or multipart with a part named `file`: CSV with one code a line and no header. They take the " +
  "place of the codes that are left of those before when all are read; whoever has got one keeps it.";

export async function promoRoutes(http: Http, parts: { db: Database; hasTrack: HasTrack }): Promise<void> {
  await withUploads(http, uploadLimit, (scope) => {
    scope.post(
      "/containers/updatePromoCodes/:trackId",
      {
        bodyLimit: uploadLimit,
        schema: {
          tags: ["Promo codes"],
          summary: "Give the campaigns of a track id new promo codes",
          description,
          params: z.object({ trackId: z.string().min(1).max(128) }),
          response: { 200: PromoUpload },
        },
      },
      async (request) => {
        const { bytes } = await openUpload(request);
        return replaceCodes(parts, request.caller, request.params.trackId, bytes);
      },
    );
    scope.post(
      "/containers/updateGlobalPromoCodes",
      {
        bodyLimit: uploadLimit,
        schema: {
          tags: ["Promo codes"],
          summary: "Give the app new promo codes, for campaigns that have none left",
          description,
          response: { 200: PromoUpload },
        },
      },
      async (request) => {
        const { bytes } = await openUpload(request);
        return replaceCodes(parts, request.caller, null, bytes);
      },
    );
  });

  http.get(
    "/promo-codes",
    {
      schema: {
        tags: ["Promo codes"],
        summary: "How many promo codes are given and left",
        querystring: PromoQuery,
        response: { 200: PromoSets },
      },
    },
    async ({ caller, query }) => ({ data: await listPromoSets(parts.db, caller.appKey, query.trackId) }),
  );
}
