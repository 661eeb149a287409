import sql, { join, type Sql } from "sql-template-tag";
import { versionNumber } from "../lib/version.ts";
import {
  attributePlace,
  attributeValue,
  listHasAny,
  sortableMoment,
  textIsOneOf,
} from "./attribute-values.ts";
import type { Condition, Scalar } from "./condition.ts";
import { type BuiltInField, type Field, typeOf } from "./fields.ts";
import { boxesAround, earthRadiusMeters } from "./near.ts";

/** Columns behind the fields: `u` is the user, `i` one installation or, for a user without any, all nulls. */
const columns: Record<Exclude<BuiltInField, "tags" | "nearBy" | "segment">, Sql> = {
  installDate: sql`i.install_date`,
  launchTime: sql`i.launch_time`,
  launchCount: sql`i.launch_count`,
  clientVersion: sql`i.client_version`,
  osVersion: sql`i.os_version`,
  deviceType: sql`i.device_type`,
};

const versionColumns: Partial<Record<BuiltInField, Sql>> = {
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
    case "member":
      return compileMember(condition);
    case "matching":
      return compileMatching(condition);
    default:
      return condition satisfies never;
  }
}

function combined(conditions: Condition[], separator: string, none: Sql): Sql {
  return conditions.length === 0 ? none : sql`(${join(conditions.map(compileCondition), separator)})`;
}

function columnOf(field: Field): Sql {
  if (typeof field !== "string") return attributeValue(field);
  if (field === "tags" || field === "nearBy" || field === "segment")
    throw new Error(`${field} has no single column`);
  return columns[field];
}

/** A value with the type PostgreSQL cannot guess: that of what {@link columnOf} makes of the field. */
function bound(field: Field, value: Scalar): Sql {
  return sql`${parameter(field, value)}::${typeName(field)}`;
}

const boundList = (field: Field, values: Scalar[]): Sql =>
  sql`${values.map((value) => parameter(field, value))}::${typeName(field)}[]`;

/** Moments in attributes are text that sorts as time does, so that no value of a user can fail to be one. */
const isTextMoment = (field: Field) => typeof field !== "string" && typeOf(field) === "moment";

function typeName(field: Field): Sql {
  const type = typeOf(field);
  if (type === "number") return sql`numeric`;
  if (type === "truth") return sql`boolean`;
  return type === "moment" && !isTextMoment(field) ? sql`timestamptz` : sql`text`;
}

function parameter(field: Field, value: Scalar): Scalar {
  if (value instanceof Date) return isTextMoment(field) ? sortableMoment(value) : value;
  const type = typeOf(field);
  return type === "number" || type === "truth" ? value : String(value);
}

type Compare = Extract<Condition, { kind: "compare" }>;

function compileCompare({ field, operator, value }: Compare): Sql {
  if (value === null) return compileExists(field, operator === "neq");
  if (field === "tags") {
    const has = sql`u.tags @> array[${value}::text]`;
    return operator === "neq" ? sql`not ${has}` : has;
  }
  if (typeof field !== "string" && field.type === "ARRAY") {
    const has = listHasAny(field, [value]);
    return operator === "neq" ? sql`(${has}) is not true` : has;
  }
  if (typeof field !== "string" && field.type === "TEXT" && operator === "eq") {
    return textIsOneOf(field, [String(value)]);
  }
  const number = versionOf(field, value);
  if (operator === "eq" || operator === "neq") {
    const [left, right] = number ?? [columnOf(field), bound(field, value)];
    return operator === "eq" ? sql`${left} = ${right}` : sql`${left} is distinct from ${right}`;
  }
  // A version that is no number ("beta") is above and below nothing.
  if (typeOf(field) === "version" && !number) return sql`false`;
  const [left, right] = number ?? [columnOf(field), bound(field, value)];
  return sql`${left} ${comparators[operator]} ${right}`;
}

/** The sortable column and number of a version; null when the field is none or the text has no number. */
function versionOf(field: Field, value: Scalar): [Sql, Sql] | null {
  const numbers = typeof field === "string" ? versionColumns[field] : undefined;
  const number = numbers ? versionNumber(String(value)) : null;
  return numbers && number !== null ? [numbers, sql`${number.toString()}::bigint`] : null;
}

