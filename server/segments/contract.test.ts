// Every example that the wire contract gives of filters and rules, over HTTP, and whom it finds.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import sql from "sql-template-tag";
import { curlsOf } from "../testing/curl.ts";
import { importFile, type Json } from "../testing/imports.ts";
import { call, startTestProduct, type TestProduct, until } from "../testing/product.ts";

let product: TestProduct;
let importId: string;
const hour = 3_600_000;
const now = Date.now();
const ago = (hours: number) => new Date(now - hours * hour).toISOString();

before(async () => {
  product = await startTestProduct();
  const imported = await importFile(
    product,
    [
      "installationId,userId,deviceType,clientVersion,osVersion,launchCount,installDate,launchTime,location",
      `d1,ali,android,5.2.0,11,3,${ago(2)},${ago(1)},"35.76,51.41"`,
      `d2,sara,ios,5.1.9,9.3,12,${ago(2_000)},${ago(200)},"35.6,51.2"`,
      "d3,reza,web,5.10,110.2,1,2024-04-30T23:59:59Z,2024-04-30T23:59:59Z,",
      `d4,mina,windows,,,5,,${ago(3)},`,
    ],
    { format: "generic" },
  );
  assert.equal(imported.rows.created, 4, JSON.stringify(imported));
  importId = imported.id;
  const tags = { ali: ["FEMALE"], sara: ["FEMALE", "GUEST"], mina: ["CHABOK_TEST"], reza: ["CHABOK_GUEST"] };
  for (const [userId, names] of Object.entries(tags))
    await ok("POST", "/api/installations/addTags", { userId, tags: names });
  await ok("POST", "/api/installations/attributes", {
    userId: "ali",
    attributes: { favoriteCategories: ["comedy", "drama"], city: "Tehran" },
  });
  const events: [string, string, number, number | null][] = [
    ["ali", "purchase", 1, 300_000],
    ["ali", "purchase", 2, 250_000],
    ["sara", "purchase", 2, 10],
    ["ali", "order", 100, null],
    ["sara", "order", 10, null],
    ["ali", "addToCart", 48, null],
    ["sara", "addToCart", 100, null],
  ];
  for (const [userId, eventName, hours, value] of events)
    await ok("POST", "/api/installations/track", {
      ...{ userId, eventName, eventTime: now - hours * hour },
      ...(value === null ? {} : { eventData: { value } }),
    });
});
after(() => product.stop());

const ok = async (method: string, path: string, body: unknown): Promise<Json> => {
  const answer = await product.call(method, path, body);
  assert.ok(answer.status < 300, `${path} ${JSON.stringify(answer.body)}`);
  return answer.body;
};

const found = async (filter: object): Promise<string[]> => {
  const { samples, users } = await ok("POST", "/api/segments/count", filter);
  assert.equal(samples.length, users);
  return samples.map(({ userId }: Json) => userId).sort();
};

const everybody = ["ali", "mina", "reza", "sara"];

