import type { Condition } from "./condition.ts";
import { natureOf } from "./nature.ts";

/**
 * The condition about users alone: who matches with some device, or without one. What holds for some pair of a user and
 * a device is taken apart, so that each half is looked up by itself: some pair of A or B is some pair of A, or some of B,
 * and what is said of the user holds for every pair of theirs.
 */
export function ofPeople(condition: Condition): Condition {
  if (!natureOf(condition).device) return condition;
  switch (condition.kind) {
    case "any":
      return apart("any", condition.conditions, (rest) => ({ kind: "any", conditions: rest.map(ofPeople) }));
    case "all":
      return apart("all", condition.conditions, (rest) => {
        const [only] = rest;
        if (rest.length === 1 && only) return ofPeople(only);
        // Several that ask for both must hold for one and the same device.
        return withSomeDevice({ kind: "all", conditions: rest });
      });
    case "not": {
      const further = inverted(condition.condition);
      return further ? ofPeople(further) : withSomeDevice(condition);
    }
    default:
      return withSomeDevice(condition);
  }
}

const withSomeDevice = (condition: Condition): Condition => ({ kind: "matching", condition, negated: false });

/** Users' conditions as they are, devices' in one lookup, and what asks for both as `mixed` has it. */
function apart(
  kind: "all" | "any",
  conditions: readonly Condition[],
  mixed: (rest: Condition[]) => Condition,
): Condition {
  const users: Condition[] = [];
  const devices: Condition[] = [];
  const both: Condition[] = [];
  for (const condition of conditions) {
    const nature = natureOf(condition);
    (nature.device ? (nature.user ? both : devices) : users).push(condition);
  }
  // Devices and both, all of them: of one device again.
  if (kind === "all" && both.length > 0)
    return { kind, conditions: [...users, mixed([...both, ...devices])] };
  return {
    kind,
    conditions: [
      ...users,
      ...(devices.length > 0 ? [withSomeDevice({ kind, conditions: devices })] : []),
      ...(both.length > 0 ? [mixed(both)] : []),
    ],
  };
}

/** What holds where the condition does not, with `not` one step further in; null of a single rule. */
function inverted(condition: Condition): Condition | null {
  const not = (inner: Condition): Condition => ({ kind: "not", condition: inner });
  switch (condition.kind) {
    case "all":
      return { kind: "any", conditions: condition.conditions.map(not) };
    case "any":
      return { kind: "all", conditions: condition.conditions.map(not) };
    case "not":
      return condition.condition;
    default:
      return null;
  }
}
