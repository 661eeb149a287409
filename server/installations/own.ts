import type { Queryable } from "../db/database.ts";
import type { Caller } from "../http/authentication.ts";
import { installationKey } from "../lib/keys.ts";
import { Problem } from "../lib/problem.ts";
import { resolveUser } from "../users/aliases.ts";
import { findOwnedInstallation } from "./queries.ts";

/**
 * Refuses a caller by public key who speaks of another installation than the one whose credentials it gave, or of
 * another user than its present one. Whoever has an access token may speak of all.
 */
export async function requireOwn(
  db: Queryable,
  caller: Caller,
  about: { installationId?: string | undefined; userId?: string | undefined },
): Promise<void> {
  if (caller.by !== "key") return;
  const { device } = caller;
  if (!device)
    throw new Problem(
      "unauthorized",
      "With a public key this call takes the credentials of the device: Authorization: Basic, with mqtt.username and mqtt.password of its registration.",
    );
  const { installationId, userId } = about;
  if (
    installationId !== undefined &&
    installationKey(caller.appId, installationId) !== device.installationKey
  )
    throw new Problem(
      "forbidden",
      `These are the credentials of the installation ${device.installationId}, and with a public key it speaks for itself only; for others call with an access token, from your own server.`,
    );
  if (userId === undefined) return;
  const owner = await findOwnedInstallation(db, caller.appKey, device.installationKey);
  const { userKey } = await resolveUser(db, caller, userId);
  if (owner?.userKey !== userKey)
    throw new Problem(
      "forbidden",
      `The installation ${device.installationId} is not one of the user ${JSON.stringify(userId)}; log them in on it first.`,
    );
}
