import type { Database, Queryable, Transaction } from "../db/database.ts";
import { installationKey } from "../lib/keys.ts";
import { Problem } from "../lib/problem.ts";
import { noteNames } from "../users/registers.ts";
import { topicRegister } from "./queries.ts";
import { isPrivateTopic, publicTopic } from "./topic-names.ts";
import { findSubscriptions, lockOwner, type SubscriptionRow, writeSubscriptions } from "./topic-queries.ts";

interface App {
  appKey: number;
  appId: string;
}

/** A topic that a device is in. */
export interface Subscription {
  topic: string;
  live: boolean;
}

const maxTopics = 100;

/** Topics that a device is in: `default` and its own, which nobody can leave, and those it chose, by name. */
export async function listSubscriptions(db: Queryable, app: App, id: string): Promise<Subscription[]> {
  const row = await findSubscriptions(db, app.appKey, installationKey(app.appId, id));
  if (!row) throw unknown(id);
  return shown(id, row);
}

/** Puts a device into a topic, and says whether it wants what comes while it is away. */
export const subscribe = (
  db: Database,
  app: App,
  id: string,
  { topic, live }: Subscription,
): Promise<Subscription[]> =>
  change(db, app, id, topic, (row, name) => {
    const topics = [...row.topics.filter((known) => known !== name), name];
    if (topics.length > maxTopics)
      throw new Problem("conflict", `A device is in ${maxTopics} topics at most; leave one of them first.`);
    const liveTopics = row.liveTopics.filter((known) => known !== name);
    return { topics, liveTopics: live ? [...liveTopics, name] : liveTopics };
  });

/** Takes a device out of a topic; one that it is not in is left already. */
export const unsubscribe = (db: Database, app: App, id: string, topic: string): Promise<Subscription[]> =>
  change(db, app, id, topic, (row, name) => ({
    topics: row.topics.filter((known) => known !== name),
    liveTopics: row.liveTopics.filter((known) => known !== name),
  }));

async function change(
  db: Database,
  app: App,
  id: string,
  topic: string,
  changed: (row: SubscriptionRow, name: string) => SubscriptionRow,
): Promise<Subscription[]> {
  const key = installationKey(app.appId, id);
  const name = publicTopic(topic);
  return db.transaction(async (tx: Transaction) => {
    const userKey = await lockOwner(tx, app.appKey, key);
    const row = userKey && (await findSubscriptions(tx, app.appKey, key));
    if (!row) throw unknown(id);
    if (isGiven(id, name)) return shown(id, row);
    const after = changed(row, name);
    await writeSubscriptions(tx, app.appKey, { userKey, installationKey: key, ...after, now: new Date() });
    if (!isPrivateTopic(name)) await noteNames(tx, topicRegister, app.appKey, [name]);
    return shown(id, after);
  });
}

/** Topics in which every device is. */
const isGiven = (id: string, topic: string): boolean => topic === "default" || topic === id;

const shown = (id: string, { topics, liveTopics }: SubscriptionRow): Subscription[] => [
  { topic: "default", live: false },
  { topic: id, live: false },
  ...topics
    .filter((topic) => !isGiven(id, topic))
    .sort()
    .map((topic) => ({ topic, live: liveTopics.includes(topic) })),
];

const unknown = (id: string): Problem =>
  new Problem("not_found", `There is no installation ${JSON.stringify(id)} in this app; register it first.`);
