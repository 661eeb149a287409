import type { FieldName } from "./fields.ts";

/** A single value: text, number, truth or a moment. Null stands for "no value". */
export type Scalar = string | number | boolean | Date | null;

/** What a segment asks for, whichever notation it came in. Both notations parse into this, and only this compiles. */
export type Condition =
  | { kind: "all"; conditions: Condition[] }
  | { kind: "any"; conditions: Condition[] }
  | { kind: "compare"; field: FieldName; operator: "eq" | "neq" | "gt" | "gte" | "lt" | "lte"; value: Scalar }
  | { kind: "between"; field: FieldName; from: Scalar; to: Scalar }
  | { kind: "in"; field: FieldName; values: Scalar[]; negated: boolean }
  | { kind: "match"; field: FieldName; pattern: string; caseSensitive: boolean; negated: boolean }
  | { kind: "exists"; field: FieldName; exists: boolean }
  | { kind: "near"; lat: number; lng: number; maxDistanceMeters: number | null };
