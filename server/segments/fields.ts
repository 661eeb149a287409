import type { AttributeType } from "../users/attribute-types.ts";

/** How a field compares: decides which operators and values it takes. */
export type FieldType =
  | "text"
  | "number"
  | "truth"
  | "version"
  | "moment"
  | "day"
  | "time"
  | "tags"
  | "list"
  | "object"
  | "place"
  | "segment";

/** The default filters of the wire contract, by their public names, and `segment`. They win over attributes. */
export const fields = {
  installDate: "moment",
  launchTime: "moment",
  launchCount: "number",
  clientVersion: "version",
  osVersion: "version",
  deviceType: "text",
  tags: "tags",
  nearBy: "place",
  segment: "segment",
} as const satisfies Record<string, FieldType>;

export type BuiltInField = keyof typeof fields;

export const isBuiltIn = (name: string): name is BuiltInField => Object.hasOwn(fields, name);

/** How the values of an attribute compare. */
const attributeFields = {
  TEXT: "text",
  NUMBER: "number",
  BOOLEAN: "truth",
  DATE: "day",
  TIME: "time",
  DATETIME: "moment",
  ARRAY: "list",
  OBJECT: "object",
  LOCATION: "place",
} as const satisfies Record<AttributeType, FieldType>;

/** An attribute that a condition speaks of, by its full name; its type decides how values are read and compared. */
export interface AttributeField {
  attribute: string;
  type: AttributeType;
}

/** Everything a condition may speak of. */
export type Field = BuiltInField | AttributeField;

export const typeOf = (field: Field): FieldType =>
  typeof field === "string" ? fields[field] : attributeFields[field.type];
