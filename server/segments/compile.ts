import sql, { join, raw, type Sql } from "sql-template-tag";
import { versionNumber } from "../lib/version.ts";
import {
  listHasAny,
  looselyEqual,
  numberCompares,
  numberIsOneOf,
  sortableMoment,
  textIsOneOf,
  textMatches,
} from "./attribute-values.ts";
import { type Column, columnOf, type PlainType } from "./columns.ts";
import type { Comparison, Condition, DeliveryStep, Scalar, Times } from "./condition.ts";
import type { BehaviourField, Field } from "./fields.ts";
import { natureOf } from "./nature.ts";
import { boxesAround, earthRadiusMeters } from "./near.ts";

/** Whose users, and which of them. */
export interface Scope {
  appKey: number;
  /** Only users with a key from here on and below there are looked at; null and missing are all. Keys are uniform. */
  from?: string | null | undefined;
  below?: string | null | undefined;
  /** Who has no device need not be told apart: they match already. */
  haveDevices?: boolean;
}

const words = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;
const comparators = { gt: raw(words.gt), gte: raw(words.gte), lt: raw(words.lt), lte: raw(words.lte) };

/**
 * The condition as SQL over `users u` left-joined to `installations i`: true for the pairs that match, false or null
 * for the others. A missing value is unequal to every value and in no list, as in LoopBack's memory connector.
 * Every value is a parameter.
 */
export function compileCondition(condition: Condition, scope: Scope): Sql {
  switch (condition.kind) {
    case "all":
      return condition.conditions.length === 0
        ? sql`true`
        : both(condition.conditions.map((inner) => compileCondition(inner, scope)));
    case "any":
      return anyOf(condition.conditions, scope);
    case "not":
      return not(condition.condition, scope);
    case "compare":
    case "between":
    case "match":
    case "exists":
    case "near":
      return compileLeaf(leafOf(condition), scope);
    case "in":
      return compileIn(condition, scope);
    case "member":
      return negatable(condition.negated, isMember(condition.segments));
    case "imported":
      return negatable(condition.negated, isImported(condition.imports));
    case "messaged":
      return negatable(condition.negated, isMessaged(condition, scope));
    case "channel":
      return compileChannel(condition);
    case "did":
      return compileDid(condition, scope);
    case "matching":
      return compileMatching(condition, scope);
    default:
      return condition satisfies never;
  }
}

const both = (parts: Sql[]): Sql => sql`(${join(parts, " and ")})`;

/**
 * What costs least comes first: unlike the sides of an `and`, PostgreSQL takes those of an `or` as they come. And who has
 * no device is looked for once.
 */
function anyOf(conditions: readonly Condition[], scope: Scope): Sql {
  if (conditions.length === 0) return sql`false`;
  const parts: Sql[] = [];
  let rest = scope;
  for (const condition of [...conditions].sort((a, b) => costOf(a) - costOf(b))) {
    parts.push(compileCondition(condition, rest));
    if (condition.kind === "matching" && !condition.negated && holdsWithoutDevice(condition))
      rest = { ...scope, haveDevices: true };
  }
  return sql`(${join(parts, " or ")})`;
}

/** In rough steps: a column, a hash of keys that is made in any case, a look into JSON, and a pattern for what is there. */
function costOf(condition: Condition): number {
  switch (condition.kind) {
    case "all":
    case "any":
      return Math.max(0, ...condition.conditions.map(costOf));
    case "not":
      return costOf(condition.condition);
    case "matching":
      return Math.max(1, costOf(condition.condition));
    case "member":
    case "imported":
    case "messaged":
    case "did":
      return 1;
    case "channel":
      return 0;
  }
  const { field } = condition;
  if (typeof field === "string") return 0;
  if (!("attribute" in field)) return 1;
  return condition.kind === "match" || condition.kind === "near" ? 3 : 2;
}

