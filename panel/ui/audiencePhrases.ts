import type { Strings } from "../strings/en.ts";
import type { Format } from "./format.ts";
import { isRecord } from "./rules.ts";

/** What the language and the app have to say about a filter. */
export interface PhraseContext {
  strings: Strings;
  format: Format;
  /** Filters have ids of segments, imports and messages; people know their names. */
  segmentNames: ReadonlyMap<string, string>;
}

/** Keeps a foreign text from turning the sentence around it: first-strong isolate, UAX #9. */
export function isolate(text: string): string {
  return `\u2068${text}\u2069`;
}

/** The own property of a table of words; names out of a filter may be `constructor`. */
const wordIn = (words: Record<string, string>, key: string): string | undefined =>
  Object.hasOwn(words, key) ? words[key] : undefined;

/** A field in words, as it stands within a sentence. */
export const fieldWord = (name: string, strings: Strings): string =>
  wordIn(strings.audience.fields, name) ?? isolate(name);

/** A value of a short list in words; undefined for what is not of one. */
export function choiceWord(name: string, value: string, strings: Strings): string | undefined {
  const { users, segments, audience } = strings;
  const tables: Record<string, Record<string, string>> = {
    deviceType: users.platforms,
    reachableBy: segments.channels,
    optedOutOf: segments.channels,
    userState: audience.values.userState,
    tokenState: audience.values.tokenState,
  };
  return Object.hasOwn(tables, name) ? wordIn(tables[name] ?? {}, value) : undefined;
}

/** Numbers inside identifiers, versions and tags stay as they were written; only real numbers are formatted. */
export function writeValue(name: string, value: unknown, words: PhraseContext): string {
  const { format, strings } = words;
  if (typeof value === "number") return format.decimal(value);
  if (typeof value === "boolean") return strings.audience.values.truth[value ? "true" : "false"];
  if (Array.isArray(value)) {
    const shown = value.slice(0, 4).map((item) => writeValue(name, item, words));
    if (value.length > 4) shown.push(strings.common.showMore(format.number(value.length - 4)));
    return format.list(shown, "disjunction");
  }
  if (typeof value !== "string") return isolate(JSON.stringify(value) ?? "…");
  if (name === "country") return format.country(value);
  if (/^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))) return format.calendarDay(value);
  return choiceWord(name, value, strings) ?? isolate(words.segmentNames.get(value) ?? value);
}

/** How far from where, of LoopBack's `near`. */
export function nearPhrase(place: Record<string, unknown>, words: PhraseContext): string {
  const { near, maxDistance, unit } = place;
  const point = isRecord(near)
    ? `${String(near.lat)}, ${String(near.lng)}`
    : Array.isArray(near)
      ? near.join(", ")
      : String(near);
  const { audience } = words.strings;
  if (typeof maxDistance !== "number") return audience.near("…", isolate(point));
  const units: Record<string, (shown: string) => string> = audience.units;
  const name = typeof unit === "string" ? unit : "miles"; // LoopBack's default
  const shown = words.format.decimal(maxDistance);
  const distance = Object.hasOwn(units, name) ? units[name]?.(shown) : `${shown} ${name}`;
  return audience.near(distance ?? shown, isolate(point));
}
