import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";

/** What a user has done under one name. The value and data are those of the last time. */
export interface LatestEvent {
  userKey: string;
  name: string;
  count: number;
  firstAt: Date;
  lastAt: Date;
  value: number | null;
  valueText: string | null;
  sum: number | null;
  /** Null where it was not asked for, or the event is not kept any more. */
  data: Record<string, unknown> | null;
}

/** What these users have done, under these names or all. */
export async function findLatestEvents(
  db: Queryable,
  appKey: number,
  of: { userKeys: readonly string[]; names: readonly string[] | "all"; withData: boolean },
): Promise<LatestEvent[]> {
  const { rows } = await db.query<LatestEvent>(sql`
    select b.user_key as "userKey", b.name, b.count, b.first_at as "firstAt", b.last_at as "lastAt",
      b.last_value as value, b.last_value_text as "valueText",
      case when b.value_count > 0 then b.value_sum end as sum, ${of.withData ? sql`e.data` : sql`null::jsonb as data`}
    from behaviours b
    ${
      of.withData
        ? sql`
    left join events e on e.app_key = b.app_key and e.user_key = b.user_key and e.at = b.last_at
      and e.event_id = b.last_event_id`
        : sql``
    }
    where b.app_key = ${appKey} and b.user_key = any(${of.userKeys}::uuid[])
      ${of.names === "all" ? sql`` : sql`and b.name = any(${of.names}::text[])`}`);
  return rows;
}

/** The names of all events of an app: there are at most a thousand. */
export async function namesOfEvents(db: Queryable, appKey: number): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(sql`
    select distinct name from event_counters where app_key = ${appKey} order by name`);
  return rows.map(({ name }) => name);
}
