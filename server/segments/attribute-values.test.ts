import assert from "node:assert/strict";
import { before, test } from "node:test";
import sql from "sql-template-tag";
import type { Database } from "../db/database.ts";
import { userKey } from "../lib/keys.ts";
import { createTestDatabase } from "../testing/database.ts";
import type { AttributeType } from "../users/attribute-types.ts";
import type { Condition } from "./condition.ts";
import { matchingPairs, matchingUsers } from "./count-queries.ts";
import { parseFilter } from "./parse.ts";

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

const vocabulary = {
  ...{
    attributes,
    events: new Set<string>(),
    now: new Date(),
    timeZone: "UTC",
    isSaved: false,
    fastAttributes: new Set<string>(),
  },
};

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

let db: Database;

before(async () => {
  db = (await createTestDatabase()).db;
  await db.query(sql`
    insert into users (app_key, user_key, user_id, is_guest, attributes, tags, value_tags, created_at, updated_at)
    select 1, user_key, user_id, false, attributes, '{}', '{}', now(), now()
    from unnest(
      ${known.map((_, index) => userKey("demo-shop", String(index)))}::uuid[],
      ${known.map((_, index) => String(index))}::text[],
      ${known.map((each) => JSON.stringify(each))}::jsonb[]
    ) as u (user_key, user_id, attributes)`);
});

/** Positions in `known` that the condition matches in the database. */
async function matching(condition: Condition): Promise<number[]> {
  const { rows } = await db.query<{ id: string }>(sql`
    select u.user_id as id from users u
    join (${matchingPairs(condition, { appKey: 1 })}) as p using (user_key)`);
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
    [{ joined: { lte: 2.5e14 } }, [0, 1, 2]],
    [{ genres: "comedy" }, [0]],
    [{ genres: 3 }, [0]],
    [{ genres: { inq: ["drama", true] } }, [0, 2]],
    [{ genres: { nin: ["comedy"] } }, [1, 2, 3, 4, 5]],
    [{ genres: { exists: true } }, [0, 1, 2]],
    [{ genres: { gt: 2 } }, [0]],
    [{ genres: { ilike: "^COM" } }, [0]],
    [{ "address.city": "Tehran" }, [0]],
    [{ "address.city.name": { exists: true } }, []],
    [{ address: { exists: true } }, [0]],
    [{ home: { near: [35.75, 51.41], maxDistance: 10, unit: "kilometers" } }, [0]],
    [{ home: { near: [-18, -179.9], maxDistance: 100, unit: "kilometers" } }, [2]],
    [{ home: { near: [0, 0] } }, [0, 1, 2]],
    [{ home: { exists: false } }, [3, 4, 5]],
  ];
  for (const [target, expected] of cases) {
    const parsed = parseFilter({ target }, vocabulary);
    assert.ok(parsed.ok, JSON.stringify(parsed));
    assert.deepEqual(await matching(parsed.condition), expected, JSON.stringify(target));
  }
});

test("PostgreSQL reckons with about as many users as match, so that it hashes them where they are many", async () => {
  const { db } = await createTestDatabase();
  // By the thousand, since it samples; keys as uniform as ours are.
  await db.query(sql`
    insert into users (user_key, app_key, user_id, is_guest, tags, value_tags, opted_out, attributes, created_at, updated_at)
    select md5(n::text)::uuid, 1, 'user ' || n, false, '{}', '{}', '{}',
      jsonb_build_object('plan', case when n % 3 = 0 then 'gold' else 'silver' end, 'office.no', n % 100), now(), now()
    from generate_series(1, 6000) as n`);
  await db.query(sql`analyze users`);
  const reckoned = async (where: object): Promise<number> => {
    const parsed = parseFilter({ target: where }, vocabulary);
    assert.ok(parsed.ok);
    const { rows } = await db.query<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }>(
      sql`explain (format json) ${matchingUsers(parsed.condition, { appKey: 1 })}`,
    );
    return rows[0]?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
  };
  for (const [where, users] of [
    [{ plan: "gold" }, 2_000],
    [{ plan: { neq: "gold" } }, 4_000],
    [{ plan: { inq: ["gold", "silver"] } }, 6_000],
    [{ "office.no": { gte: 50 } }, 3_000],
    [{ "office.no": { between: [10, 29] } }, 1_200],
    [{ "office.no": { exists: true } }, 6_000],
  ] as const) {
    const found = await reckoned(where);
    assert.ok(found > users / 3 && found < users * 3, `${JSON.stringify(where)}: ${found} of ${users}`);
  }
});
