import type { Queryable, Transaction } from "../db/database.ts";
import type { AttributeType } from "./attribute-types.ts";
import { insertAttributes, listAttributes, lockAttributes } from "./queries.ts";

/** More would be a file or a program gone wrong, and every one of them shows in every choice of attributes. */
export const maxAttributes = 1_000;

export interface AttributeUse {
  name: string;
  type: AttributeType;
}

/** The types of all attributes of an app, by name. */
export async function readAttributeTypes(
  db: Queryable,
  appKey: number,
): Promise<ReadonlyMap<string, AttributeType>> {
  const rows = await listAttributes(db, appKey);
  return new Map(rows.map(({ name, type }) => [name, type]));
}

/**
 * Fixes the types of attributes that are about to be written. Answers every reason why they cannot be, a sentence each,
 * and then registers none: a type that is not the one the attribute has, a name that would be both a value and a group.
 */
export async function registerAttributes(
  tx: Transaction,
  appKey: number,
  uses: readonly AttributeUse[],
  now: Date,
): Promise<string[]> {
  if (uses.length === 0) return [];
  // Two writers of one new name must not both find it free.
  await lockAttributes(tx, appKey);
  const known = await readAttributeTypes(tx, appKey);
  const faults = attributeFaults(known, uses);
  if (faults.length > 0) return faults;
  const fresh = uses.filter(({ name }) => !known.has(name));
  if (fresh.length > 0) await insertAttributes(tx, appKey, fresh, now);
  return [];
}

/** Why these cannot be written as they are, beside what there is; a sentence each. */
export function attributeFaults(
  known: ReadonlyMap<string, AttributeType>,
  uses: readonly AttributeUse[],
): string[] {
  const faults: string[] = [];
  const all = new Map(known);
  for (const { name, type } of uses) {
    const before = known.get(name);
    if (before !== undefined && before !== type) {
      faults.push(
        `The attribute ${name} is ${before} and cannot become ${type}: write its column as ${name}||${before}, or choose another name.`,
      );
    }
    all.set(name, before ?? type);
  }
  for (const { name } of uses) {
    // office.no is the no of office, so office cannot have a value of its own (a template could not tell them apart).
    const group = groupsOf(name).find((prefix) => all.has(prefix));
    if (group !== undefined) {
      faults.push(
        `The attribute ${name} cannot stand beside ${group}, which has a value itself; rename one.`,
      );
    }
    const member = known.has(name)
      ? undefined
      : [...known.keys()].find((other) => other.startsWith(`${name}.`));
    if (member !== undefined) {
      faults.push(
        `The attribute ${name} cannot have a value of its own: ${member} is a part of it; rename one.`,
      );
    }
  }
  if (all.size > maxAttributes) {
    faults.push(
      `With these the app would have ${all.size} attributes; at most ${maxAttributes} fit. Leave out columns that nobody needs.`,
    );
  }
  return faults;
}

/** `a` and `a.b` of `a.b.c`. */
const groupsOf = (name: string): string[] =>
  name
    .split(".")
    .slice(0, -1)
    .map((_, index, parts) => parts.slice(0, index + 1).join("."));
