import { parseMoment, readTimeOfDay } from "../lib/dates.ts";
import type { Scalar } from "./condition.ts";
import type { FieldType } from "./fields.ts";
import { readDay } from "./times.ts";

/** What a value of a type looks like, to be told to who wrote another. */
export const expectation: Record<FieldType, string> = {
  text: "a text",
  tags: "a tag (a text)",
  number: "a number",
  truth: "true or false",
  moment: "a date: ISO 8601 such as 2024-05-01T00:00:00Z, or milliseconds since 1970",
  day: "a date such as 2024-05-01",
  time: "a time such as 18:21 or 18:21:07",
  version: 'a version such as "5.2.0"',
  list: "a text, a number, true or false: one that the list contains",
  object: '{"exists":true} or {"exists":false}',
  place: '{"near":{"lat":35.7,"lng":51.4},"maxDistance":5,"unit":"kilometers"}',
  segment: "the name or id of a segment",
  import: "the id of an import",
  message: "the id of a message",
  channels: "the name of a channel",
  data: "a text, a number, true or false",
};

/** A value as its type compares it; undefined when it is none of that type. */
export function readScalar(type: FieldType, argument: unknown): Scalar | undefined {
  switch (type) {
    case "number":
      return readNumber(argument);
    case "truth":
      // Chabok's own examples write "true" for true.
      if (argument === "true" || argument === "false") return argument === "true";
      return typeof argument === "boolean" ? argument : undefined;
    case "moment":
      return readMoment(argument);
    case "day":
      return typeof argument === "string" ? readDay(argument.trim()) : undefined;
    case "time":
      return typeof argument === "string" ? (readTimeOfDay(argument.trim()) ?? undefined) : undefined;
    case "version":
      return typeof argument === "number" ? String(argument) : readText(argument);
    case "list":
    case "data":
      if (typeof argument === "boolean" || (typeof argument === "number" && Number.isFinite(argument)))
        return argument;
      break;
  }
  return readText(argument);
}

/** PostgreSQL's text has no NUL and no half of a surrogate pair. */
function readText(argument: unknown): string | undefined {
  return typeof argument === "string" && !argument.includes("\0") && argument.isWellFormed()
    ? argument
    : undefined;
}

function readNumber(argument: unknown): number | undefined {
  const number = typeof argument === "string" && argument.trim() !== "" ? Number(argument) : argument;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function readMoment(argument: unknown): string | undefined {
  const at =
    typeof argument === "number"
      ? new Date(argument)
      : typeof argument === "string"
        ? parseMoment(argument.trim())
        : null;
  const ms = at?.getTime() ?? Number.NaN;
  return ms >= earliest && ms <= latest ? new Date(ms).toISOString() : undefined;
}

// Years of four digits: what PostgreSQL and ISO 8601 write alike.
const earliest = Date.parse("0001-01-01T00:00:00Z");
const latest = Date.parse("9999-12-31T23:59:59.999Z");
