import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import type { AbsorbGuests } from "./guests.ts";
import { registerInstallation } from "./installations.ts";
import { RegisteredInstallation, RegisterInstallation } from "./schema.ts";

/** What a registered device signs in to the broker with. */
export type CredentialsFor = (
  app: { appKey: number; appId: string },
  installationId: string,
) => Promise<RegisteredInstallation["mqtt"]>;

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
      return { ...registered, mqtt: await credentialsFor(request.caller, registered.id) };
    },
  );
}
