import { Readable } from "node:stream";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import { behavioursOf } from "../events/of-user.ts";
import { Behaviour } from "../events/schema.ts";
import type { Http } from "../http/server.ts";
import { pageOf } from "../lib/page.ts";
import { segmentsOfUser } from "../segments/segments.ts";
import { erasePerson } from "./erase.ts";
import { exportPerson } from "./export.ts";
import { requirePerson } from "./person.ts";
import { Erased, TimelineItem, TimelineQuery } from "./schema.ts";
import { timelineOf } from "./timeline.ts";

const params = z.object({ userId: z.string().min(1).max(128) });

/** One person across all that is kept of them. */
export async function profileRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  http.get(
    "/users/:userId/behaviours",
    {
      schema: {
        tags: ["Users"],
        summary: "What a user has done, the latest first",
        params,
        response: { 200: pageOf(Behaviour) },
      },
    },
    async (request) => {
      const { userKey } = await requirePerson(db, request.caller, request.params.userId);
      return { data: await behavioursOf(db, request.caller.appKey, userKey), nextCursor: null };
    },
  );

  http.get(
    "/users/:userId/segments",
    {
      schema: {
        tags: ["Users"],
        summary: "Segments a user is in, by name",
        params,
        response: { 200: pageOf(z.object({ id: z.string(), name: z.string() })) },
      },
    },
    async (request) => {
      const { userKey } = await requirePerson(db, request.caller, request.params.userId);
      return { data: await segmentsOfUser(db, request.caller.appKey, userKey), nextCursor: null };
    },
  );

  http.get(
    "/users/:userId/timeline",
    {
      schema: {
        tags: ["Users"],
        summary: "What a user did and was sent, the latest first",
        params,
        querystring: TimelineQuery,
        response: { 200: pageOf(TimelineItem) },
      },
    },
    (request) => timelineOf(db, request.caller, request.params.userId, request.query),
  );

  http.get(
    "/users/:userId/export",
    { schema: { tags: ["Users"], summary: "All that is known of a user, as one JSON file", params } },
    async (request, reply) => {
      // Before the first byte, so that an unknown user is a 404.
      const { user } = await requirePerson(db, request.caller, request.params.userId);
      const { userId } = user;
      const name = encodeURIComponent(`${userId}.json`);
      return reply
        .type("application/json; charset=utf-8")
        .header("content-disposition", `attachment; filename*=UTF-8''${name}`)
        .send(Readable.from(exportPerson(db, request.caller, userId)));
    },
  );

  http.delete(
    "/users/:userId",
    {
      schema: {
        tags: ["Users"],
        summary: "Delete a user for good",
        description:
          "Profile, devices, events, lists, and the files of imports that had the user in them. Deliveries stay as " +
          "nobody's, so that messages go on counting their recipients. The audit log keeps a proof without a name.",
        params,
        response: { 200: Erased },
      },
    },
    (request) => erasePerson(db, request.caller, request.params.userId),
  );
}
