import type { Transaction } from "../db/database.ts";
import { sharedSlot } from "../deliveries/counters.ts";
import { lookAtDeliveries, recordEngagements } from "../deliveries/engagements.ts";
import type { TokenSubject } from "../links/tokens.ts";
import type { AnsweredMessage } from "../messages/of-reader.ts";
import { findReader, grantWish, type Reader, type Wish } from "../users/leaving.ts";
import { deliveryOf, whichAreAwaited } from "./subjects.ts";

/** Whose wish, and on which message of ours they said so. */
export interface Asking {
  subject: TokenSubject;
  message: AnsweredMessage;
}

/** What a mail's one button to hear no more stands for: its topic, or e-mail where it is of none. */
export const leavesAll = ({ topic }: AnsweredMessage): Wish["leaves"] & object =>
  topic === "default" ? { channel: "email" } : { topics: [topic] };

/** Who is asking, as they are now; null when they are gone. */
export const whoAsks = (
  tx: Transaction,
  { subject, message }: Asking,
  options?: { forUpdate?: boolean },
): Promise<Reader | null> => findReader(tx, message.appKey, subject.userKey, options);

/**
 * Does as a reader of ours wishes, and counts it on the message where they left or complained. Who is gone has left
 * already. Repeating it changes nothing. True where it did change something.
 */
export async function fulfil(
  tx: Transaction,
  asking: Asking,
  wish: Wish,
  now: Date,
  what: "left" | "complained" = "left",
): Promise<boolean> {
  const { subject, message } = asking;
  const reader = await whoAsks(tx, asking, { forUpdate: true });
  if (!reader) return false;
  const isChanged = await grantWish(tx, message.appKey, reader, wish, now);
  if ((isChanged && wish.leaves) || what === "complained") {
    const delivery = { appKey: message.appKey, ...deliveryOf(subject), link: 0 };
    const [known] = await lookAtDeliveries(tx, [delivery]);
    const isCounted = known?.isThere || (await whichAreAwaited(tx, [delivery])).has(delivery);
    if (isCounted) await recordEngagements(tx, sharedSlot, [{ ...delivery, what, at: now }]);
  }
  return isChanged;
}
