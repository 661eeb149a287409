import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { PageQuery, pageOf } from "../lib/page.ts";
import { Topic, TopicTitles } from "./topic-schema.ts";
import { forgetTopicTitles, listTopics, nameTopic } from "./topics.ts";

const Params = z.object({
  topic: z
    .string()
    .min(1)
    .max(128)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    .regex(/^[^\u0000-\u001f\u007f]+$/, "has control characters, which no topic may have"),
});

/** What topics are called where people choose what to hear of. */
export async function topicRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  const tags = ["Topics"];

  http.get(
    "/topics",
    {
      schema: {
        ...{ tags, summary: "Topics that are in use or were given a title, by name" },
        querystring: PageQuery,
        response: { 200: pageOf(Topic) },
      },
    },
    ({ caller, query }) => listTopics(db, caller.appKey, query),
  );

  http.put(
    "/topics/:topic",
    {
      schema: {
        ...{ tags, summary: "Say what people read of a topic, and whether it is on the page of choices" },
        params: Params,
        body: TopicTitles,
        response: { 200: TopicTitles },
      },
    },
    ({ caller, params, body }) => nameTopic(db, caller, params.topic, body),
  );

  http.delete(
    "/topics/:topic",
    {
      schema: {
        ...{ tags, summary: "Take the titles of a topic back; who is in it or left it stays so" },
        params: Params,
        response: { 204: z.null() },
      },
    },
    async ({ caller, params }, reply) => {
      await forgetTopicTitles(db, caller, params.topic);
      return reply.status(204).send(null);
    },
  );
}
