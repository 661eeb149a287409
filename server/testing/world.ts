import fc from "fast-check";
import sql from "sql-template-tag";
import type { Database } from "../db/database.ts";
import { preparePartitions, startOfPartition } from "../events/partitions.ts";
import { eventKey, installationKey, userKey } from "../lib/keys.ts";
import { versionNumber } from "../lib/version.ts";
import type { AttributeType } from "../users/attribute-types.ts";
import type { NaiveEvent, NaivePair, NaiveWorld } from "./naive-filter.ts";

// People of every kind with devices and events, in a database and in memory, and the filters that tell them apart.

/** An attribute of each type; a dotted name is one key. */
export const attributeTypes: Record<string, AttributeType> = {
  ...{ plan: "TEXT", "office.no": "NUMBER", vip: "BOOLEAN", birthday: "DATE", opens: "TIME" },
  ...{ joined: "DATETIME", genres: "ARRAY", address: "OBJECT", home: "LOCATION" },
};

export const eventNames = ["purchase", "add.to.cart", "visit"];

/** Random filters in each notation that are compared. */
export const filtersEach = Number(process.env.TEST_FILTERS ?? 5_000);

const now = Date.UTC(2026, 10, 20, 12, 0, 0);
const day = 86_400_000;

export const world: NaiveWorld = {
  now,
  events: eventNames,
  kinds: {
    ...{
      deviceType: "text",
      deviceModel: "text",
      country: "text",
      osVersion: "version",
      clientVersion: "version",
    },
    ...{ launchCount: "number", launchTime: "moment", installDate: "moment", nearBy: "place", tags: "texts" },
    ...{ userId: "text", email: "text", userState: "text", isUninstalled: "truth", tokenState: "text" },
    ...{
      plan: "text",
      "office.no": "number",
      vip: "truth",
      birthday: "day",
      opens: "day",
      joined: "moment",
    },
    ...{ genres: "list", address: "data", "address.city": "data", home: "place" },
    ...Object.fromEntries(
      eventNames.flatMap((name) =>
        Object.entries({
          ...{ count: "number", first: "moment", last: "moment", lastValue: "data" },
          ...{ sum: "number", avg: "number", min: "number", max: "number" },
        }).map(([stat, kind]) => [`${name.replaceAll(".", "\\.")}.${stat}`, kind]),
      ),
    ),
  } as NaiveWorld["kinds"],
};

interface Device {
  deviceType: string;
  deviceModel: string | null;
  country: string | null;
  osVersion: string | null;
  clientVersion: string | null;
  launchCount: number | null;
  installDate: string | null;
  launchTime: string | null;
  place: { lat: number; lng: number } | null;
  token: "active" | "unsupported" | "none";
  isUninstalled: boolean;
}

interface Person {
  tags: string[];
  email: string | null;
  isGuest: boolean;
  attributes: Record<string, unknown>;
  devices: Device[];
  events: NaiveEvent[];
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 4 });
const moments = fc
  .constantFrom(0, 1, 2, 3, 5, 30, 400)
  .map((days) => new Date(now - days * day).toISOString());
const versions = ["5.2.0", "5.2", "5.10", "4.9.9", "beta", "v6", "11.0.0.1"];
const places = [
  { lat: 35.7, lng: 51.4 },
  { lat: 35.75, lng: 51.41 },
  { lat: 29.6, lng: 52.5 },
  { lat: -18.1, lng: 179.9 },
  { lat: -17.5, lng: -179.8 },
  { lat: 89.9, lng: 10 },
];

const device: fc.Arbitrary<Device> = fc.record({
  deviceType: fc.constantFrom("android", "ios", "web"),
  deviceModel: maybe(fc.constantFrom("Pixel 7", "iPhone15,2", "a%b_c", "نقره‌ای")),
  country: maybe(fc.constantFrom("IR", "DE")),
  osVersion: maybe(fc.constantFrom(...versions)),
  clientVersion: maybe(fc.constantFrom(...versions)),
  launchCount: maybe(fc.constantFrom(0, 1, 3, 12)),
  installDate: maybe(moments),
  launchTime: maybe(moments),
  place: maybe(fc.constantFrom(...places)),
  token: fc.constantFrom("active", "unsupported", "none"),
  isUninstalled: fc.boolean(),
});

