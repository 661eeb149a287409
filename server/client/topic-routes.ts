import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { InstallationId } from "../installations/schema.ts";
import { listSubscriptions, subscribe, unsubscribe } from "../installations/subscriptions.ts";
import { requireClient } from "./clients.ts";
import { ClientPath } from "./routes.ts";
import { Subscriptions } from "./schema.ts";

const TopicPath = z.object({
  id: InstallationId,
  topic: z
    .string()
    .max(128)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    .regex(/^(public\/|private\/)?[^/\u0000-\u001f\u007f]+$/, "expected a topic as sport, or private/sport"),
});

/** The topics of a device. */
export async function subscriptionRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  const config = { allowsPublicKey: true };
  const tags = ["Installations"];

  http.get(
    "/installations/:id/topics",
    {
      config,
      schema: {
        ...{ tags, summary: "Topics that a device is in" },
        params: ClientPath,
        response: { 200: Subscriptions },
      },
    },
    async ({ caller, params: { id } }) => {
      await requireClient(db, caller, id);
      return { topics: await listSubscriptions(db, caller, id) };
    },
  );

  http.put(
    "/installations/:id/topics/:topic",
    {
      config,
      schema: {
        ...{ tags, summary: "Put a device into a topic" },
        description:
          "`sport` or `public/sport` is a public topic, `private/sport` (written `private%2Fsport`) one of its user.",
        params: TopicPath,
        body: z.object({
          live: z.boolean().default(false).describe("Nothing that comes while it is not connected"),
        }),
        response: { 200: Subscriptions },
      },
    },
    async ({ caller, params: { id, topic }, body: { live } }) => {
      await requireClient(db, caller, id);
      return { topics: await subscribe(db, caller, id, { topic, live }) };
    },
  );

  http.delete(
    "/installations/:id/topics/:topic",
    {
      config,
      schema: {
        ...{ tags, summary: "Take a device out of a topic; `default` and its own cannot be left" },
        params: TopicPath,
        response: { 200: Subscriptions },
      },
    },
    async ({ caller, params: { id, topic } }) => {
      await requireClient(db, caller, id);
      return { topics: await unsubscribe(db, caller, id, topic) };
    },
  );
}
