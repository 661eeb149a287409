import { z } from "zod";
import type { Database } from "../db/database.ts";
import { attachment } from "../http/attachment.ts";
import type { Http } from "../http/server.ts";
import { openUpload, withUploads } from "../http/upload.ts";
import { pageOf } from "../lib/page.ts";
import { maxFastAttributes } from "../users/attributes.ts";
import { Attribute } from "../users/schema.ts";
import { readAttributes } from "../users/users.ts";
import { countFilter } from "./count.ts";
import { makeFast, makeSlow } from "./fast.ts";
import { listFields } from "./field-list.ts";
import { createFromFile } from "./from-file.ts";
import { membersFile } from "./members-file.ts";
import { presets } from "./presets.ts";
import {
  CountRequest,
  CreateSegment,
  DuplicateSegment,
  EditSegment,
  FileSegment,
  FileSegmentQuery,
  Segment,
  SegmentCount,
  SegmentDetail,
  SegmentDetailQuery,
  SegmentFields,
  SegmentGrowth,
  SegmentPreset,
  SegmentQuery,
} from "./schema.ts";
import {
  countSegment,
  createSegment,
  duplicateSegment,
  editSegment,
  getSegment,
  listSegments,
  readGrowth,
  removeSegment,
  restoreSegment,
  segmentsByAttribute,
  type UsesOf,
} from "./segments.ts";

const UsedAttribute = Attribute.extend({
  usedBy: z
    .array(z.object({ id: z.string(), name: z.string() }))
    .describe("Segments by filter that speak of it"),
}).meta({ id: "UsedAttribute" });

const idsLimit = 1024 ** 3;
const SegmentParams = z.object({ id: z.uuid() });
const AttributeParams = z.object({ name: z.string().min(1).max(128) });

export async function segmentRoutes(
  http: Http,
  { db, usesOf }: { db: Database; usesOf: UsesOf },
): Promise<void> {
  // Here and not with the users, who know nothing of segments.
  http.get(
    "/attributes",
    {
      config: { permission: "segments:read" },
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
      config: { permission: "segments:read" },
      schema: {
        tags: ["Segments"],
        summary: "How many users and devices match, and how many each channel reaches",
        body: CountRequest,
        response: { 200: SegmentCount },
      },
    },
    (request) => countFilter(db, request.caller.appKey, request.body),
  );

  http.get(
    "/segments/fields",
    {
      schema: {
        tags: ["Segments"],
        summary: "Everything a filter can speak of, with the operators of rules that each field takes",
        response: { 200: SegmentFields },
      },
    },
    (request) => listFields(db, request.caller.appKey),
  );

  http.get(
    "/segments/presets",
    {
      schema: {
        tags: ["Segments"],
        summary: "Filters that many need, to start from",
        response: { 200: z.object({ data: z.array(SegmentPreset) }) },
      },
    },
    async () => ({ data: [...presets] }),
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
        summary: "Save a filter as a segment",
        description:
          "A dynamic one is whoever matches the filter at any moment, a static one the list of those who match it now.",
        body: CreateSegment,
        response: { 201: Segment },
      },
    },
    async (request, reply) => reply.status(201).send(await createSegment(db, request.caller, request.body)),
  );

  await withUploads(http, idsLimit, (scope) => {
    scope.post(
      "/segments/from-file",
      {
        bodyLimit: idsLimit,
        schema: {
          tags: ["Segments"],
          summary: "Make a segment of the users whose ids are in a file",
          description:
            "The body is the file, or multipart with a part named `file`: one user id a line; a header `userId` is " +
            "passed over. Whom the ids mean now is in it, also where one is of a guest who has logged in since.",
          querystring: FileSegmentQuery,
          response: { 201: FileSegment },
        },
      },
      async (request, reply) => {
        const { bytes } = await openUpload(request);
        const made = await createFromFile(db, request.caller, request.query.name, bytes);
        return reply.status(201).send(made);
      },
    );
  });

  http.get(
    "/segments/:id",
    {
      schema: {
        tags: ["Segments"],
        summary: "One segment, with the number of its users and what uses it",
        params: SegmentParams,
        querystring: SegmentDetailQuery,
        response: { 200: SegmentDetail },
      },
    },
    async (request) => {
      const { id } = request.params;
      const detail = await getSegment(db, request.caller.appKey, id, usesOf);
      if (request.query.count === "false") return detail;
      return { ...detail, users: await countSegment(db, request.caller.appKey, id) };
    },
  );

  http.patch(
    "/segments/:id",
    {
      schema: {
        tags: ["Segments"],
        summary: "Rename, pin or change a segment",
        description: "What is being sent to it keeps the filter it began with.",
        params: SegmentParams,
        body: EditSegment,
        response: { 200: Segment },
      },
    },
    (request) => editSegment(db, request.caller, request.params.id, request.body),
  );

  http.post(
    "/segments/:id/undelete",
    {
      schema: {
        tags: ["Segments"],
        summary: "Bring back a segment that was deleted in the last 30 days",
        description: "With whoever was in it; 409 where another segment has its name by now.",
        params: SegmentParams,
        response: { 200: Segment },
      },
    },
    (request) => restoreSegment(db, request.caller, request.params.id),
  );

  http.delete(
    "/segments/:id",
    {
      schema: {
        tags: ["Segments"],
        summary: "Delete a segment; 409 with the list of what uses it",
        description: "It can be brought back for 30 days.",
        params: SegmentParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await removeSegment(db, request.caller, request.params.id, usesOf);
      return reply.status(204).send(null);
    },
  );

  http.post(
    "/segments/:id/duplicate",
    {
      schema: {
        tags: ["Segments"],
        summary: "Make a segment like this one",
        params: SegmentParams,
        body: DuplicateSegment.optional(),
        response: { 201: Segment },
      },
    },
    async (request, reply) =>
      reply
        .status(201)
        .send(await duplicateSegment(db, request.caller, request.params.id, request.body?.name)),
  );

  http.get(
    "/segments/:id/growth",
    {
      schema: {
        tags: ["Segments"],
        summary: "How many users a segment had, day by day",
        params: SegmentParams,
        response: { 200: SegmentGrowth },
      },
    },
    (request) => readGrowth(db, request.caller.appKey, request.params.id),
  );

  http.get(
    "/segments/:id/users.csv",
    {
      config: { permission: "users:read" },
      schema: {
        tags: ["Segments"],
        summary: "The users of a segment as CSV",
        description: "Ids, addresses, tags and a column for every attribute. Can be imported again.",
        params: SegmentParams,
      },
    },
    async (request, reply) => {
      const { name, csv } = await membersFile(db, request.caller.appKey, request.params.id);
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", attachment(`${name}.csv`))
        .send(csv);
    },
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
    async (request, reply) => reply.status(202).send(await makeFast(db, request.caller, request.params.name)),
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
    async (request, reply) => reply.status(202).send(await makeSlow(db, request.caller, request.params.name)),
  );
}
