import pg from "pg";
import sql, { raw, type Sql } from "sql-template-tag";
import type { Scalar } from "./condition.ts";
import type { AttributeField } from "./fields.ts";

// Every form is guarded: a value that is not of its attribute's type counts as missing, and no cast of it can fail.
// Names stand in the text and not among the values: only then is a form the expression that an index has (see fast.ts).

interface Source extends AttributeField {
  /** Where it stands; `u.attributes` unless an index says it, which knows no other names for its table. */
  column?: Sql;
}

/** The value of an attribute of `users u`: numeric, boolean, jsonb (ARRAY, OBJECT) or text; null when it is missing. */
export function attributeValue(field: Source): Sql {
  switch (field.type) {
    case "TEXT":
      return typed(field, "string", textOf(field));
    case "NUMBER":
      return typed(field, "number", sql`${jsonOf(field)}::numeric`);
    case "BOOLEAN":
      return typed(field, "boolean", sql`${jsonOf(field)}::boolean`);
    case "DATE":
      return written(field, "9999-99-99", textOf(field));
    case "TIME":
      return written(field, "99:99:99", textOf(field));
    case "DATETIME":
      // With three digits of a second in every case, as {@link sortableMoment} writes them.
      return written(
        field,
        "9999-99-99T99:99:99%Z",
        sql`rpad(replace(rtrim(${textOf(field)}, 'Z'), '.', ''), 22, '0')`,
      );
    case "ARRAY":
      return typed(field, "array", jsonOf(field));
    case "OBJECT":
      return typed(field, "object", jsonOf(field));
    case "LOCATION":
      throw new Error(`${field.attribute} is a place, which has two values`);
    default:
      return field.type satisfies never;
  }
}

/** A moment as text that sorts as moments do, in the form {@link attributeValue} has for DATETIME. */
export function sortableMoment(moment: Date): string {
  // Years above 9999 begin with a plus sign, which would sort below the digits; a colon sorts above.
  return moment.toISOString().replace(/[.Z]/g, "").replace(/^\+/, ":");
}

/** A row of lat and lng for a LOCATION, in degrees, null when it is missing or not on earth. To be selected from. */
export function attributePlace(field: AttributeField): Sql {
  // `offset 0` has each value looked up once a user, however often a condition speaks of it: 1.2 s instead of 4.4 s for
  // 200,000 users who are all near a place.
  return sql`(select ${degrees(field, "latitude", 90)} as lat, ${degrees(field, "longitude", 180)} as lng offset 0)`;
}

/** Whether an ARRAY contains one of the values; null for who has none. */
export const listHasAny = (field: AttributeField, values: readonly Scalar[]): Sql =>
  sql`${attributeValue(field)} @> any(${values.flatMap(looselyEqual).map((value) => JSON.stringify([value]))}::jsonb[])`;

/**
 * Whether a TEXT is one of the values; null when it is missing. Its beginning is compared, which an index has; a value
 * that is longer only has it in common with others.
 */
export function textIsOneOf(field: AttributeField, values: readonly string[]): Sql {
  if (!field.isFast) return isAmongFew(field, values) ?? isOneOf(field, values);
  const [only] = values;
  const begins =
    values.length === 1 && only !== undefined
      ? sql`${indexedValue(field)} = ${beginning(only)}::text`
      : sql`${indexedValue(field)} = any(${values.map(beginning)}::text[])`;
  if (values.every((value) => beginning(value).length < indexedLetters)) return begins;
  return sql`(${begins} and ${attributeValue(field)} = any(${values}::text[]))`;
}

/** Whether a TEXT matches a pattern. What passes is looked at for its type, which is quicker than to look at all first. */
export const textMatches = (field: AttributeField, operator: Sql, pattern: string): Sql =>
  sql`(case when ${textOf(field)} ${operator} ${pattern}::text then jsonb_typeof(${jsonOf(field)}) = 'string' end)`;

/** Whether a NUMBER without an index is one of the values. */
export const numberIsOneOf = (field: AttributeField, values: readonly Scalar[]): Sql =>
  isAmongFew(field, values) ??
  sql`${jsonOf(field)} = any(${values.map((value) => JSON.stringify(value))}::jsonb[])`;

