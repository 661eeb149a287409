import type { attributeTypes } from "../../../server/users/attribute-types.ts";

export type AttributeType = (typeof attributeTypes)[number];

/** A value while it is edited: a text for most types, parts for the others. */
export interface Draft {
  text: string;
  truth: boolean;
  list: string[];
  latitude: string;
  longitude: string;
}

/** The type of a stored value, where the registry has not come yet. */
export function typeOfValue(value: unknown): AttributeType {
  if (typeof value === "number") return "NUMBER";
  if (typeof value === "boolean") return "BOOLEAN";
  if (Array.isArray(value)) return "ARRAY";
  if (typeof value === "object") return placeIn(value) ? "LOCATION" : "OBJECT";
  return "TEXT";
}

export function placeIn(value: unknown): { latitude: number; longitude: number } | null {
  if (typeof value !== "object" || value === null) return null;
  const { latitude, longitude } = value as Record<string, unknown>;
  return typeof latitude === "number" && typeof longitude === "number" ? { latitude, longitude } : null;
}

/** What the fields show of a stored value. */
export function draftOf(type: AttributeType, value: unknown): Draft {
  const place = placeIn(value);
  return {
    text: textOf(type, value),
    truth: value === true,
    list: Array.isArray(value) ? value.map(String) : [],
    latitude: place ? String(place.latitude) : "",
    longitude: place ? String(place.longitude) : "",
  };
}

function textOf(type: AttributeType, value: unknown): string {
  if (value === undefined) return "";
  if (type === "OBJECT") return JSON.stringify(value, null, 2);
  if (typeof value !== "string") return typeof value === "number" ? String(value) : "";
  // The browser's field of date and time takes no zone: what it shows is UTC.
  return type === "DATETIME" ? value.replace(/(\.\d+)?Z$/, "") : value;
}

/**
 * The value as it is sent; undefined when a field is blank or no value of the type. Items of a list that were numbers
 * or truth values in `before` stay what they were.
 */
export function readDraft(type: AttributeType, draft: Draft, before: unknown): unknown {
  const text = draft.text.trim();
  switch (type) {
    case "TEXT":
      return draft.text === "" ? undefined : draft.text;
    case "NUMBER":
      return text === "" || !Number.isFinite(Number(text)) ? undefined : Number(text);
    case "BOOLEAN":
      return draft.truth;
    case "DATE":
    case "TIME":
      return text || undefined;
    case "DATETIME":
      return text === "" ? undefined : `${text.length === 16 ? `${text}:00` : text}Z`;
    case "ARRAY": {
      const kept = new Map(Array.isArray(before) ? before.map((item) => [String(item), item]) : []);
      return draft.list.map((item) => kept.get(item) ?? item);
    }
    case "OBJECT":
      return objectIn(draft.text);
    case "LOCATION": {
      if (draft.latitude === "" || draft.longitude === "") return undefined;
      return { latitude: Number(draft.latitude), longitude: Number(draft.longitude) };
    }
    default:
      return type satisfies never;
  }
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // what is being typed is no JSON yet
  }
}
