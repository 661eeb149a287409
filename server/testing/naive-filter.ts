import { versionNumber } from "../lib/version.ts";

// What a filter means, read from its JSON for one user and one of their devices, without SQL and without the parser: the
// other half of differential tests. After LoopBack's memory connector, with our differences as docs/segments.md has them.

type Json = unknown;
type Kind = "text" | "number" | "truth" | "version" | "moment" | "day" | "texts" | "list" | "data" | "place";

export interface NaiveEvent {
  name: string;
  at: number;
  value: number | string | null;
  data: Record<string, Json>;
}

/** A user with one of their devices, or with none. */
export interface NaivePair {
  /** By the name of the field; undefined and null are missing. */
  values: Record<string, Json>;
  events: readonly NaiveEvent[];
}

export interface NaiveWorld {
  kinds: Readonly<Record<string, Kind>>;
  events: readonly string[];
  now: number;
}

const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isMissing = (value: Json) => value === undefined || value === null;

/** A value as it compares: moments as milliseconds. */
function comparable(kind: Kind, value: Json): Json {
  if (kind === "moment" && !isMissing(value)) return new Date(value as string).getTime();
  if (kind === "number" && typeof value === "string") return Number(value);
  if (kind === "truth" && typeof value === "string") return value === "true";
  return value;
}

function isEqual(kind: Kind, mine: Json, asked: Json): boolean {
  if (isMissing(asked)) return isMissing(mine);
  if (isMissing(mine)) return false;
  if (kind === "version") {
    const [a, b] = [versionNumber(String(mine)), versionNumber(String(asked))];
    return b === null ? mine === asked : a === b;
  }
  // biome-ignore lint/suspicious/noDoubleEquals: LoopBack compares loosely.
  return kind === "list" || kind === "data" ? mine == asked : mine === asked;
}

function order(kind: Kind, mine: Json, asked: Json): number {
  if (isMissing(mine)) return Number.NaN;
  if (kind === "version") {
    const [a, b] = [versionNumber(String(mine)), versionNumber(String(asked))];
    return a === null || b === null ? Number.NaN : a < b ? -1 : a > b ? 1 : 0;
  }
  if (typeof mine !== typeof asked) return Number.NaN;
  const [a, b] = [mine as string, asked as string];
  return a < b ? -1 : a > b ? 1 : 0;
}

const ordered = {
  gt: (sign: number) => sign > 0,
  gte: (sign: number) => sign >= 0,
  lt: (sign: number) => sign < 0,
  lte: (sign: number) => sign <= 0,
};

function test(kind: Kind, operator: string, argument: Json, value: Json, ignoreCase: boolean): boolean {
  const asked = (raw: Json) => comparable(kind === "texts" ? "text" : kind, raw);
  const each = Array.isArray(value) ? value : [value];
  const some = (holds: (mine: Json) => boolean) => each.some(holds);
  const isIn = (list: Json) => (list as Json[]).some((item) => oneOf(item));
  const oneOf = (item: Json): boolean =>
    Array.isArray(value) && value.length === 0
      ? kind === "texts" && isMissing(item)
      : some((mine) => isEqual(kind, comparable(kind, mine), asked(item)));
  const matches = (pattern: string, flags: string) =>
    some((mine) => typeof mine === "string" && new RegExp(pattern, flags).test(mine));
  const like = () => (argument as string).replace(/%/g, ".*").replace(/_/g, ".");
  switch (operator) {
    case "eq":
      return oneOf(argument);
    case "neq":
      return !oneOf(argument);
    case "inq":
      return isIn(argument);
    case "nin":
      return !isIn(argument);
    case "between": {
      const [from, to] = (argument as Json[]).map(asked);
      return some((mine) => {
        const own = comparable(kind, mine);
        return order(kind, own, from) >= 0 && order(kind, own, to) <= 0;
      });
    }
    case "like":
    case "ilike":
      return matches(like(), ignoreCase || operator === "ilike" ? "i" : "");
    case "nlike":
    case "nilike":
      return !matches(like(), ignoreCase || operator === "nilike" ? "i" : "");
    case "regexp": {
      const [, pattern = argument as string, flags = ""] = /^\/(.*)\/(\w*)$/s.exec(argument as string) ?? [];
      return matches(pattern, flags + (ignoreCase ? "i" : ""));
    }
    case "exists": {
      const isThere = kind === "texts" ? Array.isArray(value) && value.length > 0 : !isMissing(value);
      return isThere === argument;
    }
    default: {
      const holds = ordered[operator as keyof typeof ordered];
      return some((mine) => holds(order(kind, comparable(kind, mine), asked(argument))));
    }
  }
}

