import { z } from "zod";
import type { Http } from "../http/server.ts";
import { revokeCredentials } from "../installations/installations.ts";
import { InstallationId } from "../installations/schema.ts";
import { Problem } from "../lib/problem.ts";
import {
  type ClientParts,
  logIn,
  logOut,
  registerClient,
  registersNew,
  requireClient,
  updateClient,
} from "./clients.ts";
import { Login, RegisterClient, RegisteredClient } from "./schema.ts";

export const ClientPath = z.object({ id: InstallationId });

/** What a device calls to be known, and to say whose it is. */
export async function clientRoutes(
  http: Http,
  parts: ClientParts & {
    /** That one address may register with public keys: a whole office, but no flood. */
    newDevicesPerMinute: number;
  },
): Promise<void> {
  const { db, newDevicesPerMinute: max } = parts;
  const config = { allowsPublicKey: true };
  const tags = ["Installations"];
  const takeOne = http.createRateLimit({ max, timeWindow: 60_000, keyGenerator: (request) => request.ip });

  http.post(
    "/installations",
    {
      config,
      schema: {
        ...{ tags, summary: "Register a device, or update it" },
        description:
          "With a public key: a new one, or the one whose credentials come along (`Authorization: Basic`); a `userId` " +
          "other than its present one takes `userHash`.",
        body: RegisterClient,
        response: { 200: RegisteredClient },
      },
    },
    async (request, reply) => {
      if (await registersNew(db, request.caller, request.body.id)) {
        const taken = await takeOne(request);
        if (!taken.isAllowed && taken.isExceeded) {
          reply.header("retry-after", taken.ttlInSeconds);
          throw new Problem(
            "too_many_requests",
            `More than ${max} new devices in a minute from ${request.ip}; try again in ${taken.ttlInSeconds} s. Registering with an access token is not limited.`,
          );
        }
      }
      return registerClient(parts, request.caller, request.body);
    },
  );

  http.put(
    "/installations/:id",
    {
      config,
      schema: {
        ...{ tags, summary: "Update a device; 404 when it is not known, and must be registered anew" },
        params: ClientPath,
        body: RegisterClient,
        response: { 200: RegisteredClient },
      },
    },
    ({ caller, params, body }) => updateClient(parts, caller, params.id, body),
  );

  http.post(
    "/installations/:id/login",
    {
      config,
      schema: {
        ...{ tags, summary: "Give a device to a user" },
        description: "What the guest did who had it before is the user's from now on.",
        params: ClientPath,
        body: Login,
        response: { 200: RegisteredClient },
      },
    },
    ({ caller, params, body }) => logIn(parts, caller, params.id, body),
  );

  http.post(
    "/installations/:id/logout",
    {
      config,
      schema: {
        ...{ tags, summary: "Make a device that of a new guest; its push token and public topics stay" },
        params: ClientPath,
        response: { 200: RegisteredClient },
      },
    },
    ({ caller, params }) => logOut(parts, caller, params.id),
  );

  http.post(
    "/installations/:id/revoke",
    {
      schema: {
        ...{ tags, summary: "Make the credentials of a device worthless; it has to register anew" },
        params: ClientPath,
        response: { 204: z.null() },
      },
    },
    async ({ caller, params }, reply) => {
      await requireClient(db, caller, params.id);
      await revokeCredentials(db, caller, params.id);
      return reply.status(204).send(null);
    },
  );
}
