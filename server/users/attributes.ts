import type { Queryable, Transaction } from "../db/database.ts";
import { type AttributeUse, attributeFaults } from "./attribute-rules.ts";
import type { AttributeType } from "./attribute-types.ts";
import { deleteUnusedAttributes, insertAttributes, listAttributes, lockAttributes } from "./queries.ts";

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
 * cannot be, a sentence each, and then registers none: a type that is not the one the attribute has, a name that would be
 * both a value and a group.
 */
export async function registerAttributes(
  tx: Transaction,
  {
    appKey,
    importId,
    uses,
    now,
  }: { appKey: number; importId: string; uses: readonly AttributeUse[]; now: Date },
): Promise<string[]> {
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
