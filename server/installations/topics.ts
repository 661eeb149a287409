import { z } from "zod";
import { type Actor, changeOf, record } from "../accounts/audit.ts";
import type { Database, Queryable } from "../db/database.ts";
import { decodeCursor, type Page, type PageQuery, toPage } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { readTopics } from "./people.ts";
import {
  countTitles,
  deleteTitles,
  findTitles,
  listListed,
  listTitles,
  lockTitles,
  upsertTitles,
} from "./topic-queries.ts";
import type { Topic, TopicTitles } from "./topic-schema.ts";

/** More is nothing to choose from. */
const maxNamed = 1_000;
const maxListed = 50;

/** Topics that are in use or were given a title, by name. */
export async function listTopics(db: Database, appKey: number, query: PageQuery): Promise<Page<Topic>> {
  const after = decodeCursor(query.cursor, z.tuple([z.string()]))?.[0];
  const inUse = new Set(await readTopics(db, appKey));
  const named = new Map((await listTitles(db, appKey, maxNamed)).map((row) => [row.topic, row]));
  const names = [...new Set([...inUse, ...named.keys()])].sort();
  const rows = names
    .filter((topic) => after === undefined || topic > after)
    .slice(0, query.limit + 1)
    .map((topic) => ({
      ...{ topic, titles: named.get(topic)?.titles ?? {}, isListed: named.get(topic)?.isListed ?? false },
      isInUse: inUse.has(topic),
    }));
  return toPage(rows, query.limit, (row) => [row.topic]);
}

/** Says what a topic is called, whether or not anybody is in it yet. */
export async function nameTopic(
  db: Database,
  caller: Actor,
  topic: string,
  { titles, isListed }: TopicTitles,
): Promise<TopicTitles> {
  const { appKey } = caller;
  return db.transaction(async (tx) => {
    const before = await lockTitles(tx, appKey, topic);
    await upsertTitles(tx, appKey, { topic, titles, isListed });
    // Counted with it in: whoever comes at the same time sees one more at worst.
    const { named, listed } = await countTitles(tx, appKey);
    if (named > maxNamed)
      throw new Problem("conflict", `${maxNamed} topics have titles; take away one that is not needed.`);
    if (isListed && listed > maxListed)
      throw new Problem("conflict", `${maxListed} topics are listed, and nobody reads more; take one off.`);
    const change = changeOf(before ?? {}, { titles, isListed });
    if (change) await record(tx, caller, "topic.changed", topic, { name: topic, ...change });
    return { titles, isListed };
  });
}

export async function forgetTopicTitles(db: Database, caller: Actor, topic: string): Promise<void> {
  const { appKey } = caller;
  await db.transaction(async (tx) => {
    const before = await lockTitles(tx, appKey, topic);
    if (!before)
      throw new Problem("not_found", `The topic ${JSON.stringify(topic)} has no titles in this app.`);
    await deleteTitles(tx, appKey, topic);
    await record(tx, caller, "topic.deleted", topic, { name: topic, before, after: null });
  });
}

/** Topics to choose from, by name, with `own` beside the listed ones. `default` is what everybody is in. */
export async function topicsToChoose(
  db: Queryable,
  appKey: number,
  own: string,
): Promise<{ topic: string; titles: TopicTitles["titles"] }[]> {
  const listed = await listListed(db, appKey, maxListed);
  if (own === "default" || listed.some(({ topic }) => topic === own)) return listed;
  return [{ topic: own, titles: (await findTitles(db, appKey, own)) ?? {} }, ...listed];
}