const event: fc.Arbitrary<NaiveEvent> = fc.record({
  name: fc.constantFrom(...eventNames),
  at: fc.constantFrom(0, 1, 2, 3, 7, 20, 29, 45).map((days) => now - days * day),
  value: fc.constantFrom<number | string | null>(null, 0, 50, 150, 99.5, "gold", "150"),
  data: fc.constantFrom<Record<string, unknown>>(
    ...[{}, { color: "red", size: 42 }, { color: "Blue", size: "42", isNew: true }],
    { color: ["red", "green"], size: 7.5 },
  ),
});

const strange = fc.constantFrom<unknown>(null, true, 0, "12.5", "gold", [], {}, "2024-05-01", {
  latitude: 1,
});
const attributes = fc
  .record({
    plan: fc.constantFrom<unknown>("gold", "Gold", "silver", "", "a%b", "نقره‌ای", 5),
    "office.no": fc.constantFrom<unknown>(0, -3, 12.5, 12, 1e15, "12"),
    vip: fc.constantFrom<unknown>(true, false, "true"),
    birthday: fc.constantFrom<unknown>("1990-05-02", "2000-02-29", "2024-05-01"),
    opens: fc.constantFrom<unknown>("00:00:00", "09:00:00", "18:21:07"),
    joined: fc.constantFrom<unknown>(
      "2026-11-19T10:00:00.000Z",
      "2026-11-18T00:00:00Z",
      "2020-01-01T00:00:00.5Z",
    ),
    genres: fc.array(fc.constantFrom<unknown>("comedy", "drama", "3", 3, 0.5, true), { maxLength: 3 }),
    address: fc.constantFrom<unknown>(
      {},
      { city: "Tehran" },
      { city: ["Shiraz", "Qom"] },
      { city: 5 },
      "Tehran",
    ),
    home: fc.constantFrom(...places).map(({ lat, lng }) => ({ latitude: lat, longitude: lng })),
  })
  .chain((all) =>
    fc
      .record(
        Object.fromEntries(
          Object.entries(all).map(([name, value]) => [
            name,
            fc.oneof(
              { arbitrary: fc.constant(value), weight: 5 },
              { arbitrary: strange, weight: 1 },
              { arbitrary: fc.constant(undefined), weight: 2 },
            ),
          ]),
        ),
      )
      .map((values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))),
  );

const tagNames = ["FEMALE", "plan_gold", "city_tehran", "a%b", "CHABOK_TEST"];

const person: fc.Arbitrary<Person> = fc.record({
  tags: fc.uniqueArray(fc.constantFrom(...tagNames), { maxLength: 3 }),
  email: maybe(fc.constantFrom("ali@example.com", "sara@example.ir")),
  isGuest: fc.boolean(),
  attributes,
  devices: fc.array(device, { maxLength: 3 }),
  events: fc.array(event, { maxLength: 6 }),
});

export const makePeople = (count: number, seed: number): Person[] =>
  fc.sample(person, { numRuns: count, seed });

const userIdOf = (index: number) => `user ${index}`;

/** Every user with each of their devices, or with none, as a filter sees them; by `user/device`. */
export function pairsOf(people: readonly Person[]): Map<string, NaivePair> {
  const pairs = new Map<string, NaivePair>();
  for (const [index, { devices, events, ...user }] of people.entries()) {
    const values = {
      ...typed(user.attributes),
      ...rolledUp(events),
      ...{ tags: user.tags, email: user.email, userId: userIdOf(index) },
      userState: user.isGuest ? "guest" : "loggedIn",
    };
    for (const [at, own] of devices.entries()) {
      const { place, token, ...rest } = own;
      pairs.set(`${index}/${at}`, {
        values: { ...values, ...rest, nearBy: place, tokenState: token },
        events,
      });
    }
    if (devices.length === 0) pairs.set(`${index}/`, { values, events });
  }
  return pairs;
}

const isRecord = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const looks = (shape: RegExp) => (value: unknown) => typeof value === "string" && shape.test(value);
const fits = new Map<AttributeType, (value: unknown) => boolean>([
  ["TEXT", (value) => typeof value === "string"],
  ["NUMBER", (value) => typeof value === "number"],
  ["BOOLEAN", (value) => typeof value === "boolean"],
  ["DATE", looks(/^\d{4}-\d\d-\d\d$/)],
  ["TIME", looks(/^\d\d:\d\d:\d\d$/)],
  ["DATETIME", looks(/^\d{4}-\d\d-\d\dT/)],
  ["ARRAY", Array.isArray],
  ["OBJECT", isRecord],
  ["LOCATION", (value) => isRecord(value) && "longitude" in (value as object)],
]);

