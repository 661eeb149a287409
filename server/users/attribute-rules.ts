import type { AttributeType } from "./attribute-types.ts";
import { maxAttributes } from "./limits.ts";

export interface AttributeUse {
  name: string;
  type: AttributeType;
}

/** Why an attribute cannot be written; `detail` is one sentence with the cure. */
export interface AttributeFault {
  code: "attribute_type" | "attribute_group" | "attribute_limit";
  name: string | null;
  detail: string;
}

/** Why these cannot be written as they are, beside what there is. */
export function attributeFaults(
  known: ReadonlyMap<string, AttributeType>,
  uses: readonly AttributeUse[],
): AttributeFault[] {
  const faults: AttributeFault[] = [];
  const all = new Map(known);
  for (const { name, type } of uses) {
    const before = known.get(name);
    if (before !== undefined && before !== type) {
      faults.push({
        ...{ code: "attribute_type", name },
        detail: `The attribute ${name} is ${before} and cannot become ${type}: write its column as ${name}||${before}, or choose another name.`,
      });
    }
    all.set(name, before ?? type);
  }
  for (const { name } of uses) {
    // office.no is the no of office, so office cannot have a value of its own (a template could not tell them apart).
    const group = groupsOf(name).find((prefix) => all.has(prefix));
    if (group !== undefined) {
      faults.push({
        ...{ code: "attribute_group", name },
        detail: `The attribute ${name} cannot stand beside ${group}, which has a value itself; rename one.`,
      });
    }
    const member = known.has(name)
      ? undefined
      : [...known.keys()].find((other) => other.startsWith(`${name}.`));
    if (member !== undefined) {
      faults.push({
        ...{ code: "attribute_group", name },
        detail: `The attribute ${name} cannot have a value of its own: ${member} is a part of it; rename one.`,
      });
    }
  }
  if (all.size > maxAttributes) {
    faults.push({
      ...{ code: "attribute_limit", name: null },
      detail: `With these the app would have ${all.size} attributes; at most ${maxAttributes} fit. Leave out columns that nobody needs.`,
    });
  }
  return faults;
}

/** `a` and `a.b` of `a.b.c`. */
const groupsOf = (name: string): string[] =>
  name
    .split(".")
    .slice(0, -1)
    .map((_, index, parts) => parts.slice(0, index + 1).join("."));

/** 1 to 128 characters, and not the one name that an object of JavaScript keeps to itself. */
export const isAttributeName = (name: string): boolean =>
  name !== "" && name !== "__proto__" && name.length <= 128 && !name.includes("\0");
