// Segments as things: made, changed, copied, counted from day to day, taken away, and taken along as a file.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import sql from "sql-template-tag";
import { restorableSince } from "../lib/deleted.ts";
import { emptyImports, importFile, type Json } from "../testing/imports.ts";
import { startTestProduct, type TestProduct } from "../testing/product.ts";
import { measureSegments } from "./growth.ts";
import { purgeSegments } from "./queries.ts";

let product: TestProduct;
before(async () => {
  product = await startTestProduct();
});
after(() => product.stop());
beforeEach(async () => {
  await emptyImports(product.db);
  for (const [userId, plan] of [
    ["ali", "gold"],
    ["sara", "gold"],
    ["reza", "free"],
  ] as const)
    await ok("POST", "/api/users", { userId, attributes: { plan, "office.no": 7 }, tags: ["a", "=b"] }, 201);
});

const ok = async (method: string, path: string, body?: unknown, status = 200): Promise<Json> => {
  const answer = await product.call(method, path, body);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return answer.body;
};
const save = (name: string, filter: object, status = 201) =>
  ok("POST", "/api/segments", { name, ...filter }, status);
const rule = (name: string, operator: string, value?: unknown) => ({ name, operator, value });
const gold = { segment: { all: [rule("plan", "equal_to", "gold")] } };
const members = async (segment: string) =>
  (await ok("GET", `/api/users?segment=${encodeURIComponent(segment)}`)).data.map(
    ({ userId }: Json) => userId,
  );

test("a segment keeps the notation it was written in", async () => {
  const byRules = await save("Gold", gold);
  assert.deepEqual([byRules.target, byRules.segment, byRules.isPinned], [null, gold.segment, false]);
  const nested = await save("Not gold", { segment: { not: rule("segment", "include", ["gold"]) } });
  assert.deepEqual(nested.segment, { not: rule("segment", "include", [byRules.id]) });
  assert.deepEqual(await members("Not gold"), ["reza"]);
  const both = await save("Both", { ...gold, target: {} }, 422);
  assert.equal(both.errors[0].pointer, "/target");
  assert.match((await save("Neither", {}, 422)).errors[0].detail, /a filter .*or segment/);
});

test("it is renamed, pinned and given another filter, and what is made of it follows", async () => {
  const { id } = await save("Gold", gold);
  await save("Outer", { target: { segment: "Gold" } });
  const renamed = await ok("PATCH", `/api/segments/${id}`, { name: "Golden", isPinned: true });
  assert.deepEqual([renamed.name, renamed.isPinned, renamed.segment], ["Golden", true, gold.segment]);
  assert.deepEqual(
    (await ok("GET", "/api/segments?pinned=true")).data.map(({ name }: Json) => name),
    ["Golden"],
  );
  const edited = await ok("PATCH", `/api/segments/${id}`, { target: { plan: "free" } });
  assert.deepEqual([edited.target, edited.segment, edited.name], [{ plan: "free" }, null, "Golden"]);
  assert.deepEqual(await members("Outer"), ["reza"]);
  assert.deepEqual((await ok("GET", `/api/segments/${id}`)).usedBy[0].name, "Outer");
  await save("Taken", { target: {} });
  assert.match((await ok("PATCH", `/api/segments/${id}`, { name: "taken" }, 409)).detail, /choose another/);
  const fault = await ok("PATCH", `/api/segments/${id}`, { target: { plann: 1 } }, 422);
  assert.match(fault.errors[0].detail, /did you mean plan\?/);
});

