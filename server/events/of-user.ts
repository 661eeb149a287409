import type { Queryable } from "../db/database.ts";
import { listBehaviours, listEventsOf } from "./queries.ts";
import type { Behaviour } from "./schema.ts";

/** An event of a user, as a timeline shows it. */
export interface UserEvent {
  id: string;
  at: Date;
  name: string;
  value: number | string | null;
  data: Record<string, unknown>;
  installationId: string | null;
  influence: { messageId: string; isDirect: boolean } | null;
}

/** Events of a user, the latest first: those before a moment, and of that moment those below an id. */
export async function listUserEvents(
  db: Queryable,
  appKey: number,
  page: { userKey: string; before: { at: Date; id: string | null } | null; limit: number },
): Promise<UserEvent[]> {
  const rows = await listEventsOf(db, appKey, page);
  return rows.map(({ eventId: id, valueText, messageId, isDirect, ...row }) => ({
    ...{ id, ...row },
    value: row.value ?? valueText,
    influence: messageId === null ? null : { messageId, isDirect: isDirect ?? false },
  }));
}

/** What a user has done, the latest first. */
export async function behavioursOf(db: Queryable, appKey: number, userKey: string): Promise<Behaviour[]> {
  const rows = await listBehaviours(db, appKey, userKey);
  return rows.map(({ firstAt, lastAt, lastValue, lastText, valueCount, sum, ...row }) => ({
    ...row,
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
    lastValue: lastValue ?? lastText,
    sum: valueCount > 0 ? sum : null,
    average: valueCount > 0 ? sum / valueCount : null,
  }));
}
