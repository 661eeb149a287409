import { createHash } from "node:crypto";
import { eraseFromAudit, recordAudit } from "../accounts/audit.ts";
import { eraseFromCampaigns } from "../campaigns/erase.ts";
import type { Database } from "../db/database.ts";
import { eraseDeliveries } from "../deliveries/erase.ts";
import { eraseEvents } from "../events/erase.ts";
import { eraseFromImports } from "../imports/erase.ts";
import { eraseInstallations, eraseUser } from "../installations/remove.ts";
import { Problem } from "../lib/problem.ts";
import { eraseFromMessages } from "../messages/erase.ts";
import { erasePromoCodes } from "../promo/allot.ts";
import { eraseMembers } from "../segments/members.ts";
import { listGuests } from "../users/aliases.ts";
import { eraseSuppressions } from "../users/suppressions.ts";
import { eraseFromWebhooks } from "../webhooks/erase.ts";
import { requirePerson } from "./person.ts";
import type { Erased } from "./schema.ts";

/** Whoever knows app and user id can tell that it was them; the entry itself names nobody. */
const proofOf = (appId: string, userId: string): string =>
  createHash("sha256").update(`${appId}/${userId}`).digest("hex");

/**
 * Deletes a person for good, in one transaction with its proof in the audit log: profile, devices, events, lists, and the
 * files they came in. Deliveries become nobody's, so that what messages add up to stays true.
 */
export async function erasePerson(
  db: Database,
  app: { appKey: number; appId: string; name: string },
  userId: string,
): Promise<Erased> {
  const { appKey, appId } = app;
  return db.transaction(async (tx) => {
    const { user, userKey } = await requirePerson(tx, app, userId);
    const guests = await listGuests(tx, appKey, userKey);
    const keys = [userKey, ...guests.map((guest) => guest.userKey)];
    const userIds = [user.userId, ...guests.map((guest) => guest.userId)];
    // First the user: who tracks events of theirs at this moment has ended by then, or will make a new one.
    if (!(await eraseUser(tx, appKey, userKey)))
      throw new Problem("not_found", `There is no user ${JSON.stringify(userId)} in this app.`);
    await eraseSuppressions(tx, appKey, [user.email, user.phone, user.whatsappId]);
    const installationKeys = await eraseInstallations(tx, appKey, keys);
    const events = await eraseEvents(tx, appKey, keys);
    const segments = await eraseMembers(tx, appKey, keys);
    const { deliveries, messageIds } = await eraseDeliveries(tx, appKey, keys);
    await erasePromoCodes(tx, appKey, keys);
    const messages = await eraseFromMessages(tx, appKey, { userKeys: keys, userIds, messageIds });
    await eraseFromCampaigns(tx, appKey, userIds);
    await eraseFromWebhooks(tx, appKey, { userKeys: keys, userIds });
    const files = await eraseFromImports(tx, appKey, { userKeys: keys, installationKeys });
    const subject = proofOf(appId, user.userId);
    const { email, phone, whatsappId } = user;
    const addresses = [email, phone, phone && `+${phone}`, whatsappId].filter((address) => address !== null);
    await eraseFromAudit(tx, appKey, { names: [...userIds, ...addresses], standIn: subject });
    const counts = { installations: installationKeys.length, events, segments, deliveries, messages, files };
    const auditId = await recordAudit(tx, {
      ...{ appKey, actor: app.name, action: "user.erased", subject, detail: counts },
      now: new Date(),
    });
    return { auditId, subject, ...counts };
  });
}