test("no segment becomes a part of itself, by whichever way", async () => {
  const a = await save("A", { target: { plan: "A" } });
  const b = await save("B", { segment: { any: [rule("segment", "equal_to", "A")] } });
  await save("C", { target: { not: { segment: { nin: ["B", "A"] } } } });
  const circle = await ok("PATCH", `/api/segments/${a.id}`, { target: { or: [{ segment: "C" }] } }, 422);
  assert.deepEqual(circle.errors, [
    { pointer: "/target/or/0/segment", detail: "makes the segment a part of itself: A → C → B → A" },
  ]);
  const itself = await ok("PATCH", `/api/segments/${b.id}`, { target: "B" }, 422);
  assert.match(itself.errors[0].detail, /B → B/);
  // A value that is written like the name of a segment is none.
  await ok("PATCH", `/api/segments/${a.id}`, { target: { plan: { inq: ["A", "B", "C"] } } });
});

test("what is asked of one filter is not added up over its groups, nor over the segments of the app", async () => {
  let deep: object = {
    any: Array.from({ length: 180 }, (_, index) => rule("plan", "equal_to", `p${index}`)),
  };
  for (let depth = 0; depth < 13; depth++) deep = { all: [deep] };
  await ok("POST", "/api/segments/count", { segment: deep, perRule: true });
  const wide = { segment: { any: Array.from({ length: 190 }, () => rule("plan", "equal_to", "gold")) } };
  for (let index = 0; index < 12; index++) await save(`Wide ${index}`, wide);
  assert.equal((await ok("GET", "/api/users/ali/segments")).data.length, 12);
  const all = Array.from({ length: 12 }, (_, index) => `Wide ${index}`);
  const together = await ok("POST", "/api/segments/count", { target: { segment: { inq: all } } }, 422);
  assert.match(together.detail, /more than 2000 conditions altogether/);
});

test("two changes at once that would make a circle only together: one of them is refused", async () => {
  const a = await save("A", gold);
  const b = await save("B", gold);
  const answers = await Promise.all([
    product.call("PATCH", `/api/segments/${a.id}`, { target: "B" }),
    product.call("PATCH", `/api/segments/${b.id}`, { target: "A" }),
  ]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 422]);
});

test("a static segment is the list of those who match now", async () => {
  const list = await save("List", { ...gold, kind: "static" });
  assert.deepEqual([list.kind, list.target, list.segment], ["static", null, null]);
  await ok("POST", "/api/installations/attributes", { userId: "ali", attributes: { plan: "free" } });
  assert.deepEqual(await members("List"), ["ali", "sara"]);
  assert.match((await ok("PATCH", `/api/segments/${list.id}`, { target: {} }, 409)).detail, /is a list/);
  await importFile(product, ["userId", "zal"], { format: "generic", segment: "list" });
  assert.deepEqual(await members("List"), ["ali", "sara", "zal"]);
  const copy = await ok("POST", `/api/segments/${list.id}/duplicate`, undefined, 201);
  assert.deepEqual([copy.name, copy.kind], ["List 2", "static"]);
  await ok("DELETE", `/api/segments/${list.id}`, undefined, 204);
  assert.deepEqual(await members("List 2"), ["ali", "sara", "zal"]);
});

test("a copy has a name of its own and lives by itself", async () => {
  const { id } = await save("Gold", gold);
  assert.equal((await ok("POST", `/api/segments/${id}/duplicate`, {}, 201)).name, "Gold 2");
  assert.equal((await ok("POST", `/api/segments/${id}/duplicate`, {}, 201)).name, "Gold 3");
  const named = await ok("POST", `/api/segments/${id}/duplicate`, { name: "Silver" }, 201);
  await ok("PATCH", `/api/segments/${named.id}`, { target: { plan: "silver" } });
  assert.deepEqual(await members("Gold"), ["ali", "sara"]);
  await ok("POST", `/api/segments/${id}/duplicate`, { name: "silver" }, 409);
});

