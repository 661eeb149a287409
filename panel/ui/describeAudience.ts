import type { Campaign } from "../../server/campaigns/schema.ts";
import type { Message } from "../../server/messages/schema.ts";
import type { Strings } from "../strings/en.ts";
import { fieldWord, isolate, nearPhrase, type PhraseContext, writeValue } from "./audiencePhrases.ts";
import { describeRules, type RuleWords } from "./describeRules.ts";
import type { Format } from "./format.ts";
import { isRecord, isRules } from "./rules.ts";

/** What {@link describeAudience} needs of the language. */
export interface Words {
  strings: Strings;
  format: Format;
}

/** Deeper filters are cut off: the sentence would not be read anyway, and the JSON stands beside it. */
const maxDepth = 3;

/** A field by its name in the filter and in words. */
interface Field {
  name: string;
  word: string;
}

function operatorPhrase(
  { name, word: field }: Field,
  operator: string,
  value: unknown,
  words: PhraseContext,
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

function fieldPhrases(name: string, rule: unknown, words: PhraseContext): string[] {
  const word = fieldWord(name, words.strings);
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

function phrase(target: Record<string, unknown>, words: PhraseContext, depth: number): string {
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
  return describeFilter(target, { ...words, segmentNames });
}

/** A filter as a sentence, in whichever notation, or the name or id of a segment. */
export function describeFilter(written: unknown, words: RuleWords): string {
  const filter = typeof written === "string" ? filterIn(written) : written;
  const { audience } = words.strings;
  if (typeof written === "string" && filter === null)
    return audience.segment(isolate(words.segmentNames.get(written) ?? written));
  if (!isRecord(filter)) return JSON.stringify(filter) ?? "";
  if (isRules(filter)) return describeRules(filter, words);
  if (Object.keys(filter).length === 0) return audience.everyone;
  return audience.where(phrase(filter, words, 0));
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

/** Whom a campaign is for that did not go yet, in one line. */
export function describePlanned(
  { users, topic, segment, target }: Campaign["audience"],
  words: RuleWords,
): string {
  const { audience } = words.strings;
  if (users !== undefined) return describeUsers(users, words);
  if (topic !== undefined) return topic === "default" ? audience.everyone : audience.topic(isolate(topic));
  return describeFilter(segment ?? target, words);
}

/** Whom a message is for, in one line. */
export function describeAudience(message: Pick<Message, "audience" | "topic">, words: Words): string {
  const { audience } = words.strings;
  switch (message.audience.kind) {
    case "topic":
      return message.topic === "default" ? audience.everyone : audience.topic(isolate(message.topic));
    case "target":
      return describeTarget(
        message.audience.segment ?? message.audience.target,
        words,
        message.audience.segments,
      );
    case "users":
      return describeUsers(message.audience.users ?? [], words);
    default:
      return message.audience.kind satisfies never;
  }
}

function describeUsers(ids: readonly string[], { strings }: Words): string {
  const { audience } = strings;
  const [only] = ids;
  if (only === undefined) return audience.nobody;
  if (ids.length === 1) return audience.user(isolate(only));
  const shown = ids.slice(0, 3).map(isolate);
  // How many more is not known here: the API names at most the first 20.
  if (ids.length > 3) shown.push("…");
  return audience.users(shown.join(strings.common.comma));
}
