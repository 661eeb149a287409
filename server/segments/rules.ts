import { didYouMean } from "../lib/did-you-mean.ts";
import type { Comparison, Condition } from "./condition.ts";
import { parseDid } from "./did.ts";
import { type Field, typeOf } from "./fields.ts";
import { parseNear } from "./near.ts";
import { type RuleOperator, rulesByType } from "./operators.ts";
import { literalPattern } from "./pattern.ts";
import { child, isObject, type Named, type Reader } from "./reader.ts";
import { boundsOfDay, dayOf, isFuture, readDay, readRelative } from "./times.ts";
import { expectation, readScalar } from "./values.ts";

const groupNames = ["all", "any", "not"];
/** Whether this is a group of rules, whatever is in it. */
export const isGroup = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && groupNames.some((name) => Object.hasOwn(value, name));

const ruleNames = ["name", "operator", "value"];
const eventOperators: readonly RuleOperator[] = ["did", "did_not", "exists", "not_exists"];

/** Reads rules: `{"all":[…]}`, `{"any":[…]}` or `{"not":…}` of `{"name","operator","value"}` and such groups. */
export function readRules(reader: Reader, rules: unknown, pointer: string, depth: number): Condition[] {
  if (!isGroup(rules)) return reader.refuse(pointer, 'expected {"all":[…]}, {"any":[…]} or {"not":…}');
  return readItem(reader, rules, pointer, depth);
}

function readItem(reader: Reader, item: unknown, pointer: string, depth: number): Condition[] {
  if (!reader.enter(pointer, depth)) return [];
  if (!isObject(item))
    return reader.refuse(pointer, 'expected {"name","operator","value"} or a group: all, any or not');
  const group = groupNames.find((name) => Object.hasOwn(item, name));
  const allowed = group === undefined ? ruleNames : [group];
  for (const name of Object.keys(item)) {
    if (!allowed.includes(name))
      reader.refuse(
        child(pointer, name),
        group === undefined
          ? `unknown${didYouMean(name, [...ruleNames, ...groupNames])}; a rule has ${ruleNames.join(", ")}`
          : `unknown beside ${group}; put it into a group of its own`,
      );
  }
  const read =
    group === undefined ? readRule(reader, item, pointer, depth) : readGroup(reader, item, pointer, depth);
  return [reader.leave(pointer, read)];
}

function readGroup(
  reader: Reader,
  group: Record<string, unknown>,
  pointer: string,
  depth: number,
): Condition[] {
  if ("not" in group) {
    const conditions = readItem(reader, group.not, `${pointer}/not`, depth + 1);
    return [{ kind: "not", condition: { kind: "all", conditions } }];
  }
  const name = "all" in group ? "all" : "any";
  const items = group[name];
  const at = `${pointer}/${name}`;
  if (!Array.isArray(items)) return reader.refuse(at, "expected an array of rules and groups");
  if (name === "any" && items.length === 0) return reader.refuse(at, "expected at least one rule or group");
  const conditions: Condition[] = [];
  for (const [index, item] of items.entries()) {
    if (reader.isFull) break;
    conditions.push(...readItem(reader, item, `${at}/${index}`, depth + 1));
  }
  return [{ kind: name, conditions }];
}

function readRule(
  reader: Reader,
  { name, operator, value }: Record<string, unknown>,
  pointer: string,
  depth: number,
): Condition[] {
  const isNamed = typeof name === "string";
  if (!isNamed) reader.refuse(`${pointer}/name`, "is required: the name of a field");
  const isOperated = typeof operator === "string";
  if (!isOperated) reader.refuse(`${pointer}/operator`, "is required: such as equal_to");
  const named = isNamed ? reader.named(name, `${pointer}/name`) : null;
  if (named === null || !isOperated) return [];
  const known = "event" in named ? eventOperators : rulesByType[typeOf(named.field)];
  if (!known.includes(operator as RuleOperator))
    return reader.unknownOperator(named, operator, known, `${pointer}/operator`);
  return readOperation(
    reader,
    named,
    { operator: operator as RuleOperator, value },
    `${pointer}/value`,
    depth,
  );
}

function readOperation(
  reader: Reader,
  named: Named,
  { operator, value }: { operator: RuleOperator; value: unknown },
  pointer: string,
  depth: number,
): Condition[] {
  if (operator === "exists" || operator === "not_exists")
    return [reader.exists(named, operator === "exists")];
  if ("event" in named) {
    const did = { event: named.event, argument: value, pointer, depth, negated: operator === "did_not" };
    return parseDid(reader, did, readRules);
  }
  const { field } = named;
  switch (operator) {
    case "equal_to":
      return reader.comparison(field, "eq", value, pointer);
    case "not_equal":
      return reader.comparison(field, "neq", value, pointer);
    case "lesser_than":
      return reader.comparison(field, "lt", value, pointer);
    case "lesser_equals":
      return reader.comparison(field, "lte", value, pointer);
    case "greater_than":
      return reader.comparison(field, "gt", value, pointer);
    case "greater_equals":
      return reader.comparison(field, "gte", value, pointer);
    case "include":
    case "not_include":
      // Chabok's own example names a single value, too.
      return reader.oneOf(field, operator === "not_include", isSingle(value) ? [value] : value, pointer);
    case "between":
      return readBetween(reader, field, value, pointer);
    case "contains":
    case "not_contains":
    case "starts_with":
    case "ends_with":
    case "matches":
    case "not_matches":
      return readText(reader, field, operator, value, pointer);
    case "near":
      return readPlace(reader, field, value, pointer);
    case "before":
    case "after":
    case "within":
      return readTime(reader, field, operator, value, pointer);
    case "did":
    case "did_not":
      throw new Error("no field takes what events take");
    default:
      return readDate(reader, field, operator, value, pointer);
  }
}