test("LoopBack's notation: every operator of the table", async () => {
  const examples: [object, string[]][] = [
    [{ deviceType: "ios" }, ["sara"]],
    [{ deviceType: { eq: "ios" } }, ["sara"]],
    [{ deviceType: { neq: "ios" } }, ["ali", "mina", "reza"]],
    [{ installDate: { neq: "2024-04-30T23:59:59Z" } }, ["ali", "mina", "sara"]],
    [{ launchCount: { gt: 3, lte: 12 } }, ["mina", "sara"]],
    [{ launchCount: { between: [3, 5] } }, ["ali", "mina"]],
    [{ deviceType: { inq: ["android", "ios"] } }, ["ali", "sara"]],
    [{ deviceType: { nin: ["android", "ios"] } }, ["mina", "reza"]],
    [{ tags: { nin: ["GUEST"] } }, ["ali", "mina", "reza"]],
    [{ city: { like: "^Teh" } }, ["ali"]],
    [{ city: { like: "Te%n" } }, ["ali"]],
    [{ city: { nlike: "^Teh" } }, ["mina", "reza", "sara"]],
    [{ city: { like: "^teh", options: "i" } }, ["ali"]],
    [{ city: { ilike: "TEH" } }, ["ali"]],
    [{ city: { nilike: "TEH" } }, ["mina", "reza", "sara"]],
    [{ city: { regexp: "^Teh" } }, ["ali"]],
    [{ city: { regexp: "/^teh/i" } }, ["ali"]],
    [{ city: { exists: true } }, ["ali"]],
    [
      { or: [{ deviceType: "web" }, { and: [{ tags: "FEMALE" }, { launchCount: { gt: 5 } }] }] },
      ["reza", "sara"],
    ],
    [{ not: { deviceType: "ios" } }, ["ali", "mina", "reza"]],
    [{}, everybody],
  ];
  for (const [target, expected] of examples)
    assert.deepEqual(await found({ target }), expected, JSON.stringify(target));
  for (const near of [{ lat: 35.7584, lng: 51.4082 }, [35.7584, 51.4082], "35.7584,51.4082"])
    assert.deepEqual(await found({ target: { nearBy: { near, maxDistance: 5, unit: "kilometers" } } }), [
      "ali",
    ]);
  for (const [unit, maxDistance] of Object.entries({
    ...{ kilometers: 30, meters: 30_000, miles: 18.7, feet: 98_500, radians: 0.0048, degrees: 0.275 },
  }))
    assert.deepEqual(
      await found({ target: { nearBy: { near: [35.7584, 51.4082], maxDistance, unit } } }),
      ["ali", "sara"],
      unit,
    );
  assert.deepEqual(await found({ target: { nearBy: { near: [35.7584, 51.4082], maxDistance: 18.7 } } }), [
    "ali",
    "sara",
  ]);
  for (const target of [
    { nearBy: { near: [1, 2], maxDistance: 1, unit: "kilometres" } },
    { launchCount: { above: 3 } },
    { launchCount: "many" },
  ])
    assert.equal((await product.call("POST", "/api/segments/count", { target })).status, 422);
});

test("the default filters in both notations", async () => {
  const examples: [object, string[]][] = [
    [{ target: { installDate: { gte: "2024-05-01T00:00:00Z" } } }, ["ali", "sara"]],
    [{ segment: one("installDate", "after", "6h") }, ["ali"]],
    [{ target: { launchTime: { lt: 1714521600000 } } }, ["reza"]],
    [{ segment: one("launchTime", "before", "168h") }, ["reza", "sara"]],
    [{ target: { launchCount: { gt: 2 } } }, ["ali", "mina", "sara"]],
    [{ segment: one("launchCount", "greater_than", 2) }, ["ali", "mina", "sara"]],
    [{ target: { clientVersion: { inq: ["5.2.0", "5.1.9"] } } }, ["ali", "sara"]],
    [{ segment: one("clientVersion", "lesser_than", "5.2.0") }, ["sara"]],
    [{ target: { osVersion: { like: "^11" } } }, ["ali", "reza"]],
    [{ segment: one("osVersion", "greater_equals", "10") }, ["ali", "reza"]],
    [{ target: { deviceType: { inq: ["android", "ios"] } } }, ["ali", "sara"]],
    [{ segment: one("deviceType", "include", ["android", "ios"]) }, ["ali", "sara"]],
    [{ target: { tags: { inq: ["FEMALE"] } } }, ["ali", "sara"]],
    [{ segment: one("tags", "not_include", ["GUEST"]) }, ["ali", "mina", "reza"]],
    [
      { target: { nearBy: { near: { lat: 35.7584, lng: 51.4082 }, maxDistance: 5, unit: "kilometers" } } },
      ["ali"],
    ],
    [
      { segment: one("nearBy", "near", { lat: 35.7584, lng: 51.4082, maxDistance: 5, unit: "kilometers" }) },
      ["ali"],
    ],
  ];
  for (const [filter, expected] of examples)
    assert.deepEqual(await found(filter), expected, JSON.stringify(filter));
});