/** Pushed down to where it can be a join that leaves rows out: PostgreSQL sees none in `(exists …) is not true`. */
function not(condition: Condition, scope: Scope): Sql {
  const negated = (inner: Condition): Condition => ({ kind: "not", condition: inner });
  switch (condition.kind) {
    case "not":
      return compileCondition(condition.condition, scope);
    case "all":
      return compileCondition({ kind: "any", conditions: condition.conditions.map(negated) }, scope);
    case "any":
      return compileCondition({ kind: "all", conditions: condition.conditions.map(negated) }, scope);
    case "in":
    case "match":
    case "member":
    case "imported":
    case "messaged":
    case "did":
    case "matching":
      return compileCondition({ ...condition, negated: !condition.negated }, scope);
    case "exists":
      return compileCondition({ ...condition, exists: !condition.exists }, scope);
    case "compare":
      if (condition.operator === "eq" || condition.operator === "neq") {
        const operator = condition.operator === "eq" ? "neq" : "eq";
        return compileCondition({ ...condition, operator }, scope);
      }
  }
  if ("field" in condition && isOfBehaviour(condition.field))
    return sql`not ${compileCondition(condition, scope)}`;
  return sql`(${compileCondition(condition, scope)}) is not true`;
}

const isOfBehaviour = (field: Field): field is BehaviourField =>
  typeof field === "object" && "event" in field;

/** Without what can be null. */
const negatable = (negated: boolean, condition: Sql): Sql => (negated ? sql`not ${condition}` : condition);

/** A condition on the value of one field: what holds for it, or does not, which it never does without a value. */
interface Leaf {
  field: Field;
  negated: boolean;
  holds(column: Column): Sql;
}

type LeafCondition = Extract<Condition, { kind: "compare" | "between" | "match" | "exists" | "near" }>;

function leafOf(condition: LeafCondition): Leaf {
  const { field } = condition;
  switch (condition.kind) {
    case "compare": {
      const { operator, value } = condition;
      const negated = operator === "neq";
      return { field, negated, holds: (column) => compared(column, negated ? "eq" : operator, value) };
    }
    case "between":
      return { field, negated: false, holds: (column) => isBetween(column, condition) };
    case "match":
      return { field, negated: condition.negated, holds: (column) => matched(column, condition) };
    case "exists":
      return { field, negated: !condition.exists, holds: isThere };
    case "near":
      return { field, negated: false, holds: (column) => nearby(column, condition) };
    default:
      return condition satisfies never;
  }
}

/** A behaviour is looked for in its own table. */
function compileLeaf({ field, negated, holds }: Leaf, scope: Scope): Sql {
  const condition = holds(columnOf(field));
  if (!isOfBehaviour(field)) return negated ? sql`(${condition}) is not true` : condition;
  return isAmong(negated, sql`b.user_key`, sql`${behavioursOf(field, scope)} and ${condition}`);
}

/**
 * Whether the user's key is among those of a from and where. Said in the way that PostgreSQL reckons rightly: beside an
 * `or` it takes the cost of `exists` for a lookup a user even where it will hash them all; and `not in` is no join.
 */
const isAmong = (negated: boolean, key: Sql, from: Sql): Sql =>
  negated
    ? sql`not exists (select from ${from} and ${key} = u.user_key)`
    : sql`u.user_key in (select ${key} from ${from})`;

/** From and the beginning of where. */
const behavioursOf = ({ event }: BehaviourField, scope: Scope): Sql =>
  sql`behaviours b where b.app_key = ${scope.appKey} and b.name = ${event}${inRange(sql`b.user_key`, scope)}`;

/**
 * That a key lies in the range: to follow other conditions. Said of every table, since PostgreSQL does not carry an order
 * from one key to an equal one.
 */
export function inRange(key: Sql, { from, below }: Scope): Sql {
  const least = from ? sql` and ${key} >= ${from}::uuid` : sql``;
  return below ? sql`${least} and ${key} < ${below}::uuid` : least;
}

function compileIn({ field, values, negated }: Extract<Condition, { kind: "in" }>, scope: Scope): Sql {
  const present = values.filter((value) => value !== null);
  const isOne = compileLeaf({ field, negated, holds: (column) => equals(column, present) }, scope);
  if (present.length === values.length) return isOne;
  const exists = compileLeaf({ field, negated: !negated, holds: isThere }, scope);
  return negated ? sql`(${isOne} and ${exists})` : sql`(${isOne} or ${exists})`;
}

