import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import sql from "sql-template-tag";
import type { Database } from "../db/database.ts";
import { parseMoment } from "../lib/dates.ts";
import { userKey } from "../lib/keys.ts";
import { nestedConditions } from "../testing/conditions.ts";
import { createTestDatabase } from "../testing/database.ts";
import type { AttributeType } from "../users/attribute-types.ts";
import { compileCondition } from "./compile.ts";
import type { Condition, Scalar } from "./condition.ts";
import type { AttributeField } from "./fields.ts";
import { parseTarget } from "./parse.ts";
import { matchingPairs } from "./queries.ts";

/** An attribute of each type; a dotted name is one key. */
const attributes = new Map<string, AttributeType>([
  ["plan", "TEXT"],
  ["office.no", "NUMBER"],
  ["vip", "BOOLEAN"],
  ["birthday", "DATE"],
  ["opens", "TIME"],
  ["joined", "DATETIME"],
  ["genres", "ARRAY"],
  ["address", "OBJECT"],
  ["home", "LOCATION"],
]);

type Values = Record<string, unknown>;

const known: Values[] = [
  {
    ...{ plan: "gold", "office.no": 12.5, vip: true, birthday: "1990-05-02", opens: "09:00:00" },
    ...{ joined: "2024-05-01T10:00:00.000Z", genres: ["comedy", 3, true], address: { city: "Tehran" } },
    home: { latitude: 35.7, longitude: 51.4 },
  },
  {
    ...{ plan: "silver", "office.no": -3, vip: false, birthday: "2000-02-29", opens: "18:21:07" },
    ...{ joined: "2024-05-01T10:00:00.250Z", genres: [], home: { latitude: 29.6, longitude: 52.5 } },
  },
  {
    ...{ plan: "Gold", "office.no": 12.5, joined: "2024-05-01T10:00:00Z", genres: ["drama"] },
    home: { latitude: -18.1, longitude: 179.9 },
  },
  // Of another type throughout: as good as missing.
  {
    ...{ plan: 5, "office.no": "12.5", vip: "true", birthday: "soon", opens: 9, joined: "2024-02-31" },
    ...{ genres: "comedy", address: ["Tehran"], home: { latitude: 1e300, longitude: "51.4" } },
  },
  {
    ...{ plan: null, "office.no": { no: 5 }, vip: 1, birthday: 19900502, opens: "24 o'clock" },
    ...{ joined: 1714557600000, genres: { comedy: true }, address: "Tehran", home: { latitude: 35.7 } },
  },
  {},
];

const anything = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, 12.5, 1e300, "", "12.5", "gold", "2024-05-01", "09:00:00"),
  fc.constantFrom<unknown>([], ["gold"], {}, { latitude: 1 }, "2024-05-01T10:00:00Z"),
);
const own = {
  plan: fc.constantFrom("gold", "Gold", "silver", "", "a%b", "نقره‌ای"),
  "office.no": fc.constantFrom(0, -3, 12.5, 12, 0.1, 1e15),
  vip: fc.boolean(),
  birthday: fc.constantFrom("1990-05-02", "2000-02-29", "2024-05-01", "0001-01-01"),
  opens: fc.constantFrom("00:00:00", "09:00:00", "18:21:07", "23:59:59"),
  joined: fc.constantFrom(
    ...["2024-05-01T10:00:00.000Z", "2024-05-01T10:00:00Z", "2024-05-01T10:00:00.5Z"],
    ...["2024-05-01T10:00:00.500Z", "1969-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"],
  ),
  genres: fc.array(fc.constantFrom<Scalar>("comedy", "drama", "3", 3, 0.5, true), { maxLength: 3 }),
  address: fc.constantFrom<unknown>({}, { city: "Tehran" }),
  home: fc.record({
    latitude: fc.integer({ min: -90, max: 90 }),
    longitude: fc.integer({ min: -180, max: 180 }),
  }),
} as const;
type Name = keyof typeof own;
const names = Object.keys(own) as Name[];

const values: fc.Arbitrary<Values> = fc
  .tuple(
    ...names.map((name) =>
      fc.oneof(
        { arbitrary: own[name], weight: 5 },
        { arbitrary: anything, weight: 1 },
        fc.constant(undefined),
      ),
    ),
  )
  .map((all) => Object.fromEntries(names.map((name, index) => [name, all[index]])));

