import { type AttributeUse, attributeFaults, isAttributeName } from "./attribute-rules.ts";
import type { AttributeType } from "./attribute-types.ts";
import {
  type AttributeValue,
  expectedJson,
  isScalar,
  readJsonValue,
  type Scalar,
  typeOfJson,
} from "./attribute-values.ts";

/** What is asked for. Null among `attributes` unsets, as `unset` does. */
export interface AttributeRequest {
  attributes?: Readonly<Record<string, unknown>> | undefined;
  unset?: readonly string[] | undefined;
  /** Adds to a number; one that is missing begins at 0. */
  increment?: Readonly<Record<string, number>> | undefined;
  /** Adds items to a list, each once. */
  add?: Readonly<Record<string, readonly unknown[]>> | undefined;
  remove?: Readonly<Record<string, readonly unknown[]>> | undefined;
}

/** A value that was not stored; the others were. */
export interface RefusedAttribute {
  name: string;
  detail: string;
}

type Change =
  | { kind: "set"; value: AttributeValue }
  | { kind: "unset" }
  | { kind: "increment"; by: number }
  | { kind: "add" | "remove"; items: Scalar[] };

/** A request, checked against the types of the attributes. */
export interface AttributePlan {
  changes: ReadonlyMap<string, Change>;
  /** Attributes that there were not yet, with the types they get. */
  fresh: AttributeUse[];
  refused: RefusedAttribute[];
}

export function planChanges(
  types: ReadonlyMap<string, AttributeType>,
  request: AttributeRequest,
): AttributePlan {
  const changes = new Map<string, Change>();
  const fresh: AttributeUse[] = [];
  const refused: RefusedAttribute[] = [];
  const known = new Map(types);

  /** The type that `name` has, or gets by this change; null, with the reason noted, when it cannot have it. */
  function claim(name: string, type: AttributeType): AttributeType | null {
    const before = known.get(name);
    if (before !== undefined) return before;
    if (!isAttributeName(name))
      return refuse(name, "expected a name of 1 to 128 characters, and not __proto__");
    const [fault] = attributeFaults(known, [{ name, type }]);
    if (fault !== undefined) return refuse(name, fault.detail);
    known.set(name, type);
    fresh.push({ name, type });
    return type;
  }

  function refuse(name: string, detail: string): null {
    refused.push({ name, detail });
    return null;
  }

  function change(name: string, wanted: Change): void {
    if (changes.has(name)) refuse(name, "is changed twice in one request; send one change");
    else changes.set(name, wanted);
  }

  for (const [name, value] of Object.entries(request.attributes ?? {})) {
    if (value === null) {
      change(name, { kind: "unset" });
      continue;
    }
    const wanted = known.get(name) ?? typeOfJson(value);
    // Before the name is taken: a value that cannot be stored gives no attribute its type.
    const stored = wanted && readJsonValue(wanted, value);
    if (wanted === null || stored === null) {
      refuse(name, `is ${wanted ?? "no value"}: expected ${expectedJson[wanted ?? "TEXT"]}`);
    } else if (claim(name, wanted)) {
      change(name, { kind: "set", value: stored });
    }
  }
  for (const name of request.unset ?? []) change(name, { kind: "unset" });
  for (const [name, by] of Object.entries(request.increment ?? {})) {
    const type = claim(name, "NUMBER");
    if (type === "NUMBER") change(name, { kind: "increment", by });
    else if (type) refuse(name, `is ${type}; only a NUMBER can be incremented`);
  }
  for (const kind of ["add", "remove"] as const) {
    for (const [name, items] of Object.entries(request[kind] ?? {})) {
      const list = readJsonValue("ARRAY", items);
      // Taking something away makes no attribute.
      const type = list && (kind === "add" ? claim(name, "ARRAY") : (known.get(name) ?? null));
      if (!list) refuse(name, `is ARRAY: expected ${expectedJson.ARRAY}`);
      else if (type === "ARRAY") change(name, { kind, items: items.filter(isScalar) });
      else if (type) refuse(name, `is ${type}; only an ARRAY has items to ${kind}`);
    }
  }
  return { changes, fresh, refused };
}

/** The attributes after the planned changes. A stored value of another type than its attribute's counts as missing. */
export function applyChanges(
  current: Readonly<Record<string, unknown>>,
  { changes }: AttributePlan,
): Record<string, unknown> {
  const next = new Map(Object.entries(current));
  for (const [name, change] of changes) {
    const before = next.get(name);
    switch (change.kind) {
      case "set":
        next.set(name, change.value);
        break;
      case "unset":
        next.delete(name);
        break;
      case "increment": {
        const sum = (typeof before === "number" ? before : 0) + change.by;
        // Beyond every number there is nothing that JSON could say.
        if (Number.isFinite(sum)) next.set(name, sum);
        break;
      }
      case "add":
        next.set(name, [...new Set([...itemsOf(before), ...change.items])]);
        break;
      case "remove":
        if (Array.isArray(before))
          next.set(
            name,
            before.filter((item) => !change.items.includes(item)),
          );
        break;
      default:
        change satisfies never;
    }
  }
  return Object.fromEntries(next);
}

const itemsOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
