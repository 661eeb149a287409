import type { AttributeField, Field } from "./fields.ts";

/** A single value: text, number or truth; moments are ISO 8601 in UTC. */
export type Scalar = string | number | boolean;

export type Comparison = "eq" | "neq" | "gt" | "gte" | "lt" | "lte";

/** Which moment of a delivery a condition asks for; the later ones are within the earlier. */
export type DeliveryStep = "sent" | "delivered" | "seen" | "clicked";

/** How often: a comparison with a number, or between two, both included. */
export type Times = { operator: Comparison; value: number } | { from: number; to: number };

/**
 * What a filter asks for, whichever notation it came in: both parse into this, and only this compiles. Plain JSON, since
 * a message keeps it: what is relative to now has become a moment.
 */
export type Condition =
  | { kind: "all"; conditions: Condition[] }
  | { kind: "any"; conditions: Condition[] }
  | { kind: "not"; condition: Condition }
  | { kind: "compare"; field: Field; operator: Comparison; value: Scalar }
  | { kind: "between"; field: Field; from: Scalar; to: Scalar }
  /** Null among the values stands for having none. */
  | { kind: "in"; field: Field; values: (Scalar | null)[]; negated: boolean }
  | { kind: "match"; field: Field; pattern: string; caseSensitive: boolean; negated: boolean }
  | { kind: "exists"; field: Field; exists: boolean }
  | { kind: "near"; field: Field; lat: number; lng: number; maxDistanceMeters: number | null }
  /** In one of these segments, or in none. As parsed by name or id; only ids of lists compile. */
  | { kind: "member"; segments: string[]; negated: boolean }
  /** Accepted by one of these imports, or by none. */
  | { kind: "imported"; imports: string[]; negated: boolean }
  /** One of these messages, or null for any at all, came that far for the user; or none did. */
  | { kind: "messaged"; step: DeliveryStep; messages: string[] | null; negated: boolean }
  | { kind: "channel"; field: "reachableBy" | "optedOutOf"; channels: string[]; negated: boolean }
  /** Events of one name within a time, `from` and not `to`, that the condition on each holds for. */
  | {
      kind: "did";
      event: string;
      times: Times;
      from: string | null;
      to: string | null;
      where: Condition | null;
      negated: boolean;
    }
  /** A user with some device, or none, that the condition holds for; or without any such. What a segment by filter is. */
  | { kind: "matching"; condition: Condition; negated: boolean };

/** The conditions within one, outermost first, itself included; those on single events are not among them. */
export function* walk(condition: Condition): Generator<Condition> {
  yield condition;
  if (condition.kind === "all" || condition.kind === "any") {
    for (const inner of condition.conditions) yield* walk(inner);
  } else if (condition.kind === "not" || condition.kind === "matching") yield* walk(condition.condition);
}

/** The attributes that a condition speaks of; the same one may be there several times. */
export function attributesOf(condition: Condition): AttributeField[] {
  return [...walk(condition)].flatMap((inner) =>
    "field" in inner && typeof inner.field === "object" && "attribute" in inner.field ? [inner.field] : [],
  );
}
