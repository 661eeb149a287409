import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Caller } from "../http/authentication.ts";
import type { Http } from "../http/server.ts";
import { findReaders } from "../installations/installations.ts";
import { installationKey } from "../lib/keys.ts";
import { PageQuery, pageOf } from "../lib/page.ts";
import { countUnreadOf, readInbox } from "../messages/inbox-pages.ts";
import { findActions } from "../messages/of-reader.ts";
import { acknowledge } from "../realtime/acknowledgements.ts";
import { requireClient } from "./clients.ts";
import { ClientPath } from "./routes.ts";
import { Acknowledgements, InboxItem, Unread } from "./schema.ts";

/** The inbox of a device, for those who hold no realtime connection or come back later. */
export async function inboxRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  const config = { allowsPublicKey: true };
  const tags = ["Inbox"];

  http.get(
    "/installations/:id/inbox",
    {
      config,
      schema: {
        ...{ tags, summary: "Messages in the inbox of a device, of the last 30 days, newest first" },
        description:
          "What was `live` is not kept. After a log out, what was sent to the user of before is not shown.",
        params: ClientPath,
        querystring: PageQuery.extend({
          unread: z.enum(["true", "false"]).default("false").describe("Only those that nobody has seen"),
        }),
        response: { 200: pageOf(InboxItem) },
      },
    },
    async ({ caller, params, query: { unread, ...page } }) => {
      const inbox = await inboxOf(db, caller, params.id);
      return readInbox(db, caller.appKey, inbox, { ...page, isUnread: unread === "true" }, new Date());
    },
  );

  http.get(
    "/installations/:id/inbox/unread",
    {
      config,
      schema: {
        ...{ tags, summary: "How many messages of a device nobody has seen" },
        params: ClientPath,
        response: { 200: Unread },
      },
    },
    async ({ caller, params }) => {
      const inbox = await inboxOf(db, caller, params.id);
      return { count: await countUnreadOf(db, caller.appKey, inbox, new Date()) };
    },
  );

  http.post(
    "/installations/:id/inbox/acks",
    {
      config,
      schema: {
        ...{ tags, summary: "What became of messages on a device; the same as its `ack` over MQTT" },
        params: ClientPath,
        body: Acknowledgements,
        response: {
          200: z.object({ count: z.int().describe("Messages among them that the device was sent") }),
        },
      },
    },
    async ({ caller, params, body }) => {
      await requireClient(db, caller, params.id);
      const receivedAt = new Date();
      const reports = body.acks.map((acknowledgement) => ({
        ...{ installationId: params.id, acknowledgement, receivedAt },
      }));
      return { count: await acknowledge({ db, findActions }, caller, reports) };
    },
  );
}

/** What was sent to this device for whoever has it now. */
async function inboxOf(db: Database, caller: Caller, id: string) {
  await requireClient(db, caller, id);
  const key = installationKey(caller.appId, id);
  const readers = await findReaders(db, caller.appKey, [key]);
  return { userKeys: readers.get(key) ?? [], installationKey: key };
}
