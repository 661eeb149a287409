import type { Queryable } from "../db/database.ts";
import type { DeliveryKey } from "../deliveries/reference.ts";
import { deliveryId } from "../lib/keys.ts";
import type { TokenSubject } from "../links/tokens.ts";
import { type AnsweredMessage, findAnswered, whichAreUnfinished } from "../messages/of-reader.ts";
import { findUsersToReach } from "../users/to-reach.ts";

/** The delivery of an e-mail that a token speaks of. */
export const deliveryOf = ({ messageId, userKey, step }: TokenSubject): DeliveryKey => ({
  ...{ messageId, userKey, deliveryId: deliveryId(messageId, userKey, `email/${step}`) },
});

/**
 * Of subjects whose delivery has no row, those that will have one: the others were deleted for good, or their month was
 * dropped, and nothing is to be written of them any more.
 */
export async function whichAreAwaited<Subject extends DeliveryKey & { appKey: number }>(
  db: Queryable,
  subjects: readonly Subject[],
): Promise<ReadonlySet<Subject>> {
  if (subjects.length === 0) return new Set();
  const unfinished = await whichAreUnfinished(
    db,
    subjects.map(({ messageId }) => messageId),
  );
  const awaited = new Set<Subject>();
  for (const appKey of new Set(subjects.map((subject) => subject.appKey))) {
    const ofApp = subjects.filter((one) => one.appKey === appKey && unfinished.has(one.messageId));
    const users = await findUsersToReach(
      db,
      appKey,
      ofApp.map(({ userKey }) => userKey),
    );
    for (const subject of ofApp) if (users.has(subject.userKey)) awaited.add(subject);
  }
  return awaited;
}

/** Reads messages of tokens; those asked for lately are remembered, since links of one mailing come together. */
export type FindMessage = (messageId: string) => Promise<AnsweredMessage | null>;

const rememberedMessages = 500;
const rememberedForMs = 60_000;

export function createMessageFinder(db: Queryable): FindMessage {
  const known = new Map<string, { message: Promise<AnsweredMessage | null>; until: number }>();
  return (messageId) => {
    const found = known.get(messageId);
    if (found && found.until > Date.now()) return found.message;
    // Those who ask while it is being looked for wait with the first one.
    const message = findAnswered(db, messageId);
    const entry = { message, until: Date.now() + rememberedForMs };
    known.delete(messageId);
    known.set(messageId, entry);
    const forget = () => void (known.get(messageId) === entry && known.delete(messageId));
    // Only those that there are stay: else made-up ids would drive them out.
    message.then((answer) => answer === null && forget(), forget);
    // The oldest goes first.
    for (const oldest of known.keys()) {
      if (known.size <= rememberedMessages) break;
      known.delete(oldest);
    }
    return message;
  };
}
