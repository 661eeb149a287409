// Counting over HTTP: numbers under every rule, estimates, samples, and what is refused.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import sql from "sql-template-tag";
import { runCommand } from "../testing/command.ts";
import type { Json } from "../testing/imports.ts";
import { startTestProduct, type TestProduct } from "../testing/product.ts";
import { makePeople, storePeople } from "../testing/world.ts";

let product: TestProduct;
const people = makePeople(80, 3);

before(async () => {
  product = await startTestProduct();
  await storePeople(product.db, people);
});
after(() => product.stop());

const ask = (body: unknown) => product.call("POST", "/api/segments/count", body);
const count = async (body: object): Promise<Json> => {
  const answer = await ask(body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
};
const rule = (name: string, operator: string, value?: unknown) => ({ name, operator, value });

test("every rule and group has its own numbers, as if it were asked alone", async () => {
  const web = rule("deviceType", "include", ["web"]);
  const mail = rule("reachableBy", "equal_to", "email");
  const segment = { all: [web, { any: [mail, { not: rule("tags", "include", ["FEMALE"]) }] }] };
  const { rules, ...whole } = await count({ segment, perRule: true });
  assert.deepEqual(
    rules.map(({ pointer }: Json) => pointer),
    [
      "/segment",
      "/segment/all/0",
      "/segment/all/1",
      "/segment/all/1/any/0",
      "/segment/all/1/any/1",
      "/segment/all/1/any/1/not",
    ],
  );
  for (const [index, part] of [segment, web, segment.all[1], mail].entries()) {
    const { samples: _, isEstimate, ...alone } = await count({ segment: { all: [part] } });
    assert.equal(isEstimate, false);
    assert.deepEqual(rules[index], { pointer: rules[index].pointer, ...alone });
  }
  assert.equal(whole.users, rules[0].users);
  const { rules: inWhere } = await count({
    target: { deviceType: "web", or: [{ tags: "FEMALE" }] },
    perRule: true,
  });
  assert.deepEqual(
    inWhere.map(({ pointer }: Json) => pointer),
    ["/target/deviceType", "/target/or", "/target/or/0/tags"],
  );
});

test("ten of those who match are named", async () => {
  const { samples, users } = await count({ target: {} });
  assert.deepEqual([samples.length, users], [10, 80]);
  assert.equal(new Set(samples.map(({ userId }: Json) => userId)).size, 10);
  const few = await count({ target: { userId: "user 7" } });
  assert.deepEqual(
    few.samples.map(({ userId }: Json) => userId),
    ["user 7"],
  );
  const none = await count({ target: { userId: "nobody" } });
  assert.deepEqual([none.samples, none.users, none.installations], [[], 0, 0]);
});

test("what takes long is estimated from a share of the users, says so, and comes soon", async () => {
  // Counting one row of these takes a tenth of a second, as a great many rows would.
  await product.db.query(sql`
    create function slow_lat(value double precision) returns double precision language plpgsql as
    $$ begin perform pg_sleep(0.02); return value; end $$`);
  await product.db.query(sql`alter table installations rename to all_installations`);
  await product.db.query(sql`
    create view installations as
    select * from all_installations where slow_lat(1) = 1`);
  await product.db.query(sql`update pg_class set reltuples = 16000000 where oid = 'users'::regclass`);
  try {
    const estimate = await count({ target: { deviceType: "web" }, estimate: true, perRule: true });
    assert.equal(estimate.isEstimate, true);
    assert.equal(estimate.users % 1_024, 0);
    const quick = await count({ target: { tags: "FEMALE" }, estimate: true });
    assert.equal(quick.users % 1_024, 0);
    const exact = await count({ target: { deviceType: "web" } });
    assert.equal(exact.isEstimate, false);
  } finally {
    await product.db.query(sql`drop view installations`);
    await product.db.query(sql`alter table all_installations rename to installations`);
    await product.db.query(sql`analyze users`);
  }
  const { isEstimate } = await count({ target: { deviceType: "web" }, estimate: true });
  assert.equal(isEstimate, false);
});

test("the command line counts filters in both notations and segments by name, and says what is wrong", async () => {
  await product.call("POST", "/api/segments", { name: "On the web", target: { deviceType: "web" } });
  const { users } = await count({ target: { deviceType: "web" } });
  const access = ["--url", product.url, "--token", product.accessToken];
  const web = rule("deviceType", "equal_to", "web");
  for (const filter of [JSON.stringify({ not: { not: web } }), "On the web"]) {
    const { code, stdout, stderr } = await runCommand(["segment", "count", filter, ...access]);
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).users, users, filter);
  }
  const faulty = await runCommand(["segment", "count", '{"deviceTyp":"web","x":1}', ...access]);
  assert.equal(faulty.code, 1);
  assert.match(
    faulty.stderr,
    /^\/target\/deviceTyp: unknown field, did you mean deviceType\?.*\n\/target\/x: unknown/,
  );
});