const users: Values[] = [...known, ...fc.sample(values, { numRuns: 200, seed: 7 })];
let db: Database;

before(async () => {
  db = (await createTestDatabase()).db;
  await db.query(sql`
    insert into users (app_key, user_key, user_id, is_guest, attributes, tags, value_tags, created_at, updated_at)
    select 1, user_key, user_id, false, attributes, '{}', '{}', now(), now()
    from unnest(
      ${users.map((_, index) => userKey("demo-shop", String(index)))}::uuid[],
      ${users.map((_, index) => String(index))}::text[],
      ${users.map((each) => JSON.stringify(each))}::jsonb[]
    ) as u (user_key, user_id, attributes)`);
});

/** Positions in `users` that the condition matches in the database. */
async function matching(condition: Condition): Promise<number[]> {
  const { rows } = await db.query<{ id: string }>(sql`
    select u.user_id as id from users u
    join (${matchingPairs(1, compileCondition(condition))}) as p using (user_key)`);
  return rows.map((row) => Number(row.id)).sort((a, b) => a - b);
}

test("attributes of each type match whom they should; a value of another type is missing", async () => {
  const cases: [object, number[]][] = [
    [{ plan: "gold" }, [0]],
    [{ plan: { neq: "gold" } }, [1, 2, 3, 4, 5]],
    [{ plan: { ilike: "g%" } }, [0, 2]],
    [{ plan: { nlike: "^g" } }, [1, 2, 3, 4, 5]],
    [{ plan: { regexp: "/^GOLD$/i" } }, [0, 2]],
    [{ plan: { exists: true } }, [0, 1, 2]],
    [{ plan: null }, [3, 4, 5]],
    [{ "office.no": 12.5 }, [0, 2]],
    [{ "office.no": { gt: -5, lt: 12 } }, [1]],
    [{ "office.no": { nin: [12.5] } }, [1, 3, 4, 5]],
    [{ vip: true }, [0]],
    [{ vip: { neq: true } }, [1, 2, 3, 4, 5]],
    [{ birthday: { between: ["1990-01-01", "1999-12-31"] } }, [0]],
    [{ birthday: { gte: "2000-02-29" } }, [1]],
    [{ opens: { lt: "18:21" } }, [0]],
    [{ joined: "2024-05-01T13:30:00+03:30" }, [0, 2]],
    [{ joined: { gt: "2024-05-01T10:00:00Z" } }, [1]],
    [{ joined: { lte: 8.64e15 } }, [0, 1, 2]],
    [{ genres: "comedy" }, [0]],
    [{ genres: 3 }, [0]],
    [{ genres: { inq: ["drama", true] } }, [0, 2]],
    [{ genres: { nin: ["comedy"] } }, [1, 2, 3, 4, 5]],
    [{ genres: { exists: true } }, [0, 1, 2]],
    [{ genres: { neq: "\ud800" } }, [0, 1, 2, 3, 4, 5]],
    [{ address: { exists: true } }, [0]],
    [{ home: { near: [35.75, 51.41], maxDistance: 10, unit: "kilometers" } }, [0]],
    [{ home: { near: [-18, -179.9], maxDistance: 100, unit: "kilometers" } }, [2]],
    [{ home: { near: [0, 0] } }, [0, 1, 2]],
    [{ home: { exists: false } }, [3, 4, 5]],
  ];
  for (const [target, expected] of cases) {
    const parsed = parseTarget(target, attributes);
    assert.ok(parsed.ok, JSON.stringify(parsed));
    const matched = (await matching(parsed.condition)).filter((index) => index < known.length);
    assert.deepEqual(matched, expected, JSON.stringify(target));
  }
});

// The naive twin of the compiler: what each condition on an attribute means for one user, without SQL.

/** The user's value as it compares, null when it is missing or of another type. */
function typedValue({ attribute, type }: AttributeField, user: Values): Scalar {
  const value = user[attribute];
  const text = typeof value === "string" ? value : "";
  switch (type) {
    case "TEXT":
      return typeof value === "string" ? value : null;
    case "NUMBER":
      return typeof value === "number" ? value : null;
    case "BOOLEAN":
      return typeof value === "boolean" ? value : null;
    case "DATE":
      return /^\d{4}-\d\d-\d\d$/.test(text) ? text : null;
    case "TIME":
      return /^\d\d:\d\d:\d\d$/.test(text) ? text : null;
    case "DATETIME":
      return /T.*Z$/.test(text) ? (parseMoment(text)?.getTime() ?? null) : null;
    default:
      throw new Error(`${type} has no single value`);
  }
}

