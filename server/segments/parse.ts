import { parseMoment } from "../lib/dates.ts";
import type { Fault } from "../lib/problem.ts";
import type { Condition, Scalar } from "./condition.ts";
import { type FieldName, type FieldType, fields, isFieldName } from "./fields.ts";
import { parseNear } from "./near.ts";
import { parsePattern } from "./pattern.ts";

export type ParsedTarget = { ok: true; condition: Condition } | { ok: false; faults: Fault[] };

const maxDepth = 8;
const maxConditions = 200;

/** Operators each type of field takes, as LoopBack names them. */
const operators: Record<FieldType, readonly string[]> = {
  text: ["eq", "neq", "inq", "nin", "like", "nlike", "ilike", "nilike", "regexp", "exists"],
  tags: ["eq", "neq", "inq", "nin", "like", "nlike", "ilike", "nilike", "regexp", "exists"],
  number: ["eq", "neq", "gt", "gte", "lt", "lte", "between", "inq", "nin", "exists"],
  moment: ["eq", "neq", "gt", "gte", "lt", "lte", "between", "inq", "nin", "exists"],
  version: [
    ...["eq", "neq", "gt", "gte", "lt", "lte", "between", "inq", "nin", "exists"],
    ...["like", "nlike", "ilike", "nilike", "regexp"],
  ],
  place: ["near", "exists"],
};

/** Collects every fault on the way instead of stopping at the first. */
class Parser {
  readonly faults: Fault[] = [];
  private conditions = 0;

  group(where: unknown, pointer: string, depth: number): Condition[] {
    if (!isObject(where)) return this.refuse(pointer, "expected an object of fields and their conditions");
    if (depth > maxDepth) return this.refuse(pointer, `is nested deeper than ${maxDepth} levels`);
    return Object.entries(where).flatMap(([name, value]) =>
      this.member(name, value, `${pointer}/${escaped(name)}`, depth),
    );
  }

  private member(name: string, value: unknown, pointer: string, depth: number): Condition[] {
    this.conditions += 1;
    if (this.conditions > maxConditions)
      return this.refuse(pointer, `is one condition more than the ${maxConditions} allowed`);
    if (name === "and" || name === "or") return this.combination(name, value, pointer, depth);
    if (!isFieldName(name)) {
      return this.refuse(
        pointer,
        `unknown field${didYouMean(name, Object.keys(fields))}; fields are ${Object.keys(fields).join(", ")}`,
      );
    }
    return isObject(value)
      ? this.operations(name, value, pointer)
      : this.comparison(name, "eq", value, pointer);
  }

  private combination(name: "and" | "or", value: unknown, pointer: string, depth: number): Condition[] {
    if (!Array.isArray(value) || value.length === 0)
      return this.refuse(pointer, "expected an array with at least one condition");
    const conditions = value.map(
      (part, index): Condition => ({
        kind: "all",
        conditions: this.group(part, `${pointer}/${index}`, depth + 1),
      }),
    );
    return [{ kind: name === "and" ? "all" : "any", conditions }];
  }

  /** Several operators in one object must all hold. */
  private operations(field: FieldName, value: Record<string, unknown>, pointer: string): Condition[] {
    if (fields[field] === "place" && "near" in value) return this.near(value, pointer);
    const { options, ...rest } = value;
    if (Object.keys(rest).length === 0)
      return this.refuse(pointer, "expected an operator such as eq, inq or gt");
    return Object.entries(rest).flatMap(([operator, argument]) => {
      const known = operators[fields[field]];
      const at = `${pointer}/${escaped(operator)}`;
      if (!known.includes(operator)) {
        return this.refuse(
          at,
          `unknown operator for ${field}${didYouMean(operator, known)}; it takes ${known.join(", ")}`,
        );
      }
      return this.operation(field, operator, argument, at, options === "i");
    });
  }

  private operation(
    field: FieldName,
    operator: string,
    argument: unknown,
    pointer: string,
    ignoreCase: boolean,
  ): Condition[] {
    switch (operator) {
      case "inq":
      case "nin":
        return this.list(field, operator === "nin", argument, pointer);
      case "between":
        return this.between(field, argument, pointer);
      case "exists":
        if (typeof argument !== "boolean") return this.refuse(pointer, "expected true or false");
        return [{ kind: "exists", field, exists: argument }];
      case "like":
      case "nlike":
      case "ilike":
      case "nilike":
      case "regexp":
        return this.match(field, operator, argument, pointer, ignoreCase);
      default:
        return this.comparison(field, operator as "eq", argument, pointer);
    }
  }

