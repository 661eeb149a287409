// Tags and attributes over the API, as the wire contract has them.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import fc from "fast-check";
import { afterFile } from "../testing/database.ts";
import { emptyImports, importFile, type Json } from "../testing/imports.ts";
import { startTestProduct, type TestProduct } from "../testing/product.ts";

let product: TestProduct;
before(async () => {
  product = await startTestProduct();
  afterFile(product.stop);
});
beforeEach(async () => {
  await emptyImports(product.db);
  for (const id of ["phone", "tablet"]) {
    await product.call("POST", "/api/installations", { id, userId: "starter", deviceType: "android" });
  }
});

const call = async (method: string, path: string, body?: unknown): Promise<Json> => {
  const answer = await product.call(method, `/api/installations/${path}`, body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
};
const tags = () => call("GET", "tags/starter");
const attributes = async (id = "starter"): Promise<Json> =>
  (await product.call("GET", `/api/users/${id}`)).body.attributes;
const change = (body: object) => call("POST", "attributes", body);

test("tags are given and taken, each once, and every call counts the user's devices", async () => {
  assert.deepEqual(await call("GET", "addTag/starter/male"), { count: 2 });
  assert.deepEqual(await call("GET", "addTag/starter/male"), { count: 2 });
  assert.deepEqual(await call("POST", "addTags", { userId: "starter", tags: ["golden", "teenage"] }), {
    count: 2,
  });
  assert.deepEqual(await tags(), ["golden", "male", "teenage"]);
  assert.deepEqual(await call("GET", "removeTag/starter/male"), { count: 2 });
  assert.deepEqual(await call("POST", "removeTags", { userId: "starter", tags: ["golden", "nobody"] }), {
    count: 2,
  });
  assert.deepEqual(await tags(), ["teenage"]);
});

test("a value tag is one a name: a new value takes the place of the old, from an import too", async () => {
  await call("POST", "addValueTag", { userId: "starter", tag: "city", value: "tehran" });
  await call("POST", "addValueTag", { userId: "starter", tag: "level", value: 3 });
  assert.deepEqual(await tags(), ["city_tehran", "level_3"]);
  await call("POST", "addValueTag", { userId: "starter", tag: "city", value: "shiraz" });
  assert.deepEqual(await tags(), ["city_shiraz", "level_3"]);
  await importFile(product, ["userId,tags", 'starter,"{""city"":""yazd""}"']);
  assert.ok((await tags()).includes("city_yazd") && !(await tags()).includes("city_shiraz"));
  // Taken by its text the pair goes as well, so that the next value has nothing to replace.
  await call("GET", "removeTag/starter/city_yazd");
  await call("POST", "removeValueTag", { userId: "starter", tag: "level" });
  assert.deepEqual(
    (await tags()).filter((tag: string) => !tag.startsWith("import_")),
    [],
  );
  assert.deepEqual(await call("POST", "removeValueTag", { userId: "starter", tag: "level" }), { count: 2 });
});

test("whoever is tagged first is known from then on, with no device to count", async () => {
  assert.deepEqual(await call("GET", "addTag/somebody/new"), { count: 0 });
  assert.deepEqual(await call("GET", "tags/somebody"), ["new"]);
  assert.deepEqual(await call("GET", "removeTag/nobody/new"), { count: 0 });
  assert.equal((await product.call("GET", "/api/users/nobody")).status, 404);
});

test("many who tag one user at once lose nothing", async () => {
  const names = Array.from({ length: 30 }, (_, index) => `t${String(index).padStart(2, "0")}`);
  await Promise.all(names.map((name) => call("GET", `addTag/starter/${name}`)));
  assert.deepEqual(await tags(), names);
});

test("a tag that cannot be one is refused with its place", async () => {
  for (const [path, body, pointer] of [
    ["addTags", { userId: "starter", tags: ["ok", ""] }, "/tags/1"],
    ["addTags", { userId: "*", tags: ["ok"] }, "/userId"],
    ["addTags", { userId: "starter" }, "/tags"],
    ["addValueTag", { userId: "starter", tag: "city" }, "/value"],
    ["addValueTag", { userId: "starter", tag: "x".repeat(500), value: "y".repeat(500) }, "/value"],
  ] as const) {
    const { status, body: problem } = await product.call("POST", `/api/installations/${path}`, body);
    assert.deepEqual([status, problem.errors?.[0]?.pointer], [422, pointer], JSON.stringify(problem));
  }
});

test("attributes are set by user or by installation, and each keeps the type of its first value", async () => {
  const values = {
    ...{ firstName: "Ali", isVIP: true, score: 2.4, birthday: "2020-02-06T12:12:25.408Z" },
    favoriteCategories: ["comedy", "action"],
  };
  assert.deepEqual(await change({ userId: "starter", attributes: values }), { count: 2 });
  assert.deepEqual(await attributes(), values);
  const { body: registry } = await product.call("GET", "/api/attributes");
  assert.deepEqual(
    registry.data.map(({ name, type }: Json) => [name, type]),
    [
      ["birthday", "DATETIME"],
      ["favoriteCategories", "ARRAY"],
      ["firstName", "TEXT"],
      ["isVIP", "BOOLEAN"],
      ["score", "NUMBER"],
    ],
  );
  const answer = await change({
    installationId: "tablet",
    attributes: { score: "high", firstName: "Reza", nick: "R" },
  });
  assert.equal(answer.count, 2);
  assert.deepEqual(answer.refused, [{ name: "score", detail: "is NUMBER: expected a number" }]);
  assert.deepEqual(await attributes(), { ...values, firstName: "Reza", nick: "R" });
  assert.equal(
    (await product.call("POST", "/api/installations/attributes", { installationId: "none", attributes: {} }))
      .status,
    404,
  );
  for (const body of [
    { attributes: {} },
    { userId: "a", installationId: "b", attributes: {} },
    { userId: "a" },
  ]) {
    assert.equal((await product.call("POST", "/api/installations/attributes", body)).status, 422);
  }
});

test("attributes are unset, counted up, and lists get and lose items", async () => {
  await change({ userId: "starter", attributes: { a: 1, b: "x", list: ["x"] } });
  await change({ userId: "starter", attributes: { b: null }, increment: { a: 4, fresh: -2 } });
  await change({ userId: "starter", add: { list: ["x", "y", "z"], more: [1] } });
  await change({ userId: "starter", remove: { list: ["x", "q"], none: ["x"] } });
  assert.deepEqual(await attributes(), { a: 5, fresh: -2, list: ["y", "z"], more: [1] });
  const { refused } = await change({
    userId: "starter",
    increment: { b: 1 },
    add: { a: ["x"] },
    attributes: { "a.b": 1 },
  });
  assert.deepEqual(refused.map(({ name }: Json) => name).sort(), ["a", "a.b", "b"]);
});

test("counting up from many places at once loses nothing, also while a new attribute is made", async () => {
  await Promise.all(
    Array.from({ length: 25 }, () => change({ userId: "starter", increment: { visits: 1 } })),
  );
  assert.deepEqual(await attributes(), { visits: 25 });
});

// A body with this key is refused as a whole, see http.test.ts.
const anyAttributes = fc
  .dictionary(fc.string(), fc.jsonValue())
  .filter((values) => !JSON.stringify(values).includes("__proto__"));

test("any JSON for attributes is stored as it was or refused by name, and never a fault of ours", async () => {
  await fc.assert(
    fc.asyncProperty(anyAttributes, async (values) => {
      await emptyImports(product.db);
      const answer = await product.call("POST", "/api/installations/attributes", {
        userId: "any",
        attributes: values,
      });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      const refused = new Set((answer.body.refused ?? []).map(({ name }: Json) => name));
      const stored = await attributes("any");
      for (const [name, value] of Object.entries(values)) {
        assert.equal(Object.hasOwn(stored, name), value !== null && !refused.has(name), name);
        const isPlain = typeof value === "boolean" || typeof value === "number";
        // On its way -0 became 0.
        if (isPlain && !refused.has(name)) assert.equal(stored[name], JSON.parse(JSON.stringify(value)));
      }
    }),
    { numRuns: 60 },
  );
});

test("an installation is read with its user's tags and attributes", async () => {
  await call("GET", "addTag/starter/male");
  await change({ userId: "starter", attributes: { city: "Yazd" } });
  const all = await call("GET", "fetchByUserId/starter");
  assert.deepEqual(all.map(({ id }: Json) => id).sort(), ["phone", "tablet"]);
  const one = await call("GET", "fetchById/phone");
  assert.deepEqual(
    [one.userId, one.tags, one.userInfo, one.isGuest],
    ["starter", ["male"], { city: "Yazd" }, false],
  );
  for (const path of ["fetchById/none", "fetchByUserId/nobody", "tags/nobody"]) {
    assert.equal((await product.call("GET", `/api/installations/${path}`)).status, 404, path);
  }
});
