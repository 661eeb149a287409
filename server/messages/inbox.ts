import { readAppWords } from "../accounts/app-name.ts";
import { inboxPayload } from "../channels/inbox/payload.ts";
import type { Queryable } from "../db/database.ts";
import { findDevices } from "../installations/device-fields.ts";
import { findUsersToReach } from "../users/to-reach.ts";
import { writeAll } from "./fill-in.ts";
import { readerOf } from "./judge.ts";
import {
  type Inbox,
  type InboxContent,
  listContents,
  listUnacknowledged,
  type Unacknowledged,
} from "./queries/inbox.ts";
import { readWriting, type Writing } from "./writing.ts";

/** The longest a message waits in an inbox, whatever its `ttl`. */
export const inboxDays = 30;

/** What devices that say hello are given: every message they have not acknowledged, ready to publish, oldest first. */
export async function openInboxes(
  db: Queryable,
  appKey: number,
  inboxes: readonly Inbox[],
  now: Date,
): Promise<{ messageId: string; installationKey: string; payload: string }[]> {
  const since = new Date(now.getTime() - inboxDays * 86_400_000);
  const waiting = await listUnacknowledged(db, appKey, inboxes, { since, now });
  const payloads = await writeInboxes(db, appKey, inboxes, waiting, now);
  return waiting.flatMap((one) => {
    const payload = payloads.get(one);
    return payload === undefined
      ? []
      : [{ messageId: one.messageId, installationKey: one.installationKey, payload }];
  });
}

/** What each of these messages is to the device that has it; without those whose texts come to nothing for its user. */
export async function writeInboxes(
  db: Queryable,
  appKey: number,
  inboxes: readonly Inbox[],
  waiting: readonly Unacknowledged[],
  now: Date,
): Promise<ReadonlyMap<Unacknowledged, string>> {
  if (waiting.length === 0) return new Map();
  const contents = new Map(
    (await listContents(db, waiting)).map((content) => {
      const writing = readWriting(content.content);
      const payload = writing.isPersonal ? null : JSON.stringify(inboxPayload(content));
      return [`${content.messageId} ${content.variant}`, { content, writing, payload }] as const;
    }),
  );
  const written = new Map<Unacknowledged, string>();
  const personal: { one: Unacknowledged; content: InboxContent; writing: Writing }[] = [];
  for (const one of waiting) {
    const found = contents.get(`${one.messageId} ${one.variant}`);
    if (found && found.payload === null) personal.push({ one, ...found });
    else if (found?.payload) written.set(one, found.payload);
  }
  if (personal.length === 0) return written;
  const asked = new Set(personal.map(({ one }) => one.installationKey));
  // Whose the device is now comes first.
  const owners = new Map(
    inboxes
      .filter(({ installationKey }) => asked.has(installationKey))
      .map(({ installationKey, userKeys: [owner = ""] }) => [installationKey, owner]),
  );
  const users = await findUsersToReach(db, appKey, [...new Set(owners.values())]);
  const devices = await findDevices(db, appKey, {
    userKeys: [...owners.values()],
    installationKeys: [...owners.keys()],
  });
  const { name: appName, timeZone } = await readAppWords(db, appKey);
  const byRecipient = new Map(
    personal.flatMap(({ one, content, writing }) => {
      const { installationKey, userKey } = one;
      const user = users.get(owners.get(installationKey) ?? "");
      if (!user) return [];
      const { messageId, trackId } = content;
      const recipient = { chunk: { messageId, trackId, appName, timeZone }, userKey, installationKey };
      const reader = readerOf(devices.get(installationKey) ?? null, user);
      return [[recipient, { one, content, write: { recipient, user, writing, reader } }] as const];
    }),
  );
  const texts = await writeAll(
    db,
    appKey,
    [...byRecipient.values()].map(({ write }) => write),
    { now, givesCodes: true },
  );
  for (const [recipient, { one, content }] of byRecipient) {
    const text = texts.get(recipient);
    if (text?.ok) written.set(one, JSON.stringify(inboxPayload({ ...content, content: text.content })));
  }
  return written;
}
