import sql from "sql-template-tag";
import type { Database, Queryable } from "../db/database.ts";
import { listen, notify } from "../db/notify.ts";
import type { WebhookEvent } from "./schema.ts";

/** What the webhooks of an app want to be told; `names` of tracked events, null for all. */
interface Wanted {
  events: Set<string>;
  names: Set<string> | null;
}

type WantedByApp = ReadonlyMap<number, Wanted>;

const place = "what webhooks want";
const channel = "chapar_webhooks";
/** A hint may get lost with its connection. */
const readEveryMs = 5_000;

/** Tells every process that a webhook was made, changed or deleted. */
export const announceWebhooks = (tx: Queryable): Promise<void> => notify(tx, channel);

/**
 * Keeps in mind what webhooks want, so that nobody who sends has to ask. Before the first answer, and in a process that
 * does not keep it in mind, each asks.
 */
export function keepWanted(db: Database, onError: (error: unknown) => void): { stop(): void } {
  const read = () =>
    readWanted(db).then(
      (wanted) => void db.memory.set(place, wanted),
      (error: unknown) => onError(error),
    );
  const hints = listen(db, channel, () => void read());
  const timer = setInterval(read, readEveryMs);
  return {
    stop() {
      clearInterval(timer);
      hints.stop();
      db.memory.delete(place);
    },
  };
}

/** Whether some webhook of any app is to be told something. */
export const isAnyWanted = async (db: Queryable): Promise<boolean> => (await wantedOf(db)).size > 0;

/** Whether a webhook of the app wants to be told of this. */
export async function isWanted(db: Queryable, appKey: number, event: WebhookEvent): Promise<boolean> {
  return (await wantedOf(db)).get(appKey)?.events.has(event) ?? false;
}

/** Whether a webhook of the app wants to be told of one of these events of users. */
export async function areEventsWanted(
  db: Queryable,
  appKey: number,
  names: readonly string[],
): Promise<boolean> {
  const wanted = (await wantedOf(db)).get(appKey);
  if (!wanted?.events.has("event.tracked")) return false;
  return wanted.names === null || names.some((name) => wanted.names?.has(name));
}

const wantedOf = async (db: Queryable): Promise<WantedByApp> =>
  (db.memory.get(place) as WantedByApp | undefined) ?? readWanted(db);

async function readWanted(db: Queryable): Promise<WantedByApp> {
  const { rows } = await db.query<{ appKey: number; events: string[]; names: string[] | null }>(sql`
    select app_key as "appKey", events, event_names as names from webhooks where is_active`);
  const wanted = new Map<number, Wanted>();
  for (const { appKey, events, names } of rows) {
    const ofApp = wanted.get(appKey) ?? { events: new Set(), names: new Set() };
    for (const event of events) ofApp.events.add(event);
    if (events.includes("event.tracked")) {
      if (names === null) ofApp.names = null;
      else for (const name of names) ofApp.names?.add(name);
    }
    wanted.set(appKey, ofApp);
  }
  return wanted;
}
