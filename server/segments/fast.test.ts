// Attributes with an index of their own: built by a worker, used by filters, and nothing to be seen in what they answer.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import sql, { raw } from "sql-template-tag";
import { afterFile } from "../testing/database.ts";
import { emptyImports, type Json } from "../testing/imports.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { matchingPairs } from "./count-queries.ts";
import { resolveFilter } from "./resolve.ts";

let product: TestProduct;
let appKey: number;
before(async () => {
  product = await startTestProduct();
  afterFile(product.stop);
  const { rows } = await product.db.query<{ key: number }>(sql`select app_key as key from apps`);
  appKey = rows[0]?.key ?? 0;
});
beforeEach(async () => {
  for (const name of await indexes()) await product.db.query(sql`drop index ${raw(name)}`);
  await emptyImports(product.db);
});

const path = (name: string) => `/api/attributes/${encodeURIComponent(name)}/fast`;
const stateOf = async (name: string): Promise<Json> =>
  (await product.call("GET", "/api/attributes")).body.data.find((each: Json) => each.name === name);
const settled = (name: string) =>
  until(
    () => stateOf(name),
    ({ fast }) => fast !== "building",
  );
const count = async (target: object): Promise<Json> => {
  const { samples: _, ...numbers } = (await product.call("POST", "/api/segments/count", { target })).body;
  return numbers;
};
const indexes = async (): Promise<string[]> => {
  const { rows } = await product.db.query<{ name: string }>(sql`
    select indexname as name from pg_indexes where indexname like 'users\_fast\_%' order by 1`);
  return rows.map(({ name }) => name);
};
const plan = async (target: object): Promise<string> => {
  const { condition } = await resolveFilter(product.db, appKey, { target });
  const { rows } = await product.db.query<{ "QUERY PLAN": string }>(
    sql`explain ${matchingPairs(condition, { appKey })}`,
  );
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
};

const hostile = `it's "q" \\ $1 -- ; % گر‌وه`;
const types = {
  [hostile]: "TEXT",
  ...{ score: "NUMBER", vip: "BOOLEAN", born: "DATE", opens: "TIME", joined: "DATETIME", genres: "ARRAY" },
};
const targets: object[] = [
  { [hostile]: "city 7" },
  { [hostile]: { inq: ["city 7", "city 8", "x".repeat(600)] } },
  { score: 77 },
  { score: { between: [100, 120] } },
  { vip: true },
  { born: "2001-01-07" },
  { opens: { lt: "00:01:03" } },
  { joined: { gt: "2024-01-27T00:00:00Z" } },
  { genres: "genre 7" },
  { genres: { inq: ["genre 7", 3] } },
];
// Those that no index helps with, which must answer the same all the same.
const others: object[] = [
  { [hostile]: { neq: "city 7" } },
  { [hostile]: { nin: ["city 7"] } },
  { [hostile]: { exists: false } },
  { genres: { neq: "genre 7" } },
  { genres: { nin: ["genre 7", 3] } },
  { score: null },
];

/** 20,000 users: of fewer PostgreSQL rather reads them all. */
async function addUsers(): Promise<void> {
  for (const [name, type] of Object.entries(types)) {
    await product.db.query(sql`
      insert into attributes (app_key, name, type, created_at) values (${appKey}, ${name}, ${type}, now())`);
  }
  await product.db.query(sql`
    insert into users (app_key, user_key, user_id, is_guest, attributes, tags, value_tags, created_at, updated_at)
    select ${appKey}, md5(n::text)::uuid, n::text, false,
      case when n % 10 = 0 then '{}' when n % 10 = 1 then jsonb_build_object(${hostile}::text, n, 'score', 'high', 'genres', 'none')
      else jsonb_build_object(
        ${hostile}::text, case when n % 1000 = 2 then repeat('x', 600) else 'city ' || n % 500 end,
        'score', n % 3000, 'vip', n % 400 = 2, 'born', to_char(date '2001-01-01' + n % 2000, 'YYYY-MM-DD'),
        'opens', to_char(time '00:00' + n % 6000 * interval '1 second', 'HH24:MI:SS'),
        'joined', to_char(timestamp '2024-01-01' + n * interval '2 minutes', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'genres', jsonb_build_array('genre ' || n % 400, n % 700)) end,
      '{}', '{}', now(), now()
    from generate_series(1, 20000) as n`);
  await product.db.query(sql`analyze users`);
}

