import type { SegmentField } from "../../../server/segments/schema.ts";
import type { Base } from "./values.ts";

/** A control for a value. Undefined is none yet, or none that can be used. */
export interface ValueProps {
  field: SegmentField;
  operator: string;
  value: unknown;
  onChange(value: unknown): void;
}

/** The same, for values of one kind. */
export interface BaseProps extends ValueProps {
  base: Base;
  label: string;
}
