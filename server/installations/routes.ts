import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { User } from "../users/schema.ts";
import { getUser } from "../users/users.ts";
import type { AbsorbGuests } from "./guests.ts";
import { listUserInstallations, registerInstallation } from "./installations.ts";
import { Installation, RegisteredInstallation, RegisterInstallation } from "./schema.ts";

/** What a registered device signs in to the broker with. */
export type CredentialsFor = (appId: string, installationId: string) => RegisteredInstallation["mqtt"];

const UserWithInstallations = User.extend({ installations: z.array(Installation) }).meta({
  id: "UserWithInstallations",
});

export async function installationRoutes(
  http: Http,
  { db, credentialsFor, absorb }: { db: Database; credentialsFor: CredentialsFor; absorb: AbsorbGuests },
): Promise<void> {
  http.post(
    "/installations",
    {
      schema: {
        tags: ["Installations"],
        summary: "Register a device, or update it",
        body: RegisterInstallation,
        response: { 200: RegisteredInstallation },
      },
    },
    async (request) => {
      const registered = await registerInstallation({ db, absorb }, request.caller, request.body);
      return { ...registered, mqtt: credentialsFor(request.caller.appId, registered.id) };
    },
  );

  // Here and not with the users, who know nothing of devices.
  http.get(
    "/users/:userId",
    {
      schema: {
        tags: ["Users"],
        summary: "One user with their devices",
        params: z.object({ userId: z.string().min(1).max(128) }),
        response: { 200: UserWithInstallations },
      },
    },
    async (request) => {
      const user = await getUser(db, request.caller, request.params.userId);
      return { ...user, installations: await listUserInstallations(db, request.caller, user.userId) };
    },
  );
}