/** A value that is not of its attribute's type is missing. */
function typed(values: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.fromEntries(
    Object.entries(values).filter(([name, value]) => fits.get(attributeTypes[name] ?? "TEXT")?.(value)),
  );
  const home = kept.home as { latitude: number; longitude: number } | undefined;
  const address = kept.address as { city?: unknown } | undefined;
  return {
    ...kept,
    home: home && { lat: home.latitude, lng: home.longitude },
    "address.city": address?.city,
  };
}

function rolledUp(events: readonly NaiveEvent[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of eventNames) {
    const own = inOrder(events).filter((each) => each.name === name);
    const numbers = own.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
    const key = name.replaceAll(".", "\\.");
    const sum = numbers.reduce((total, value) => total + value, 0);
    if (own.length > 0)
      Object.assign(values, {
        [`${key}.count`]: own.length,
        [`${key}.first`]: new Date(own[0]?.at ?? 0).toISOString(),
        [`${key}.last`]: new Date(own.at(-1)?.at ?? 0).toISOString(),
        [`${key}.lastValue`]: own.at(-1)?.value,
      });
    if (numbers.length > 0)
      Object.assign(values, {
        [`${key}.sum`]: sum,
        [`${key}.avg`]: sum / numbers.length,
        [`${key}.min`]: Math.min(...numbers),
        [`${key}.max`]: Math.max(...numbers),
      });
  }
  return values;
}

const inOrder = (events: readonly NaiveEvent[]) => [...events].sort((a, b) => a.at - b.at);

const app = { appKey: 1, appId: "demo-shop" };

/** Writes them as the product keeps them. App 2 has the same people with other tags, who must never be found. */
export async function storePeople(db: Database, people: readonly Person[]): Promise<void> {
  const starts = people.flatMap(({ events }) =>
    events.map(({ at }) => startOfPartition(new Date(at)).getTime()),
  );
  await preparePartitions(db, [...new Set(starts)]);
  for (const [index, { tags, email, isGuest, devices, events, ...user }] of people.entries()) {
    const key = userKey(app.appId, userIdOf(index));
    for (const appKey of [app.appKey, 2])
      await db.query(sql`
        insert into users (app_key, user_key, user_id, is_guest, email, attributes, tags, value_tags, created_at, updated_at)
        values (${appKey}, ${key}, ${userIdOf(index)}, ${isGuest}, ${email}, ${JSON.stringify(user.attributes)}::jsonb,
          ${appKey === 2 ? tagNames : tags}::text[], '{}', now(), now())`);
    for (const [at, own] of devices.entries()) {
      const version = (text: string | null) => versionNumber(text)?.toString() ?? null;
      await db.query(sql`
        insert into installations (app_key, user_key, installation_key, installation_id, device_type, device_model,
          os_version, os_version_n, client_version, client_version_n, launch_count, install_date, launch_time,
          device_token, token_service, country, opted_out, topics, lat, lng, uninstalled_at, created_at, updated_at)
        values (${app.appKey}, ${key}, ${installationKey(app.appId, `${index}/${at}`)}, ${`${index}/${at}`},
          ${own.deviceType}, ${own.deviceModel}, ${own.osVersion}, ${version(own.osVersion)}, ${own.clientVersion},
          ${version(own.clientVersion)}, ${own.launchCount}, ${own.installDate}, ${own.launchTime},
          ${own.token === "none" ? null : "token"}, ${{ active: "fcm", unsupported: "hms", none: null }[own.token]},
          ${own.country}, false, '{}', ${own.place?.lat}, ${own.place?.lng}, ${own.isUninstalled ? new Date(now) : null},
          now(), now())`);
    }
    for (const [at, each] of events.entries())
      await db.query(sql`
        insert into events (app_key, user_key, at, event_id, name, value, value_text, data, created_at)
        values (${app.appKey}, ${key}, ${new Date(each.at)}, ${eventKey(app.appId, [key, String(at)])}, ${each.name},
          ${typeof each.value === "number" ? each.value : null}, ${typeof each.value === "string" ? each.value : null},
          ${JSON.stringify(each.data)}::jsonb, now())`);
    for (const name of eventNames) {
      const rolled = rolledUp(events);
      const stat = (of: string) => rolled[`${name.replaceAll(".", "\\.")}.${of}`] ?? null;
      if (stat("count") === null) continue;
      const numbers = events.filter((each) => each.name === name && typeof each.value === "number");
      const last = stat("lastValue");
      await db.query(sql`
        insert into behaviours (app_key, user_key, name, count, first_at, last_at, last_event_id, last_value,
          last_value_text, value_count, value_sum, value_min, value_max)
        values (${app.appKey}, ${key}, ${name}, ${stat("count")}, ${stat("first")}, ${stat("last")}, ${key},
          ${typeof last === "number" ? last : null}, ${typeof last === "string" ? last : null}, ${numbers.length},
          ${stat("sum") ?? 0}, ${stat("min")}, ${stat("max")})`);
    }
  }
  await db.query(sql`analyze`);
}

