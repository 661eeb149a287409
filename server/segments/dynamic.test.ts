import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { emptyImports, importFile, type Json } from "../testing/imports.ts";
import { startTestProduct, type TestProduct } from "../testing/product.ts";

let product: TestProduct;
before(async () => {
  product = await startTestProduct();
});
after(() => product.stop());
beforeEach(async () => {
  await emptyImports(product.db);
  for (const [userId, plan, devices] of [
    ["ali", "gold", ["android", "ios"]],
    ["sara", "gold", ["ios"]],
    ["reza", "free", ["android"]],
    ["nobody", "free", []],
  ] as const) {
    await ok("POST", "/api/installations/attributes", { userId, attributes: { plan } });
    for (const deviceType of devices)
      await ok("POST", "/api/installations", { id: `${userId}-${deviceType}`, userId, deviceType });
  }
});

const ok = async (method: string, path: string, body?: unknown, status = 200): Promise<Json> => {
  const answer = await product.call(method, path, body);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return answer.body;
};
const save = (name: string, target: unknown, status = 201) =>
  ok("POST", "/api/segments", { name, target }, status);
const count = async (target: unknown) => {
  const { users, installations } = await ok("POST", "/api/segments/count", { target });
  return [users, installations];
};
const members = async (segment: string) =>
  (await ok("GET", `/api/users?segment=${encodeURIComponent(segment)}`)).data.map(
    ({ userId }: Json) => userId,
  );

test("a saved filter is whoever matches it now, by name, by id, and inside other filters", async () => {
  const gold = await save("Gold", { plan: "gold" });
  assert.deepEqual([gold.kind, gold.target, gold.createdBy], ["dynamic", { plan: "gold" }, "first token"]);
  for (const target of ["Gold", "gold", gold.id]) assert.deepEqual(await count(target), [2, 3]);
  assert.deepEqual(await members("Gold"), ["ali", "sara"]);
  assert.equal((await ok("GET", `/api/segments/${gold.id}`)).users, 2);
  // About the person: a device of another kind is in it too.
  await save("On Android", { deviceType: "android" });
  assert.deepEqual(await count({ segment: "On Android", deviceType: "ios" }), [1, 1]);
  assert.deepEqual(await count({ segment: { nin: ["On Android"] } }), [2, 1]);
  assert.deepEqual(await count({ segment: { inq: ["Gold", "On Android"] } }), [3, 4]);
  // A filter of filters, which goes with what it is made of.
  await save("Golden Androids", { and: [{ segment: "Gold" }, { segment: "On Android" }] });
  assert.deepEqual(await members("Golden Androids"), ["ali"]);
  await ok("POST", "/api/installations/attributes", { userId: "reza", attributes: { plan: "gold" } });
  assert.deepEqual(await members("Golden Androids"), ["ali", "reza"]);
  assert.deepEqual(
    (await ok("GET", "/api/users/reza/segments")).data.map(({ name }: Json) => name),
    ["Gold", "Golden Androids", "On Android"],
  );
  assert.deepEqual((await ok("GET", "/api/users/nobody/segments")).data, []);
});

test("a send to a saved filter reaches its devices", async () => {
  await save("Gold", { plan: "gold" });
  assert.deepEqual(await ok("POST", "/api/push/byQuery", { target: "Gold", content: "Hi" }), { count: 3 });
});

test("attributes tell which segments use them", async () => {
  const { id } = await save("Gold", { or: [{ plan: "gold" }, { plan: "silver" }] });
  const [plan] = (await ok("GET", "/api/attributes")).data;
  assert.deepEqual(plan.usedBy, [{ id, name: "Gold" }]);
  await ok("DELETE", `/api/segments/${id}`, undefined, 204);
  assert.deepEqual((await ok("GET", "/api/attributes")).data[0].usedBy, []);
});

test("what cannot be saved, deleted or added to is said with the cure", async () => {
  const gold = await save("Gold", { plan: "gold" });
  assert.match(
    (await save(" gold ", {}, 409)).detail,
    /There is a segment "gold" already; choose another name/,
  );
  assert.equal((await save("Bad", { deviceTyp: "ios" }, 422)).errors[0].pointer, "/target/deviceTyp");
  assert.equal((await save("Bad", { segment: "Golf" }, 422)).errors[0].pointer, "/target/segment");
  await save("All of it", { segment: "Gold" });
  const inUse = await ok("DELETE", `/api/segments/${gold.id}`, undefined, 409);
  assert.match(inUse.detail, /"Gold" is a part of "All of it"; delete that one first/);
  const refused = await importFile(product, ["userId", "new"], { format: "generic", segment: "GOLD" });
  assert.equal(refused.status, "failed");
  assert.match(refused.failure, /"GOLD" is a filter, to which no file can add; choose another name/);
  assert.equal((await product.call("GET", "/api/users/new")).status, 404);
  await importFile(product, ["userId", "new"], { format: "generic", segment: "List" });
  const list = (await ok("GET", "/api/segments?search=list")).data[0];
  assert.deepEqual(await count({ segment: { inq: ["List", "Gold"] } }), [3, 3]);
  await ok("DELETE", `/api/segments/${list.id}`, undefined, 204);
  assert.equal((await ok("GET", "/api/users/new")).userId, "new");
});