function compared(column: Column, operator: Exclude<Comparison, "neq">, value: Scalar): Sql {
  if (operator === "eq") return equals(column, [value]);
  const comparator = comparators[operator];
  switch (column.is) {
    case "plain":
      return sql`${ordered(column)} ${comparator} ${bound(column.type, value)}`;
    case "version": {
      const number = versionNumber(String(value));
      // A version that is no number ("beta") is above and below nothing.
      return number === null ? sql`false` : sql`${column.number} ${comparator} ${number.toString()}::bigint`;
    }
    case "attribute text":
      return sql`(${column.value}) collate "C" ${comparator} ${value}::text`;
    case "attribute number":
      return numberCompares(column.attribute, words[operator], value);
    case "data":
    case "list":
      return anyItem(column, value, (item) => sql`${item} ${comparator} ${boundData(value)}`);
    default:
      throw new Error(`${column.is} has no order`);
  }
}

const ordered = ({ value, type }: { value: Sql; type: PlainType }): Sql =>
  type === "text" ? sql`(${value}) collate "C"` : value;

const isBetween = (column: Column, { from, to }: { from: Scalar; to: Scalar }): Sql =>
  column.is === "list" || column.is === "data"
    ? anyItem(column, from, (item) => sql`${item} between ${boundData(from)} and ${boundData(to)}`)
    : both([compared(column, "gte", from), compared(column, "lte", to)]);

/** Equal to one of the values, none of which is null. */
function equals(column: Column, values: readonly Scalar[]): Sql {
  const [only] = values;
  switch (column.is) {
    case "plain":
      if (values.length === 1 && only !== undefined)
        return sql`${column.value} = ${bound(column.type, only)}`;
      return sql`${column.value} = any(${boundList(column.type, values)})`;
    case "version":
      return versionIn(column, values);
    case "texts":
      return values.length === 1
        ? sql`${column.value} @> array[${String(only)}::text]`
        : sql`${column.value} && ${values.map(String)}::text[]`;
    case "list":
      return listHasAny(column.attribute, values);
    case "attribute text":
      return textIsOneOf(column.attribute, values.map(String));
    case "attribute number":
      return numberIsOneOf(column.attribute, values);
    case "data":
      return dataIn(column, values);
    default:
      throw new Error(`${column.is} equals nothing`);
  }
}

/** Numbers among the versions compare part by part, the others as text. */
function versionIn({ value, number }: { value: Sql; number: Sql }, values: readonly Scalar[]): Sql {
  const numbers: string[] = [];
  const texts: string[] = [];
  for (const version of values) {
    const asNumber = versionNumber(String(version));
    if (asNumber === null) texts.push(String(version));
    else numbers.push(asNumber.toString());
  }
  const alternatives = [
    ...(numbers.length > 0 ? [sql`${number} = any(${numbers}::bigint[])`] : []),
    ...(texts.length > 0 ? [sql`${value} = any(${texts}::text[])`] : []),
  ];
  return alternatives.length === 0 ? sql`false` : sql`(${join(alternatives, " or ")})`;
}

type Data = Extract<Column, { is: "data" }>;

function dataIn(column: Data, values: readonly Scalar[]): Sql {
  // A value within an array counts, too: jsonb's arrays contain their items.
  const all = values.flatMap(looselyEqual);
  if (column.json) return sql`${column.json} @> any(${all.map((value) => JSON.stringify(value))}::jsonb[])`;
  const numbers = all.filter((value) => typeof value === "number");
  const texts = all.filter((value) => typeof value === "string");
  return sql`(${column.number} = any(${numbers}::float8[]) or ${column.text} = any(${texts}::text[]))`;
}

/** The value where it has the type of what it is compared with, else null. */
function ofType(column: Data, value: Scalar): Sql {
  if (typeof value === "number") return column.number;
  return typeof value === "boolean" ? column.truth : sql`(${column.text}) collate "C"`;
}

function boundData(value: Scalar): Sql {
  if (typeof value === "number") return sql`${value}::numeric`;
  return typeof value === "boolean" ? sql`${value}::boolean` : sql`${value}::text`;
}