function compileIn({ field, values, negated }: Extract<Condition, { kind: "in" }>): Sql {
  if (field === "tags") {
    const any = sql`u.tags && ${values.map(String)}::text[]`;
    return negated ? sql`not ${any}` : any;
  }
  if (typeof field !== "string" && field.type === "ARRAY") {
    const has = listHasAny(field, values);
    return negated ? sql`(${has}) is not true` : has;
  }
  if (typeof field !== "string" && field.type === "TEXT") {
    const isIn = textIsOneOf(field, values.map(String));
    return negated ? sql`${isIn} is not true` : isIn;
  }
  const alternatives = values.map((value) =>
    compileCompare({ kind: "compare", field, operator: "eq", value }),
  );
  const isIn =
    typeOf(field) === "version"
      ? anyOf(alternatives)
      : sql`${columnOf(field)} = any(${boundList(field, values)})`;
  return negated ? sql`(${isIn}) is not true` : isIn;
}

const anyOf = (alternatives: Sql[]) =>
  alternatives.length === 0 ? sql`false` : sql`(${join(alternatives, " or ")})`;

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
      : sql`${columnOf(field)} ${operator} ${pattern}::text`;
  return negated ? sql`(${matches}) is not true` : matches;
}

function compileExists(field: Field, exists: boolean): Sql {
  if (field === "tags") return exists ? sql`cardinality(u.tags) > 0` : sql`cardinality(u.tags) = 0`;
  if (typeOf(field) === "place") return exists ? hasPlace(field) : sql`not ${hasPlace(field)}`;
  return exists ? sql`${columnOf(field)} is not null` : sql`${columnOf(field)} is null`;
}

const hasPlace = (field: Field): Sql =>
  ofPlace(field, (lat, lng) => sql`(${lat} is not null and ${lng} is not null)`);

/** A condition on the degrees of a place, both or either of them null when there is none. */
function ofPlace(field: Field, condition: (lat: Sql, lng: Sql) => Sql): Sql {
  if (typeof field === "string") return condition(sql`i.lat`, sql`i.lng`);
  return sql`(select ${condition(sql`p.lat`, sql`p.lng`)} from ${attributePlace(field)} as p)`;
}

function compileNear({ field, ...point }: Extract<Condition, { kind: "near" }>): Sql {
  const { maxDistanceMeters } = point;
  if (maxDistanceMeters === null) return hasPlace(field);
  return ofPlace(field, (lat, lng) => {
    const boxes = boxesAround(point.lat, point.lng, maxDistanceMeters).map(
      (box) => sql`(${lat} between ${box.south}::float8 and ${box.north}::float8
        and ${lng} between ${box.west}::float8 and ${box.east}::float8)`,
    );
    // Haversine; least() because rounding may push the square root above 1 for opposite points.
    return sql`((${join(boxes, " or ")}) and ${2 * earthRadiusMeters}::float8 * asin(least(1, sqrt(
      power(sin(radians(${lat} - ${point.lat}::float8) / 2), 2)
      + cos(radians(${point.lat}::float8)) * cos(radians(${lat}))
        * power(sin(radians(${lng} - ${point.lng}::float8) / 2), 2)
    ))) <= ${maxDistanceMeters}::float8)`;
  });
}

/** Joined on the user's key, so that it holds where users and members are spread over machines by it. */
function compileMember({ segments, negated }: Extract<Condition, { kind: "member" }>): Sql {
  const isMember = sql`exists (
    select from segment_members m
    where m.app_key = u.app_key and m.user_key = u.user_key and m.segment_id = any(${segments}::uuid[]))`;
  return negated ? sql`not ${isMember}` : isMember;
}

/** About the user, not the device at hand. App and key, so that it is a join that PostgreSQL hashes. */
function compileMatching({ condition, negated }: Extract<Condition, { kind: "matching" }>): Sql {
  const isMatching = sql`(u.app_key, u.user_key) in (
    select u.app_key, u.user_key
    from users u
    left join installations i on i.app_key = u.app_key and i.user_key = u.user_key
    where ${compileCondition(condition)})`;
  return negated ? sql`(${isMatching}) is not true` : isMatching;
}