// Filters.

const scalars: Record<string, fc.Arbitrary<unknown>> = {
  deviceType: fc.constantFrom("android", "ios", "web", "tv"),
  deviceModel: fc.constantFrom("Pixel 7", "iphone15,2", "a%b_c", "نقره‌ای", "M"),
  country: fc.constantFrom("IR", "DE", "ir"),
  osVersion: fc.constantFrom(...versions, "10"),
  clientVersion: fc.constantFrom(...versions, "7"),
  launchCount: fc.constantFrom<unknown>(0, 1, 3, 12, 2.5, -1, "3"),
  launchTime: moments,
  installDate: moments.map((moment) => Date.parse(moment)),
  tags: fc.constantFrom(...tagNames, "none"),
  userId: fc.integer({ min: 0, max: 60 }).map(userIdOf),
  email: fc.constantFrom("ali@example.com", "Ali@example.com"),
  userState: fc.constantFrom("guest", "loggedIn"),
  isUninstalled: fc.constantFrom<unknown>(true, false, "true"),
  tokenState: fc.constantFrom("active", "unsupported", "none"),
  plan: fc.constantFrom("gold", "Gold", "silver", "", "a%b", "نقره‌ای"),
  "office.no": fc.constantFrom<unknown>(0, -3, 12.5, 12, 1e15, "12"),
  vip: fc.boolean(),
  birthday: fc.constantFrom("1990-05-02", "2000-02-29", "2024-05-01"),
  opens: fc.constantFrom("00:00:00", "09:00:00", "18:21:07"),
  joined: fc.constantFrom("2026-11-19T10:00:00Z", "2026-11-18T03:30:00+03:30", "2020-01-01T00:00:00.500Z"),
  genres: fc.constantFrom<unknown>("comedy", "drama", "3", 3, 0.5, true, 1),
  "address.city": fc.constantFrom<unknown>("Tehran", "Qom", 5, "5"),
};
for (const name of eventNames.map((each) => each.replaceAll(".", "\\."))) {
  scalars[`${name}.count`] = fc.integer({ min: 0, max: 4 });
  for (const stat of ["first", "last"]) scalars[`${name}.${stat}`] = moments;
  scalars[`${name}.lastValue`] = fc.constantFrom<unknown>(0, 50, 150, "gold", "150");
  for (const stat of ["sum", "avg", "min", "max"])
    scalars[`${name}.${stat}`] = fc.constantFrom(0, 50, 99.5, 150, 200);
}

const fieldNames = Object.keys(scalars);
const kindOf = (name: string) => world.kinds[name] ?? "data";
const orderedNames = fieldNames.filter((name) => !["truth", "texts"].includes(kindOf(name)));
const patternNames = fieldNames.filter((name) =>
  ["text", "version", "texts", "list", "data"].includes(kindOf(name)),
);
const patternsFor = fc.constantFrom(
  "^5",
  "a%",
  "g_ld",
  "o",
  "comedy|drama",
  "[a-m]$",
  "\\d",
  "^$",
  "TEH",
  "\\.",
);
const valuesOf = (name: string) => scalars[name] as fc.Arbitrary<unknown>;
const listOf = (name: string) =>
  fc.array(fc.oneof({ arbitrary: valuesOf(name), weight: 9 }, fc.constant(null)), { maxLength: 3 });