/** Great-circle distance in metres, by the chord between two points on a ball. */
function distance(a: { lat: number; lng: number }, b: { lat: number; lng: number }): number {
  const on = ({ lat, lng }: { lat: number; lng: number }) => {
    const [phi, lambda] = [(lat * Math.PI) / 180, (lng * Math.PI) / 180];
    return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
  };
  const [p, q] = [on(a), on(b)];
  const chord = Math.hypot(...p.map((part, index) => part - (q[index] ?? 0)));
  return 2 * 6_371_008.8 * Math.asin(Math.min(1, chord / 2));
}

const metersPer: Record<string, number> = { kilometers: 1000, meters: 1, miles: 1609.344, feet: 0.3048 };

function isNear(place: Json, { near, maxDistance, unit = "miles" }: Record<string, Json>): boolean {
  if (!isObject(place)) return false;
  if (maxDistance === undefined) return true;
  const meters = distance(place as never, near as never);
  return meters <= Number(maxDistance) * (metersPer[unit as string] ?? Number.NaN);
}

/** Whether a LoopBack filter holds for the pair. */
export function holdsWhere(where: Json, pair: NaivePair, world: NaiveWorld): boolean {
  return Object.entries(where as Record<string, Json>).every(([name, value]) => {
    if (name === "and") return (value as Json[]).every((part) => holdsWhere(part, pair, world));
    if (name === "or") return (value as Json[]).some((part) => holdsWhere(part, pair, world));
    if (name === "not") return !holdsWhere(value, pair, world);
    const kind = world.kinds[name];
    if (kind === undefined) return holdsOfEvent(name, value as Record<string, Json>, pair, world);
    const mine = pair.values[name];
    if (!isObject(value)) return test(kind, "eq", value, mine, false);
    if ("near" in value) return isNear(mine, value);
    const { options, ...operators } = value;
    return Object.entries(operators).every(([operator, argument]) =>
      test(kind, operator, argument, mine, options === "i"),
    );
  });
}

function holdsOfEvent(
  name: string,
  value: Record<string, Json>,
  pair: NaivePair,
  world: NaiveWorld,
): boolean {
  if ("exists" in value) return pair.events.some((event) => event.name === name) === value.exists;
  const isNegated = "didNot" in value;
  const where = (event: NaiveEvent, conditions: Json) =>
    holdsWhere(conditions, { values: flat(event), events: [] }, { ...world, kinds: eventKinds(event) });
  return did(name, isNegated ? value.didNot : value.did, pair, world, where) !== isNegated;
}

const flat = ({ value, data }: NaiveEvent): Record<string, Json> => ({
  value,
  ...Object.fromEntries(Object.entries(data).map(([key, item]) => [`data.${key}`, item])),
});

/** Any key may be asked for. */
const eventKinds = (_: NaiveEvent): Record<string, Kind> =>
  new Proxy({}, { get: () => "data" as const }) as Record<string, Kind>;

