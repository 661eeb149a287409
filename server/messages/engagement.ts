import type { Queryable } from "../db/database.ts";
import { sumEngagements } from "../deliveries/engagements.ts";
import type { Engagement } from "../deliveries/schema.ts";
import { requireMessage } from "./messages.ts";
import { findAnswered } from "./of-reader.ts";

/** What people and machines did with a message. */
export async function getEngagement(db: Queryable, appKey: number, messageId: string): Promise<Engagement> {
  await requireMessage(db, appKey, messageId);
  const message = await findAnswered(db, messageId);
  return sumEngagements(db, messageId, message ?? { links: [], actions: [] });
}