/**
 * Whether a NUMBER without an index stands so to a value. As a path, which never compares a number with anything else
 * and takes two thirds of the time of looking at the type; strict, since a list is no number whatever is in it.
 */
export function numberCompares(
  field: AttributeField,
  comparator: ">" | ">=" | "<" | "<=",
  value: Scalar,
): Sql {
  const path = `strict $.${JSON.stringify(field.attribute)} ${comparator} ${JSON.stringify(value)}`;
  return sql`u.attributes @@ ${path}::jsonpath`;
}

/** Each takes a look at every user: beyond so many the value is looked up once. */
const fewValues = 3;

/**
 * Of operators of jsonb PostgreSQL reckons how many users they hold for by the documents that it has sampled. Any other
 * expression it takes for one of 200, and two of them for 25 users in a million: then it compares each with each.
 */
const isAmongFew = (field: AttributeField, values: readonly Scalar[]): Sql | null => {
  const documents = values.map((value) => JSON.stringify({ [field.attribute]: value }));
  if (documents.length > fewValues) return null;
  return documents.length === 1
    ? sql`u.attributes @> ${documents[0]}::jsonb`
    : sql`u.attributes @> any(${documents}::jsonb[])`;
};

/** In a case, which is taken for half of the users. */
const isOneOf = (field: AttributeField, values: readonly string[]): Sql =>
  sql`(case when ${textOf(field)} = any(${values}::text[]) then jsonb_typeof(${jsonOf(field)}) = 'string' end)`;

/** Letters as PostgreSQL counts them. */
const beginning = (text: string) => Array.from(text).slice(0, indexedLetters).join("");

/** What an index of an attribute has: its value, or of a TEXT as much as fits into an entry (2,704 bytes). */
export const indexedValue = (field: Source): Sql =>
  field.type === "TEXT"
    ? sql`left(${attributeValue(field)}, ${raw(String(indexedLetters))})`
    : attributeValue(field);

const indexedLetters = 500;

/** What JavaScript's == takes for this value, as it is usually written: 3 and "3", true and 1. */
export function looselyEqual(value: Scalar): Scalar[] {
  if (typeof value === "boolean") return [value, Number(value), String(Number(value))];
  const other = typeof value === "number" ? String(value) : Number(value);
  const isOneWritten = typeof value === "number" || String(other) === value;
  const truths = value === 1 || value === "1" ? [true] : value === 0 || value === "0" ? [false] : [];
  return isOneWritten && Number.isFinite(Number(other)) ? [value, other, ...truths] : [value];
}

/** The value of an attribute as it is, of whatever type; null when it is missing. */
export const jsonOf = (field: Source): Sql => sql`(${columnOf(field)} -> ${literal(field.attribute)})`;
const textOf = (field: Source): Sql => sql`(${columnOf(field)} ->> ${literal(field.attribute)})`;
const columnOf = (field: Source): Sql => field.column ?? sql`u.attributes`;

const literal = (text: string): Sql => raw(`${pg.escapeLiteral(text)}::text`);

/** `value` where the attribute's JSON has this type. A case, since PostgreSQL may look at the sides of an `and` in any order. */
const typed = (field: Source, jsonType: string, value: Sql): Sql =>
  sql`(case when jsonb_typeof(${jsonOf(field)}) = ${literal(jsonType)} then ${value} end)`;

/**
 * `value` where the attribute is written in this shape, with a 9 for every digit. Three times as fast as a regular
 * expression. Compared by bytes, not by the letters of a language.
 */
const written = (field: Source, shape: string, value: Sql): Sql =>
  sql`(case when translate(${textOf(field)}, '012345678', '999999999') like ${literal(shape)} then ${value} end) collate "C"`;

function degrees(field: AttributeField, part: string, most: number): Sql {
  const value = sql`(${jsonOf(field)} -> ${part}::text)`;
  // Numbers of JSON sort among each other, so what stands between two is one, and none too large for a double.
  return sql`(case when ${value} between ${String(-most)}::jsonb and ${String(most)}::jsonb then ${value}::float8 end)`;
}