test("a deleted segment comes back with its members and its growth", async () => {
  const { id } = await save("Gold", gold);
  const list = await save("List", { ...gold, kind: "static" });
  await measureSegments(product.db, new Date(), { onError: assert.ifError });
  const growth = await ok("GET", `/api/segments/${list.id}/growth`);
  await ok("POST", `/api/segments/${list.id}/undelete`, undefined, 404);
  await ok("DELETE", `/api/segments/${list.id}`, undefined, 204);
  await ok("DELETE", `/api/segments/${list.id}`, undefined, 404);
  assert.equal((await product.call("GET", "/api/users?segment=List")).status, 422);
  assert.deepEqual(
    (await ok("GET", "/api/segments")).data.map(({ name }: Json) => name),
    ["Gold"],
  );
  assert.deepEqual((await ok("GET", "/api/users/ali/segments")).data, [{ id, name: "Gold" }]);
  await ok("DELETE", "/api/users/sara");
  const back = await ok("POST", `/api/segments/${list.id}/undelete`);
  assert.deepEqual([back.name, back.createdAt], ["List", list.createdAt]);
  assert.deepEqual(await members("List"), ["ali"]);
  assert.deepEqual(await ok("GET", `/api/segments/${list.id}/growth`), growth);
  assert.equal((await ok("GET", `/api/segments/${list.id}?count=false`)).users, undefined);
});

test("a segment does not come back to a name that is taken, nor without what it is made of", async () => {
  const { id } = await save("Gold", gold);
  const outer = await save("Outer", { target: { segment: "Gold" } });
  await ok("DELETE", `/api/segments/${outer.id}`, undefined, 204);
  await ok("DELETE", `/api/segments/${id}`, undefined, 204);
  await save("gold", { target: { plan: "free" } });
  assert.match((await ok("POST", `/api/segments/${id}/undelete`, undefined, 409)).detail, /rename that one/);
  const { detail } = await ok("POST", `/api/segments/${outer.id}/undelete`, undefined, 409);
  assert.match(detail, /"Outer" is made of is gone by now; bring that back first: .*there is no segment/);
});

test("after 30 days it is forgotten with its members, and nothing else is", async () => {
  const list = await save("List", { ...gold, kind: "static" });
  const other = await save("Other", { ...gold, kind: "static" });
  await ok("DELETE", `/api/segments/${list.id}`, undefined, 204);
  await ok("DELETE", `/api/segments/${other.id}`, undefined, 204);
  await product.db.query(
    sql`update segments set deleted_at = now() - interval '31 days' where segment_id = ${list.id}`,
  );
  await purgeSegments(product.db, restorableSince(new Date()));
  const left = await product.db.query(sql`select distinct segment_id as id from segment_members`);
  assert.deepEqual(left.rows, [{ id: other.id }]);
  await ok("POST", `/api/segments/${list.id}/undelete`, undefined, 404);
  await ok("POST", `/api/segments/${other.id}/undelete`);
});

test("a segment in use is not deleted, and the answer lists what uses it", async () => {
  const { id } = await save("Gold", gold);
  const outer = await save("Outer", { segment: { any: [rule("segment", "not_include", ["Gold"])] } });
  const refused = await ok("DELETE", `/api/segments/${id}`, undefined, 409);
  assert.match(refused.detail, /"Gold" is a part of "Outer"; delete that one first/);
  assert.deepEqual(refused.errors, [{ pointer: "", detail: `segment ${outer.id}: Outer` }]);
  const list = await save("List", { ...gold, kind: "static" });
  // As it is while a large audience is being frozen.
  await ok("POST", "/api/push/byQuery", { target: { segment: "List" }, content: "Hi" });
  await product.db.query(sql`update messages set status = 'expanding', frozen_at = null`);
  assert.match(
    (await ok("DELETE", `/api/segments/${list.id}`, undefined, 409)).errors[0].detail,
    /^message .*Hi/,
  );
  await product.db.query(sql`update messages set status = 'finished', frozen_at = now()`);
  await ok("DELETE", `/api/segments/${list.id}`, undefined, 204);
  await ok("DELETE", `/api/segments/${outer.id}`, undefined, 204);
  await ok("DELETE", `/api/segments/${id}`, undefined, 204);
  await ok("GET", `/api/segments/${id}`, undefined, 404);
});

