import { didYouMean } from "../lib/did-you-mean.ts";
import { isUuid } from "../lib/keys.ts";
import { escapedPointer } from "../lib/pointer.ts";
import type { Fault } from "../lib/problem.ts";
import type { AttributeType } from "../users/attribute-types.ts";
import type { Condition, DeliveryStep, Scalar } from "./condition.ts";
import {
  type BehaviourField,
  type BuiltInField,
  type Field,
  fields,
  fieldValues,
  isBuiltIn,
  nameOf,
  typeOf,
} from "./fields.ts";
import { behaviourStats, isBehaviourStat } from "./operators.ts";
import { parsePattern } from "./pattern.ts";
import { expectation, readScalar } from "./values.ts";

/** What a filter is read against. */
export interface Vocabulary {
  /** The types of the app's attributes by name. */
  attributes: ReadonlyMap<string, AttributeType>;
  /** Those of them that have an index. */
  fastAttributes: ReadonlySet<string>;
  /** Names of events that the app has had. */
  events: ReadonlySet<string>;
  now: Date;
  /** Of the app, IANA: in which its days begin and end. */
  timeZone: string;
  /** The filter was read before: a name that was an event's then is one now, whatever else there is by now. */
  isSaved: boolean;
}

/** Where a filter names a segment: its name or id as written, and the JSON pointer to it. */
export interface SegmentMention {
  segment: string;
  pointer: string;
}

/** Where a filter names an import or a message by its id. */
export interface Reference {
  to: "import" | "message";
  id: string;
  pointer: string;
}

/** A rule or group, and where it stands. */
export interface Part {
  pointer: string;
  condition: Condition;
}

/** What a name stands for: a field, or an event, of which it can be asked whether and how often it happened. */
export type Named = { field: Field } | { event: string };

const maxDepth = 16;
const maxConditions = 200;
const maxFaults = 50;
const maxValues = 10_000;
const maxNamed = 100;

const steps: Partial<Record<BuiltInField, DeliveryStep>> = {
  messageSent: "sent",
  messageDelivered: "delivered",
  messageSeen: "seen",
  messageClicked: "clicked",
};

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Makes conditions for both notations. Collects every fault on the way instead of stopping at the first. */
export class Reader {
  readonly faults: Fault[] = [];
  readonly mentions: SegmentMention[] = [];
  readonly references: Reference[] = [];
  /** What only the database can tell to be a pattern. */
  readonly patterns: { pattern: string; pointer: string }[] = [];
  readonly vocabulary: Vocabulary;
  private readonly conditions = new Map<string, Condition | null>();

