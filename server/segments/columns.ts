import sql, { type Sql } from "sql-template-tag";
import { attributePlace, attributeValue, jsonOf } from "./attribute-values.ts";
import type { AttributeField, BuiltInField, EventField, Field } from "./fields.ts";
import type { BehaviourStat } from "./operators.ts";

/**
 * Where the value of a field stands and how it compares. `u` is the user, `i` one installation or, for a user without
 * any, all nulls; `b` a behaviour and `e` an event, inside the subqueries that have them.
 */
export type Column =
  | { is: "plain"; value: Sql; type: PlainType }
  /** The text, and its sortable number where it has one. */
  | { is: "version"; value: Sql; number: Sql }
  /** An array of texts, never null unless there is no device. */
  | { is: "texts"; value: Sql }
  /** An ARRAY attribute: jsonb. */
  | { is: "list"; value: Sql; attribute: AttributeField }
  | { is: "attribute text"; value: Sql; attribute: AttributeField }
  /** A NUMBER attribute without an index, as JSON of any type. */
  | { is: "attribute number"; value: Sql; attribute: AttributeField }
  /** Compared as what it is compared with. */
  | { is: "data"; number: Sql; text: Sql; truth: Sql; json: Sql | null; isThere: Sql }
  | { is: "object"; value: Sql }
  /** `from` selects lat and lng out of what is to be named p; null where they are columns. */
  | { is: "place"; from: Sql | null; lat: Sql; lng: Sql };

/** What a plain value is compared as. Moments of attributes are text that sorts as time does. */
export type PlainType =
  | "text"
  | "integer"
  | "numeric"
  | "float8"
  | "boolean"
  | "timestamptz"
  | "sortable moment";

const plain = (value: Sql, type: PlainType): Column => ({ is: "plain", value, type });

type Simple = Exclude<
  BuiltInField,
  "segment" | "import" | "reachableBy" | "optedOutOf" | "lifetime" | `message${string}`
>;

// Three bytes of the key, the last ones: its first ones cut users into ranges, which must not cut samples.
const tail = (at: number) => sql`get_byte(uuid_send(u.user_key), ${at}::integer)`;
const sample = sql`((((${tail(13)} << 16) | (${tail(14)} << 8) | ${tail(15)})::bigint * 1000 >> 24)::integer + 1)`;

const columns: Record<Simple, Column> = {
  launchCount: plain(sql`i.launch_count`, "integer"),
  launchTime: plain(sql`i.launch_time`, "timestamptz"),
  installDate: plain(sql`i.install_date`, "timestamptz"),
  deviceType: plain(sql`i.device_type`, "text"),
  deviceModel: plain(sql`i.device_model`, "text"),
  browser: plain(sql`i.browser`, "text"),
  browserVersion: {
    is: "version",
    value: sql`(case when i.device_type = 'web' then i.os_version end)`,
    number: sql`(case when i.device_type = 'web' then i.os_version_n end)`,
  },
  clientVersion: { is: "version", value: sql`i.client_version`, number: sql`i.client_version_n` },
  osVersion: { is: "version", value: sql`i.os_version`, number: sql`i.os_version_n` },
  tags: { is: "texts", value: sql`u.tags` },
  topics: { is: "texts", value: sql`i.topics` },
  userId: plain(sql`u.user_id`, "text"),
  email: plain(sql`u.email`, "text"),
  phone: plain(sql`u.phone`, "text"),
  sample: plain(sample, "integer"),
  isTest: plain(sql`(u.tags @> '{CHABOK_TEST}')`, "boolean"),
  nearBy: { is: "place", from: null, lat: sql`i.lat`, lng: sql`i.lng` },
  country: plain(sql`i.country`, "text"),
  language: plain(sql`coalesce(i.language, u.language)`, "text"),
  timeZone: plain(sql`i.time_zone`, "text"),
  tokenState: plain(
    sql`(case when i.installation_key is null then null when i.device_token is null then 'none'
      when i.token_service in ('fcm', 'apns', 'webpush') then 'active' else 'unsupported' end)`,
    "text",
  ),
  userState: plain(sql`(case when u.is_guest then 'guest' else 'loggedIn' end)`, "text"),
  createdAt: plain(sql`u.created_at`, "timestamptz"),
  isUninstalled: plain(
    sql`(case when i.installation_key is not null then i.uninstalled_at is not null end)`,
    "boolean",
  ),
  uninstalledAt: plain(sql`i.uninstalled_at`, "timestamptz"),
};

