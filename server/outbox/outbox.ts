import sql from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import type { Queryable } from "../db/database.ts";
import type { WebhookEvent } from "./schema.ts";
import { areEventsWanted, isWanted } from "./wanted.ts";

/** Something that happened, as webhooks are told of it. */
export interface Happening {
  appKey: number;
  event: WebhookEvent;
  at: Date;
  userKey: string | null;
  installationKey: string | null;
  data: Record<string, unknown>;
}

/** Those of what happened that some webhook wants to be told; nothing is asked for where it is known by heart. */
async function wantedOf<T extends Pick<Happening, "appKey" | "event">>(
  tx: Queryable,
  happenings: readonly T[],
): Promise<T[]> {
  const answers = new Map<string, boolean>();
  const wanted: T[] = [];
  for (const happening of happenings) {
    const { appKey, event } = happening;
    const key = `${appKey} ${event}`;
    const answer = answers.get(key) ?? (await isWanted(tx, appKey, event));
    answers.set(key, answer);
    if (answer) wanted.push(happening);
  }
  return wanted;
}

/** Writes down for every webhook that wants it what happened, in the transaction in which it did. */
export async function tell(tx: Queryable, happenings: readonly Happening[]): Promise<void> {
  const told = await wantedOf(tx, happenings);
  if (told.length === 0) return;
  await tx.query(sql`
    insert into webhook_outbox (webhook_id, item_id, event, at, user_key, installation_key, data)
    select w.webhook_id, h.item_id, h.event, h.at, h.user_key, h.installation_key, h.data
    from unnest(
      ${told.map((row) => row.appKey)}::integer[],
      ${told.map(() => uuidv7())}::uuid[],
      ${told.map((row) => row.event)}::text[],
      ${told.map((row) => row.at)}::timestamptz[],
      ${told.map((row) => row.userKey)}::uuid[],
      ${told.map((row) => row.installationKey)}::uuid[],
      ${told.map((row) => JSON.stringify(row.data))}::jsonb[]
    ) with ordinality as h (app_key, item_id, event, at, user_key, installation_key, data, position)
    join webhooks w on w.app_key = h.app_key and w.is_active and h.event = any(w.events)
    order by h.position`);
}

/**
 * The same of the events that `mergeEvents` stored in this transaction: those that were there before are in none of its
 * tables. What an event is called elsewhere is its id here, too.
 */
export async function tellTracked(tx: Queryable, appKey: number, names: readonly string[]): Promise<void> {
  if (!(await areEventsWanted(tx, appKey, names))) return;
  await tx.query(sql`
    insert into webhook_outbox (webhook_id, item_id, event, at, user_key, installation_key, data)
    select w.webhook_id, e.event_id, 'event.tracked', e.at, e.user_key, e.installation_key,
      jsonb_build_object('eventName', e.name, 'eventData', e.data)
    from (
      select distinct on (s.user_key, s.at, s.event_id) s.*
      from staged_events s
      join merged_events m using (user_key, at, event_id)
      order by s.user_key, s.at, s.event_id, s.line
    ) as e
    join webhooks w on w.app_key = ${appKey} and w.is_active and 'event.tracked' = any(w.events)
      and (w.event_names is null or e.name = any(w.event_names))
    order by e.line`);
}