test("fields of events", async () => {
  const examples: [object, string[]][] = [
    [one("purchase.count", "greater_than", 1), ["ali"]],
    [one("order.last", "before", "72h"), ["ali"]],
    [
      {
        all: [
          { name: "addToCart.last", operator: "after", value: "72h" },
          { name: "addToCart.last", operator: "before", value: "24h" },
        ],
      },
      ["ali"],
    ],
    [
      {
        all: [
          { name: "purchase.sum", operator: "greater_equals", value: 500_000 },
          { name: "favoriteCategories", operator: "include", value: ["comedy"] },
        ],
      },
      ["ali"],
    ],
  ];
  for (const [segment, expected] of examples)
    assert.deepEqual(await found({ segment }), expected, JSON.stringify(segment));
  assert.deepEqual(await found({ target: { "purchase.count": { gt: 1 } } }), ["ali"]);
});

test("the frequently used segments", async () => {
  const { data } = (await product.call("GET", "/api/segments/presets")).body;
  const expected: Record<string, string[]> = {
    ...{ all: everybody, active: ["mina"], inactive: ["reza", "sara"], notDoneFor3Days: ["sara"] },
    ...{ didInLastWeek: ["ali", "sara"], didBetween3And1DaysAgo: ["ali"], sleepingAndroid: [] },
    ...{ testUsers: ["mina"], guests: ["reza"] },
  };
  assert.deepEqual(data.map(({ id }: Json) => id).sort(), Object.keys(expected).sort());
  for (const { id, segment } of data) {
    const filled = JSON.parse(JSON.stringify(segment).replaceAll("$event", "addToCart"));
    assert.deepEqual(await found({ segment: filled }), expected[id], id);
  }
});

test("relative and absolute times, to the unit and to the day of the app", async () => {
  for (const [value, expected] of [
    ["90m", ["ali"]],
    ["2h", ["ali"]],
    ["4h", ["ali", "mina"]],
    ["1d", ["ali", "mina"]],
    ["1w", ["ali", "mina"]],
    ["1mo", ["ali", "mina", "sara"]],
    ["100y", everybody],
  ] as const) {
    assert.deepEqual(await found({ segment: one("launchTime", "after", value) }), expected, value);
    assert.deepEqual(await found({ segment: one("launchTime", "within", value) }), expected, value);
  }
  assert.deepEqual(await found({ segment: one("launchTime", "after", "+1h") }), []);
  assert.deepEqual(await found({ segment: one("launchTime", "within", "+1h") }), []);
  const days: [string, string, string[]][] = [
    ["before_date", "2024-04-30", []],
    ["on_or_before_date", "2024-04-30", ["reza"]],
    ["on_date", "2024-04-30", ["reza"]],
    ["after_date", "2024-04-30", ["ali", "mina", "sara"]],
    ["on_or_after_date", "2024-04-30", everybody],
  ];
  for (const [operator, value, expected] of days)
    assert.deepEqual(await found({ segment: one("launchTime", operator, value) }), expected, operator);
  // 23:59:59 in UTC is the next day in Tehran.
  await product.db.query(sql`update apps set time_zone = 'Asia/Tehran'`);
  assert.deepEqual(await found({ segment: one("launchTime", "on_date", "2024-05-01") }), ["reza"]);
  await product.db.query(sql`update apps set time_zone = 'UTC'`);
});

