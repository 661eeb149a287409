import { readAppWords } from "../accounts/app-name.ts";
import { inboxPayload } from "../channels/inbox/payload.ts";
import type { Queryable } from "../db/database.ts";
import { findDevices } from "../installations/device-fields.ts";
import { findUsersToReach } from "../users/to-reach.ts";
import { writeAll } from "./fill-in.ts";
import { readerOf } from "./judge.ts";
import { type InboxMessage, listUnacknowledged } from "./queries/inbox.ts";
import { readWriting, type Writing, type Written } from "./writing.ts";

/** The longest a message waits in an inbox, whatever its `ttl`. */
export const inboxDays = 30;

/** What a device that says hello is given: every message it has not acknowledged, ready to publish, oldest first. */
export async function openInbox(
  db: Queryable,
  inbox: { appKey: number; userKeys: readonly string[]; installationKey: string },
  now: Date,
): Promise<{ messageId: string; payload: string }[]> {
  const since = new Date(now.getTime() - inboxDays * 86_400_000);
  const messages = await listUnacknowledged(db, { ...inbox, since, now });
  const writings = messages.map(({ content }) => readWriting(content));
  const personal = messages.flatMap((message, index) => {
    const writing = writings[index];
    return writing?.isPersonal ? [{ message, writing }] : [];
  });
  const texts =
    personal.length > 0 ? await writePersonal(db, inbox, personal, now) : new Map<InboxMessage, Written>();
  return messages.flatMap((message, index) => {
    const text = writings[index]?.isPersonal ? texts.get(message) : { ok: true as const, ...message };
    if (!text?.ok) return [];
    const payload = JSON.stringify(inboxPayload({ ...message, content: text.content }));
    return [{ messageId: message.messageId, payload }];
  });
}

/** What its owner gets of messages that differ from one to another; nothing where nobody is left who owns it. */
async function writePersonal(
  db: Queryable,
  {
    appKey,
    userKeys,
    installationKey,
  }: { appKey: number; userKeys: readonly string[]; installationKey: string },
  personal: readonly { message: InboxMessage; writing: Writing }[],
  now: Date,
): Promise<ReadonlyMap<InboxMessage, Written>> {
  // Whose the device is now comes first.
  const [owner = ""] = userKeys;
  const user = (await findUsersToReach(db, appKey, [owner])).get(owner);
  if (!user) return new Map();
  const keys = { userKeys: [owner], installationKeys: [installationKey] };
  const device = (await findDevices(db, appKey, keys)).get(installationKey) ?? null;
  const { name: appName, timeZone } = await readAppWords(db, appKey);
  const byRecipient = new Map(
    personal.map(({ message, writing }) => {
      const { messageId, trackId, userKey } = message;
      const chunk = { messageId, trackId, appName, timeZone };
      return [
        { chunk, userKey, installationKey },
        { message, writing },
      ] as const;
    }),
  );
  const written = await writeAll(
    db,
    appKey,
    [...byRecipient].map(([recipient, { writing }]) => ({
      ...{ recipient, user, writing, reader: readerOf(device, user) },
    })),
    { now, givesCodes: true },
  );
  return new Map(
    [...byRecipient].flatMap(([recipient, { message }]) => {
      const text = written.get(recipient);
      return text ? [[message, text] as const] : [];
    }),
  );
}
