import type { Queryable } from "../db/database.ts";
import { findForReader, listUnfinished } from "./queries/messages.ts";

/** What must be known of a message when somebody who got it answers to it. */
export interface AnsweredMessage {
  appKey: number;
  topic: string;
  /** Where its links lead, as they were written; the first is link 1. */
  links: string[];
  /** Buttons of its notification, each once; the first is action 1. */
  actions: { id: string; title: string }[];
}

/** Ids of the buttons of these messages, as {@link AnsweredMessage.actions} counts them. */
export async function findActions(
  db: Queryable,
  messageIds: readonly string[],
): Promise<Map<string, string[]>> {
  const found = await Promise.all(
    messageIds.map(
      async (id) => [id, ((await findAnswered(db, id))?.actions ?? []).map((action) => action.id)] as const,
    ),
  );
  return new Map(found);
}

/** By its id alone: whoever shows a token of ours was sent it. Null for one that there is none of. */
export async function findAnswered(db: Queryable, messageId: string): Promise<AnsweredMessage | null> {
  const row = await findForReader(db, messageId);
  if (!row) return null;
  const actions = new Map(
    (row.actions ?? []).map(({ id, title }) => [id, { id, title: typeof title === "string" ? title : id }]),
  );
  return {
    ...{ appKey: row.appKey, topic: row.topic, links: row.links ?? [] },
    actions: [...actions.values()],
  };
}

/** Those of these messages that still have somebody to be sent to, or rows to be written. */
export async function whichAreUnfinished(
  db: Queryable,
  messageIds: readonly string[],
): Promise<ReadonlySet<string>> {
  return new Set(messageIds.length === 0 ? [] : await listUnfinished(db, messageIds));
}
