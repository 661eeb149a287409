import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { Problem } from "../lib/problem.ts";
import { findApp, insertApp, insertMember } from "./apps.ts";
import { App, NewApp } from "./apps-schema.ts";
import { recordAudit } from "./audit.ts";

/** Apps: each has its own users, messages, keys and team. */
export async function appRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  const tags = ["Apps"];

  http.get(
    "/apps",
    {
      config: { permission: "settings:read" },
      schema: { tags, summary: "The app of the caller", response: { 200: z.array(App) } },
    },
    async ({ caller }) => {
      const app = await findApp(db, caller.appId);
      return app ? [{ appId: app.appId, name: app.name, timeZone: app.timeZone }] : [];
    },
  );

  http.post(
    "/apps",
    {
      schema: {
        ...{ tags, summary: "Make another app; who makes it is its owner" },
        body: NewApp,
        response: { 201: App },
      },
    },
    async ({ caller, body }, reply) => {
      const { accountId } = caller;
      if (accountId === null)
        throw new Problem(
          "forbidden",
          "An app needs an owner, so it is made in the panel by somebody signed in.",
        );
      const now = new Date();
      await db.transaction(async (tx) => {
        const { app, isNew } = await insertApp(tx, { ...body, now });
        if (!isNew)
          throw new Problem(
            "conflict",
            `There is an app with the id "${body.appId}" already; choose another id.`,
            [{ pointer: "/appId", detail: "is taken" }],
          );
        await insertMember(tx, { appKey: app.appKey, accountId, role: "owner", now });
        await recordAudit(tx, {
          ...{ appKey: app.appKey, actor: caller.name, action: "app.created", subject: body.appId, now },
          detail: { before: null, after: body },
        });
      });
      return reply.status(201).send(body);
    },
  );
}
