import type { Group, Rule } from "../../ui/rules.ts";
import { isRecord, readSpan, writeSpan } from "../../ui/rules.ts";
import { distanceUnits } from "./circle.ts";
import { isComplete } from "./values.ts";

/**
 * Rules in the one way of writing that the builder has controls for: the API takes a single value for a list, `true` for
 * "at least once" and others. Null when some rule is written in a way that only JSON can show.
 */
export function canonicalGroup(group: Group): Group | null {
  const items: (Group | Rule)[] = [];
  for (const item of group.items) {
    const canonical = item.kind === "group" ? canonicalGroup(item) : canonicalRule(item);
    if (canonical === null) return null;
    items.push(canonical);
  }
  return { ...group, items };
}

function canonicalRule(rule: Rule): Rule | null {
  const canonical = { ...rule, value: canonicalValue(rule) };
  return isComplete(canonical) ? canonical : null;
}

function canonicalValue({ operator, value }: Rule): unknown {
  switch (operator) {
    case "exists":
    case "not_exists":
      return undefined;
    case "include":
    case "not_include":
      return value === undefined || Array.isArray(value) ? value : [value];
    case "before":
    case "after":
    case "within":
      return canonicalSpan(value);
    case "near":
      return canonicalPlace(value);
    case "did":
    case "did_not":
      return canonicalWindow(value);
    default:
      return value;
  }
}

function canonicalSpan(value: unknown): unknown {
  const span = readSpan(typeof value === "string" ? value.replace(/[\s-]/g, "").toLowerCase() : value);
  // A point in time instead of a length is no span, and stays what it is: not to be shown as one.
  return span === null ? value : writeSpan(span);
}

/** A point in LoopBack's ways of writing it; null when it is none. */
function readPoint(point: unknown): { lat: unknown; lng: unknown } | null {
  if (isRecord(point)) return { lat: point.lat, lng: point.lng };
  const pair = typeof point === "string" ? point.split(",").map(Number) : point;
  return Array.isArray(pair) && pair.length === 2 ? { lat: pair[0], lng: pair[1] } : null;
}

function canonicalPlace(value: unknown): unknown {
  if (!isRecord(value)) return undefined;
  // LoopBack's unit, where none is named.
  const { near, unit = "miles", maxDistance, ...point } = value;
  const isKnown = distanceUnits.some((known) => known === unit);
  return isKnown ? { ...(readPoint(near) ?? point), maxDistance, unit } : undefined;
}

const longNames: Record<string, string> = {
  eq: "equal_to",
  neq: "not_equal",
  gt: "greater_than",
  gte: "greater_equals",
  lt: "lesser_than",
  lte: "lesser_equals",
};

function canonicalCount(count: unknown): unknown {
  if (typeof count === "number") return { operator: "equal_to", value: count };
  if (!isRecord(count) || "operator" in count) return count;
  const [[operator, value] = [], ...more] = Object.entries(count);
  if (operator === undefined || more.length > 0) return count;
  return { operator: longNames[operator] ?? operator, value };
}

function canonicalWindow(value: unknown): unknown {
  if (value === true || value === null || value === undefined) return undefined;
  if (!isRecord(value)) return value;
  const { count, within, ...rest } = value;
  const window = {
    ...(count === undefined ? {} : { count: canonicalCount(count) }),
    ...(within === undefined ? {} : { within: canonicalSpan(within) }),
    ...rest,
  };
  return Object.keys(window).length === 0 ? undefined : window;
}
