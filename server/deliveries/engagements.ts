import sql from "sql-template-tag";
import type { Queryable, Transaction } from "../db/database.ts";
import type { DeliveryKey } from "./reference.ts";
import { type Engagement, type EngagementKind, engagementKinds } from "./schema.ts";

/** Something that was done with a message. `link` counts from 1; 0 where it is about none. */
export interface Deed extends DeliveryKey {
  what: EngagementKind;
  link: number;
  at: Date;
}

/** What is known of a delivery when something is done with it. */
export interface KnownDelivery {
  /** Null while its row is not there: it is about to be written, or nobody's any more. */
  sentAt: Date | null;
  isThere: boolean;
  /** When another link of it was followed last. */
  otherLinkAt: Date | null;
}

/** What is known of these deliveries, in their order. */
export async function lookAtDeliveries(
  db: Queryable,
  asked: readonly (DeliveryKey & { link: number })[],
): Promise<KnownDelivery[]> {
  const { rows } = await db.query<KnownDelivery>(sql`
    select d.sent_at as "sentAt", d.message_id is not null as "isThere", (
        select max(e.last_at)
        from engagements e
        where e.message_id = r.message_id and e.user_key = r.user_key and e.delivery_id = r.delivery_id
          and e.what in ('clicked', 'scanned') and e.link not in (0, r.link)
      ) as "otherLinkAt"
    from unnest(
      ${asked.map((row) => row.messageId)}::uuid[],
      ${asked.map((row) => row.userKey)}::uuid[],
      ${asked.map((row) => row.deliveryId)}::uuid[],
      ${asked.map((row) => row.link)}::smallint[]
    ) with ordinality as r (message_id, user_key, delivery_id, link, position)
    left join deliveries d using (message_id, user_key, delivery_id)
    order by r.position`);
  return rows;
}

/**
 * Notes what was done, each thing once a delivery with how often, and counts it, in the caller's transaction. `slot`
 * spreads writers that run at once over rows of their own. After the deliveries were locked, and in the order of keys.
 */
export async function recordEngagements(
  tx: Transaction,
  slot: number,
  deeds: readonly Deed[],
): Promise<void> {
  if (deeds.length === 0) return;
  await tx.query(sql`
    with done as (
      select message_id, user_key, delivery_id, what, link, count(*)::integer as times, min(at) as first_at,
        max(at) as last_at
      from unnest(
        ${deeds.map((row) => row.messageId)}::uuid[],
        ${deeds.map((row) => row.userKey)}::uuid[],
        ${deeds.map((row) => row.deliveryId)}::uuid[],
        ${deeds.map((row) => row.what)}::text[],
        ${deeds.map((row) => row.link)}::smallint[],
        ${deeds.map((row) => row.at)}::timestamptz[]
      ) as r (message_id, user_key, delivery_id, what, link, at)
      group by message_id, user_key, delivery_id, what, link
    ),
    noted as (
      insert into engagements as e (message_id, user_key, delivery_id, what, link, times, first_at, last_at)
      select * from done order by message_id, user_key, delivery_id, what, link
      on conflict (message_id, user_key, delivery_id, what, link) do update set
        times = e.times + excluded.times,
        first_at = least(e.first_at, excluded.first_at),
        last_at = greatest(e.last_at, excluded.last_at)
      returning message_id, user_key, delivery_id, what, link, times
    )
    insert into message_engagements as m (message_id, slot, what, link, people, times)
    -- One that was there before has more than what was just added.
    select message_id, ${slot}::smallint, what, link, count(*) filter (where n.times = d.times), sum(d.times)
    from noted n
    join done d using (message_id, user_key, delivery_id, what, link)
    group by message_id, what, link
    order by message_id, what, link
    on conflict (message_id, slot, what, link) do update set
      people = m.people + excluded.people, times = m.times + excluded.times`);
}

/** What people and machines did with a message: the first of `links` is link 1, the first of `actions` action 1. */
export async function sumEngagements(
  db: Queryable,
  messageId: string,
  { links, actions }: { links: readonly string[]; actions: readonly { id: string; title: string }[] },
): Promise<Engagement> {
  const { rows } = await db.query<{ what: EngagementKind; link: number; people: number; times: number }>(sql`
    select what, link, sum(people) as people, sum(times) as times
    from message_engagements
    where message_id = ${messageId}
    group by what, link`);
  const none = { people: 0, times: 0 };
  const ofLink = (what: EngagementKind, link: number) => {
    const found = rows.find((row) => row.what === what && row.link === link);
    return found ? { people: found.people, times: found.times } : none;
  };
  // Link 0 is the message as a whole: who followed two links of it is one there.
  const whole = Object.fromEntries(engagementKinds.map((what) => [what, ofLink(what, 0)]));
  return {
    ...(whole as Record<EngagementKind, typeof none>),
    actions: actions.map((action, index) => ({
      ...{ action: index + 1, ...action, acted: ofLink("acted", index + 1) },
    })),
    links: links.map((url, index) => ({
      ...{ link: index + 1, url },
      ...{ clicked: ofLink("clicked", index + 1), scanned: ofLink("scanned", index + 1) },
    })),
  };
}

/** One thing that a person did with a message, as they are handed it. */
export interface PersonalEngagement {
  messageId: string;
  what: EngagementKind;
  link: number;
  times: number;
  firstAt: Date;
  lastAt: Date;
}

/** All that was done by who is or was known under these keys. */
export async function listEngagementsOf(
  db: Queryable,
  userKeys: readonly string[],
): Promise<PersonalEngagement[]> {
  const { rows } = await db.query<PersonalEngagement>(sql`
    select message_id as "messageId", what, link, times, first_at as "firstAt", last_at as "lastAt"
    from engagements
    where user_key = any(${userKeys}::uuid[])
    order by message_id, first_at, what, link`);
  return rows;
}

/** Makes what these users did nobody's, so that what it adds up to stays true. */
export async function eraseEngagements(tx: Queryable, userKeys: readonly string[]): Promise<void> {
  await tx.query(sql`
    update engagements set user_key = gen_random_uuid(), delivery_id = gen_random_uuid()
    where user_key = any(${userKeys}::uuid[])`);
}
