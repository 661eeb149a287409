import type { Queryable } from "../db/database.ts";
import { sumEngagements } from "../deliveries/engagements.ts";
import type { Engagement } from "../deliveries/schema.ts";
import { requireMessage } from "./messages.ts";

/** What people and machines did with a message. */
export async function getEngagement(db: Queryable, appKey: number, messageId: string): Promise<Engagement> {
  const { content } = await requireMessage(db, appKey, messageId);
  return sumEngagements(db, messageId, content.email?.links ?? []);
}