function did(
  name: string,
  argument: Json,
  pair: NaivePair,
  world: NaiveWorld,
  holds: (event: NaiveEvent, conditions: Json) => boolean,
): boolean {
  const { count, within, from, to, where } = isObject(argument) ? argument : {};
  const since = typeof within === "string" ? world.now - span(within) : edge(from, 0);
  const happened = pair.events.filter(
    (event) =>
      event.name === name &&
      event.at >= (since ?? Number.NEGATIVE_INFINITY) &&
      event.at < (edge(to, 86_400_000) ?? Number.POSITIVE_INFINITY) &&
      (where === undefined || holds(event, where)),
  ).length;
  if (count === undefined) return happened > 0;
  if (typeof count === "number") return happened === count;
  return Object.entries(count as Record<string, Json>).every(([operator, number]) =>
    test("number", operator, number, happened, false),
  );
}

/** A day in UTC, the end of it a day later; or a moment. */
function edge(value: Json, dayMs: number): number | null {
  if (typeof value !== "string") return null;
  return /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(value) + dayMs : Date.parse(value);
}

const spans: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

function span(text: string): number {
  const [, number = "", unit = ""] = /^(\d+)([a-z]+)$/.exec(text) ?? [];
  return Number(number) * (spans[unit] ?? Number.NaN);
}

const byName: Record<string, string> = {
  ...{ equal_to: "eq", not_equal: "neq", include: "inq", not_include: "nin", between: "between" },
  ...{ lesser_than: "lt", lesser_equals: "lte", greater_than: "gt", greater_equals: "gte" },
};

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Whether rules hold for the pair. */
export function holdsRules(rules: Json, pair: NaivePair, world: NaiveWorld): boolean {
  if (!isObject(rules)) throw new Error("not rules");
  if (Array.isArray(rules.all)) return rules.all.every((rule) => holdsRules(rule, pair, world));
  if (Array.isArray(rules.any)) return rules.any.some((rule) => holdsRules(rule, pair, world));
  if (rules.not) return !holdsRules(rules.not, pair, world);
  const { name, operator, value } = rules as { name: string; operator: string; value: Json };
  const where = (condition: Json) => holdsWhere({ [name]: condition }, pair, world);
  const at = typeof value === "string" ? world.now - span(value) : Number.NaN;
  const day = typeof value === "string" ? Date.parse(value) : Number.NaN;
  const moment = (ms: number) => new Date(ms).toISOString();
  switch (operator) {
    case "exists":
    case "not_exists":
      return where({ exists: operator === "exists" });
    case "before":
      return where({ lt: moment(at) });
    case "after":
      return where({ gt: moment(at) });
    case "within":
      return where({ between: [moment(at), moment(world.now)] });
    case "before_date":
      return where({ lt: moment(day) });
    case "on_or_before_date":
      return where({ lt: moment(day + 86_400_000) });
    case "on_date":
      return where({ gte: moment(day), lt: moment(day + 86_400_000) });
    case "after_date":
      return where({ gte: moment(day + 86_400_000) });
    case "on_or_after_date":
      return where({ gte: moment(day) });
    case "contains":
      return where({ regexp: `/${escaped(value as string)}/i` });
    case "not_contains":
      return !where({ regexp: `/${escaped(value as string)}/i` });
    case "starts_with":
      return where({ regexp: `/^${escaped(value as string)}/i` });
    case "ends_with":
      return where({ regexp: `/${escaped(value as string)}$/i` });
    case "matches":
      return where({ regexp: value });
    case "not_matches":
      return !where({ regexp: value });
    case "near": {
      const { lat, lng, ...rest } = value as Record<string, Json>;
      return where({ near: { lat, lng }, ...rest });
    }
    case "did":
    case "did_not": {
      const holds = (event: NaiveEvent, conditions: Json) =>
        holdsRules(conditions, { values: flat(event), events: [] }, { ...world, kinds: eventKinds(event) });
      return did(name, value, pair, world, holds) === (operator === "did");
    }
    default:
      return where({ [byName[operator] ?? operator]: value });
  }
}