  private comparison(
    field: FieldName,
    operator: "eq" | "neq" | "gt" | "gte" | "lt" | "lte",
    argument: unknown,
    pointer: string,
  ): Condition[] {
    if (fields[field] === "place")
      return this.refuse(
        pointer,
        'expected {"near":{"lat":35.7,"lng":51.4},"maxDistance":5,"unit":"kilometers"}',
      );
    if (argument === null) {
      if (operator === "eq" || operator === "neq") return [{ kind: "compare", field, operator, value: null }];
      return this.refuse(pointer, "null can only be compared with eq and neq");
    }
    const value = this.scalar(field, argument, pointer);
    return value === undefined ? [] : [{ kind: "compare", field, operator, value }];
  }

  private list(field: FieldName, negated: boolean, argument: unknown, pointer: string): Condition[] {
    if (!Array.isArray(argument)) return this.refuse(pointer, "expected an array of values");
    if (argument.length > 10_000) return this.refuse(pointer, "has more than 10000 values");
    const values = argument.map((item, index) => this.scalar(field, item, `${pointer}/${index}`));
    return [{ kind: "in", field, negated, values: values.filter((value) => value !== undefined) }];
  }

  private between(field: FieldName, argument: unknown, pointer: string): Condition[] {
    if (!Array.isArray(argument) || argument.length !== 2)
      return this.refuse(pointer, "expected an array of two values, the lower one first");
    const from = this.scalar(field, argument[0], `${pointer}/0`);
    const to = this.scalar(field, argument[1], `${pointer}/1`);
    return from === undefined || to === undefined ? [] : [{ kind: "between", field, from, to }];
  }

  private match(
    field: FieldName,
    operator: string,
    argument: unknown,
    pointer: string,
    ignoreCase: boolean,
  ): Condition[] {
    const parsed = parsePattern(argument, operator === "regexp" ? "regexp" : "like");
    if (!parsed.ok) return this.refuse(pointer, parsed.detail);
    const caseSensitive = parsed.caseSensitive && !ignoreCase && !operator.includes("ilike");
    return [
      { kind: "match", field, pattern: parsed.pattern, caseSensitive, negated: operator.startsWith("n") },
    ];
  }

  private near(value: Record<string, unknown>, pointer: string): Condition[] {
    const parsed = parseNear(value, pointer);
    if (parsed.ok) return [parsed.condition];
    this.faults.push(...parsed.faults);
    return [];
  }

  private scalar(field: FieldName, argument: unknown, pointer: string): Scalar | undefined {
    const value = readScalar(fields[field], argument);
    if (value === undefined) this.refuse(pointer, `expected ${expectation[fields[field]]}`);
    return value;
  }

  private refuse(pointer: string, detail: string): [] {
    this.faults.push({ pointer, detail });
    return [];
  }
}

const expectation: Record<FieldType, string> = {
  text: "a text",
  tags: "a tag (a text)",
  number: "a number",
  moment: "a date: ISO 8601 such as 2024-05-01T00:00:00Z, or milliseconds since 1970",
  version: 'a version such as "5.2.0"',
  place: "a place",
};

function readScalar(type: FieldType, argument: unknown): Scalar | undefined {
  switch (type) {
    case "number":
      if (typeof argument === "string" && argument.trim() !== "" && Number.isFinite(Number(argument)))
        return Number(argument);
      return typeof argument === "number" ? argument : undefined;
    case "moment":
      if (typeof argument === "number" && Math.abs(argument) <= 8.64e15) return new Date(argument);
      return typeof argument === "string" ? (parseMoment(argument.trim()) ?? undefined) : undefined;
    case "version":
      return typeof argument === "string"
        ? argument
        : typeof argument === "number"
          ? String(argument)
          : undefined;
    default:
      return typeof argument === "string" && !argument.includes("\0") ? argument : undefined;
  }
}

/**
 * Reads a LoopBack-style `where` filter, or its JSON text, as one {@link Condition}. `{}` is everyone. On failure every
 * fault is answered, with its JSON pointer below `pointer`.
 */
export function parseTarget(target: unknown, pointer = "/target"): ParsedTarget {
  let where = target;
  if (typeof target === "string") {
    try {
      where = JSON.parse(target);
    } catch {
      return {
        ok: false,
        faults: [
          { pointer, detail: 'expected a filter such as {"deviceType":"android"}, or {} for everyone' },
        ],
      };
    }
  }
  const parser = new Parser();
  const conditions = parser.group(where, pointer, 1);
  if (parser.faults.length > 0) return { ok: false, faults: parser.faults };
  return { ok: true, condition: { kind: "all", conditions } };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const escaped = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** The nearest known name, if one is near enough to be a slip of the hand. */
function didYouMean(name: string, known: readonly string[]): string {
  const nearest = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return nearest && nearest.distance <= Math.max(1, Math.floor(name.length / 3))
    ? `, did you mean ${nearest.candidate}?`
    : "";
}

/** Levenshtein distance, capped in length: names are short. */
function editDistance(a: string, b: string): number {
  if (a.length > 40) return Number.POSITIVE_INFINITY;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current[j] = Math.min(replace, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
