import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { pageOf } from "../lib/page.ts";
import { maxFastAttributes } from "../users/attributes.ts";
import { Attribute } from "../users/schema.ts";
import { readAttributes } from "../users/users.ts";
import { makeFast, makeSlow } from "./fast.ts";
import { CountRequest, CreateSegment, Segment, SegmentCount, SegmentDetail, SegmentQuery } from "./schema.ts";
import {
  countTarget,
  createSegment,
  getSegment,
  listSegments,
  removeSegment,
  segmentsByAttribute,
} from "./segments.ts";

const UsedAttribute = Attribute.extend({
  usedBy: z
    .array(z.object({ id: z.string(), name: z.string() }))
    .describe("Segments by filter that speak of it"),
}).meta({ id: "UsedAttribute" });

const AttributeParams = z.object({ name: z.string().min(1).max(128) });

export async function segmentRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  // Here and not with the users, who know nothing of segments.
  http.get(
    "/attributes",
    {
      schema: {
        tags: ["Users"],
        summary: "All attributes of users by name, with their types and the segments that use them",
        response: { 200: pageOf(UsedAttribute) },
      },
    },
    async (request) => {
      const { appKey } = request.caller;
      const [page, uses] = await Promise.all([readAttributes(db, appKey), segmentsByAttribute(db, appKey)]);
      return { ...page, data: page.data.map((row) => ({ ...row, usedBy: uses.get(row.name) ?? [] })) };
    },
  );

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

  http.post(
    "/segments",
    {
      schema: {
        tags: ["Segments"],
        summary: "Save a filter as a segment: whoever matches it at any moment is in it then",
        body: CreateSegment,
        response: { 201: Segment },
      },
    },
    async (request, reply) => reply.status(201).send(await createSegment(db, request.caller, request.body)),
  );

  http.delete(
    "/segments/:id",
    {
      schema: {
        tags: ["Segments"],
        summary: "Forget a segment by filter",
        params: z.object({ id: z.uuid() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await removeSegment(db, request.caller.appKey, request.params.id);
      return reply.status(204).send(null);
    },
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

  http.post(
    "/attributes/:name/fast",
    {
      schema: {
        tags: ["Attributes"],
        summary: "Make filters by an attribute fast",
        description:
          "A worker builds an index of its values; `fast` of GET /api/attributes says how far it is. Not for OBJECT and " +
          `LOCATION, and at most ${maxFastAttributes} in an app: each makes writing users a little slower.`,
        params: AttributeParams,
        response: { 202: Attribute },
      },
    },
    async (request, reply) =>
      reply.status(202).send(await makeFast(db, request.caller.appKey, request.params.name)),
  );

  http.delete(
    "/attributes/:name/fast",
    {
      schema: {
        tags: ["Attributes"],
        summary: "Drop the index of an attribute",
        params: AttributeParams,
        response: { 202: Attribute },
      },
    },
    async (request, reply) =>
      reply.status(202).send(await makeSlow(db, request.caller.appKey, request.params.name)),
  );
}
