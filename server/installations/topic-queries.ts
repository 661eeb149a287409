import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import type { TopicTitles } from "./topic-schema.ts";

type TitlesRow = TopicTitles & { topic: string };

const columns = sql`topic, titles, is_listed as "isListed"`;

export async function upsertTitles(db: Queryable, appKey: number, row: TitlesRow): Promise<void> {
  await db.query(sql`
    insert into topic_titles (app_key, topic, titles, is_listed)
    values (${appKey}, ${row.topic}, ${JSON.stringify(row.titles)}::jsonb, ${row.isListed})
    on conflict (app_key, topic) do update set titles = excluded.titles, is_listed = excluded.is_listed`);
}

export async function countTitles(db: Queryable, appKey: number): Promise<{ named: number; listed: number }> {
  const { rows } = await db.query<{ named: number; listed: number }>(sql`
    select count(*) as named, count(*) filter (where is_listed) as listed
    from topic_titles
    where app_key = ${appKey}`);
  return rows[0] ?? { named: 0, listed: 0 };
}

export async function lockTitles(tx: Queryable, appKey: number, topic: string): Promise<TopicTitles | null> {
  const { rows } = await tx.query<TopicTitles>(sql`
    select titles, is_listed as "isListed" from topic_titles
    where app_key = ${appKey} and topic = ${topic}
    for update`);
  return rows[0] ?? null;
}

export async function deleteTitles(tx: Queryable, appKey: number, topic: string): Promise<void> {
  await tx.query(sql`delete from topic_titles where app_key = ${appKey} and topic = ${topic}`);
}

export async function listTitles(db: Queryable, appKey: number, limit: number): Promise<TitlesRow[]> {
  const { rows } = await db.query<TitlesRow>(sql`
    select ${columns} from topic_titles where app_key = ${appKey} order by topic limit ${limit}`);
  return rows;
}

/** All but `default`, in which everybody is: who does not want that leaves the channel. */
export async function listListed(db: Queryable, appKey: number, limit: number): Promise<TitlesRow[]> {
  const { rows } = await db.query<TitlesRow>(sql`
    select ${columns}
    from topic_titles
    where app_key = ${appKey} and is_listed and topic <> 'default'
    order by topic
    limit ${limit}`);
  return rows;
}

export async function findTitles(
  db: Queryable,
  appKey: number,
  topic: string,
): Promise<TopicTitles["titles"] | null> {
  const { rows } = await db.query<TitlesRow>(sql`
    select ${columns} from topic_titles where app_key = ${appKey} and topic = ${topic}`);
  return rows[0]?.titles ?? null;
}

export interface SubscriptionRow {
  topics: string[];
  /** Those of `topics` of which it wants nothing that comes while it is away. */
  liveTopics: string[];
}

/** Whose a device is, who stays it until the transaction ends. */
export async function lockOwner(db: Queryable, appKey: number, key: string): Promise<string | null> {
  const { rows } = await db.query<{ userKey: string }>(sql`
    select user_key as "userKey" from installation_directory
    where app_key = ${appKey} and installation_key = ${key}
    for update`);
  return rows[0]?.userKey ?? null;
}

export async function findSubscriptions(
  db: Queryable,
  appKey: number,
  key: string,
): Promise<SubscriptionRow | null> {
  const { rows } = await db.query<SubscriptionRow>(sql`
    select i.topics, i.live_topics as "liveTopics"
    from installation_directory d
    join installations i on i.app_key = d.app_key and i.user_key = d.user_key
      and i.installation_key = d.installation_key
    where d.app_key = ${appKey} and d.installation_key = ${key}`);
  return rows[0] ?? null;
}

export async function writeSubscriptions(
  db: Queryable,
  appKey: number,
  row: SubscriptionRow & { userKey: string; installationKey: string; now: Date },
): Promise<void> {
  await db.query(sql`
    update installations set topics = ${row.topics}, live_topics = ${row.liveTopics}, updated_at = ${row.now}
    where app_key = ${appKey} and user_key = ${row.userKey} and installation_key = ${row.installationKey}`);
}
