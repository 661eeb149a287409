import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import { eachDelivery, listDeliveryLog } from "../deliveries/deliveries.ts";
import { Delivery, DeliveryState } from "../deliveries/schema.ts";
import type { Http } from "../http/server.ts";
import { toCsv } from "../lib/csv.ts";
import { PageQuery, pageOf } from "../lib/page.ts";
import { type Accepted, createAcceptance } from "./accept.ts";
import { getMessage, listMessages } from "./messages.ts";
import { ByQueryRequest, Message, SendAnswer, ToUsersRequest } from "./schema.ts";

const Params = z.object({ id: z.uuid() });
const StateQuery = z.object({ state: DeliveryState.optional() });

export async function messageRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  const acceptance = createAcceptance(db);
  http.post(
    "/push/toUsers",
    {
      schema: {
        tags: ["Push"],
        summary: "Send a message to users, or to everyone in a public topic",
        body: ToUsersRequest,
        response: { 200: SendAnswer },
      },
    },
    async (request, reply) => {
      const requests = Array.isArray(request.body) ? request.body : [request.body];
      return answer(reply, await acceptance.toUsers(request.caller, requests));
    },
  );

  http.post(
    "/push/byQuery",
    {
      schema: {
        tags: ["Push"],
        summary: "Send a message to everyone who matches a filter",
        body: ByQueryRequest,
        response: { 200: SendAnswer },
      },
    },
    async (request, reply) => answer(reply, [await acceptance.byQuery(request.caller, request.body)]),
  );

  http.get(
    "/messages",
    {
      schema: {
        tags: ["Messages"],
        summary: "Messages with their numbers, newest first",
        querystring: PageQuery,
        response: { 200: pageOf(Message) },
      },
    },
    (request) => listMessages(db, request.caller.appKey, request.query),
  );

  for (const [path, summary] of [
    ["/messages/:id", "One message and its numbers"],
    ["/messages/fetchById/:id", "The same, by the name that Chabok has for it"],
  ] as const) {
    http.get(
      path,
      { schema: { tags: ["Messages"], summary, params: Params, response: { 200: Message } } },
      (request) => getMessage(db, request.caller.appKey, request.params.id),
    );
  }

  http.get(
    "/messages/:id/deliveries",
    {
      schema: {
        tags: ["Messages"],
        summary: "What became of the message, recipient by recipient",
        params: Params,
        querystring: PageQuery.extend(StateQuery.shape),
        response: { 200: pageOf(Delivery) },
      },
    },
    async (request) => {
      const message = await getMessage(db, request.caller.appKey, request.params.id);
      return listDeliveryLog(db, request.caller.appKey, { ...request.query, messageId: message.id });
    },
  );

  http.get(
    "/messages/:id/deliveries.csv",
    { schema: { tags: ["Messages"], summary: "The same as CSV", params: Params, querystring: StateQuery } },
    async (request, reply) => {
      const message = await getMessage(db, request.caller.appKey, request.params.id);
      const columns = Object.keys(Delivery.shape);
      const rows = eachDelivery(db, request.caller.appKey, {
        messageId: message.id,
        state: request.query.state,
      });
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="message-${message.id}-deliveries.csv"`)
        .send(toCsv(columns, rows));
    },
  );
}

/** The wire's answer is the count alone; the ids go into headers. */
function answer(reply: FastifyReply, accepted: readonly Accepted[]): { count: number } {
  const trackIds = accepted.map(({ trackId }) => trackId).filter((trackId) => trackId !== null);
  reply.header("x-push-id", accepted.map(({ messageId }) => messageId).join(","));
  if (trackIds.length > 0) reply.header("x-track-id", trackIds.map(encodeURIComponent).join(","));
  return { count: accepted.reduce((sum, { count }) => sum + count, 0) };
}
