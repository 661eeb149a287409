import type { Queryable, Transaction } from "../db/database.ts";
import { Problem } from "../lib/problem.ts";
import {
  type AttributePlan,
  type AttributeRequest,
  applyChanges,
  planChanges,
  type RefusedAttribute,
} from "./attribute-changes.ts";
import { type AttributeFault, type AttributeUse, attributeFaults } from "./attribute-rules.ts";
import type { AttributeType } from "./attribute-types.ts";
import {
  deleteUnusedAttributes,
  insertAttributes,
  listAttributes,
  lockAttributes,
  lockAttributesOf,
  updateAttributesOf,
  updateFast,
} from "./queries.ts";
import type { Attribute } from "./schema.ts";
import { readAttributes } from "./users.ts";

/** The types of all attributes of an app, by name. */
export async function readAttributeTypes(
  db: Queryable,
  appKey: number,
): Promise<ReadonlyMap<string, AttributeType>> {
  const rows = await listAttributes(db, appKey);
  return new Map(rows.map(({ name, type }) => [name, type]));
}

/**
 * Fixes the types of attributes that are about to be written, by an import if one does. Answers every reason why they
 * cannot be, and then registers none: a type that is not the one the attribute has, a name that would be
 * both a value and a group.
 */
export async function registerAttributes(
  tx: Transaction,
  {
    appKey,
    importId,
    uses,
    now,
  }: { appKey: number; importId: string | null; uses: readonly AttributeUse[]; now: Date },
): Promise<AttributeFault[]> {
  if (uses.length === 0) return [];
  // Two writers of one new name must not both find it free.
  await lockAttributes(tx, appKey);
  const known = await readAttributeTypes(tx, appKey);
  const faults = attributeFaults(known, uses);
  if (faults.length > 0) return faults;
  const fresh = uses.filter(({ name }) => !known.has(name));
  if (fresh.length > 0) await insertAttributes(tx, { appKey, importId, attributes: fresh, now });
  return [];
}

/** Frees the names of attributes that an import was the first to write and that nobody has any more. */
export async function releaseAttributes(tx: Transaction, appKey: number, importId: string): Promise<void> {
  await lockAttributes(tx, appKey);
  await deleteUnusedAttributes(tx, appKey, importId);
}

/**
 * Changes attributes of a user, who is made when there is none yet. What does not fit the type of its attribute is not
 * stored and answered with the reason; the rest is.
 */
export async function changeAttributes(
  tx: Transaction,
  user: { appKey: number; userKey: string; userId: string },
  request: AttributeRequest,
  now: Date,
): Promise<RefusedAttribute[]> {
  const plan = await claimAttributes(tx, user.appKey, request, now);
  await storeAttributes(tx, user, plan, now);
  return plan.refused;
}

/** Checks a change and fixes the types of new attributes. Comes before the user is locked, as imports do it. */
export async function claimAttributes(
  tx: Transaction,
  appKey: number,
  request: AttributeRequest,
  now: Date,
): Promise<AttributePlan> {
  const plan = planChanges(await readAttributeTypes(tx, appKey), request);
  const faults = await registerAttributes(tx, { appKey, importId: null, uses: plan.fresh, now });
  if (faults.length === 0) return plan;
  // Whoever was faster with a new name has fixed its type, and we hold the lock now.
  const again = planChanges(await readAttributeTypes(tx, appKey), request);
  await registerAttributes(tx, { appKey, importId: null, uses: again.fresh, now });
  return again;
}

/** Makes the change that was claimed. */
export async function storeAttributes(
  tx: Transaction,
  user: { appKey: number; userKey: string; userId: string },
  plan: AttributePlan,
  now: Date,
): Promise<void> {
  const current = await lockAttributesOf(tx, user, now);
  await updateAttributesOf(tx, user, applyChanges(current, plan), now);
}

/** How many attributes of an app can be fast: each makes every import a little slower. */
export const maxFastAttributes = 20;

/** The attribute, which nobody else makes fast or slow until the transaction ends. */
export async function lockAttribute(tx: Transaction, appKey: number, name: string): Promise<Attribute> {
  await lockAttributes(tx, appKey);
  const attribute = await findAttribute(tx, appKey, name);
  if (attribute) return attribute;
  throw new Problem(
    "not_found",
    `There is no attribute ${JSON.stringify(name)} in this app; it is made with its first value.`,
  );
}

export async function findAttribute(db: Queryable, appKey: number, name: string): Promise<Attribute | null> {
  return (await readAttributes(db, appKey)).data.find((attribute) => attribute.name === name) ?? null;
}

/** Asks for an index of the values. Throws a conflict when the app has enough. */
export async function wantFast(tx: Transaction, appKey: number, name: string): Promise<void> {
  const { data } = await readAttributes(tx, appKey);
  const others = data.filter((attribute) => attribute.fast !== "no" && attribute.name !== name);
  if (others.length >= maxFastAttributes) {
    throw new Problem(
      "conflict",
      `${maxFastAttributes} attributes are fast already, which is the most; make one of them slow first: ` +
        `DELETE /api/attributes/{name}/fast.`,
    );
  }
  await updateFast(tx, { appKey, name }, { from: ["no", "failed"], to: "building", failure: null });
}

export const wantSlow = (tx: Transaction, appKey: number, name: string): Promise<void> =>
  updateFast(tx, { appKey, name }, { from: ["building", "ready", "failed"], to: "no", failure: null });

/** What became of the index that was asked for, unless it is wanted no more. */
export const settleFast = (
  db: Queryable,
  { appKey, name }: { appKey: number; name: string },
  failure: string | null,
): Promise<void> =>
  updateFast(
    db,
    { appKey, name },
    { from: ["building"], to: failure === null ? "ready" : "failed", failure },
  );
