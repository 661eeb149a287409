import type { Queryable } from "../db/database.ts";
import type { Page, PageQuery } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { getMessage, listMessages } from "../messages/messages.ts";
import type { Message } from "../messages/schema.ts";
import type { Campaign } from "./schema.ts";

/** Sends to segments, newest first. */
export async function listCampaigns(
  db: Queryable,
  appKey: number,
  query: PageQuery,
): Promise<Page<Campaign>> {
  const page = await listMessages(db, appKey, { ...query, audienceKind: "target" });
  return { data: page.data.map(toCampaign), nextCursor: page.nextCursor };
}

export async function getCampaign(db: Queryable, appKey: number, id: string): Promise<Campaign> {
  const message = await getMessage(db, appKey, id);
  if (message.audience.kind !== "target")
    throw new Problem("not_found", `There is no campaign ${id} in this app.`);
  return toCampaign(message);
}

const nameLength = 60;

/** A send by `push/byQuery` has no name of its own, so its first words stand in. */
export function toCampaign(message: Message): Campaign {
  const words = message.content.trim().replace(/\s+/g, " ");
  const characters = [...words];
  const name =
    characters.length > nameLength ? `${characters.slice(0, nameLength).join("").trimEnd()}…` : words;
  return { id: message.id, name, source: message.source, message };
}
