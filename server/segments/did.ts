import type { Comparison, Condition, Times } from "./condition.ts";
import { child, EventReader, isObject, type Reader } from "./reader.ts";
import { boundsOfDay, isFuture, readDay, readRelative } from "./times.ts";
import { expectation, readScalar } from "./values.ts";

/** Reads what one event must be like, in the notation that the rest is written in. */
type ReadConditions = (reader: Reader, where: unknown, pointer: string, depth: number) => Condition[];

const example = '{"count":{"gte":3},"within":"30d","where":{"value":{"gt":100}}}';
const known = ["count", "within", "from", "to", "where"];

const comparisons: Record<string, Comparison> = {
  ...{ eq: "eq", neq: "neq", gt: "gt", gte: "gte", lt: "lt", lte: "lte" },
  ...{ equal_to: "eq", not_equal: "neq", greater_than: "gt", greater_equals: "gte" },
  ...{ lesser_than: "lt", lesser_equals: "lte" },
};

/**
 * How often an event happened, within which time, and what it must have been like: `true` for once at any time, or
 * `{count?, within? | from?, to?, where?}`. `from` and `to` are days, both included, or moments, of which `to` is not.
 */
export function parseDid(
  reader: Reader,
  did: { event: string; argument: unknown; pointer: string; depth: number; negated: boolean },
  readConditions: ReadConditions,
): Condition[] {
  const { event, argument, pointer, negated } = did;
  const value = argument === true || argument === undefined || argument === null ? {} : argument;
  if (!isObject(value)) return reader.refuse(pointer, `expected true, or such as ${example}`);
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) reader.refuse(child(pointer, name), `unknown; expected ${known.join(", ")}`);
  }
  const times = readTimes(reader, value.count, child(pointer, "count"));
  const range = readRange(reader, value, pointer);
  const where =
    value.where === undefined
      ? null
      : readConditions(new EventReader(reader), value.where, child(pointer, "where"), did.depth + 1);
  if (times === null || range === null) return [];
  return [
    { kind: "did", event, times, ...range, where: where && { kind: "all", conditions: where }, negated },
  ];
}

function readTimes(reader: Reader, count: unknown, pointer: string): Times | null {
  const refused = () => {
    reader.refuse(pointer, 'expected a whole number from 0, {"gte":3} or {"between":[1,3]}');
    return null;
  };
  if (count === undefined) return { operator: "gte", value: 1 };
  if (isTimes(count)) return { operator: "eq", value: count };
  if (!isObject(count)) return refused();
  const [[operator, value] = [], ...more] =
    "operator" in count ? [[String(count.operator), count.value] as const] : Object.entries(count);
  if (operator === undefined || more.length > 0) return refused();
  if (operator === "between" && Array.isArray(value) && value.length === 2) {
    const [from, to] = value;
    return isTimes(from) && isTimes(to) ? { from, to } : refused();
  }
  const comparison = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
  return comparison !== undefined && isTimes(value) ? { operator: comparison, value } : refused();
}

const isTimes = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 1_000_000_000;

function readRange(
  reader: Reader,
  { within, from, to }: Record<string, unknown>,
  pointer: string,
): { from: string | null; to: string | null } | null {
  const { now } = reader.vocabulary;
  if (within === undefined) {
    const start = from === undefined ? null : readEdge(reader, from, child(pointer, "from"), "from");
    const end = to === undefined ? null : readEdge(reader, to, child(pointer, "to"), "to");
    return start === undefined || end === undefined ? null : { from: start, to: end };
  }
  if (from !== undefined || to !== undefined)
    reader.refuse(child(pointer, "within"), "give either within, or from and to");
  const at = typeof within === "string" ? readRelative(within, now, reader.vocabulary.timeZone) : null;
  if (at === null || isFuture(String(within))) {
    reader.refuse(child(pointer, "within"), 'expected a time such as "30d" (m, h, d, w, mo, y)');
    return null;
  }
  return { from: at.toISOString(), to: null };
}

/** A day with all of it, or a moment. */
function readEdge(reader: Reader, value: unknown, pointer: string, edge: "from" | "to"): string | undefined {
  const day = typeof value === "string" ? readDay(value.trim()) : undefined;
  if (day !== undefined) return boundsOfDay(day, reader.vocabulary.timeZone)[edge];
  const moment = readScalar("moment", value);
  if (typeof moment === "string") return moment;
  reader.refuse(pointer, `expected a day such as 2024-05-01, or ${expectation.moment}`);
  return undefined;
}
