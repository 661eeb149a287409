import { fieldWord, isolate, nearPhrase, type PhraseContext, writeValue } from "./audiencePhrases.ts";
import { type Group, isRecord, type Rule, readRules, readSpan, readStat, type SpanUnit } from "./rules.ts";

/** What {@link describeRules} needs: the language, names for ids, and which names are those of events. */
export interface RuleWords extends PhraseContext {
  isEvent?: (name: string) => boolean;
}

/** Rules as a sentence. What is no rules is shown as it is. */
export function describeRules(rules: unknown, words: RuleWords): string {
  const group = readRules(rules);
  const { audience } = words.strings;
  if (group === null) return JSON.stringify(rules) ?? "";
  const phrase = groupPhrase(group, words, true);
  return phrase === "" ? audience.everyone : audience.where(phrase);
}

function groupPhrase(group: Group, words: RuleWords, isOuter: boolean): string {
  const { common, audience } = words.strings;
  const inner = group.items
    .map((item) => (item.kind === "group" ? groupPhrase(item, words, false) : rulePhrase(item, words)))
    .filter((phrase) => phrase !== "");
  if (inner.length === 0) return "";
  const isAny = group.match === "any" || group.match === "none";
  const joined = inner.join(` ${isAny ? common.or : common.and} `);
  if (group.match === "none" || group.match === "notAll") return audience.not(joined);
  return isOuter || inner.length === 1 ? joined : `(${joined})`;
}

const unitNames: Record<SpanUnit, "minute" | "hour" | "day" | "week" | "month" | "year"> = {
  m: "minute",
  h: "hour",
  d: "day",
  w: "week",
  mo: "month",
  y: "year",
};

/** A length of time without where it lies: `72h` is 72 hours. */
function spanWord(value: unknown, words: RuleWords): string | null {
  const span = readSpan(value);
  return span === null ? null : words.format.span(span.amount, unitNames[span.unit]);
}

/** One rule, within a sentence. */
function rulePhrase(rule: Rule, words: RuleWords): string {
  const { audience } = words.strings;
  const { name, operator, value } = rule;
  if (operator === "did" || operator === "did_not") return windowPhrase(rule, words);
  if ((operator === "exists" || operator === "not_exists") && words.isEvent?.(name)) {
    return operator === "exists" ? audience.didEver(isolate(name)) : audience.didNever(isolate(name));
  }
  const stat = readStat(name);
  const field =
    stat === null ? fieldWord(name, words.strings) : audience.stats[stat.stat](isolate(stat.event));
  if (operator === "near" && isRecord(value)) {
    const { lat, lng, ...distance } = value;
    const place = nearPhrase("near" in value ? value : { ...distance, near: { lat, lng } }, words);
    return name === "nearBy" ? place : `${field} ${place}`;
  }
  return comparison(field, rule, words) ?? `${field} ${operator} ${writeValue(name, value, words)}`;
}

function comparison(field: string, { name, operator, value }: Rule, words: RuleWords): string | null {
  const { audience } = words.strings;
  const text = value === undefined ? "…" : writeValue(name, value, words);
  switch (operator) {
    case "equal_to":
    case "include":
      return audience.is(field, text);
    case "not_equal":
    case "not_include":
      return audience.isNot(field, text);
    case "lesser_than":
      return audience.below(field, text);
    case "lesser_equals":
      return audience.atMost(field, text);
    case "greater_than":
      return audience.above(field, text);
    case "greater_equals":
      return audience.atLeast(field, text);
    case "between": {
      const [low, high] = Array.isArray(value) ? value : [];
      return audience.between(field, endOf(name, low, words), endOf(name, high, words));
    }
    case "contains":
      return audience.contains(field, text);
    case "not_contains":
      return audience.notContains(field, text);
    case "starts_with":
      return audience.startsWith(field, text);
    case "ends_with":
      return audience.endsWith(field, text);
    case "matches":
      return audience.like(field, text);
    case "not_matches":
      return audience.notLike(field, text);
    case "exists":
      return audience.exists(field);
    case "not_exists":
      return audience.missing(field);
    case "before":
    case "after":
    case "within":
      return spanPhrase(field, operator, value, words);
    case "before_date":
      return audience.beforeDay(field, text);
    case "on_or_before_date":
      return audience.untilDay(field, text);
    case "on_date":
      return audience.onDay(field, text);
    case "after_date":
      return audience.afterDay(field, text);
    case "on_or_after_date":
      return audience.sinceDay(field, text);
    default:
      return null; // of a newer server
  }
}

/** An end of a range; a moment as what the clock shows. */
function endOf(name: string, value: unknown, words: RuleWords): string {
  if (value === undefined || value === null) return "…";
  const isMoment = typeof value === "string" && /^\d{4}-\d{2}-\d{2}T/.test(value);
  if (isMoment && !Number.isNaN(Date.parse(value))) return words.format.dateTime(value);
  return writeValue(name, value, words);
}

function spanPhrase(
  field: string,
  operator: "before" | "after" | "within",
  value: unknown,
  words: RuleWords,
): string {
  const { audience } = words.strings;
  const isAhead = readSpan(value)?.isAhead ?? false;
  const span = spanWord(value, words) ?? (value === undefined ? "…" : isolate(String(value)));
  if (operator === "before")
    return isAhead ? audience.beforeAhead(field, span) : audience.longAgo(field, span);
  if (operator === "after") return isAhead ? audience.farAhead(field, span) : audience.lately(field, span);
  return isAhead ? audience.soon(field, span) : audience.lately(field, span);
}

/** That an event happened or not: how often, when, and with what. */
function windowPhrase({ name, operator, value }: Rule, words: RuleWords): string {
  const { audience } = words.strings;
  const window = isRecord(value) ? value : {};
  const parts = [timesPhrase(window.count, words)];
  const span = window.within === undefined ? null : spanWord(window.within, words);
  if (span !== null) parts.push(audience.inPast(span));
  if (window.from !== undefined) parts.push(audience.from(endOf("", window.from, words)));
  if (window.to !== undefined) parts.push(audience.to(endOf("", window.to, words)));
  if (window.where !== undefined) {
    const where = readRules(window.where);
    const joined = where === null ? JSON.stringify(window.where) : wherePhrase(where, words);
    if (joined !== "") parts.push(audience.with(joined));
  }
  const how = parts.map((part) => (part === "" ? "" : ` ${part}`)).join("");
  return (operator === "did" ? audience.did : audience.didNot)(isolate(name), how);
}

function timesPhrase(count: unknown, words: RuleWords): string {
  if (!isRecord(count)) return "";
  const { audience } = words.strings;
  if (count.operator === "between" && Array.isArray(count.value)) {
    return audience.timesBetween(endOf("", count.value[0], words), endOf("", count.value[1], words));
  }
  const say: Record<string, (count: number, shown: string) => string> = audience.times;
  const operator = String(count.operator);
  const shown = endOf("", count.value, words);
  return Object.hasOwn(say, operator)
    ? (say[operator]?.(Number(count.value), shown) ?? "")
    : `${operator} ${shown}`;
}

/** Conditions on one event: its value, and what its data say. */
function wherePhrase(where: Group, words: RuleWords): string {
  const named = (item: Group | Rule): Group | Rule => {
    if (item.kind === "group") return { ...item, items: item.items.map(named) };
    return item.name.startsWith("data.") ? { ...item, name: item.name.slice("data.".length) } : item;
  };
  const plain = named(where);
  return plain.kind === "group"
    ? groupPhrase(plain, { ...words, isEvent: () => false }, true)
    : rulePhrase(plain, words);
}
