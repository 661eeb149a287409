import { isDay, parseMoment } from "../lib/dates.ts";
import { didYouMean } from "../lib/did-you-mean.ts";
import { escapedPointer } from "../lib/pointer.ts";
import type { Fault } from "../lib/problem.ts";
import type { AttributeType } from "../users/attribute-types.ts";
import type { Condition, Scalar } from "./condition.ts";
import { type Field, type FieldType, fields, isBuiltIn, typeOf } from "./fields.ts";
import { parseNear } from "./near.ts";
import { parsePattern } from "./pattern.ts";

/** Where a target names a segment: its name or id as written, and the JSON pointer to it. */
export interface SegmentMention {
  segment: string;
  pointer: string;
}

export type ParsedTarget =
  | { ok: true; condition: Condition; mentions: SegmentMention[] }
  | { ok: false; faults: Fault[] };

const maxDepth = 8;
const maxConditions = 200;

const equality = ["eq", "neq", "inq", "nin"];
const order = ["eq", "neq", "gt", "gte", "lt", "lte", "between", "inq", "nin"];
const patterns = ["like", "nlike", "ilike", "nilike", "regexp"];

/** Operators each type of field takes, as LoopBack names them. */
const operators: Record<FieldType, readonly string[]> = {
  text: [...equality, ...patterns, "exists"],
  tags: [...equality, ...patterns, "exists"],
  number: [...order, "exists"],
  truth: [...equality, "exists"],
  moment: [...order, "exists"],
  day: [...order, "exists"],
  time: [...order, "exists"],
  version: [...order, "exists", ...patterns],
  list: [...equality, "exists"],
  object: ["exists"],
  place: ["near", "exists"],
  segment: equality,
};

/** Collects every fault on the way instead of stopping at the first. */
class Parser {
  readonly faults: Fault[] = [];
  readonly mentions: SegmentMention[] = [];
  private conditions = 0;
  private readonly attributes: ReadonlyMap<string, AttributeType>;

  constructor(attributes: ReadonlyMap<string, AttributeType>) {
    this.attributes = attributes;
  }

  group(where: unknown, pointer: string, depth: number): Condition[] {
    if (!isObject(where)) return this.refuse(pointer, "expected an object of fields and their conditions");
    if (depth > maxDepth) return this.refuse(pointer, `is nested deeper than ${maxDepth} levels`);
    return Object.entries(where).flatMap(([name, value]) =>
      this.member(name, value, `${pointer}/${escapedPointer(name)}`, depth),
    );
  }

  private member(name: string, value: unknown, pointer: string, depth: number): Condition[] {
    this.conditions += 1;
    if (this.conditions > maxConditions)
      return this.refuse(pointer, `is one condition more than the ${maxConditions} allowed`);
    if (name === "and" || name === "or") return this.combination(name, value, pointer, depth);
    const field = this.field(name);
    if (field === null) {
      const builtIn = Object.keys(fields);
      return this.refuse(
        pointer,
        `unknown field${didYouMean(name, [...builtIn, ...this.attributes.keys()])}; fields are ${builtIn.join(", ")}, and the names of attributes`,
      );
    }
    if (isObject(value)) return this.operations(field, value, pointer);
    if (!operators[typeOf(field)].includes("eq"))
      return this.refuse(pointer, `expected ${expectation[typeOf(field)]}`);
    return this.operation(field, "eq", value, pointer, false);
  }