/** Whether a value of the type of `like`, or an item where there are several, does what is asked. */
function anyItem(
  column: Extract<Column, { is: "list" | "data" }>,
  like: Scalar,
  does: (item: Sql) => Sql,
): Sql {
  if (column.is === "list") return anyInList(column.value, like, does);
  const itself = does(ofType(column, like));
  if (column.json === null) return itself;
  return sql`(case when jsonb_typeof(${column.json}) = 'array' then ${anyInList(column.json, like, does)} else ${itself} end)`;
}

function anyInList(list: Sql, value: Scalar, does: (item: Sql) => Sql): Sql {
  const type = typeof value === "number" ? "number" : typeof value === "boolean" ? "boolean" : "string";
  const text = sql`(l.item #>> '{}')`;
  const item =
    type === "number"
      ? sql`${text}::numeric`
      : type === "boolean"
        ? sql`${text}::boolean`
        : sql`${text} collate "C"`;
  return sql`exists (
    select from jsonb_array_elements(${list}) as l (item)
    where case when jsonb_typeof(l.item) = ${type}::text then ${does(item)} else false end)`;
}

/** A value with the type that PostgreSQL cannot guess: that of the column. */
function bound(type: PlainType, value: Scalar): Sql {
  switch (type) {
    case "integer":
      return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31
        ? sql`${value}::integer`
        : sql`${value}::numeric`;
    case "numeric":
      return sql`${value}::numeric`;
    case "float8":
      return sql`${value}::float8`;
    case "boolean":
      return sql`${value}::boolean`;
    case "timestamptz":
      return sql`${value}::timestamptz`;
    case "sortable moment":
      return sql`${sortableMoment(new Date(String(value)))}::text`;
    case "text":
      return sql`${String(value)}::text`;
    default:
      return type satisfies never;
  }
}

function boundList(type: PlainType, values: readonly Scalar[]): Sql {
  switch (type) {
    case "integer":
    case "numeric":
      return sql`${values}::numeric[]`;
    case "float8":
      return sql`${values}::float8[]`;
    case "boolean":
      return sql`${values}::boolean[]`;
    case "timestamptz":
      return sql`${values}::timestamptz[]`;
    case "sortable moment":
      return sql`${values.map((value) => sortableMoment(new Date(String(value))))}::text[]`;
    case "text":
      return sql`${values.map(String)}::text[]`;
    default:
      return type satisfies never;
  }
}

function matched(
  column: Column,
  { pattern, caseSensitive }: { pattern: string; caseSensitive: boolean },
): Sql {
  const operator = caseSensitive ? sql`~` : sql`~*`;
  switch (column.is) {
    case "texts":
      return sql`exists (select from unnest(${column.value}) as t (item) where t.item ${operator} ${pattern}::text)`;
    case "list":
    case "data":
      return anyItem(column, "", (item) => sql`${item} ${operator} ${pattern}::text`);
    case "attribute text":
      return textMatches(column.attribute, operator, pattern);
    case "plain":
    case "version":
      return sql`${column.value} ${operator} ${pattern}::text`;
    default:
      throw new Error(`${column.is} has no text`);
  }
}

function isThere(column: Column): Sql {
  switch (column.is) {
    case "texts":
      return sql`cardinality(${column.value}) > 0`;
    case "data":
      return column.isThere;
    case "attribute number":
      // In a case, which PostgreSQL takes for half of the users and not for one in 200.
      return sql`(case when jsonb_typeof(${column.value}) = 'number' then true end)`;
    case "place":
      return ofPlace(column, (lat, lng) => sql`(${lat} is not null and ${lng} is not null)`);
    default:
      return sql`${column.value} is not null`;
  }
}

/** A condition on the degrees of a place, both or either of them null when there is none. */
function ofPlace(
  { from, lat, lng }: Extract<Column, { is: "place" }>,
  holds: (lat: Sql, lng: Sql) => Sql,
): Sql {
  return from === null ? holds(lat, lng) : sql`(select ${holds(lat, lng)} from ${from} as p)`;
}

