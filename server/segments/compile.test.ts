import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import sql from "sql-template-tag";
import type { Database } from "../db/database.ts";
import { mergePeople, stageInstallations, stagePeople } from "../installations/merge.ts";
import { installationKey, userKey } from "../lib/keys.ts";
import { versionNumber } from "../lib/version.ts";
import { nestedConditions } from "../testing/conditions.ts";
import { createTestDatabase } from "../testing/database.ts";
import { stageUsers } from "../users/merge.ts";
import { compileCondition } from "./compile.ts";
import type { Condition, Scalar } from "./condition.ts";
import type { Field } from "./fields.ts";
import { parseTarget } from "./parse.ts";
import { countSegment, matchingPairs } from "./queries.ts";

interface Person {
  tags: string[];
  device: {
    deviceType: "android" | "ios" | "web";
    launchCount: number | null;
    clientVersion: string | null;
    launchTime: Date | null;
    lat: number | null;
    lng: number | null;
  } | null;
}

const day = (number: number) => new Date(Date.UTC(2024, 4, number));

const people: Person[] = [
  {
    tags: ["city_tehran", "FEMALE"],
    device: {
      deviceType: "android",
      launchCount: 3,
      clientVersion: "5.2.0",
      launchTime: day(3),
      lat: 35.7,
      lng: 51.4,
    },
  },
  {
    tags: ["city_shiraz"],
    device: {
      deviceType: "ios",
      launchCount: 0,
      clientVersion: "5.10",
      launchTime: day(1),
      lat: 29.6,
      lng: 52.5,
    },
  },
  {
    tags: [],
    device: {
      deviceType: "web",
      launchCount: null,
      clientVersion: "beta",
      launchTime: null,
      lat: null,
      lng: null,
    },
  },
  {
    tags: ["FEMALE", "plan_gold"],
    device: {
      deviceType: "android",
      launchCount: 12,
      clientVersion: null,
      launchTime: day(9),
      lat: -18.1,
      lng: 179.9,
    },
  },
  {
    tags: ["plan_gold"],
    device: {
      deviceType: "ios",
      launchCount: 3,
      clientVersion: "4.9.9",
      launchTime: day(3),
      lat: -17.5,
      lng: -179.8,
    },
  },
  { tags: ["newsletter"], device: null },
];

const app = { appKey: 1, appId: "demo-shop" };
let db: Database;

before(async () => {
  db = (await createTestDatabase()).db;
  await db.query(
    sql`insert into apps (app_id, name, time_zone, created_at) values ('demo-shop', '', 'UTC', now())`,
  );
  await db.transaction(async (tx) => {
    const key = (index: number) => userKey(app.appId, String(index));
    const users = people.map(({ tags }, index) => ({
      userKey: key(index),
      userId: String(index),
      isGuest: false,
      attributes: {},
      tags,
      valueTags: {},
      optedOut: [],
    }));
    const installations = people.flatMap(({ device }, index) =>
      device
        ? [
            {
              ...device,
              launchTime: device.launchTime,
              installationKey: installationKey(app.appId, String(index)),
              installationId: String(index),
              userKey: key(index),
              isOwnerKnown: true,
              optedOut: false,
            },
          ]
        : [],
    );
    const staged = { users: stageUsers(users), installations: stageInstallations(installations) };
    await stagePeople(tx, staged);
    await mergePeople(tx, app.appKey, staged, { now: day(1) });
  });
});

/** Positions in `people` that the condition matches in the database. */
async function matching(condition: Condition): Promise<number[]> {
  const { rows } = await db.query<{ id: string }>(sql`
    select u.user_id as id from users u
    join (${matchingPairs(app.appKey, compileCondition(condition))}) as p using (user_key)`);
  return rows.map((row) => Number(row.id)).sort((a, b) => a - b);
}

async function matchingTarget(target: object): Promise<number[]> {
  const parsed = parseTarget(target, new Map());
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return matching(parsed.condition);
}

test("the operators of the wire contract match whom they should", async () => {
  const cases: [object, number[]][] = [
    [{}, [0, 1, 2, 3, 4, 5]],
    [{ deviceType: { inq: ["android", "ios"] } }, [0, 1, 3, 4]],
    [{ deviceType: "android", tags: { inq: ["FEMALE"] } }, [0, 3]],
    [{ deviceType: { neq: "ios" } }, [0, 2, 3, 5]],
    [{ deviceType: { nin: ["ios", "web"] } }, [0, 3, 5]],
    [{ launchCount: { gt: 2 } }, [0, 3, 4]],
    [{ launchCount: { between: [0, 3] } }, [0, 1, 4]],
    [{ launchCount: { exists: false } }, [2, 5]],
    [{ launchCount: null }, [2, 5]],
    [{ launchTime: { gte: "2024-05-03T00:00:00Z" } }, [0, 3, 4]],
    [{ launchTime: { lt: day(2).getTime() } }, [1]],
    [{ launchTime: { inq: [day(3).toISOString()] } }, [0, 4]],
    [{ clientVersion: { inq: ["5.2", "4.9.9"] } }, [0, 4]],
    [{ clientVersion: { gt: "5.2.0" } }, [1]],
    [{ clientVersion: { lt: "5.2.0" } }, [4]],
    [{ clientVersion: "beta" }, [2]],
    [{ clientVersion: { like: "^5" } }, [0, 1]],
    [{ clientVersion: { nlike: "^5" } }, [2, 3, 4, 5]],
    [{ tags: "plan_gold" }, [3, 4]],
    [{ tags: { neq: "plan_gold" } }, [0, 1, 2, 5]],
    [{ tags: { nin: ["FEMALE", "newsletter"] } }, [1, 2, 4]],
    [{ tags: { like: "city_%" } }, [0, 1]],
    [{ tags: { exists: false } }, [2]],
    [{ or: [{ deviceType: "web" }, { and: [{ deviceType: "ios" }, { tags: "plan_gold" }] }] }, [2, 4]],
    [{ nearBy: { near: { lat: 35.75, lng: 51.41 }, maxDistance: 10, unit: "kilometers" } }, [0]],
    [{ nearBy: { near: "29.6,52.5", maxDistance: 900 } }, [0, 1]],
    [{ nearBy: { near: [-18, 180], maxDistance: 100, unit: "kilometers" } }, [3, 4]],
    [{ nearBy: { near: [0, 0] } }, [0, 1, 3, 4]],
  ];
  for (const [target, expected] of cases)
    assert.deepEqual(await matchingTarget(target), expected, JSON.stringify(target));
});

