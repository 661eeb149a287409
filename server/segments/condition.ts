import type { AttributeField, Field } from "./fields.ts";

/** A single value: text, number, truth or a moment. Null stands for "no value". */
export type Scalar = string | number | boolean | Date | null;

/** What a segment asks for, whichever notation it came in. Both notations parse into this, and only this compiles. */
export type Condition =
  | { kind: "all"; conditions: Condition[] }
  | { kind: "any"; conditions: Condition[] }
  | { kind: "compare"; field: Field; operator: "eq" | "neq" | "gt" | "gte" | "lt" | "lte"; value: Scalar }
  | { kind: "between"; field: Field; from: Scalar; to: Scalar }
  | { kind: "in"; field: Field; values: Scalar[]; negated: boolean }
  | { kind: "match"; field: Field; pattern: string; caseSensitive: boolean; negated: boolean }
  | { kind: "exists"; field: Field; exists: boolean }
  | { kind: "near"; field: Field; lat: number; lng: number; maxDistanceMeters: number | null }
  /** In one of these segments, or in none. As parsed by name or id; only ids compile. */
  | { kind: "member"; segments: string[]; negated: boolean }
  /** A user with some device, or none, that the condition holds for; or without any such. What a segment by filter is. */
  | { kind: "matching"; condition: Condition; negated: boolean };

/** The attributes that a condition speaks of; the same one may be there several times. */
export function attributesOf(condition: Condition): AttributeField[] {
  if (condition.kind === "all" || condition.kind === "any") return condition.conditions.flatMap(attributesOf);
  if (condition.kind === "matching") return attributesOf(condition.condition);
  if (condition.kind === "member" || typeof condition.field === "string") return [];
  return [condition.field];
}
