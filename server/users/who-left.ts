import type { Queryable } from "../db/database.ts";
import { tell } from "../outbox/outbox.ts";
import type { LeavableChannel } from "./schema.ts";

/** What a user wants to hear no more, of what they heard until now. */
export interface Left {
  userKey: string;
  channels: LeavableChannel[];
  topics: string[];
}

/** Tells webhooks who left, in the transaction in which they did. Who came back, or left nothing new, is not told. */
export async function tellWhoLeft(
  tx: Queryable,
  appKey: number,
  left: readonly Left[],
  now: Date,
): Promise<void> {
  const happenings = left
    .filter(({ channels, topics }) => channels.length + topics.length > 0)
    .map(({ userKey, channels, topics }) => ({
      ...{ appKey, event: "user.unsubscribed" as const, at: now },
      ...{ userKey, installationKey: null, data: { channels, topics } },
    }));
  await tell(tx, happenings);
}
