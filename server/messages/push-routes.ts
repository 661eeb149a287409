import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { UserId } from "../installations/schema.ts";
import { type Accepted, createAcceptance } from "./accept.ts";
import { requestKey } from "./idempotency.ts";
import {
  planByQuery,
  planNotification,
  planNotifyUser,
  planSmart,
  planToUsers,
  type SendPlan,
} from "./plans.ts";
import {
  ByQueryRequest,
  Notification,
  NotifyToUsersRequest,
  NotifyUsersRequest,
  SendAnswer,
  ToUsersRequest,
} from "./schema.ts";

const IdempotencyHeader = z.object({
  "idempotency-key": z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("Names the request: sent again within a day it is answered as before, and sends nothing"),
});

/** Chabok's calls to send. Each answers the devices in its audience; the ids are in the headers. */
export async function pushRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  const acceptance = createAcceptance(db);
  const send = async (request: FastifyRequest, reply: FastifyReply, plans: readonly SendPlan[]) => {
    const { caller, headers, routeOptions } = request;
    const route = `${routeOptions.url} ${JSON.stringify(request.params ?? null)}`;
    const key = requestKey(caller.appKey, headers["idempotency-key"], route, request.body);
    return answer(reply, await acceptance.accept(caller, plans, key));
  };
  const schema = { tags: ["Push"], headers: IdempotencyHeader, response: { 200: SendAnswer } };

  http.post(
    "/push/toUsers",
    {
      schema: {
        ...schema,
        summary: "Send a message to users, or to everyone in a public topic",
        body: ToUsersRequest,
      },
    },
    (request, reply) => {
      const requests = Array.isArray(request.body) ? request.body : [request.body];
      return send(request, reply, requests.map(planToUsers));
    },
  );

  http.post(
    "/push/byQuery",
    {
      schema: { ...schema, summary: "Send a message to everyone who matches a filter", body: ByQueryRequest },
    },
    (request, reply) => send(request, reply, [planByQuery(request.body)]),
  );

  http.post(
    "/push/notifyUsers",
    {
      schema: {
        ...schema,
        summary: "Send a push notification without an inbox message, to users or to a filter",
        body: NotifyUsersRequest,
      },
    },
    (request, reply) => send(request, reply, [planNotification(request.body)]),
  );

  http.post(
    "/push/notifyUser/:userId",
    {
      schema: {
        ...schema,
        summary: "Send a push notification to one user",
        params: z.object({ userId: UserId }),
        body: Notification,
      },
    },
    (request, reply) => send(request, reply, [planNotifyUser(request.params.userId, request.body)]),
  );

  http.post(
    "/push/notifyToUsers",
    {
      schema: {
        ...schema,
        summary: "Send a push notification, and a text or e-mail when it was not shown in time",
        body: NotifyToUsersRequest,
      },
    },
    (request, reply) => send(request, reply, [planSmart(request.body)]),
  );
}

/** The wire's answer is the count alone; the ids go into headers. */
function answer(reply: FastifyReply, accepted: readonly Accepted[]): { count: number } {
  const trackIds = accepted.map(({ trackId }) => trackId).filter((trackId) => trackId !== null);
  reply.header("x-push-id", accepted.map(({ messageId }) => messageId).join(","));
  if (trackIds.length > 0) reply.header("x-track-id", trackIds.map(encodeURIComponent).join(","));
  return { count: accepted.reduce((sum, { count }) => sum + count, 0) };
}
