import type { Queryable } from "../db/database.ts";
import { findRecorded } from "../deliveries/deliveries.ts";
import type { CurrentInstallation } from "../installations/installations.ts";
import { nilUuid } from "../lib/keys.ts";
import { listGuests } from "../users/aliases.ts";
import type { UserToReach } from "../users/to-reach.ts";
import { findQueued } from "./queries/chunks.ts";
import type { Recipient } from "./slices.ts";

// An audience is frozen range by range of user keys. Who logs in or changes hands meanwhile is met twice: under the key
// of before, and under the one of now.

/**
 * Recipients whose device has the message already, or gets it under the user of now. Devices that never changed hands
 * cost nothing.
 */
export async function findRepeatedDevices(
  db: Queryable,
  recipients: readonly Recipient[],
  current: ReadonlyMap<string, CurrentInstallation>,
): Promise<Set<Recipient>> {
  const elsewhere: { messageId: string; userKey: string; installationKey: string; recipient: Recipient }[] =
    [];
  const moved = new Set<Recipient>();
  for (const recipient of recipients) {
    const now = current.get(recipient.installationKey);
    if (!now?.pastUserKeys) continue;
    const { messageId } = recipient.chunk;
    if (recipient.userKey !== now.userKey) moved.add(recipient);
    for (const userKey of [now.userKey, ...now.pastUserKeys]) {
      if (userKey !== recipient.userKey)
        elsewhere.push({ messageId, userKey, installationKey: recipient.installationKey, recipient });
    }
  }
  const repeats = new Set<Recipient>();
  const recorded = await findRecorded(db, elsewhere);
  // Of two that are about to be sent, the one under the user of now is.
  const about = new Set(recipients.map(nameOf));
  for (const { messageId, userKey, installationKey, recipient } of elsewhere) {
    const other = `${messageId}/${userKey}/${installationKey}`;
    if (recorded.has(other) || (moved.has(recipient) && about.has(other))) repeats.add(recipient);
  }
  return repeats;
}

const nameOf = ({ chunk, userKey, installationKey }: Recipient) =>
  `${chunk.messageId}/${userKey}/${installationKey}`;

/**
 * Guests in the audience who have become users since, and get the message as these, or as another guest that they were.
 * `users` is who the recipients are now.
 */
export async function findRepeatedGuests(
  db: Queryable,
  appKey: number,
  recipients: readonly Recipient[],
  users: ReadonlyMap<string, UserToReach>,
): Promise<Set<Recipient>> {
  const repeats = new Set<Recipient>();
  const absorbed = recipients.flatMap((recipient) => {
    const owner = users.get(recipient.userKey);
    return owner && owner.userKey !== recipient.userKey ? [{ recipient, ownerKey: owner.userKey }] : [];
  });
  // One after another: few people log in while they are being written to.
  for (const { recipient, ownerKey } of absorbed) {
    const { messageId } = recipient.chunk;
    const guests = await listGuests(db, appKey, ownerKey);
    const others = [ownerKey, ...guests.map(({ userKey }) => userKey)].filter(
      (key) => key !== recipient.userKey,
    );
    const named = others.map((userKey) => ({ messageId, userKey, installationKey: nilUuid }));
    const recorded = await findRecorded(db, named);
    const queued = await findQueued(db, named);
    const isElsewhere = others.some(
      (userKey) =>
        recorded.has(`${messageId}/${userKey}/${nilUuid}`) ||
        // Of guests that are the same user, the first by key gets it.
        (queued.has(`${messageId}/${userKey}`) && (userKey === ownerKey || userKey < recipient.userKey)),
    );
    if (isElsewhere) repeats.add(recipient);
  }
  return repeats;
}
