import sql, { join, type Sql } from "sql-template-tag";
import { versionNumber } from "../lib/version.ts";
import type { Condition, Scalar } from "./condition.ts";
import { type FieldName, fields } from "./fields.ts";
import { boxesAround, earthRadiusMeters } from "./near.ts";

/** Columns behind the fields: `u` is the user, `i` one installation or, for a user without any, all nulls. */
const columns: Record<Exclude<FieldName, "tags" | "nearBy">, Sql> = {
  installDate: sql`i.install_date`,
  launchTime: sql`i.launch_time`,
  launchCount: sql`i.launch_count`,
  clientVersion: sql`i.client_version`,
  osVersion: sql`i.os_version`,
  deviceType: sql`i.device_type`,
};

const versionColumns: Partial<Record<FieldName, Sql>> = {
  clientVersion: sql`i.client_version_n`,
  osVersion: sql`i.os_version_n`,
};

const comparators = { gt: sql`>`, gte: sql`>=`, lt: sql`<`, lte: sql`<=` };

/**
 * The condition as SQL over `users u` left-joined to `installations i`: true for the pairs that match, false or null
 * for the others. A missing value is unequal to every value and in no list, as in LoopBack's memory connector.
 */
export function compileCondition(condition: Condition): Sql {
  switch (condition.kind) {
    case "all":
      return combined(condition.conditions, " and ", sql`true`);
    case "any":
      return combined(condition.conditions, " or ", sql`false`);
    case "compare":
      return compileCompare(condition);
    case "between":
      return sql`(${compileCompare({ ...condition, kind: "compare", operator: "gte", value: condition.from })}
        and ${compileCompare({ ...condition, kind: "compare", operator: "lte", value: condition.to })})`;
    case "in":
      return compileIn(condition);
    case "match":
      return compileMatch(condition);
    case "exists":
      return compileExists(condition.field, condition.exists);
    case "near":
      return compileNear(condition);
    default:
      return condition satisfies never;
  }
}

function combined(conditions: Condition[], separator: string, none: Sql): Sql {
  return conditions.length === 0 ? none : sql`(${join(conditions.map(compileCondition), separator)})`;
}

function column(field: FieldName): Sql {
  if (field === "tags" || field === "nearBy") throw new Error(`${field} has no single column`);
  return columns[field];
}

/** A value with the type PostgreSQL cannot guess. */
function bound(field: FieldName, value: Scalar): Sql {
  if (fields[field] === "number") return sql`${value}::numeric`;
  if (fields[field] === "moment") return sql`${value}::timestamptz`;
  return sql`${value}::text`;
}

type Compare = Extract<Condition, { kind: "compare" }>;

function compileCompare({ field, operator, value }: Compare): Sql {
  if (value === null) return compileExists(field, operator === "neq");
  if (field === "tags") {
    const has = sql`u.tags @> array[${value}::text]`;
    return operator === "neq" ? sql`not ${has}` : has;
  }
  const number = versionOf(field, value);
  if (operator === "eq" || operator === "neq") {
    const [left, right] = number ?? [column(field), bound(field, value)];
    return operator === "eq" ? sql`${left} = ${right}` : sql`${left} is distinct from ${right}`;
  }
  // A version that is no number ("beta") is above and below nothing.
  if (fields[field] === "version" && !number) return sql`false`;
  const [left, right] = number ?? [column(field), bound(field, value)];
  return sql`${left} ${comparators[operator]} ${right}`;
}

/** The sortable column and number of a version; null when the field is none or the text has no number. */
function versionOf(field: FieldName, value: Scalar): [Sql, Sql] | null {
  const numbers = versionColumns[field];
  const number = numbers ? versionNumber(String(value)) : null;
  return numbers && number !== null ? [numbers, sql`${number.toString()}::bigint`] : null;
}

function compileIn({ field, values, negated }: Extract<Condition, { kind: "in" }>): Sql {
  if (field === "tags") {
    const any = sql`u.tags && ${values.map(String)}::text[]`;
    return negated ? sql`not ${any}` : any;
  }
  const alternatives = values.map((value) =>
    compileCompare({ kind: "compare", field, operator: "eq", value }),
  );
  const isIn =
    fields[field] === "version" ? anyOf(alternatives) : sql`${column(field)} = any(${listOf(field, values)})`;
  return negated ? sql`(${isIn}) is not true` : isIn;
}

const anyOf = (alternatives: Sql[]) =>
  alternatives.length === 0 ? sql`false` : sql`(${join(alternatives, " or ")})`;

function listOf(field: FieldName, values: Scalar[]): Sql {
  if (fields[field] === "number") return sql`${values}::numeric[]`;
  if (fields[field] === "moment") return sql`${values}::timestamptz[]`;
  return sql`${values.map(String)}::text[]`;
}

function compileMatch({
  field,
  pattern,
  caseSensitive,
  negated,
}: Extract<Condition, { kind: "match" }>): Sql {
  const operator = caseSensitive ? sql`~` : sql`~*`;
  const matches =
    field === "tags"
      ? sql`exists (select from unnest(u.tags) as t (tag) where t.tag ${operator} ${pattern}::text)`
      : sql`${column(field)} ${operator} ${pattern}::text`;
  return negated ? sql`(${matches}) is not true` : matches;
}

function compileExists(field: FieldName, exists: boolean): Sql {
  if (field === "tags") return exists ? sql`cardinality(u.tags) > 0` : sql`cardinality(u.tags) = 0`;
  const value = field === "nearBy" ? sql`i.lat` : column(field);
  return exists ? sql`${value} is not null` : sql`${value} is null`;
}

function compileNear({ lat, lng, maxDistanceMeters }: Extract<Condition, { kind: "near" }>): Sql {
  if (maxDistanceMeters === null) return sql`i.lat is not null`;
  const boxes = boxesAround(lat, lng, maxDistanceMeters).map(
    (box) => sql`(i.lat between ${box.south}::float8 and ${box.north}::float8
      and i.lng between ${box.west}::float8 and ${box.east}::float8)`,
  );
  // Haversine; least() because rounding may push the square root above 1 for opposite points.
  return sql`((${join(boxes, " or ")}) and ${2 * earthRadiusMeters}::float8 * asin(least(1, sqrt(
    power(sin(radians(i.lat - ${lat}::float8) / 2), 2)
    + cos(radians(${lat}::float8)) * cos(radians(i.lat)) * power(sin(radians(i.lng - ${lng}::float8) / 2), 2)
  ))) <= ${maxDistanceMeters}::float8)`;
}