test("filters by a fast attribute go through its index, for every type, and answer what they did before", async () => {
  await addUsers();
  const before: Json[] = [];
  for (const target of [...targets, ...others]) before.push(await count(target));
  for (const target of targets) assert.doesNotMatch(await plan(target), /users_fast/);
  assert.equal((await count({ [hostile]: { inq: ["x".repeat(600)] } })).users, 20);
  for (const name of Object.keys(types)) {
    const asked = await product.call("POST", path(name));
    assert.equal(asked.status, 202, JSON.stringify(asked.body));
    assert.equal(asked.body.fast, "building");
  }
  for (const name of Object.keys(types)) assert.equal((await settled(name)).fast, "ready", name);
  for (const target of targets) assert.match(await plan(target), /users_fast/, JSON.stringify(target));
  for (const [index, target] of [...targets, ...others].entries()) {
    assert.deepEqual(await count(target), before[index], JSON.stringify(target));
  }
  // Longer than an entry of an index can be.
  const long = { userId: "long", attributes: { [hostile]: "ش".repeat(4096) } };
  assert.equal((await product.call("POST", "/api/users", long)).status, 201);
  assert.equal((await count({ [hostile]: "ش".repeat(4096) })).users, 1);
  assert.equal((await count({ [hostile]: "ش".repeat(4095) })).users, 0);
});

test("an attribute is made slow again, and its index goes", async () => {
  await product.call("POST", "/api/users", { userId: "a", attributes: { score: 5 } });
  await product.call("POST", path("score"));
  assert.equal((await settled("score")).fast, "ready");
  assert.equal((await indexes()).length, 1);
  const slow = await product.call("DELETE", path("score"));
  assert.equal(slow.body.fast, "no");
  await until(indexes, (found) => found.length === 0);
});

test("what a killed build left behind is dropped and built anew", async () => {
  await product.call("POST", "/api/users", { userId: "a", attributes: { score: 5 } });
  await product.call("POST", path("score"));
  await settled("score");
  const [index] = await indexes();
  await product.db.query(sql`
    update pg_index set indisvalid = false where indexrelid = ${index}::regclass`);
  await product.db.query(sql`update attributes set fast = 'failed'`);
  await product.call("POST", path("score"));
  assert.equal((await settled("score")).fast, "ready");
  const { rows } = await product.db.query<{ valid: boolean }>(sql`
    select indisvalid as valid from pg_index where indexrelid = ${index}::regclass`);
  assert.deepEqual(rows, [{ valid: true }]);
});

test("what cannot be fast is refused with the reason: other types, unknown names, and more than twenty", async () => {
  await product.call("POST", "/api/users", {
    userId: "a",
    attributes: {
      ...{ home: { latitude: 35.7, longitude: 51.4 }, address: { city: "Tehran" } },
      ...Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`n${n}`, n])),
    },
  });
  for (const name of ["home", "address"]) {
    const refused = await product.call("POST", path(name));
    assert.equal(refused.status, 422);
    assert.match(refused.body.detail, /cannot be made fast: filters ask/);
  }
  assert.equal((await product.call("POST", path("nobody"))).status, 404);
  await product.db.query(sql`update attributes set fast = 'ready' where name like 'n_%' and name <> 'n20'`);
  const refused = await product.call("POST", path("n20"));
  assert.equal(refused.status, 409);
  assert.match(refused.body.detail, /20 attributes are fast already/);
  assert.equal((await product.call("POST", path("n3"))).body.fast, "ready");
});
