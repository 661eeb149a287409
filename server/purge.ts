import { purgeCampaigns } from "./campaigns/queries.ts";
import { purgeTemplates } from "./campaigns/templates/queries.ts";
import type { Queryable } from "./db/database.ts";
import { purgeSegments } from "./segments/queries.ts";

/** Forgets for good what was deleted before a moment. */
export async function purgeDeleted(db: Queryable, before: Date): Promise<void> {
  await purgeCampaigns(db, before);
  await purgeTemplates(db, before);
  await purgeSegments(db, before);
}
