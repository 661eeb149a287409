import type { AttributeType } from "../users/attribute-types.ts";
import { type BehaviourStat, behaviourStats } from "./operators.ts";

/** How a field compares: decides which operators and values it takes. */
export const fieldTypes = [
  "text",
  "number",
  "truth",
  "version",
  "moment",
  "day",
  "time",
  "tags",
  "list",
  "object",
  "place",
  "segment",
  "import",
  "message",
  "channels",
  "data",
] as const;
export type FieldType = (typeof fieldTypes)[number];

/**
 * Fields of users and installations by their public names, in the groups of the builder; the first eight that were there
 * are the default filters of the wire contract. They win over behaviours and attributes.
 */
export const fieldGroups = {
  visit: { launchCount: "number", launchTime: "moment", installDate: "moment" },
  technology: {
    deviceType: "text",
    deviceModel: "text",
    browser: "text",
    browserVersion: "version",
    clientVersion: "version",
    osVersion: "version",
  },
  general: {
    tags: "tags",
    userId: "text",
    email: "text",
    phone: "text",
    sample: "number",
    isTest: "truth",
    segment: "segment",
    import: "import",
  },
  locality: { nearBy: "place", country: "text", language: "text", timeZone: "text" },
  access: { reachableBy: "channels", optedOutOf: "channels", tokenState: "text", topics: "tags" },
  history: {
    userState: "text",
    createdAt: "moment",
    lifetime: "number",
    isUninstalled: "truth",
    uninstalledAt: "moment",
  },
  messages: {
    messageSent: "message",
    messageDelivered: "message",
    messageSeen: "message",
    messageClicked: "message",
  },
  attributes: {},
  behaviour: {},
} as const satisfies Record<string, Record<string, FieldType>>;
export type FieldGroup = keyof typeof fieldGroups;

type Groups = typeof fieldGroups;
export type BuiltInField = { [group in FieldGroup]: keyof Groups[group] }[FieldGroup];

export const fields = Object.assign({}, ...Object.values(fieldGroups)) as Record<BuiltInField, FieldType>;

export const isBuiltIn = (name: string): name is BuiltInField => Object.hasOwn(fields, name);

/** What a field can be, where that is a short list. */
export const fieldValues: Partial<Record<BuiltInField, readonly string[]>> = {
  deviceType: ["android", "ios", "web", "windows", "other"],
  userState: ["guest", "loggedIn"],
  tokenState: ["active", "unsupported", "none"],
  reachableBy: ["inbox", "push", "email", "sms", "whatsapp"],
  optedOutOf: ["push", "email", "sms", "whatsapp"],
};

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
  /** Its values have an index, which is used where it is asked in the very words of it. */
  isFast?: boolean;
  /** Of an OBJECT: the names, from the outside in, of a value within it. */
  path?: string[];
}

/** What an event of a user adds up to. */
export interface BehaviourField {
  event: string;
  stat: BehaviourStat;
}

/** A value of one event: its own, or that of a key of its data. Compared as what it is compared with. */
export interface EventField {
  eventData: string | null;
}

/** Whole days since the first visit, at that moment: what the field `lifetime` becomes when a filter is read. */
interface LifetimeField {
  lifetimeAt: string;
}

/** Everything a condition may speak of. */
export type Field = BuiltInField | AttributeField | BehaviourField | EventField | LifetimeField;

export function typeOf(field: Field): FieldType {
  if (typeof field === "string") return fields[field];
  if ("attribute" in field) return field.path ? "data" : attributeFields[field.type];
  if ("lifetimeAt" in field) return "number";
  return "event" in field ? behaviourStats[field.stat] : "data";
}

export function nameOf(field: Field): string {
  if (typeof field === "string") return field;
  if ("attribute" in field) return [field.attribute, ...(field.path ?? [])].join(".");
  if ("lifetimeAt" in field) return "lifetime";
  if ("event" in field) return `${field.event.replaceAll(".", "\\.")}.${field.stat}`;
  return field.eventData === null ? "value" : `data.${field.eventData}`;
}