const isSingle = (value: unknown) =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

function readText(
  reader: Reader,
  field: Field,
  operator: "contains" | "not_contains" | "starts_with" | "ends_with" | "matches" | "not_matches",
  value: unknown,
  pointer: string,
): Condition[] {
  const negated = operator.startsWith("not_");
  if (operator.endsWith("matches"))
    return reader.match(field, value, pointer, { notation: "regexp", ignoreCase: false, negated });
  const text = readScalar("text", value);
  if (typeof text !== "string" || text === "" || text.length > 200)
    return reader.refuse(pointer, "expected a text of 1 to 200 characters");
  const literal = literalPattern(text);
  const pattern =
    operator === "starts_with" ? `^${literal}` : operator === "ends_with" ? `${literal}$` : literal;
  return [{ kind: "match", field, pattern, caseSensitive: false, negated }];
}

function readPlace(reader: Reader, field: Field, value: unknown, pointer: string): Condition[] {
  const { lat, lng, ...rest } = isObject(value) ? value : {};
  const parsed = parseNear(field, "near" in rest ? rest : { near: { lat, lng }, ...rest }, pointer);
  if (parsed.ok) return [parsed.condition];
  for (const fault of parsed.faults) reader.refuse(fault.pointer, fault.detail);
  return [];
}

/** Of moments the ends may be days, the later one with all of it. */
function readBetween(reader: Reader, field: Field, value: unknown, pointer: string): Condition[] {
  if (typeOf(field) !== "moment" || !Array.isArray(value) || value.length !== 2)
    return reader.between(field, value, pointer);
  const [from, to] = value.map((end) => (typeof end === "string" ? readDay(end.trim()) : undefined));
  const { timeZone } = reader.vocabulary;
  if (from === undefined && to === undefined) return reader.between(field, value, pointer);
  const lower = from === undefined ? value[0] : boundsOfDay(from, timeZone).from;
  const upper = to === undefined ? value[1] : boundsOfDay(to, timeZone).to;
  return [
    ...reader.comparison(field, "gte", lower, `${pointer}/0`),
    ...reader.comparison(field, to === undefined ? "lte" : "lt", upper, `${pointer}/1`),
  ];
}

/** Relative to now, `before` and `after` also absolute. */
function readTime(
  reader: Reader,
  field: Field,
  operator: "before" | "after" | "within",
  value: unknown,
  pointer: string,
): Condition[] {
  const { now, timeZone } = reader.vocabulary;
  const text = typeof value === "string" ? value : "";
  const at = readRelative(text, now, timeZone)?.toISOString();
  const absolute = readScalar("moment", value);
  if (at === undefined && (operator === "within" || typeof absolute !== "string")) {
    const detail = 'expected a time such as "6h" ago or "+6h" from now (m, h, d, w, mo, y)';
    return reader.refuse(pointer, operator === "within" ? detail : `${detail}, or ${expectation.moment}`);
  }
  const write = (moment: string) => (typeOf(field) === "day" ? dayOf(new Date(moment), timeZone) : moment);
  const moment = write(at ?? String(absolute));
  if (operator !== "within")
    return [{ kind: "compare", field, operator: operator === "before" ? "lt" : "gt", value: moment }];
  const present = write(now.toISOString());
  const [from, to] = isFuture(text) ? [present, moment] : [moment, present];
  return [{ kind: "between", field, from, to }];
}

type DateOperator = "before_date" | "on_or_before_date" | "on_date" | "after_date" | "on_or_after_date";

const ofDays: Record<DateOperator, Comparison> = {
  ...{ before_date: "lt", on_or_before_date: "lte", on_date: "eq" },
  ...{ after_date: "gt", on_or_after_date: "gte" },
};

/** Whole days of the app's time zone. */
function readDate(
  reader: Reader,
  field: Field,
  operator: DateOperator,
  value: unknown,
  pointer: string,
): Condition[] {
  const day = typeof value === "string" ? readDay(value.trim()) : undefined;
  if (day === undefined) return reader.refuse(pointer, `expected ${expectation.day}`);
  if (typeOf(field) === "day") {
    return [{ kind: "compare", field, operator: ofDays[operator], value: day }];
  }
  const { from, to } = boundsOfDay(day, reader.vocabulary.timeZone);
  const since = (moment: string): Condition => ({ kind: "compare", field, operator: "gte", value: moment });
  const until = (moment: string): Condition => ({ kind: "compare", field, operator: "lt", value: moment });
  switch (operator) {
    case "before_date":
      return [until(from)];
    case "on_or_before_date":
      return [until(to)];
    case "on_date":
      return [since(from), until(to)];
    case "after_date":
      return [since(to)];
    case "on_or_after_date":
      return [since(from)];
    default:
      return operator satisfies never;
  }
}