  private field(name: string): Field | null {
    if (isBuiltIn(name)) return name;
    const type = this.attributes.get(name);
    return type === undefined ? null : { attribute: name, type };
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
  private operations(field: Field, value: Record<string, unknown>, pointer: string): Condition[] {
    const type = typeOf(field);
    if (type === "place" && "near" in value) return this.near(field, value, pointer);
    const { options, ...rest } = value;
    if (Object.keys(rest).length === 0)
      return this.refuse(pointer, "expected an operator such as eq, inq or gt");
    return Object.entries(rest).flatMap(([operator, argument]) => {
      const known = operators[type];
      const at = `${pointer}/${escapedPointer(operator)}`;
      if (!known.includes(operator)) {
        return this.refuse(
          at,
          `unknown operator for ${nameOf(field)}${didYouMean(operator, known)}; it takes ${known.join(", ")}`,
        );
      }
      return this.operation(field, operator, argument, at, options === "i");
    });
  }

  private operation(
    field: Field,
    operator: string,
    argument: unknown,
    pointer: string,
    ignoreCase: boolean,
  ): Condition[] {
    if (field === "segment") return this.membership(operator, argument, pointer);
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
    field: Field,
    operator: "eq" | "neq" | "gt" | "gte" | "lt" | "lte",
    argument: unknown,
    pointer: string,
  ): Condition[] {
    if (argument === null) {
      if (operator === "eq" || operator === "neq") return [{ kind: "compare", field, operator, value: null }];
      return this.refuse(pointer, "null can only be compared with eq and neq");
    }
    const value = this.scalar(field, argument, pointer);
    return value === undefined ? [] : [{ kind: "compare", field, operator, value }];
  }

  /** `segment` in one or several, or in none; by name or id. */
  membership(operator: string, argument: unknown, pointer: string): Condition[] {
    const isList = operator === "inq" || operator === "nin";
    if (isList && !Array.isArray(argument))
      return this.refuse(pointer, "expected an array of names or ids of segments");
    const listed = Array.isArray(argument) && isList ? argument : [argument];
    if (listed.length > 100) return this.refuse(pointer, "has more than 100 segments");
    const segments: string[] = [];
    for (const [index, segment] of listed.entries()) {
      const at = isList ? `${pointer}/${index}` : pointer;
      if (typeof segment !== "string" || segment.includes("\0"))
        this.refuse(at, `expected ${expectation.segment}`);
      else {
        segments.push(segment);
        this.mentions.push({ segment, pointer: at });
      }
    }
    return [{ kind: "member", segments, negated: operator === "neq" || operator === "nin" }];
  }

  private list(field: Field, negated: boolean, argument: unknown, pointer: string): Condition[] {
    if (!Array.isArray(argument)) return this.refuse(pointer, "expected an array of values");
    if (argument.length > 10_000) return this.refuse(pointer, "has more than 10000 values");
    const values = argument.map((item, index) => this.scalar(field, item, `${pointer}/${index}`));
    return [{ kind: "in", field, negated, values: values.filter((value) => value !== undefined) }];
  }

  private between(field: Field, argument: unknown, pointer: string): Condition[] {
    if (!Array.isArray(argument) || argument.length !== 2)
      return this.refuse(pointer, "expected an array of two values, the lower one first");
    const from = this.scalar(field, argument[0], `${pointer}/0`);
    const to = this.scalar(field, argument[1], `${pointer}/1`);
    return from === undefined || to === undefined ? [] : [{ kind: "between", field, from, to }];
  }

  private match(
    field: Field,
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

  private near(field: Field, value: Record<string, unknown>, pointer: string): Condition[] {
    const parsed = parseNear(field, value, pointer);
    if (parsed.ok) return [parsed.condition];
    this.faults.push(...parsed.faults);
    return [];
  }

  private scalar(field: Field, argument: unknown, pointer: string): Scalar | undefined {
    const type = typeOf(field);
    const value = readScalar(type, argument);
    if (value === undefined) this.refuse(pointer, `expected ${expectation[type]}`);
    return value;
  }

  private refuse(pointer: string, detail: string): [] {
    this.faults.push({ pointer, detail });
    return [];
  }
}

const nameOf = (field: Field) => (typeof field === "string" ? field : field.attribute);

const expectation: Record<FieldType, string> = {
  text: "a text",
  tags: "a tag (a text)",
  number: "a number",
  truth: "true or false",
  moment: "a date: ISO 8601 such as 2024-05-01T00:00:00Z, or milliseconds since 1970",
  day: "a date such as 2024-05-01",
  time: "a time such as 18:21 or 18:21:07",
  version: 'a version such as "5.2.0"',
  list: "a text, a number, true or false: one that the list contains",
  object: '{"exists":true} or {"exists":false}',
  place: '{"near":{"lat":35.7,"lng":51.4},"maxDistance":5,"unit":"kilometers"}',
  segment: "the name or id of a segment",
};

function readScalar(type: FieldType, argument: unknown): Scalar | undefined {
  switch (type) {
    case "number":
      if (typeof argument === "string" && argument.trim() !== "" && Number.isFinite(Number(argument)))
        return Number(argument);
      return typeof argument === "number" ? argument : undefined;
    case "truth":
      // Chabok's own examples write "true" for true.
      if (argument === "true" || argument === "false") return argument === "true";
      return typeof argument === "boolean" ? argument : undefined;
    case "moment":
      if (typeof argument === "number" && Math.abs(argument) <= 8.64e15) return new Date(argument);
      return typeof argument === "string" ? (parseMoment(argument.trim()) ?? undefined) : undefined;
    case "day":
      return typeof argument === "string" ? readDay(argument.trim()) : undefined;
    case "time":
      return typeof argument === "string" ? readTime(argument.trim()) : undefined;
    case "version":
      return typeof argument === "string"
        ? argument
        : typeof argument === "number"
          ? String(argument)
          : undefined;
    case "list":
      if (typeof argument === "boolean" || typeof argument === "number") return argument;
      break;
  }
  return typeof argument === "string" && !argument.includes("\0") ? argument : undefined;
}

function readDay(text: string): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return match && isDay(Number(match[1]), Number(match[2]), Number(match[3])) ? text : undefined;
}

function readTime(text: string): string | undefined {
  if (!/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(text)) return undefined;
  return text.length === 5 ? `${text}:00` : text;
}

/**
 * Reads a LoopBack-style `where` filter, or its JSON text, as one {@link Condition}; `{}` is everyone. A text that is no
 * JSON of an object is the name or id of a segment. `attributes` are the types of the app's attributes by name. On
 * failure every fault is answered, with its JSON pointer below `/target`; whether segments exist is not known here.
 */
export function parseTarget(target: unknown, attributes: ReadonlyMap<string, AttributeType>): ParsedTarget {
  const parser = new Parser(attributes);
  const where = typeof target === "string" ? (objectIn(target) ?? target) : target;
  const conditions =
    typeof where === "string" ? parser.membership("eq", where, "/target") : parser.group(where, "/target", 1);
  if (parser.faults.length > 0) return { ok: false, faults: parser.faults };
  return { ok: true, condition: { kind: "all", conditions }, mentions: parser.mentions };
}

/** The object that the text is the JSON of; null when it is not. */
export function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
