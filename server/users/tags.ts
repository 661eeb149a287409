import type { Queryable } from "../db/database.ts";
import { deleteTags, deleteValueTag, upsertTags } from "./queries.ts";
import { noteTags } from "./registers.ts";

/** Whose tags. */
export interface TaggedUser {
  appKey: number;
  userKey: string;
  userId: string;
}

/** Gives a user tags, each once; one whom nobody knew yet is made. */
export const addTags = (tx: Queryable, user: TaggedUser, tags: readonly string[], now: Date): Promise<void> =>
  giveTags(tx, user, { tags, pairs: {} }, now);

/** Gives a user the tag `key_value`; the one of an earlier value of the key goes. */
export const setValueTag = (
  tx: Queryable,
  user: TaggedUser,
  { key, value }: { key: string; value: string },
  now: Date,
): Promise<void> => giveTags(tx, user, { tags: [`${key}_${value}`], pairs: { [key]: value } }, now);

async function giveTags(
  tx: Queryable,
  user: TaggedUser,
  given: { tags: readonly string[]; pairs: Record<string, string> },
  now: Date,
): Promise<void> {
  await upsertTags(tx, user, given, now);
  await noteTags(tx, user.appKey, given.tags);
}

/** Takes tags away, those of pairs as well: then the pair goes. */
export const removeTags = (
  db: Queryable,
  user: TaggedUser,
  tags: readonly string[],
  now: Date,
): Promise<void> => deleteTags(db, user, tags, now);

/** Takes the tag away that a key has, whatever its value. */
export const removeValueTag = (db: Queryable, user: TaggedUser, key: string, now: Date): Promise<void> =>
  deleteValueTag(db, user, key, now);
