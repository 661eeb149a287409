/** How the items of a group go together. `none` and `notAll` are written as `not` around the others. */
export const matches = ["all", "any", "none", "notAll"] as const;
export type Match = (typeof matches)[number];

/** A rule of the rules notation as it is read: one field, compared. */
export interface Rule {
  kind: "rule";
  name: string;
  operator: string;
  /** Undefined where the operator takes none. */
  value: unknown;
}

/** A group of rules and groups. */
export interface Group {
  kind: "group";
  match: Match;
  items: (Group | Rule)[];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a filter is written in rules and not as a `target`. A target may have a field called `all`, but no list in it. */
export function isRules(filter: unknown): filter is Record<string, unknown> {
  if (!isRecord(filter)) return false;
  const keys = Object.keys(filter);
  return (
    keys.length === 1 && (Array.isArray(filter.all) || Array.isArray(filter.any) || isRecord(filter.not))
  );
}

/** What rules say; null for what has something else in it, which only its JSON can show whole. */
export function readRules(filter: unknown): Group | null {
  if (!isRules(filter)) return null;
  const item = readItem(filter);
  return item?.kind === "group" ? item : null;
}

function readItem(item: unknown): Group | Rule | null {
  if (isRules(item)) return "not" in item ? readNot(item.not) : readGroup(item);
  if (!isRecord(item)) return null;
  const { name, operator, value, ...rest } = item;
  if (typeof name !== "string" || typeof operator !== "string" || Object.keys(rest).length > 0) return null;
  return { kind: "rule", name, operator, value };
}

function readGroup(group: Record<string, unknown>): Group | null {
  const match = Array.isArray(group.all) ? "all" : "any";
  const items: (Group | Rule)[] = [];
  // Checked by isRules.
  for (const item of group[match] as unknown[]) {
    const read = readItem(item);
    if (read === null) return null;
    items.push(read);
  }
  return { kind: "group", match, items };
}

function readNot(inner: unknown): Group | null {
  const item = readItem(inner);
  if (item === null) return null;
  if (item.kind === "group" && item.match === "any") return { ...item, match: "none" };
  if (item.kind === "group" && item.match === "all") return { ...item, match: "notAll" };
  return { kind: "group", match: "none", items: [item] };
}

/** Units of a length of time as rules write them, the shortest first. */
export const spanUnits = ["m", "h", "d", "w", "mo", "y"] as const;
export type SpanUnit = (typeof spanUnits)[number];

/** A length of time from now, back or ahead: `3d` is three days back, `+3d` three days ahead. */
export interface Span {
  amount: number;
  unit: SpanUnit;
  isAhead: boolean;
}

/** See {@link Span}; null for what is none. */
export function readSpan(value: unknown): Span | null {
  const match = typeof value === "string" ? /^(\+?)(\d+(?:\.\d+)?)(mo|[mhdwy])$/.exec(value) : null;
  if (match === null) return null;
  const [, sign, amount, unit] = match;
  return { amount: Number(amount), unit: unit as SpanUnit, isAhead: sign === "+" };
}

export const writeSpan = ({ amount, unit, isAhead }: Span): string => `${isAhead ? "+" : ""}${amount}${unit}`;

/** What a behaviour adds up to, as `<event>.<stat>`. */
export const eventStats = ["count", "first", "last", "lastValue", "sum", "avg", "min", "max"] as const;
export type EventStat = (typeof eventStats)[number];

/** The event and the stat that a name speaks of; null for the name of anything else. */
export function readStat(name: string): { event: string; stat: EventStat } | null {
  const match = /^(.*[^\\])\.([a-zA-Z]+)$/s.exec(name);
  const stat = eventStats.find((item) => item === match?.[2]);
  if (match === null || stat === undefined) return null;
  return { event: (match[1] ?? "").replaceAll("\\.", "."), stat };
}

export const statName = (event: string, stat: EventStat): string => `${event.replaceAll(".", "\\.")}.${stat}`;