  constructor(vocabulary: Vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** Nothing is read any more: what is wrong would fill pages. */
  get isFull(): boolean {
    return this.faults.length >= maxFaults;
  }

  refuse(pointer: string, detail: string): [] {
    if (!this.isFull) this.faults.push({ pointer, detail });
    return [];
  }

  /** Begins a group or rule. False, and a fault, for one too many or too deep. */
  enter(pointer: string, depth: number): boolean {
    this.conditions.set(pointer, null);
    const count = this.conditions.size;
    if (depth > maxDepth) this.refuse(pointer, `is nested deeper than ${maxDepth} levels`);
    else if (count === maxConditions + 1)
      this.refuse(pointer, `is one condition more than the ${maxConditions} allowed`);
    return depth <= maxDepth && count <= maxConditions;
  }

  /** What a group or rule that was entered has become. */
  leave(pointer: string, conditions: Condition[]): Condition {
    const [only] = conditions;
    const condition: Condition = conditions.length === 1 && only ? only : { kind: "all", conditions };
    this.conditions.set(pointer, condition);
    return condition;
  }

  /** Every group and rule, in the order they are written in. */
  get parts(): Part[] {
    return [...this.conditions].flatMap(([pointer, condition]) =>
      condition === null ? [] : [{ pointer, condition }],
    );
  }

  /** A field of ours, `<event>.<stat>`, an attribute, or an event, in this order; a fault for none. */
  named(name: string, pointer: string): Named | null {
    if (isBuiltIn(name)) {
      const at = this.vocabulary.now.toISOString();
      return { field: name === "lifetime" ? { lifetimeAt: at } : name };
    }
    const { attributes, events, isSaved } = this.vocabulary;
    const behaviour = this.behaviour(name);
    if (behaviour && events.has(behaviour.event)) return { field: behaviour };
    const attribute = this.attribute(name);
    if (attribute) return { field: attribute };
    if (events.has(name)) return { event: name };
    // Of an event that has not happened yet, unless it looks like a slip of the hand.
    const unescaped = name.replaceAll("\\.", ".");
    if (behaviour && (isSaved || didYouMean(behaviour.event, [...events]) === ""))
      return { field: behaviour };
    if (behaviour === null && (isSaved || events.has(unescaped))) return { event: unescaped };
    const builtIn = Object.keys(fields);
    const stats = Object.keys(behaviourStats);
    const known = [...builtIn, ...attributes.keys(), ...events];
    const candidates = behaviour ? [...events].map((event) => `${event}.${behaviour.stat}`) : known;
    const meant = didYouMean(name, [...candidates, ...(behaviour ? known : [])]);
    const all = `; fields are ${builtIn.join(", ")}, the names of attributes, and <event>.${stats.join("|")}`;
    this.refuse(pointer, `unknown field${meant || all}`);
    return null;
  }

  private behaviour(name: string): BehaviourField | null {
    const dot = name.lastIndexOf(".");
    const stat = name.slice(dot + 1);
    if (dot < 1 || name[dot - 1] === "\\" || !isBehaviourStat(stat)) return null;
    return { event: name.slice(0, dot).replaceAll("\\.", "."), stat };
  }

  private attribute(name: string): Field | null {
    const { attributes } = this.vocabulary;
    const type = attributes.get(name);
    if (type !== undefined)
      return { attribute: name, type, ...(this.vocabulary.fastAttributes.has(name) && { isFast: true }) };
    // The longest name of an object that this is a part of.
    for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
      const attribute = name.slice(0, dot);
      const path = name.slice(dot + 1).split(".");
      if (attributes.get(attribute) === "OBJECT" && path.every((step) => step !== "") && path.length <= 8)
        return { attribute, type: "OBJECT", path };
    }
    return null;
  }

  scalar(field: Field, argument: unknown, pointer: string): Scalar | undefined {
    const type = typeOf(field);
    const value = readScalar(type, argument);
    if (value === undefined) this.refuse(pointer, `expected ${expectation[type]}`);
    return value;
  }

  /** Comparison with one value, in the words of the field: equality on a segment is being in it. */
  comparison(
    field: Field,
    operator: "eq" | "neq" | "gt" | "gte" | "lt" | "lte",
    argument: unknown,
    pointer: string,
  ): Condition[] {
    const isEquality = operator === "eq" || operator === "neq";
    if (isEquality && isMembership(field))
      return this.membership(field, operator === "neq", [argument], pointer, null);
    if (argument === null) {
      if (isEquality) return [{ kind: "exists", field, exists: operator === "neq" }];
      return this.refuse(pointer, "null can only be compared for being equal or not");
    }
    const value = this.scalar(field, argument, pointer);
    return value === undefined ? [] : [{ kind: "compare", field, operator, value }];
  }

  oneOf(field: Field, negated: boolean, argument: unknown, pointer: string): Condition[] {
    if (!Array.isArray(argument)) return this.refuse(pointer, "expected an array of values");
    if (isMembership(field)) return this.membership(field, negated, argument, pointer, pointer);
    if (argument.length > maxValues) return this.refuse(pointer, `has more than ${maxValues} values`);
    const values: (Scalar | null)[] = [];
    for (const [index, item] of argument.entries()) {
      if (this.isFull) break;
      const value = item === null ? null : this.scalar(field, item, `${pointer}/${index}`);
      if (value !== undefined) values.push(value);
    }
    return [{ kind: "in", field, negated, values }];
  }

  between(field: Field, argument: unknown, pointer: string): Condition[] {
    if (!Array.isArray(argument) || argument.length !== 2)
      return this.refuse(pointer, "expected an array of two values, the lower one first");
    const from = this.scalar(field, argument[0], `${pointer}/0`);
    const to = this.scalar(field, argument[1], `${pointer}/1`);
    return from === undefined || to === undefined ? [] : [{ kind: "between", field, from, to }];
  }

