import type { Database, Queryable } from "../db/database.ts";
import {
  deleteNames,
  findUnused,
  insertNames,
  listNames,
  type Register,
  tagRegister,
  tryLockRegister,
} from "./queries.ts";

export type { Register } from "./queries.ts";

/** Notes names in the transaction that brings their use into the world, as its last step. */
export const noteNames = (
  tx: Queryable,
  register: Register,
  appKey: number,
  names: readonly string[],
): Promise<void> => insertNames(tx, register, appKey, names);

export const noteTags = (tx: Queryable, appKey: number, tags: readonly string[]): Promise<void> =>
  noteNames(tx, tagRegister, appKey, tags);

export const readTags = (db: Database, appKey: number): Promise<string[]> =>
  readNames(db, tagRegister, appKey);

/** More is nothing to choose from: pairs whose values are ids. */
const maxNames = 10_000;
/** Questions in one statement. */
const questions = 200;

/** Names in use, by bytes. Those that nothing uses any more are forgotten. */
export async function readNames(db: Database, register: Register, appKey: number): Promise<string[]> {
  const names = await listNames(db, register, appKey, maxNames);
  const unused = new Set<string>();
  for (let from = 0; from < names.length; from += questions) {
    const some = names.slice(from, from + questions);
    for (const name of await findUnused(db, register, appKey, some)) unused.add(name);
  }
  if (unused.size > 0) await forget(db, register, appKey, [...unused].slice(0, questions));
  return names.filter((name) => !unused.has(name));
}

/** Forgets those that are still unused; none while somebody is noting names, the next reader will. */
async function forget(db: Database, register: Register, appKey: number, names: string[]): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await tryLockRegister(tx, register, appKey))) return;
    await deleteNames(tx, register, appKey, await findUnused(tx, register, appKey, names));
  });
}
