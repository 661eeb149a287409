import { type Actor, changeOf, record } from "../accounts/audit.ts";
import type { Transaction } from "../db/database.ts";
import { findUser, lockUser, type UserRow } from "./queries.ts";
import type { TaggedUser } from "./tags.ts";

/** Who changes a user, and whether that is a person. */
export interface Editor extends Actor {
  by: "token" | "session" | "key";
}

/**
 * Does something to a user, and writes into the history what a person of the panel changed by it. What programs and
 * devices change is not written there: they do it thousands of times a second, and the user tells what came of it.
 */
export async function inHistory<T>(
  tx: Transaction,
  editor: Editor,
  { appKey, userKey, userId }: TaggedUser,
  work: () => Promise<T>,
): Promise<T> {
  if (editor.by !== "session") return work();
  const before = (await lockUser(tx, appKey, userKey)) ? await findUser(tx, appKey, userKey) : null;
  const result = await work();
  const after = await findUser(tx, appKey, userKey);
  if (!after) return result;
  if (!before) await record(tx, editor, "user.created", userId, { before: null, after: audited(after) });
  else {
    const change = changeOf(audited(before), audited(after));
    if (change) await record(tx, editor, "user.changed", userId, change);
  }
  return result;
}

/** Field by field, each attribute one of its own. */
const audited = ({ attributes, ...user }: UserRow): object => ({
  ...{ email: user.email, phone: user.phone, whatsappId: user.whatsappId, language: user.language },
  ...{ optedOut: user.optedOut, leftTopics: user.leftTopics, tags: user.tags },
  ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`attributes.${name}`, value])),
});