const nested = (depth: number, wrap: (inner: string) => [string, string], inner: string) => {
  const [before, end] = wrap("");
  return before.repeat(depth) + inner + end.repeat(depth);
};
const post = async (body: string) => {
  const answer = await fetch(`${product.url}/api/segments/count`, {
    method: "POST",
    headers: { "x-access-token": product.accessToken, "content-type": "application/json" },
    body,
  });
  return { status: answer.status, body: (await answer.json()) as Json };
};

test("hostile filters are refused with their spot, and nothing of them becomes SQL", async () => {
  const hostile = `"; drop table users; --' or 1=1 /* \\ $1 {{`;
  for (const name of [
    hostile,
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "",
    "a".repeat(10_000),
  ]) {
    const { status, body } = await post(`{"target":{${JSON.stringify(name)}:{"gt":1}}}`);
    assert.ok(status === 422 || (status === 400 && name === "__proto__"), `${name}: ${JSON.stringify(body)}`);
    const inRule = await post(JSON.stringify({ segment: { all: [rule(name, "equal_to", 1)] } }));
    assert.equal(inRule.status, 422, name);
    assert.equal(inRule.body.errors[0].pointer, "/segment/all/0/name");
  }
  for (const value of [hostile, "'); --", "\\", "%", "{}", "null"]) {
    for (const target of [
      { plan: value },
      { plan: { inq: [value] } },
      { tags: value },
      { deviceType: { neq: value } },
    ])
      await count({ target: target.plan === undefined ? target : { country: target.plan } });
    await count({
      segment: { all: [rule("country", "contains", value), rule(`${hostile}.count`, "greater_than", 1)] },
    });
  }
  const deep = [
    nested(10_000, () => ['{"and":[', "]}"], '{"deviceType":"ios"}'),
    nested(10_000, () => ['{"not":', "}"], "{}"),
  ];
  for (const target of deep) {
    const { status, body } = await post(`{"target":${target}}`);
    assert.equal(status, 422);
    assert.match(body.errors[0].detail, /nested deeper than 16 levels/);
  }
  const rules = await post(`{"segment":${nested(10_000, () => ['{"all":[', "]}"], "")}}`);
  assert.equal(rules.status, 422);
  const large = await post(
    JSON.stringify({ segment: { any: Array(18_000).fill(rule("deviceTyp", "equal_to", "a")) } }),
  );
  assert.equal(large.status, 422);
  assert.ok(large.body.errors.length <= 60);
  const many = await post(
    JSON.stringify({ segment: { any: Array(300).fill(rule("deviceType", "equal_to", "a")) } }),
  );
  assert.match(many.body.errors[0].detail, /one condition more than the 200 allowed/);
  const list = await post(JSON.stringify({ target: { country: { inq: Array(10_001).fill("a") } } }));
  assert.match(list.body.errors[0].detail, /more than 10000 values/);
});

test("patterns that would never end are refused or end by themselves", async () => {
  for (const regexp of ["(a+)+$", "(a|a)*b", "(.*)*x", "((a*)*)*y", "^(([a-z])+.)+[A-Z]([a-z])+$"])
    await count({ target: { userId: { regexp } } });
  for (const regexp of [
    "a{1000}{1000}",
    "((a{1,40}){1,40}){1,40}",
    "(?<=a)b",
    "(a)\\1",
    "\\bword",
    "[[:alpha:]]",
    "(?<n>a)",
    "[",
    "*",
    "a{2,1}",
  ]) {
    const { status, body } = await ask({ target: { userId: { regexp } } });
    assert.equal(status, 422, regexp);
    assert.equal(body.errors[0].pointer, "/target/userId/regexp");
  }
  // Fine in JavaScript, too much for PostgreSQL: found out by asking it.
  const asked = await ask({ segment: { all: [rule("userId", "matches", "a{300}")] } });
  assert.equal(asked.status, 422, JSON.stringify(asked.body));
  assert.match(asked.body.errors[0].detail, /no pattern of PostgreSQL/);
  assert.equal(asked.body.errors[0].pointer, "/segment/all/0/value");
});