test("what users, devices and messages can be asked besides", async () => {
  await ok("POST", "/api/push/toUsers", { user: "mina", content: "Hello" });
  // As it is once the device has said that it has it.
  const deliver = sql`update deliveries set state = 'delivered', sent_at = now(), delivered_at = now()`;
  await until(
    () => product.db.query(deliver),
    ({ rowCount }) => rowCount === 1,
  );
  await ok("POST", "/api/push/toUsers", { user: "ali", content: "Hi" });
  const { data } = (await product.call("GET", "/api/messages")).body;
  const examples: [object, string[]][] = [
    [one("userState", "equal_to", "loggedIn"), everybody],
    [one("isTest", "equal_to", true), ["mina"]],
    [one("reachableBy", "include", ["inbox"]), everybody],
    [one("reachableBy", "include", ["email", "push"]), []],
    [one("sample", "between", [1, 1000]), everybody],
    [one("lifetime", "greater_equals", 83), ["reza", "sara"]],
    [one("lifetime", "equal_to", 0), ["ali"]],
    [one("isUninstalled", "equal_to", false), everybody],
    [one("tokenState", "equal_to", "none"), everybody],
    [one("userId", "starts_with", "RE"), ["reza"]],
    [one("messageDelivered", "include", [data[0].id]), []],
    [one("messageSent", "include", [data[1].id]), ["mina"]],
    [one("messageSent", "exists"), ["mina"]],
    [one("messageDelivered", "not_include", [data[1].id]), ["ali", "reza", "sara"]],
    [one("messageSeen", "equal_to", data[1].id), []],
    [one("import", "equal_to", importId), everybody],
    [one("import", "not_include", [importId]), []],
    [one("messageClicked", "not_exists"), everybody],
    [one("purchase", "did", { count: { operator: "equal_to", value: 1 }, within: "30d" }), ["sara"]],
    [
      one("purchase", "did", {
        ...{ count: { gte: 2 }, within: "30d" },
        where: { all: [{ name: "value", operator: "greater_than", value: 100 }] },
      }),
      ["ali"],
    ],
    [one("purchase", "did_not", { within: "30d" }), ["mina", "reza"]],
    [one("purchase", "did", { count: { operator: "lesser_than", value: 2 } }), ["mina", "reza", "sara"]],
  ];
  for (const [segment, expected] of examples)
    assert.deepEqual(await found({ segment }), expected, JSON.stringify(segment));
});

test("an import or a message that nobody knows is a fault", async () => {
  const unknown = "01a203f4-5851-7392-a7df-0df5496a152c";
  for (const [name, to] of [
    ["import", "import"],
    ["messageClicked", "message"],
  ] as const) {
    const answer = await product.call("POST", "/api/segments/count", {
      segment: one(name, "include", [unknown]),
    });
    assert.equal(answer.status, 422);
    assert.deepEqual(answer.body.errors, [
      {
        pointer: "/segment/all/0/value/0",
        detail: `there is no ${to} ${unknown} in this app; GET /api/${to}s lists what there is`,
      },
    ]);
  }
});

test("every call and every filter of the guide is understood", async () => {
  await ok("POST", "/api/installations/attributes", {
    userId: "ali",
    attributes: { plan: "gold", genres: ["drama"], address: { city: "Qom" }, "office.no": 3 },
  });
  for (const name of ["Staff", "VIP list"]) await ok("POST", "/api/segments", { name, target: {} });
  const guide = fileURLToPath(new URL("../../docs/segments.md", import.meta.url));
  const calls = curlsOf(guide, { TOKEN: product.accessToken });
  assert.equal(calls.length, 3);
  for (const { command, method, url, headers, body } of calls) {
    const answer = await call(url.replace("http://localhost:8080", product.url), method, headers, body);
    assert.ok(answer.status < 300, `${command}\n${JSON.stringify(answer.body)}`);
  }
  const examples = [...readFileSync(guide, "utf8").matchAll(/```json\n(.*?)```/gs)].map(([, json = ""]) =>
    JSON.parse(json),
  );
  const filters = examples.filter((example) => !("code" in example));
  assert.equal(filters.length, 5);
  for (const filter of filters) {
    if ("operator" in filter) await found({ segment: { all: [filter] } });
    else await found("all" in filter ? { segment: filter } : { target: filter });
  }
});

function one(name: string, operator: string, value?: unknown) {
  return { all: [{ name, operator, value }] };
}