/** Both ends of one type, since others compare with nothing. */
const rangeOf = (name: string) =>
  fc.tuple(valuesOf(name), valuesOf(name)).filter(([from, to]) => typeof from === typeof to);

const point = fc.constantFrom(...places, { lat: 0, lng: 180 }, { lat: 90, lng: 0 });
const nearWhere = fc.record(
  {
    near: point,
    maxDistance: fc.constantFrom(0, 1, 10, 900, 8_000, 15_000),
    unit: fc.constantFrom("kilometers", "miles"),
  },
  { requiredKeys: ["near"] },
);

const leafWhere = fc.oneof(
  fc
    .constantFrom(...fieldNames)
    .chain((name) =>
      fc
        .tuple(
          fc.constantFrom("", "eq", "neq"),
          fc.oneof({ arbitrary: valuesOf(name), weight: 9 }, fc.constant(null)),
        )
        .map(([operator, value]) => ({ [name]: operator === "" ? value : { [operator]: value } })),
    ),
  fc
    .constantFrom(...fieldNames)
    .chain((name) =>
      fc
        .tuple(fc.constantFrom("inq", "nin"), listOf(name))
        .map(([operator, value]) => ({ [name]: { [operator]: value } })),
    ),
  fc
    .constantFrom(...orderedNames)
    .chain((name) =>
      fc
        .tuple(fc.constantFrom("gt", "gte", "lt", "lte"), valuesOf(name))
        .map(([operator, value]) => ({ [name]: { [operator]: value } })),
    ),
  fc.constantFrom(...orderedNames).chain((name) => rangeOf(name).map((between) => ({ [name]: { between } }))),
  fc
    .tuple(
      fc.constantFrom(...patternNames),
      fc.constantFrom("like", "nlike", "ilike", "nilike"),
      patternsFor,
      fc.boolean(),
    )
    .map(([name, operator, pattern, isLoose]) => ({
      [name]: isLoose ? { [operator]: pattern, options: "i" } : { [operator]: pattern },
    })),
  fc
    .tuple(fc.constantFrom(...patternNames), fc.constantFrom("^5", "/^GOLD$/i", "/o/", "[^a]b"))
    .map(([name, regexp]) => ({ [name]: { regexp } })),
  fc
    .tuple(fc.constantFrom(...fieldNames, "home", "nearBy", "address", ...eventNames), fc.boolean())
    .map(([name, exists]) => ({ [name]: { exists } })),
  fc.tuple(fc.constantFrom("home", "nearBy"), nearWhere).map(([name, near]) => ({ [name]: near })),
);

const times = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc
    .tuple(fc.constantFrom("eq", "neq", "gt", "gte", "lt", "lte"), fc.integer({ min: 0, max: 3 }))
    .map(([operator, value]) => ({ [operator]: value })),
  fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })).map((between) => ({ between })),
);

const range = fc.oneof(
  fc.constant({}),
  fc.constantFrom("30d", "48h", "1w", "3000m").map((within) => ({ within })),
  fc.constantFrom<object>(
    { from: "2026-11-13" },
    { to: "2026-11-18" },
    { from: "2026-11-01", to: "2026-11-17T12:00:00Z" },
  ),
);

const eventWhere = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("value", "data.color", "data.size", "data.isNew"),
      fc.constantFrom("eq", "neq", "gt", "lte"),
      fc.constantFrom<unknown>(50, 99.5, 150, "150", "red", 42, "42"),
    )
    .map(([name, operator, value]) => ({ [name]: { [operator]: value } })),
  fc.constantFrom<object>(
    { value: { exists: false } },
    { "data.isNew": true },
    { "data.color": { ilike: "^b" } },
  ),
);

const didOf = <T>(where: fc.Arbitrary<T>) =>
  fc.oneof(
    fc.constant(true as const),
    fc
      .tuple(fc.option(times, { nil: undefined }), range, fc.option(where, { nil: undefined }))
      .map(([count, when, conditions]) => ({
        ...when,
        ...(count !== undefined && { count }),
        ...(conditions !== undefined && { where: conditions }),
      })),
  );

const eventLeaf = fc
  .tuple(
    fc.constantFrom(...eventNames),
    fc.constantFrom("did", "didNot"),
    didOf(
      fc.oneof(
        eventWhere,
        fc.array(eventWhere, { minLength: 1, maxLength: 2 }).map((or) => ({ or })),
      ),
    ),
  )
  .map(([name, operator, value]) => ({ [name]: { [operator]: value } }));

