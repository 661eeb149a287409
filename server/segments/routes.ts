import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { pageOf } from "../lib/page.ts";
import { CountRequest, Segment, SegmentCount, SegmentDetail, SegmentQuery } from "./schema.ts";
import { countTarget, getSegment, listSegments } from "./segments.ts";

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

  http.get(
    "/segments",
    {
      schema: {
        tags: ["Segments"],
        summary: "Segments by name, newest first",
        querystring: SegmentQuery,
        response: { 200: pageOf(Segment) },
      },
    },
    (request) => listSegments(db, request.caller.appKey, request.query),
  );

  http.get(
    "/segments/:id",
    {
      schema: {
        tags: ["Segments"],
        summary: "One segment, with the number of its users",
        params: z.object({ id: z.uuid() }),
        response: { 200: SegmentDetail },
      },
    },
    (request) => getSegment(db, request.caller.appKey, request.params.id),
  );
}
