import type { AttributeRequest } from "../users/attribute-changes.ts";
import type { IncrementAttributes, Meta, UserInfo } from "./profile-schema.ts";

/** Attributes as Chabok's SDKs write them, as ours: what `__meta` says of a name decides what becomes of its value. */
export function readUserInfo({ data, __meta }: Pick<UserInfo, "data" | "__meta">): AttributeRequest {
  const attributes = new Map(Object.entries(withDates(data, __meta)));
  const unset: string[] = [];
  const add = new Map<string, readonly unknown[]>();
  const remove = new Map<string, readonly unknown[]>();
  for (const [name, { operation, value }] of Object.entries(__meta?.keys ?? {})) {
    if (operation === undefined) continue;
    const items = value ?? listOf(attributes.get(name));
    attributes.delete(name);
    if (operation === "unset") unset.push(name);
    else if (operation === "addToArray") add.set(name, items);
    else remove.set(name, items);
  }
  return {
    ...{ attributes: Object.fromEntries(attributes), unset },
    ...{ add: Object.fromEntries(add), remove: Object.fromEntries(remove) },
  };
}

/** Values that are said to be dates, in milliseconds since 1970, as ISO 8601; what is no moment stays as it is. */
export function withDates(
  data: Readonly<Record<string, unknown>>,
  meta: Meta | undefined,
): Record<string, unknown> {
  const keys = new Map(Object.entries(meta?.keys ?? {}));
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      keys.get(name)?.type === "date" ? isoOf(value) : value,
    ]),
  );
}

function isoOf(value: unknown): unknown {
  const at = typeof value === "number" ? new Date(value) : null;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : value;
}

const listOf = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Amounts by name, of any of the three ways to write them; of a name that comes twice both count. */
export function readIncrements(attributes: IncrementAttributes["attributes"]): Record<string, number> {
  if (!Array.isArray(attributes)) return attributes;
  const sums = new Map<string, number>();
  for (const one of attributes) {
    const { attribute, value } = typeof one === "string" ? { attribute: one, value: 1 } : one;
    sums.set(attribute, (sums.get(attribute) ?? 0) + value);
  }
  return Object.fromEntries(sums);
}
