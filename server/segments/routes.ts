import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { CountRequest, SegmentCount } from "./schema.ts";
import { countTarget } from "./segments.ts";

export async function segmentRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  http.post(
    "/segments/count",
    {
      schema: {
        tags: ["Segments"],
        summary: "How many users and devices match, and how many each channel reaches",
        body: CountRequest,
        response: { 200: SegmentCount },
      },
    },
    (request) => countTarget(db, request.caller.appKey, request.body.target),
  );
}