test("counts tell users, devices and reach apart", async () => {
  assert.deepEqual(await countSegment(db, app.appKey, compileCondition({ kind: "all", conditions: [] })), {
    users: 6,
    installations: 5,
    reach: { inbox: 5, push: 0, email: 0, sms: 0, whatsapp: 0 },
  });
});

// The naive twin of the compiler: what each condition means for one person, without SQL.

const fieldOf = (person: Person, field: Field): Scalar =>
  (person.device as Record<string, Scalar> | null)?.[String(field)] ?? null;

function comparable(field: Field, value: Scalar): bigint | number | string | null {
  if (value === null) return null;
  if (field === "clientVersion") return versionNumber(String(value)) ?? String(value);
  return value instanceof Date ? value.getTime() : (value as number | string);
}

function equal(field: Field, left: Scalar, right: Scalar): boolean {
  const [a, b] = [comparable(field, left), comparable(field, right)];
  return a !== null && a === b;
}

function holds(condition: Condition, person: Person): boolean {
  switch (condition.kind) {
    case "all":
      return condition.conditions.every((each) => holds(each, person));
    case "any":
      return condition.conditions.some((each) => holds(each, person));
    case "exists":
      if (condition.field === "tags") return person.tags.length > 0 === condition.exists;
      return (fieldOf(person, condition.field) !== null) === condition.exists;
    case "in": {
      const isIn =
        condition.field === "tags"
          ? condition.values.some((value) => person.tags.includes(String(value)))
          : condition.values.some((value) => equal(condition.field, fieldOf(person, condition.field), value));
      return isIn !== condition.negated;
    }
    case "compare": {
      const { field, operator, value } = condition;
      if (field === "tags") return person.tags.includes(String(value)) === (operator === "eq");
      const own = fieldOf(person, field);
      if (operator === "eq") return equal(field, own, value);
      if (operator === "neq") return !equal(field, own, value);
      const [a, b] = [comparable(field, own), comparable(field, value)];
      if (a === null || b === null || typeof a === "string" || typeof b === "string") return false;
      return { gt: a > b, gte: a >= b, lt: a < b, lte: a <= b }[operator];
    }
    default:
      throw new Error(`not generated: ${condition.kind}`);
  }
}

const scalarOf = {
  deviceType: fc.constantFrom("android", "ios", "web", "tv"),
  launchCount: fc.integer({ min: -1, max: 13 }),
  clientVersion: fc.constantFrom("5.2.0", "5.2", "5.10", "4.9.9", "beta", "6"),
  launchTime: fc.integer({ min: 1, max: 10 }).map(day),
  tags: fc.constantFrom("FEMALE", "plan_gold", "city_tehran", "none"),
} as const;
type Generated = keyof typeof scalarOf;
const field = fc.constantFrom(...(Object.keys(scalarOf) as Generated[]));
const ordered = fc.constantFrom<Generated>("launchCount", "clientVersion", "launchTime");

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  field.chain((name) =>
    scalarOf[name].chain((value: Scalar) =>
      fc
        .constantFrom("eq", "neq")
        .map((operator): Condition => ({ kind: "compare", field: name, operator: operator as "eq", value })),
    ),
  ),
  ordered.chain((name) =>
    scalarOf[name].chain((value: Scalar) =>
      fc
        .constantFrom("gt", "gte", "lt", "lte")
        .map((operator): Condition => ({ kind: "compare", field: name, operator: operator as "gt", value })),
    ),
  ),
  field.chain((name) =>
    fc
      .tuple(fc.array(scalarOf[name] as fc.Arbitrary<Scalar>, { maxLength: 3 }), fc.boolean())
      .map(([values, negated]): Condition => ({ kind: "in", field: name, values, negated })),
  ),
  fc.tuple(field, fc.boolean()).map(([name, exists]): Condition => ({ kind: "exists", field: name, exists })),
);

test("compiled conditions agree with their naive reading, for any nesting", async () => {
  await fc.assert(
    fc.asyncProperty(nestedConditions(leaf), async (generated) => {
      const expected = people.flatMap((person, index) => (holds(generated, person) ? [index] : []));
      assert.deepEqual(await matching(generated), expected);
    }),
    { numRuns: 300 },
  );
});
