import { createHash } from "node:crypto";
import pg from "pg";
import { type Actor, record } from "../accounts/audit.ts";
import { type Database, openDatabase, openSession, type Session } from "../db/database.ts";
import { addJob } from "../jobs/queue.ts";
import { Problem } from "../lib/problem.ts";
import type { AttributeType } from "../users/attribute-types.ts";
import { findAttribute, lockAttribute, settleFast, wantFast, wantSlow } from "../users/attributes.ts";
import type { Attribute } from "../users/schema.ts";
import {
  cancelStatement,
  createFastIndex,
  dropIndex,
  listFastIndexes,
  readStatementId,
  tryLockIndexes,
  updateStatistics,
} from "./fast-queries.ts";
import type { AttributeField } from "./fields.ts";

export const fastAttributeTask = "fastAttribute";

/** Why there is no index of a type; null for those that have one. */
const cannotBeFast: Partial<Record<AttributeType, string>> = {
  OBJECT: "filters ask only whether it is there",
  LOCATION: "filters ask for the distance from a point, for which no index of a value helps",
};

/** Asks for an index of an attribute, which a worker builds while everything goes on. */
export async function makeFast(db: Database, caller: Actor, name: string): Promise<Attribute> {
  const { appKey } = caller;
  return db.transaction(async (tx) => {
    const { type } = await lockAttribute(tx, appKey, name);
    const reason = cannotBeFast[type];
    if (reason !== undefined) {
      throw new Problem("validation", `The attribute ${name} is ${type} and cannot be made fast: ${reason}.`);
    }
    await wantFast(tx, appKey, name);
    await record(tx, caller, "attribute.made_fast", name, { name, type });
    return ask(tx, appKey, name);
  });
}

/** Has the index of an attribute taken away. */
export async function makeSlow(db: Database, caller: Actor, name: string): Promise<Attribute> {
  const { appKey } = caller;
  return db.transaction(async (tx) => {
    const { type } = await lockAttribute(tx, appKey, name);
    await wantSlow(tx, appKey, name);
    await record(tx, caller, "attribute.made_slow", name, { name, type });
    return ask(tx, appKey, name);
  });
}

async function ask(tx: Parameters<typeof lockAttribute>[0], appKey: number, name: string) {
  await addJob(tx, {
    task: fastAttributeTask,
    key: `${appKey}:${hashOf(name)}`,
    payload: { appKey, name },
  });
  return lockAttribute(tx, appKey, name);
}

/**
 * Brings the index of an attribute into the state that is asked for by now: builds it, without keeping anybody from
 * writing, or drops it. One that a killed build has left is dropped and built anew.
 *
 * @param url of the database itself: a build belongs to its connection, which a pooler would give to others
 */
export async function settleIndex(
  { db, url }: { db: Database; url: string },
  { appKey, name }: { appKey: number; name: string },
  signal: AbortSignal,
): Promise<void> {
  const direct = openDatabase(url, { connections: 1, name: "chapar index", onError: () => {} });
  try {
    const session = await openSession(direct);
    await lockIndexes(session, signal);
    const statement = await readStatementId(session);
    const cancel = () => void cancelStatement(db, statement).catch(() => {});
    signal.addEventListener("abort", cancel, { once: true });
    try {
      await build(db, session, { appKey, name });
    } finally {
      signal.removeEventListener("abort", cancel);
      session.end();
    }
  } finally {
    await direct.close();
  }
}

const lockEveryMs = 500;

/**
 * One build at a time, and none beside one whose worker is gone and that PostgreSQL has not noticed yet. Asked for again
 * and again, not waited for: a build waits for all who wait in a statement.
 */
async function lockIndexes(session: Session, signal: AbortSignal): Promise<void> {
  while (!(await tryLockIndexes(session))) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, lockEveryMs));
  }
}

async function build(
  db: Database,
  session: Session,
  { appKey, name }: { appKey: number; name: string },
): Promise<void> {
  const attribute = await findAttribute(db, appKey, name);
  const wanted =
    attribute && (attribute.fast === "building" || attribute.fast === "ready") ? attribute : null;
  const prefix = `users_fast_${appKey}_${hashOf(name)}_`;
  const wantedIndex = wanted && `${prefix}${wanted.type.toLowerCase()}`;
  let isThere = false;
  for (const { index, isValid } of await listFastIndexes(session, prefix)) {
    if (index === wantedIndex && isValid) isThere = true;
    else await dropIndex(session, index);
  }
  if (!wanted || !wantedIndex) return;
  try {
    if (!isThere) {
      const field: AttributeField = { attribute: name, type: wanted.type };
      await createFastIndex(session, { index: wantedIndex, appKey, field });
      // An expression has statistics of its own, without which the index is not chosen.
      await updateStatistics(session);
    }
  } catch (error) {
    if (!isRefused(error)) throw error;
    await dropIndex(session, wantedIndex);
    return settleFast(db, { appKey, name }, error.message);
  }
  await settleFast(db, { appKey, name }, null);
}

/** Short, since an index name has 63 bytes; names of attributes may have any letters. */
const hashOf = (name: string) => createHash("sha256").update(name).digest("hex").slice(0, 16);

/** Trying again would fail again: a full disk, a limit, a value (classes 53, 54, 22, 23 and 42 of PostgreSQL's codes). */
const isRefused = (error: unknown): error is pg.DatabaseError =>
  error instanceof pg.DatabaseError && /^(22|23|42|53|54)/.test(error.code ?? "");