  match(
    field: Field,
    argument: unknown,
    pointer: string,
    how: { notation: "like" | "regexp"; ignoreCase: boolean; negated: boolean },
  ): Condition[] {
    const parsed = parsePattern(argument, how.notation);
    if (!parsed.ok) return this.refuse(pointer, parsed.detail);
    this.patterns.push({ pattern: parsed.pattern, pointer });
    const caseSensitive = parsed.caseSensitive && !how.ignoreCase;
    return [{ kind: "match", field, pattern: parsed.pattern, caseSensitive, negated: how.negated }];
  }

  exists(named: Named, exists: boolean): Condition {
    if ("event" in named) {
      const field: Field = { event: named.event, stat: "count" };
      return { kind: "exists", field, exists };
    }
    const step = typeof named.field === "string" ? steps[named.field] : undefined;
    if (step !== undefined) return { kind: "messaged", step, messages: null, negated: !exists };
    if (named.field === "reachableBy" || named.field === "optedOutOf") {
      const channels = [...(fieldValues[named.field] ?? [])];
      return { kind: "channel", field: named.field, channels, negated: !exists };
    }
    return { kind: "exists", field: named.field, exists };
  }

  /** In a segment, an import's list, or among who got a message; `list` is where the array stands, null for one value. */
  private membership(
    field: MembershipField,
    negated: boolean,
    values: readonly unknown[],
    pointer: string,
    list: string | null,
  ): Condition[] {
    if (values.length > maxNamed) return this.refuse(pointer, `has more than ${maxNamed}`);
    const type = fields[field];
    const read: string[] = [];
    for (const [index, value] of values.entries()) {
      const at = list === null ? pointer : `${list}/${index}`;
      const text = readScalar("text", value);
      const allowed = fieldValues[field];
      if (typeof text !== "string") this.refuse(at, `expected ${expectation[type]}`);
      else if (allowed && !allowed.includes(text))
        this.refuse(at, `unknown${didYouMean(text, allowed)}; expected one of ${allowed.join(", ")}`);
      else if ((type === "import" || type === "message") && !isUuid(text))
        this.refuse(at, `expected ${expectation[type]}, such as 0197f0c2-6b1e-7c3a-9d55-2f1f0c7e1a11`);
      else {
        read.push(text);
        if (type === "segment") this.mentions.push({ segment: text, pointer: at });
        if (type === "import" || type === "message")
          this.references.push({ to: type, id: text, pointer: at });
      }
    }
    if (field === "segment") return [{ kind: "member", segments: read, negated }];
    if (field === "import") return [{ kind: "imported", imports: read, negated }];
    if (field === "reachableBy" || field === "optedOutOf")
      return [{ kind: "channel", field, channels: read, negated }];
    return [{ kind: "messaged", step: steps[field] as DeliveryStep, messages: read, negated }];
  }

  unknownOperator(named: Named, operator: string, known: readonly string[], pointer: string): [] {
    const name = "event" in named ? named.event : nameOf(named.field);
    return this.refuse(
      pointer,
      `unknown operator for ${name}${didYouMean(operator, known)}; it takes ${known.join(", ")}`,
    );
  }
}

/** Reads the conditions on one event: its `value`, and what its data has as `data.<key>`. */
export class EventReader extends Reader {
  private readonly outer: Reader;

  constructor(outer: Reader) {
    super(outer.vocabulary);
    this.outer = outer;
  }

  override match(...asked: Parameters<Reader["match"]>): Condition[] {
    return this.outer.match(...asked);
  }

  override get isFull(): boolean {
    return this.outer.isFull;
  }

  override refuse(pointer: string, detail: string): [] {
    return this.outer.refuse(pointer, detail);
  }

  override named(name: string, pointer: string): Named | null {
    if (name === "value") return { field: { eventData: null } };
    if (name.startsWith("data.") && name.length > 5) return { field: { eventData: name.slice(5) } };
    this.refuse(pointer, `unknown${didYouMean(name, ["value"])}; expected value, or data.<key>`);
    return null;
  }
}

type MembershipField =
  | "segment"
  | "import"
  | "reachableBy"
  | "optedOutOf"
  | "messageSent"
  | "messageDelivered"
  | "messageSeen"
  | "messageClicked";

function isMembership(field: Field): field is MembershipField {
  return typeof field === "string" && ["segment", "import", "message", "channels"].includes(fields[field]);
}

export const child = (pointer: string, name: string): string => `${pointer}/${escapedPointer(name)}`;
