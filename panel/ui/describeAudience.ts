import type { Message } from "../../server/messages/schema.ts";
import type { Strings } from "../strings/en.ts";
import type { Format } from "./format.ts";

/** What {@link describeAudience} needs of the language. */
export interface Words {
  strings: Strings;
  format: Format;
}

/** What a phrase is made with. Targets have the ids of segments; people know their names. */
interface Context extends Words {
  segmentNames: ReadonlyMap<string, string>;
}

/** Deeper filters are cut off: the sentence would not be read anyway, and the JSON stands beside it. */
const maxDepth = 3;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Keeps a foreign text from turning the sentence around it: first-strong isolate, UAX #9. */
function isolate(text: string): string {
  return `\u2068${text}\u2069`;
}

/** Numbers inside identifiers, versions and tags stay as they were written; only real numbers are formatted. */
function writeValue(name: string, value: unknown, words: Context): string {
  const { format, strings } = words;
  if (typeof value === "number") return format.number(value);
  if (Array.isArray(value)) {
    const shown = value.slice(0, 4).map((item) => writeValue(name, item, words));
    if (value.length > 4) shown.push(strings.common.showMore(format.number(value.length - 4)));
    return format.list(shown, "disjunction");
  }
  if (typeof value !== "string") return isolate(JSON.stringify(value));
  if (name === "segment") return isolate(words.segmentNames.get(value) ?? value);
  const platforms: Record<string, string> = strings.users.platforms;
  const known = name === "deviceType" && Object.hasOwn(platforms, value) ? platforms[value] : undefined;
  return known ?? isolate(value);
}

function nearPhrase(rule: Record<string, unknown>, words: Context): string {
  const { near, maxDistance, unit } = rule;
  const place = isRecord(near)
    ? `${String(near.lat)}, ${String(near.lng)}`
    : Array.isArray(near)
      ? near.join(", ")
      : String(near);
  const { audience } = words.strings;
  if (typeof maxDistance !== "number") return audience.near("…", isolate(place));
  const units: Record<string, (shown: string) => string> = audience.units;
  const name = typeof unit === "string" ? unit : "miles"; // LoopBack's default
  const shown = words.format.number(maxDistance);
  const distance = Object.hasOwn(units, name) ? units[name]?.(shown) : `${shown} ${name}`;
  return audience.near(distance ?? shown, isolate(place));
}

/** A field by its name in the filter and in words. */
interface Field {
  name: string;
  word: string;
}

function operatorPhrase(
  { name, word: field }: Field,
  operator: string,
  value: unknown,
  words: Context,
): string | null {
  const { audience } = words.strings;
  const text = writeValue(name, value, words);
  switch (operator) {
    case "eq":
    case "inq":
      return audience.is(field, text);
    case "neq":
    case "nin":
      return audience.isNot(field, text);
    case "gt":
      return audience.above(field, text);
    case "gte":
      return audience.atLeast(field, text);
    case "lt":
      return audience.below(field, text);
    case "lte":
      return audience.atMost(field, text);
    case "between":
      if (!Array.isArray(value)) return null;
      return audience.between(field, writeValue(name, value[0], words), writeValue(name, value[1], words));
    case "like":
    case "ilike":
    case "regexp":
      return audience.like(field, text);
    case "exists":
      return value === false ? audience.missing(field) : audience.exists(field);
    default:
      return null;
  }
}

function fieldPhrases(name: string, rule: unknown, words: Context): string[] {
  const names: Record<string, string> = words.strings.audience.fields;
  const word = Object.hasOwn(names, name) ? (names[name] ?? name) : isolate(name);
  if (!isRecord(rule)) return [words.strings.audience.is(word, writeValue(name, rule, words))];
  if ("near" in rule) {
    const near = nearPhrase(rule, words);
    // The place of the device goes without saying; that of an attribute does not.
    return [name === "nearBy" ? near : `${word} ${near}`];
  }
  return Object.entries(rule).map(
    ([operator, value]) =>
      operatorPhrase({ name, word }, operator, value, words) ??
      `${word} ${operator} ${writeValue(name, value, words)}`,
  );
}

function phrase(target: Record<string, unknown>, words: Context, depth: number): string {
  if (depth > maxDepth) return "…";
  const parts: string[] = [];
  for (const [name, rule] of Object.entries(target)) {
    if ((name === "and" || name === "or") && Array.isArray(rule)) {
      const inner = rule.filter(isRecord).map((part) => phrase(part, words, depth + 1));
      const joined = inner.join(` ${words.strings.common[name]} `);
      parts.push(name === "or" && inner.length > 1 && depth > 0 ? `(${joined})` : joined);
    } else {
      parts.push(...fieldPhrases(name, rule, words));
    }
  }
  return parts.join(` ${words.strings.common.and} `);
}

/** The segments a target speaks of by their ids. */
type Segments = NonNullable<Message["audience"]["segments"]>;

/** A target as a sentence: a filter, or the name or id of a segment. What is neither is shown as it is. */
export function describeTarget(target: unknown, words: Words, segments: Segments = []): string {
  const segmentNames = new Map(segments.map(({ id, name }) => [id, name]));
  const filter = typeof target === "string" ? filterIn(target) : target;
  const { audience } = words.strings;
  if (typeof target === "string" && filter === null)
    return audience.segment(isolate(segmentNames.get(target) ?? target));
  if (!isRecord(filter)) return JSON.stringify(filter) ?? "";
  if (Object.keys(filter).length === 0) return audience.everyone;
  return audience.where(phrase(filter, { ...words, segmentNames }, 0));
}

/** The filter that a text is the JSON of; null for the name or id of a segment. */
function filterIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** Whom a message is for, in one line. */
export function describeAudience(message: Pick<Message, "audience" | "topic">, words: Words): string {
  const { audience } = words.strings;
  switch (message.audience.kind) {
    case "topic":
      return message.topic === "default" ? audience.everyone : audience.topic(isolate(message.topic));
    case "target":
      return describeTarget(message.audience.target, words, message.audience.segments);
    case "users": {
      const ids = message.audience.users ?? [];
      const [only] = ids;
      if (only === undefined) return audience.nobody;
      if (ids.length === 1) return audience.user(isolate(only));
      const shown = ids.slice(0, 3).map(isolate);
      // How many more is not known here: the API names at most the first 20.
      if (ids.length > 3) shown.push("…");
      return audience.users(shown.join(words.strings.common.comma));
    }
    default:
      return message.audience.kind satisfies never;
  }
}
