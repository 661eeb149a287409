import { europeanDigits } from "../../../server/lib/digits.ts";
import type { SegmentField } from "../../../server/segments/schema.ts";
import { isRecord, type Rule, readRules, readSpan } from "../../ui/rules.ts";

/** How many values an operator takes, and of what shape. */
type Shape = "none" | "one" | "list" | "range" | "span" | "place" | "event";

/** What a single value is. */
export type Base =
  | "text"
  | "number"
  | "truth"
  | "day"
  | "time"
  | "choice"
  | "country"
  | "tag"
  | "topic"
  | "segment"
  | "import"
  | "message"
  | "data";

/** What to ask for beside an operator. */
export interface Control {
  shape: Shape;
  base: Base;
}

const bases: Partial<Record<SegmentField["type"], Base>> = {
  number: "number",
  truth: "truth",
  moment: "day",
  day: "day",
  time: "time",
  tags: "tag",
  list: "data",
  segment: "segment",
  import: "import",
  message: "message",
  data: "data",
};

const patterns: readonly string[] = [
  "contains",
  "not_contains",
  "starts_with",
  "ends_with",
  "matches",
  "not_matches",
];

const shapes: Partial<Record<string, Shape>> = {
  exists: "none",
  not_exists: "none",
  did: "event",
  did_not: "event",
  near: "place",
  before: "span",
  after: "span",
  within: "span",
  between: "range",
  include: "list",
  not_include: "list",
};

/** See {@link Control}. */
export function controlOf(field: Pick<SegmentField, "name" | "type" | "values">, operator: string): Control {
  const shape = shapes[operator] ?? "one";
  if (patterns.includes(operator)) return { shape, base: "text" };
  if (field.values !== undefined) return { shape, base: "choice" };
  if (field.name === "country") return { shape, base: "country" };
  if (field.name === "topics") return { shape, base: "topic" };
  return { shape, base: bases[field.type] ?? "text" };
}

/** The value that stays when the operator changes; undefined when none of it fits. */
export function carryOver(value: unknown, from: Control, to: Control): unknown {
  if (value === undefined || to.shape === "none") return undefined;
  if (from.base !== to.base) return undefined;
  if (from.shape === to.shape) return value;
  if (from.shape === "one" && to.shape === "list") return [value];
  if (from.shape === "one" && to.shape === "range") return [value, undefined];
  if ((from.shape === "list" || from.shape === "range") && to.shape === "one" && Array.isArray(value))
    return value[0];
  return undefined;
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** Whether a rule can be sent. What is wrong with it beyond that the server says. */
export function isComplete({ name, operator, value }: Pick<Rule, "name" | "operator" | "value">): boolean {
  if (name === "" || operator === "") return false;
  switch (shapes[operator] ?? "one") {
    case "none":
      return true;
    case "event":
      return isWindowComplete(value);
    case "place":
      return isRecord(value) && isThere(value.lat) && isThere(value.lng) && isThere(value.maxDistance);
    case "range":
      return Array.isArray(value) && isThere(value[0]) && isThere(value[1]);
    case "list":
      return Array.isArray(value) && value.length > 0;
    case "span":
      return readSpan(value) !== null;
    default:
      return isThere(value);
  }
}

/** How often, when and with what an event is to have happened. */
function isWindowComplete(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isRecord(value)) return false;
  if (value.count !== undefined) {
    if (!isRecord(value.count)) return false;
    const times = value.count.value;
    if (!(Array.isArray(times) ? isThere(times[0]) && isThere(times[1]) : isThere(times))) return false;
  }
  if (value.within !== undefined && readSpan(value.within) === null) return false;
  const where = readRules(value.where);
  // What is no list of conditions was written as JSON, by somebody who knew.
  return (
    where === null ||
    where.items.every((item) => item.kind === "group" || (item.name !== "data." && isComplete(item)))
  );
}

/** A number as people type it, in Persian digits, with a Persian point and thousands marks too; null when it is none. */
export function readNumber(text: string): number | null {
  const latin = europeanDigits(text.trim())
    .replace(/[٬,\s\u200e]/g, "")
    .replace("٫", ".")
    .replace("\u2212", "-");
  return /^-?(\d+(\.\d*)?|\.\d+)$/.test(latin) ? Number(latin) : null;
}

/** A value of an event, which has no type of its own: a number where it looks like one, text otherwise and in quotes. */
export function readData(text: string): string | number | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const quoted = /^["“«](.*)["”»]$/s.exec(trimmed);
  return quoted?.[1] ?? readNumber(trimmed) ?? trimmed;
}

/** The text that {@link readData} reads as this. */
export function writeData(value: unknown, write: (value: number) => string = String): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return write(value);
  if (typeof value !== "string") return String(value);
  return readData(value) === value ? value : `"${value}"`;
}

/** What a control begins with where nothing was chosen yet. */
export function firstValue({ shape, base }: Control): unknown {
  if (shape === "one" && base === "truth") return true;
  if (shape === "span") return "7d";
  return undefined;
}