/** LoopBack filters to some depth. */
export const wheres: fc.Arbitrary<object> = fc.letrec<{ node: object }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    { arbitrary: leafWhere, weight: 5 },
    { arbitrary: eventLeaf, weight: 1 },
    fc.tuple(leafWhere, leafWhere).map((both) => Object.assign({}, ...both)),
    fc
      .tuple(fc.constantFrom("and", "or"), fc.array(tie("node"), { minLength: 1, maxLength: 3 }))
      .map(([name, parts]) => ({ [name]: parts })),
    tie("node").map((not) => ({ not })),
  ),
})).node;

const rule = (name: string, operator: string, value?: unknown) =>
  value === undefined ? { name, operator } : { name, operator, value };
const timeNames = fieldNames.filter((name) => kindOf(name) === "moment");
const present = (name: string) => valuesOf(name);

const leafRule = fc.oneof(
  fc
    .constantFrom(...fieldNames.filter((name) => kindOf(name) !== "moment"))
    .chain((name) =>
      fc
        .tuple(fc.constantFrom("equal_to", "not_equal"), present(name))
        .map(([operator, value]) => rule(name, operator, value)),
    ),
  fc
    .constantFrom(...fieldNames.filter((name) => !["moment", "truth"].includes(kindOf(name))))
    .chain((name) =>
      fc
        .tuple(fc.constantFrom("include", "not_include"), listOf(name))
        .map(([operator, value]) => rule(name, operator, value)),
    ),
  fc
    .constantFrom(...orderedNames.filter((name) => !["moment", "day"].includes(kindOf(name))))
    .chain((name) =>
      fc
        .tuple(
          fc.constantFrom("lesser_than", "lesser_equals", "greater_than", "greater_equals"),
          present(name),
        )
        .map(([operator, value]) => rule(name, operator, value)),
    ),
  fc
    .constantFrom(...orderedNames)
    .chain((name) => rangeOf(name).map((between) => rule(name, "between", between))),
  fc
    .tuple(
      fc.constantFrom(...timeNames),
      fc.constantFrom("before", "after", "within"),
      fc.constantFrom("6h", "24h", "72h", "2d", "1w", "100m"),
    )
    .map((parts) => rule(...parts)),
  fc
    .tuple(
      fc.constantFrom(...timeNames),
      fc.constantFrom("before_date", "on_or_before_date", "on_date", "after_date", "on_or_after_date"),
      fc.constantFrom("2026-11-18", "2026-11-19", "2026-11-20", "2026-10-21"),
    )
    .map((parts) => rule(...parts)),
  fc
    .tuple(
      fc.constantFrom(...patternNames),
      fc.constantFrom("contains", "not_contains", "starts_with", "ends_with"),
      fc.constantFrom("a", "Gold", "%b", "5.", "ای"),
    )
    .map((parts) => rule(...parts)),
  fc
    .tuple(fc.constantFrom(...fieldNames, "home", "nearBy", "address", ...eventNames), fc.boolean())
    .map(([name, exists]) => rule(name, exists ? "exists" : "not_exists")),
  fc
    .tuple(fc.constantFrom("home", "nearBy"), nearWhere)
    .map(([name, { near, ...rest }]) => rule(name, "near", { ...near, ...rest })),
  fc
    .tuple(
      fc.constantFrom(...eventNames),
      fc.constantFrom("did", "did_not"),
      didOf(
        fc
          .tuple(
            fc.constantFrom("value", "data.color", "data.size"),
            fc.constantFrom("equal_to", "not_equal", "greater_than", "lesser_equals"),
            fc.constantFrom<unknown>(50, 99.5, 150, "150", "red", 42, "42"),
          )
          .map((parts) => ({ all: [rule(...parts)] })),
      ),
    )
    .map((parts) => rule(...parts)),
);

/** Rules to some depth. */
export const ruleTrees: fc.Arbitrary<object> = fc
  .letrec<{ node: object }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      { arbitrary: leafRule, weight: 5 },
      fc.array(tie("node"), { maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie("node"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie("node").map((not) => ({ not })),
    ),
  }))
  .node.map((node) => ("name" in node ? { all: [node] } : node));