function nearby(column: Column, point: Extract<Condition, { kind: "near" }>): Sql {
  if (column.is !== "place") throw new Error(`${column.is} is no place`);
  const { maxDistanceMeters } = point;
  if (maxDistanceMeters === null) return isThere(column);
  return ofPlace(column, (lat, lng) => {
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
const isMember = (segments: string[]): Sql => sql`exists (
  select from segment_members m
  where m.app_key = u.app_key and m.user_key = u.user_key and m.segment_id = any(${segments}::uuid[]))`;

/**
 * The keys stand in one array a batch. The empty one hides the statistics of the column: the planner takes lengths of
 * small batches for those of all, and beyond its memory limit it would compare keys one by one instead of hashing them.
 * Guests whom the file brought and who have logged in since are the users they became.
 */
function isImported(imports: string[]): Sql {
  const keys = sql`select unnest(user_keys || '{}'::uuid[]) as user_key from import_batches where import_id = any(${imports}::uuid[])`;
  return sql`(u.user_key in (${keys}) or u.user_key in (
    select a.owner_key from user_aliases a where a.app_key = u.app_key and a.user_key in (${keys})))`;
}

/** A later word about a delivery sets the moments of the earlier steps, too. */
const reached: Record<DeliveryStep, Sql> = {
  sent: sql`d.sent_at is not null`,
  delivered: sql`d.delivered_at is not null`,
  seen: sql`d.seen_at is not null`,
  clicked: sql`d.clicked_at is not null`,
};

function isMessaged({ step, messages }: Extract<Condition, { kind: "messaged" }>, scope: Scope): Sql {
  const which = messages === null ? sql`` : sql` and d.message_id = any(${messages}::uuid[])`;
  return sql`exists (
    select from deliveries d
    where d.app_key = ${scope.appKey} and d.user_key = u.user_key and ${reached[step]}${which}${inRange(sql`d.user_key`, scope)})`;
}

const byChannel: Record<"reachableBy" | "optedOutOf", Record<string, Sql>> = {
  reachableBy: {
    inbox: sql`coalesce(i.reach > 0, false)`,
    push: sql`coalesce(i.reach > 1, false)`,
    email: sql`(u.reach & 1) > 0`,
    sms: sql`(u.reach & 2) > 0`,
    whatsapp: sql`(u.reach & 4) > 0`,
  },
  optedOutOf: {
    push: sql`coalesce(i.opted_out, false)`,
    email: sql`u.opted_out @> '{email}'`,
    sms: sql`u.opted_out @> '{sms}'`,
    whatsapp: sql`u.opted_out @> '{whatsapp}'`,
  },
};

function compileChannel({ field, channels, negated }: Extract<Condition, { kind: "channel" }>): Sql {
  const any = channels.map((channel) => {
    const condition = byChannel[field][channel];
    if (!condition) throw new Error(`no channel ${channel}`);
    return condition;
  });
  return negatable(negated, any.length === 0 ? sql`false` : sql`(${join(any, " or ")})`);
}

type Did = Extract<Condition, { kind: "did" }>;

function compileDid(did: Did, scope: Scope): Sql {
  const { times, negated } = did;
  const isNever = holdsFor(times, 0);
  const asked = isNever ? opposite(times) : times;
  const isNegated = negated !== isNever;
  return isOnce(asked)
    ? isAmong(isNegated, sql`e.user_key`, eventsOf(did, scope))
    : isAmong(isNegated, sql`often.user_key`, sql`(${oftenIn(did, asked, scope)}) as often where true`);
}

const isOnce = (times: Opposite): boolean =>
  "operator" in times && times.operator === "gte" && times.value === 1;

/**
 * A select of the keys of users who match, each once, where a condition asks for nothing but what they did; else null.
 * Whoever did something is a user, so that there is no need to look for them.
 */
export function doersOf(condition: Condition, scope: Scope): Sql | null {
  if (condition.kind === "all") {
    const [only] = condition.conditions;
    return only && condition.conditions.length === 1 ? doersOf(only, scope) : null;
  }
  if (condition.kind === "did") {
    const { times, negated } = condition;
    return negated || holdsFor(times, 0) ? null : oftenIn(condition, times, scope);
  }
  if (!isLeaf(condition)) return null;
  const { field, negated, holds } = leafOf(condition);
  if (negated || !isOfBehaviour(field)) return null;
  return sql`select b.user_key from ${behavioursOf(field, scope)} and ${holds(columnOf(field))}`;
}

const leafKinds = ["compare", "between", "match", "exists", "near"];

const isLeaf = (condition: Condition): condition is LeafCondition => leafKinds.includes(condition.kind);

function oftenIn(did: Did, times: Opposite, scope: Scope): Sql {
  if (isOnce(times)) return sql`select distinct e.user_key from ${eventsOf(did, scope)}`;
  return sql`select e.user_key from ${eventsOf(did, scope)} group by e.user_key having ${counted(times)}`;
}

/** From and where of the events that count. */
function eventsOf({ event, from, to, where }: Did, scope: Scope): Sql {
  const conditions = [
    sql`e.app_key = ${scope.appKey} and e.name = ${event}${inRange(sql`e.user_key`, scope)}`,
    ...(from === null ? [] : [sql`e.at >= ${from}::timestamptz`]),
    ...(to === null ? [] : [sql`e.at < ${to}::timestamptz`]),
    ...(where === null ? [] : [compileCondition(where, scope)]),
  ];
  return sql`events e where ${both(conditions)}`;
}

const holdsFor = (times: Times, count: number): boolean => {
  if (!("operator" in times)) return count >= times.from && count <= times.to;
  const { operator, value } = times;
  return {
    ...{ eq: count === value, neq: count !== value, gt: count > value, gte: count >= value },
    ...{ lt: count < value, lte: count <= value },
  }[operator];
};

/** Holds where the times do not, and never for none at all. */
type Opposite = Times | { outside: { from: number; to: number } };

function opposite(times: Times): Opposite {
  if (!("operator" in times)) return { outside: times };
  const operators = { eq: "neq", neq: "eq", gt: "lte", gte: "lt", lt: "gte", lte: "gt" } as const;
  const operator = operators[times.operator];
  // As it is usually asked, which needs no counting.
  if (times.value === 0 && (operator === "gt" || operator === "neq")) return { operator: "gte", value: 1 };
  return { operator, value: times.value };
}

const countComparators = { ...comparators, eq: sql`=`, neq: sql`<>` };

function counted(times: Opposite): Sql {
  if ("outside" in times)
    return sql`count(*) not between ${times.outside.from}::bigint and ${times.outside.to}::bigint`;
  if (!("operator" in times)) return sql`count(*) between ${times.from}::bigint and ${times.to}::bigint`;
  return sql`count(*) ${countComparators[times.operator]} ${times.value}::bigint`;
}

/** Whether it asks of devices alone, and holds for a user who has none. */
function holdsWithoutDevice({ condition }: Extract<Condition, { kind: "matching" }>): boolean {
  const { user, device, mayLackDevice } = natureOf(condition);
  return device && !user && mayLackDevice;
}

/**
 * About the user, not the device at hand: one that holds for some device, or without any. Asked for by the user's key,
 * which PostgreSQL turns into a join, a hash of all that match, or a lookup for each user, whichever costs least.
 */
function compileMatching(
  { condition, negated }: Extract<Condition, { kind: "matching" }>,
  scope: Scope,
): Sql {
  const { user, device, mayLackDevice } = natureOf(condition);
  if (!device) return negated ? not(condition, scope) : compileCondition(condition, scope);
  if (user) {
    // Named anew inside: what is compiled says u and i.
    const pairs = sql`select u.user_key from users u
      ${mayLackDevice ? sql`left join` : sql`join`} installations i
        on i.app_key = u.app_key and i.user_key = u.user_key${inRange(sql`i.user_key`, scope)}
      where u.app_key = ${scope.appKey}${inRange(sql`u.user_key`, scope)} and ${compileCondition(condition, scope)}`;
    return negatable(negated, sql`u.user_key in (${pairs})`);
  }
  const key = sql`i.user_key`;
  const devices = sql`installations i where i.app_key = ${scope.appKey}${inRange(key, scope)}`;
  const matching = sql`${devices} and ${compileCondition(condition, scope)}`;
  if (!mayLackDevice || scope.haveDevices) return isAmong(negated, key, matching);
  const lacks = isAmong(true, key, devices);
  return negatable(negated, sql`(${isAmong(false, key, matching)} or ${lacks})`);
}