const comparable = (value: Scalar) => (value instanceof Date ? value.getTime() : value);

function isPresent(field: AttributeField, user: Values): boolean {
  const value = user[field.attribute];
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (field.type === "ARRAY") return Array.isArray(value);
  if (field.type === "OBJECT") return isObject;
  if (field.type === "LOCATION") {
    const { latitude, longitude } = isObject ? (value as Values) : {};
    return typeof latitude === "number" && typeof longitude === "number" && Math.abs(latitude) <= 90;
  }
  return typedValue(field, user) !== null;
}

function equal(field: AttributeField, user: Values, value: Scalar): boolean {
  if (field.type !== "ARRAY") {
    const mine = typedValue(field, user);
    return mine !== null && mine === comparable(value);
  }
  const list = user[field.attribute];
  return Array.isArray(list) && list.includes(value);
}

function holds(condition: Condition, user: Values): boolean {
  switch (condition.kind) {
    case "all":
      return condition.conditions.every((each) => holds(each, user));
    case "any":
      return condition.conditions.some((each) => holds(each, user));
    case "exists":
      return isPresent(condition.field as AttributeField, user) === condition.exists;
    case "in": {
      const isIn = condition.values.some((value) => equal(condition.field as AttributeField, user, value));
      return isIn !== condition.negated;
    }
    case "compare": {
      const field = condition.field as AttributeField;
      if (condition.operator === "eq") return equal(field, user, condition.value);
      if (condition.operator === "neq") return !equal(field, user, condition.value);
      const [a, b] = [typedValue(field, user), comparable(condition.value)];
      if (a === null || b === null) return false;
      return { gt: a > b, gte: a >= b, lt: a < b, lte: a <= b }[condition.operator];
    }
    default:
      throw new Error(`not generated: ${condition.kind}`);
  }
}

const field = (name: Name): AttributeField => ({
  attribute: name,
  type: attributes.get(name) ?? assert.fail(name),
});

/** A value that a condition on the attribute may compare with, as the parser gives it. */
const scalarOf = (name: Name): fc.Arbitrary<Scalar> => {
  if (name === "genres") return fc.constantFrom<Scalar>("comedy", "drama", "3", 3, 0.5, true, false);
  if (name === "joined") return own.joined.map((text) => parseMoment(text));
  return own[name] as fc.Arbitrary<Scalar>;
};

const single = fc.constantFrom<Name>("plan", "office.no", "vip", "birthday", "opens", "joined", "genres");
const ordered = fc.constantFrom<Name>("office.no", "birthday", "opens", "joined");
const compare = (
  from: fc.Arbitrary<Name>,
  ...operators: Extract<Condition, { kind: "compare" }>["operator"][]
): fc.Arbitrary<Condition> =>
  from.chain((name) =>
    fc
      .tuple(scalarOf(name), fc.constantFrom(...operators))
      .map(([value, operator]): Condition => ({ kind: "compare", field: field(name), operator, value })),
  );

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  compare(single, "eq", "neq"),
  compare(ordered, "gt", "gte", "lt", "lte"),
  single.chain((name) =>
    fc
      .tuple(fc.array(scalarOf(name), { maxLength: 3 }), fc.boolean())
      .map(([all, negated]): Condition => ({ kind: "in", field: field(name), values: all, negated })),
  ),
  fc
    .tuple(fc.constantFrom(...names), fc.boolean())
    .map(([name, exists]): Condition => ({ kind: "exists", field: field(name), exists })),
);

test("compiled conditions on attributes agree with their naive reading, for any values and nesting", async () => {
  await fc.assert(
    fc.asyncProperty(nestedConditions(leaf), async (generated) => {
      const expected = users.flatMap((user, index) => (holds(generated, user) ? [index] : []));
      assert.deepEqual(await matching(generated), expected);
    }),
    { numRuns: 300 },
  );
});
