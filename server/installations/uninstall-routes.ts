import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { requireOwn } from "./own.ts";
import { DeviceType } from "./schema.ts";
import { removeInstallation, reportUninstalls } from "./uninstalls.ts";

const Moment = z.coerce.number("expected milliseconds since 1970").int().min(0).max(8.64e15);

const UninstallReport = z
  .object({
    count: z.int().describe("Uninstalls in the range, of which `data` shows a part"),
    data: z.array(
      z.object({
        time: z.iso.datetime(),
        installationId: z.string(),
        deviceType: DeviceType,
        userId: z.string(),
      }),
    ),
  })
  .meta({ id: "UninstallReport" });

/** Devices that the app was removed from. */
export async function uninstallRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  http.delete(
    "/installations/:id",
    {
      config: { allowsPublicKey: true },
      schema: {
        tags: ["Installations"],
        summary: "The app was removed from a device",
        description:
          "It is reached no more and its credentials open nothing any more; what is known of it stays with its user. Deleting a user " +
          "for good is DELETE /api/users/{userId}.",
        params: z.object({ id: z.string().min(1).max(128) }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await requireOwn(db, request.caller, { installationId: request.params.id });
      await removeInstallation(db, request.caller, request.params.id);
      return reply.status(204).send(null);
    },
  );

  http.get(
    "/installations/v1/uninstall/report/:from/:to",
    {
      schema: {
        tags: ["Reports"],
        summary: "Uninstalls between two moments, the latest first",
        params: z.object({ from: Moment, to: Moment }),
        querystring: z.object({
          offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
          limit: z.coerce.number().int().min(1).max(1_000).default(25),
          type: z
            .enum(["churn"])
            .optional()
            .describe("churn: only of users who have the app on no other device"),
        }),
        response: { 200: UninstallReport },
      },
    },
    (request) => {
      const { from, to } = request.params;
      const { offset, limit, type } = request.query;
      return reportUninstalls(db, request.caller.appKey, {
        // The contract's own example has them the other way round.
        from: new Date(Math.min(from, to)),
        to: new Date(Math.max(from, to)),
        ...{ isChurn: type === "churn", offset, limit },
      });
    },
  );
}