test("its users come as CSV with every attribute, safe in a spreadsheet, and can be imported again", async () => {
  const { id } = await save("Gold / طلا", gold);
  const answer = await fetch(`${product.url}/api/segments/${id}/users.csv`, {
    headers: { "x-access-token": product.accessToken },
  });
  assert.match(answer.headers.get("content-disposition") ?? "", /filename\*=UTF-8''Gold%20%2F%20%D8/);
  const text = await answer.text();
  const [header, ...lines] = text.replace("\ufeff", "").trim().split("\n");
  assert.equal(header, "userId,email,phone,language,tags,office.no,plan");
  assert.deepEqual(lines.sort(), [`ali,,,,"'=b,a",7,gold`, `sara,,,,"'=b,a",7,gold`]);
  const again = await importFile(product, text, { format: "generic" });
  assert.equal(again.rows.rejected, 0, JSON.stringify(again));
});

test("its size is kept once a day of the app, for lists and filters", async () => {
  const { id } = await save("Gold", gold);
  const list = await save("List", { ...gold, kind: "static" });
  const measure = (at: string) =>
    measureSegments(product.db, new Date(at), { onError: (error) => assert.fail(error as Error) });
  await product.db.query(sql`update apps set time_zone = 'Asia/Tehran'`);
  await measure("2026-11-20T20:29:59Z");
  await ok("POST", "/api/installations/attributes", { userId: "ali", attributes: { plan: "free" } });
  await Promise.all([measure("2026-11-20T20:30:00Z"), measure("2026-11-21T01:00:00Z")]);
  assert.deepEqual((await ok("GET", `/api/segments/${id}/growth`)).data.slice(0, 2), [
    { day: "2026-11-20", users: 2 },
    { day: "2026-11-21", users: 1 },
  ]);
  assert.equal((await ok("GET", `/api/segments/${list.id}/growth`)).data[1].users, 2);
  await product.db.query(sql`update apps set time_zone = 'UTC'`);
});

test("what is being sent keeps the filter it began with", async () => {
  await ok("POST", "/api/installations", { id: "d1", userId: "ali", deviceType: "ios" });
  const { id } = await save("Gold", gold);
  await ok("POST", "/api/push/byQuery", {
    segment: { all: [rule("segment", "include", ["Gold"])] },
    content: "Hi",
  });
  const { data } = await ok("GET", "/api/messages");
  assert.deepEqual(data[0].audience.segment, { all: [rule("segment", "include", [id])] });
  assert.deepEqual(data[0].audience.segments, [{ id, name: "Gold" }]);
  assert.equal(data[0].counts.targeted, 1);
  const both = await ok("POST", "/api/push/byQuery", { ...gold, target: {}, content: "Hi" }, 422);
  assert.equal(both.errors[0].pointer, "/target");
});

test("every preset is a filter that counts, and every field tells its operators", async () => {
  await ok("POST", "/api/installations/track", { userId: "ali", eventName: "addToCart" });
  for (const { id, segment, needsEvent } of (await ok("GET", "/api/segments/presets")).data) {
    const text = JSON.stringify(segment);
    assert.equal(text.includes("$event"), needsEvent, id);
    await ok("POST", "/api/segments/count", { segment: JSON.parse(text.replaceAll("$event", "addToCart")) });
  }
  const { data, eventFields } = await ok("GET", "/api/segments/fields");
  const field = (name: string) => data.find((each: Json) => each.name === name);
  assert.deepEqual(field("plan").group, "attributes");
  assert.deepEqual(field("addToCart"), {
    ...{ name: "addToCart", group: "behaviour", type: "event" },
    operators: ["did", "did_not", "exists", "not_exists"],
  });
  assert.ok(field("deviceType").values.includes("android"));
  assert.equal(eventFields.length, 8);
  for (const { name } of data.filter(({ operators }: Json) => operators.includes("exists")))
    await ok("POST", "/api/segments/count", { segment: { all: [{ name, operator: "exists" }] } });
});