export function columnOf(field: Field): Column {
  if (typeof field === "string") {
    const column = columns[field as Simple];
    if (!column) throw new Error(`${field} has no column`);
    return column;
  }
  if ("attribute" in field) return columnOfAttribute(field);
  if ("event" in field) return behaviourColumns[field.stat];
  if ("lifetimeAt" in field) {
    const days = sql`floor(extract(epoch from ${field.lifetimeAt}::timestamptz - i.install_date) / 86400)::integer`;
    return plain(days, "integer");
  }
  return columnOfEvent(field);
}

function columnOfAttribute(field: AttributeField): Column {
  if (field.path) return json(sql`(u.attributes #> ${[field.attribute, ...field.path]}::text[])`);
  switch (field.type) {
    case "TEXT":
      return { is: "attribute text", value: attributeValue(field), attribute: field };
    case "ARRAY":
      return { is: "list", value: attributeValue(field), attribute: field };
    case "OBJECT":
      return { is: "object", value: attributeValue(field) };
    case "LOCATION":
      return { is: "place", from: attributePlace(field), lat: sql`p.lat`, lng: sql`p.lng` };
    case "NUMBER":
      return field.isFast
        ? plain(attributeValue(field), "numeric")
        : { is: "attribute number", value: jsonOf(field), attribute: field };
    case "BOOLEAN":
      return plain(attributeValue(field), "boolean");
    case "DATETIME":
      return plain(attributeValue(field), "sortable moment");
    case "DATE":
    case "TIME":
      return plain(attributeValue(field), "text");
    default:
      return field.type satisfies never;
  }
}

const behaviourColumns: Record<BehaviourStat, Column> = {
  count: plain(sql`b.count`, "integer"),
  first: plain(sql`b.first_at`, "timestamptz"),
  last: plain(sql`b.last_at`, "timestamptz"),
  lastValue: valueColumn(sql`b.last_value`, sql`b.last_value_text`),
  // Without a number among the values there is nothing to add up.
  sum: plain(sql`(case when b.value_count > 0 then b.value_sum end)`, "float8"),
  avg: plain(sql`(b.value_sum / nullif(b.value_count, 0))`, "float8"),
  min: plain(sql`b.value_min`, "float8"),
  max: plain(sql`b.value_max`, "float8"),
};

const columnOfEvent = ({ eventData }: EventField): Column =>
  eventData === null
    ? valueColumn(sql`e.value`, sql`e.value_text`)
    : json(sql`(e.data -> ${eventData}::text)`);

/** The value of an event: a number, or a text. */
function valueColumn(number: Sql, text: Sql): Column {
  const isThere = sql`(${number} is not null or ${text} is not null)`;
  return { is: "data", number, text, truth: sql`null::boolean`, json: null, isThere };
}

/** A value in JSON. In cases, since PostgreSQL may look at the sides of an `and` in any order. */
function json(value: Sql): Column {
  const as = (type: string, cast: Sql) =>
    sql`(case when jsonb_typeof(${value}) = ${type}::text then ${cast} end)`;
  return {
    ...{ is: "data", json: value },
    number: as("number", sql`${value}::numeric`),
    text: as("string", sql`${value} #>> '{}'`),
    truth: as("boolean", sql`${value}::boolean`),
    isThere: sql`(jsonb_typeof(${value}) <> 'null')`,
  };
}
