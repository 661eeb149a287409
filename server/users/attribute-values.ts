import { parseMoment, readDay, readTimeOfDay } from "../lib/dates.ts";
import type { AttributeType } from "./attribute-types.ts";
import { maxObjectBytes, maxObjectDepth, maxText } from "./limits.ts";

export type Scalar = string | number | boolean;
export interface Location {
  latitude: number;
  longitude: number;
}
/** As it is stored, in JSON. */
export type AttributeValue = Scalar | Scalar[] | Location | Record<string, unknown>;

export const isScalar = (item: unknown): item is Scalar =>
  typeof item === "string" || typeof item === "number" || typeof item === "boolean";

/** What each type takes in JSON, for who sent something else. */
export const expectedJson: Record<AttributeType, string> = {
  TEXT: `a text of at most ${maxText} characters, without control characters`,
  NUMBER: "a number",
  BOOLEAN: "true or false",
  DATE: "a date as 2024-05-02",
  TIME: "a time as 18:21 or 18:21:07",
  DATETIME: "a moment as 2024-05-02T18:21:07Z, or milliseconds since 1970",
  ARRAY: "an array of texts, numbers, true and false",
  OBJECT: `an object of at most ${maxObjectDepth} levels and ${maxObjectBytes / 1024} KB`,
  LOCATION: '{"latitude":35.7,"longitude":51.4}, within ±90 and ±180',
};

// ISO 8601 with a time and an offset: nobody writes a text like this by chance.
const fullMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;

/** The type of an attribute that this is the first value of; null for what cannot be one. */
export function typeOfJson(value: unknown): AttributeType | null {
  switch (typeof value) {
    case "string":
      if (fullMoment.test(value) && parseMoment(value)) return "DATETIME";
      return readDay(value) === null ? "TEXT" : "DATE";
    case "number":
      return "NUMBER";
    case "boolean":
      return "BOOLEAN";
    case "object":
      if (value === null) return null;
      if (Array.isArray(value)) return "ARRAY";
      return placeOf(value) ? "LOCATION" : "OBJECT";
    default:
      return null;
  }
}

/** A JSON value as an attribute of this type stores it; null when it does not fit. */
export function readJsonValue(type: AttributeType, value: unknown): AttributeValue | null {
  if (hasNul(value)) return null;
  switch (type) {
    case "TEXT":
      return typeof value === "string" && isText(value) ? value : null;
    case "NUMBER":
      return typeof value === "number" ? value : null;
    case "BOOLEAN":
      return typeof value === "boolean" ? value : null;
    case "DATE":
      return typeof value === "string" ? readDay(value) : null;
    case "TIME":
      return typeof value === "string" ? readTimeOfDay(value) : null;
    case "DATETIME":
      return readMoment(value);
    case "ARRAY":
      return Array.isArray(value) && value.every(isScalar) ? value : null;
    case "OBJECT":
      return isObject(value) && isSmall(value) ? value : null;
    case "LOCATION": {
      const place = placeOf(value);
      return place && isOnEarth(place) ? place : null;
    }
    default:
      return type satisfies never;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused; line breaks and tabs are text
const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

export const hasControlCharacter = (text: string): boolean => controlCharacter.test(text);

const isText = (value: string) => value.length <= maxText && !hasControlCharacter(value);

function readMoment(value: unknown): string | null {
  if (typeof value === "number") return Math.abs(value) <= 8.64e15 ? new Date(value).toISOString() : null;
  return typeof value === "string" ? (parseMoment(value)?.toISOString() ?? null) : null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Within the limits of an OBJECT. */
export const isSmall = (value: object): boolean =>
  depthOf(value) <= maxObjectDepth && Buffer.byteLength(JSON.stringify(value)) <= maxObjectBytes;

const depthOf = (value: unknown): number =>
  typeof value === "object" && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map((inner) => depthOf(inner)))
    : 0;

/** PostgreSQL's jsonb cannot hold the letter. */
function hasNul(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\0");
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key.includes("\0") || hasNul(inner));
}

/** An object with lat or latitude and lng, lon, long or longitude; null when it is none. */
export function placeOf(value: unknown): Location | null {
  if (!isObject(value)) return null;
  const latitude = Number(value.latitude ?? value.lat ?? Number.NaN);
  const longitude = Number(value.longitude ?? value.lng ?? value.lon ?? value.long ?? Number.NaN);
  return Number.isFinite(latitude) && Number.isFinite(longitude) ? { latitude, longitude } : null;
}

export const isOnEarth = ({ latitude, longitude }: Location): boolean =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
