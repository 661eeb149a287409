import { inboxPayload } from "../channels/inbox/payload.ts";
import type { Queryable } from "../db/database.ts";
import { listUnacknowledged } from "./queries.ts";

/** The longest a message waits in an inbox, whatever its `ttl`. */
const inboxDays = 30;

/** What a device that says hello is given: every message it has not acknowledged, ready to publish, oldest first. */
export async function openInbox(
  db: Queryable,
  inbox: { appKey: number; userKeys: readonly string[]; installationKey: string },
  now: Date,
): Promise<{ messageId: string; payload: string }[]> {
  const since = new Date(now.getTime() - inboxDays * 86_400_000);
  const messages = await listUnacknowledged(db, { ...inbox, since, now });
  return messages.map((message) => ({
    messageId: message.messageId,
    payload: JSON.stringify(inboxPayload(message)),
  }));
}
