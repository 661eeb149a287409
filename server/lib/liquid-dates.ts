import { tzOffset } from "@date-fns/tz";
import { Drop, type FilterImplOptions, type Liquid } from "liquidjs";
import { parseMoment } from "./dates.ts";
import { formatDay, formatMoment, formatNumber, inDigitsOf } from "./moment-format.ts";

type FilterHandler = Extract<FilterImplOptions, (...given: never[]) => unknown>;
type FilterCall = ThisParameterType<FilterHandler>;

/** Under which the time zone of a rendering stands: no template can name it. */
const zone = Symbol("time zone");

/** One for each zone, since it is asked for with every text. */
const kept = new Map<string, { globals: object }>();

/** The options of a rendering that the filters below need. */
export function inTimeZone(timeZone: string): { globals: object } {
  const known = kept.get(timeZone);
  if (known) return known;
  const made = { globals: { [zone]: timeZone } };
  if (kept.size < mostZones) kept.set(timeZone, made);
  return made;
}

/** What a filter says of what it was given; the sentence is for whoever wrote the template. */
export class FilterFault extends Error {}

/**
 * `date` takes the formats of Liquid (`%Y-%m-%d`) and, where there is no `%`, those of moment and moment-jalaali;
 * `locale` writes numbers, days, and what `date` made, as a locale does. Both in the time zone of the rendering.
 */
export function registerDateFilters(engine: Liquid): void {
  const strftime = handlerOf(engine, "date");
  engine.registerFilter("date", function (this: FilterCall, value, format, timeZone) {
    const inZone = typeof timeZone === "string" || typeof timeZone === "number" ? timeZone : zoneOf(this);
    const at = momentOf(value, typeof inZone === "string" ? inZone : "UTC");
    if (typeof format !== "string" || format.includes("%") || at === null || typeof inZone === "number")
      return strftime.call(this, at ?? value, format, at ? offsetFor(at, format, inZone) : inZone);
    return new WrittenMoment(at, format, checkedZone(inZone));
  });
  engine.registerFilter("locale", function (this: FilterCall, value, name) {
    const locale = checkedLocale(name);
    if (value instanceof WrittenMoment) return value.in(locale);
    if (isDecimal(value)) return formatNumber(value, locale);
    const timeZone = zoneOf(this);
    const at = value instanceof Date || isDayOrMoment(value) ? momentOf(value, timeZone) : null;
    if (at) return formatDay(at, { timeZone, locale });
    return typeof value === "string" ? inDigitsOf(locale, value) : value;
  });
}

/** Minutes west of Greenwich: the engine takes long to find them out by itself. Only `%Z` tells the name of the zone. */
function offsetFor(at: Date, format: unknown, inZone: string | number): string | number {
  if (typeof inZone === "number") return inZone;
  const zone = checkedZone(inZone);
  return typeof format === "string" && format.includes("%Z") ? zone : -tzOffset(zone, at);
}

/** A moment in a format, which is a text to everything but the filter `locale`. */
class WrittenMoment extends Drop {
  readonly #at: Date;
  readonly #format: string;
  readonly #timeZone: string;

  constructor(at: Date, format: string, timeZone: string) {
    super();
    this.#at = at;
    this.#format = format;
    this.#timeZone = timeZone;
  }

  in(locale: string): string {
    return formatMoment(this.#at, this.#format, { timeZone: this.#timeZone, locale });
  }

  override valueOf(): string {
    return this.in("en");
  }

  override toString(): string {
    return this.valueOf();
  }

  toJSON(): string {
    return this.valueOf();
  }
}

function handlerOf(engine: Liquid, name: string): FilterHandler {
  const filter = engine.filters[name];
  const handler = typeof filter === "function" ? filter : filter?.handler;
  if (!handler) throw new Error(`the engine of templates has no filter ${name}`);
  return handler;
}

const zoneOf = ({ context }: FilterCall): string => (context.globals as { [zone]?: string })[zone] ?? "UTC";

/** Of numbers seconds since 1970, as Liquid has it; those beyond the year 5138 are milliseconds. */
function momentOf(value: unknown, timeZone: string): Date | null {
  if (value === "now" || value === "today") return new Date();
  if (value instanceof Date) return isTold(value) ? value : null;
  if (typeof value === "number") {
    const at = new Date(Math.abs(value) < 1e11 ? value * 1000 : value);
    return isTold(at) ? at : null;
  }
  return typeof value === "string" ? parseMoment(value.trim(), timeZone) : null;
}

/** No calendar has days of more than 270,000 years from now. */
const isTold = (at: Date): boolean => !Number.isNaN(at.getTime());

// Ids and phone numbers begin with a zero or a plus sign, and are not to be counted.
const isDecimal = (value: unknown): value is number | string =>
  typeof value === "number" || (typeof value === "string" && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value));

const isDayOrMoment = (value: unknown): boolean =>
  typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value);

function checkedLocale(name: unknown): string {
  try {
    const [locale] = Intl.getCanonicalLocales(String(name).replaceAll("_", "-"));
    if (locale) return locale;
  } catch {
    // Said below.
  }
  throw new FilterFault(`${JSON.stringify(name ?? "")} is no locale; write one such as "fa-IR" or "en-GB"`);
}

/** Names may be written in capitals or not: more of them than there are zones. */
const mostZones = 1_000;
const knownZones = new Set<string>();

function checkedZone(name: string): string {
  if (knownZones.has(name)) return name;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    if (knownZones.size < mostZones) knownZones.add(name);
    return name;
  } catch {
    throw new FilterFault(`${JSON.stringify(name)} is no time zone; write one such as "Asia/Tehran"`);
  }
}
