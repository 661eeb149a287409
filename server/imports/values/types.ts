import { parseMoment, readDay, readTimeOfDay } from "../../lib/dates.ts";
import { europeanDigits } from "../../lib/digits.ts";
import type { AttributeType } from "../../users/attribute-types.ts";
import {
  type AttributeValue,
  hasControlCharacter,
  isOnEarth,
  isScalar,
  isSmall,
  type Location,
  placeOf,
} from "../../users/attribute-values.ts";
import { maxObjectBytes, maxObjectDepth, maxText } from "../../users/limits.ts";
import { quoted, Rejected, type RejectionCode } from "./rejected.ts";

/** The value of a cell that is not blank. `timeZone` (IANA) is that of times without an offset. Throws {@link Rejected}. */
export function readTyped(
  type: AttributeType,
  text: string,
  column: string,
  timeZone: string,
): AttributeValue {
  const refuse = (expected: string, code: RejectionCode = "type_mismatch"): Rejected =>
    new Rejected(code, column, `${label(column)} is ${type}: expected ${expected}, not ${quoted(text)}.`);
  switch (type) {
    case "TEXT":
      return readText(text, column);
    case "NUMBER":
      return readNumber(text) ?? fail(refuse("a number such as 1250.5, without thousands marks"));
    case "BOOLEAN":
      return readBoolean(text) ?? fail(refuse("true or false, yes or no, 1 or 0"));
    case "DATE":
      return readDay(europeanDigits(text)) ?? fail(refuse("a date as 2024-05-02"));
    case "TIME":
      return readTimeOfDay(europeanDigits(text)) ?? fail(refuse("a time as 18:21 or 18:21:07"));
    case "DATETIME":
      return (
        parseMoment(europeanDigits(text), timeZone)?.toISOString() ??
        fail(refuse("a moment as 2024-05-02T18:21:07+03:30 or 2024-05-02 18:21:07"))
      );
    case "ARRAY": {
      const value = readJson(text, column, type);
      const isArray = Array.isArray(value) && value.every((item) => isScalar(item));
      return isArray ? value : fail(refuse('a JSON array of texts, numbers, true and false, as ["a","b"]'));
    }
    case "OBJECT": {
      const value = readJson(text, column, type);
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw refuse('a JSON object, as {"a":1}');
      }
      if (!isSmall(value)) {
        throw refuse(`at most ${maxObjectDepth} levels and ${maxObjectBytes / 1024} KB`);
      }
      return value as Record<string, unknown>;
    }
    case "LOCATION": {
      const place = readLocation(text);
      if (place === null) throw refuse('{"latitude":35.7,"longitude":51.4} or 35.7,51.4');
      if (!isOnEarth(place))
        throw refuse("a latitude of −90 to 90 and a longitude of −180 to 180", "location_range");
      return place;
    }
  }
}

/** The header without its type, which the sentence says anyway. */
const label = (column: string): string => column.split("||")[0]?.trim() || column;

function fail(rejected: Rejected): never {
  throw rejected;
}

function readText(text: string, column: string): string {
  if (text.length > maxText) {
    throw new Rejected(
      "text_too_long",
      column,
      `${column} has ${text.length} characters; at most ${maxText} fit.`,
    );
  }
  if (hasControlCharacter(text)) {
    throw new Rejected("text_invalid", column, `${column} contains a control character: ${quoted(text)}.`);
  }
  return text;
}

/** Digits with an optional sign and fraction, at most 15 that count: what a double holds exactly. */
export function readNumber(text: string): number | null {
  const number = europeanDigits(text).replace("٫", ".");
  if (!/^-?\d+(\.\d+)?$/.test(number)) return null;
  return number.replace(/\D/g, "").replace(/^0+/, "").length > 15 ? null : Number(number);
}

function readBoolean(text: string): boolean | null {
  const word = europeanDigits(text).toLowerCase();
  if (word === "true" || word === "yes" || word === "1") return true;
  return word === "false" || word === "no" || word === "0" ? false : null;
}

function readJson(text: string, column: string, type: AttributeType): unknown {
  try {
    return JSON.parse(text, (_key, value) => {
      // PostgreSQL's jsonb cannot hold it.
      if (typeof value === "string" && value.includes("\0")) throw new SyntaxError("NUL");
      return value;
    });
  } catch {
    throw new Rejected(
      "bad_json",
      column,
      `${label(column)} is ${type}, but ${quoted(text)} is not valid JSON.`,
    );
  }
}

/** `35.7,51.4` (latitude first), or an object with lat or latitude and lng, lon, long or longitude. Null when it is neither. */
export function readLocation(text: string): Location | null {
  const pair = /^\(?\s*(-?\d{1,3}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\s*\)?$/.exec(
    europeanDigits(text),
  );
  if (pair) return { latitude: Number(pair[1]), longitude: Number(pair[2]) };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return placeOf(value);
}
