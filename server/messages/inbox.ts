import { inboxPayload } from "../channels/inbox/payload.ts";
import type { Queryable } from "../db/database.ts";
import { findCurrentInstallations } from "../installations/installations.ts";
import { variablesOf } from "../templates/variables.ts";
import { findUsersToReach } from "../users/to-reach.ts";
import { readerOf } from "./judge.ts";
import { listUnacknowledged } from "./queries/inbox.ts";
import { readWriting } from "./writing.ts";

/** The longest a message waits in an inbox, whatever its `ttl`. */
export const inboxDays = 30;

const nobody = { user: {} };

/** What a device that says hello is given: every message it has not acknowledged, ready to publish, oldest first. */
export async function openInbox(
  db: Queryable,
  inbox: { appKey: number; userKeys: readonly string[]; installationKey: string },
  now: Date,
): Promise<{ messageId: string; payload: string }[]> {
  const since = new Date(now.getTime() - inboxDays * 86_400_000);
  const messages = await listUnacknowledged(db, { ...inbox, since, now });
  const writings = messages.map(({ content }) => readWriting(content));
  // Whose the device is now comes first.
  const [owner = ""] = inbox.userKeys;
  const isPersonal = writings.some((writing) => writing.isPersonal);
  const user = isPersonal ? (await findUsersToReach(db, inbox.appKey, [owner])).get(owner) : undefined;
  const device = isPersonal ? await findDevice(db, inbox.appKey, owner, inbox.installationKey) : undefined;
  return messages.flatMap((message, index) => {
    const writing = writings[index];
    if (!writing || (writing.isPersonal && !user)) return [];
    const written = writing.write(user ? variablesOf(user) : nobody, readerOf(device ?? null, user));
    if (!written.ok) return [];
    const payload = JSON.stringify(inboxPayload({ ...message, content: written.content }));
    return [{ messageId: message.messageId, payload }];
  });
}

async function findDevice(db: Queryable, appKey: number, userKey: string, installationKey: string) {
  const pair = { userKeys: [userKey], installationKeys: [installationKey] };
  return (await findCurrentInstallations(db, appKey, pair)).get(installationKey);
}
