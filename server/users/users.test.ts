// Finding, adding and changing users over the API.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import sql from "sql-template-tag";
import { afterFile } from "../testing/database.ts";
import { emptyImports, importFile, type Json } from "../testing/imports.ts";
import { startTestProduct, type TestProduct } from "../testing/product.ts";

let product: TestProduct;
before(async () => {
  product = await startTestProduct();
  afterFile(product.stop);
});
beforeEach(() => emptyImports(product.db));

const add = (body: object) => product.call("POST", "/api/users", body);
const edit = (id: string, body: object) =>
  product.call("PATCH", `/api/users/${encodeURIComponent(id)}`, body);
const read = async (id: string): Promise<Json> =>
  (await product.call("GET", `/api/users/${encodeURIComponent(id)}`)).body;
const found = async (query: Record<string, string>): Promise<string[]> => {
  const answer = await product.call("GET", `/api/users?${new URLSearchParams(query)}`);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body.data.map((user: Json) => user.userId);
};

test("a user is found by their phone in any way of writing, by address, by id and by words of the name", async () => {
  await add({
    userId: "starter",
    phone: "+989121234567",
    email: "Sara.K@Example.com",
    attributes: { first_name: "سارا", last_name: "كريمي" },
  });
  await add({ userId: "other", phone: "+4915123456789", attributes: { name: "José O'Neil-Smith" } });
  await add({ userId: "nameless", attributes: { city: "Karimabad" } });

  // Which looks at the index without our schema in its search path.
  await product.db.query(sql`analyze users`);
  const cases: [string, string[]][] = [
    ...["+989121234567", "00989121234567", "09121234567", "9121234567", "989121234567"].map(phone),
    ...["۰۹۱۲۱۲۳۴۵۶۷", "+98 912 123 45 67", "(0912) 123-4567", "091212", "\u202a+98912123\u202c"].map(phone),
    ["015123456789", ["other"]],
    ["09999999", []],
    ["0912", []],
    ["sara.k@", ["starter"]],
    ["SARA", ["starter"]],
    ["example.com", []],
    ["star", ["starter"]],
    ["Star", []],
    ["کریمی", ["starter"]],
    ["كري سارا", ["starter"]],
    ["jose", ["other"]],
    ["SMITH JOSÉ", ["other"]],
    ["o'neil", ["other"]],
    ["neil & | ! ' \\ :*", ["other"]],
    ["ith", []],
    ["' \\", []],
  ];
  for (const [search, expected] of cases) assert.deepEqual(await found({ search }), expected, search);
  function phone(search: string): [string, string[]] {
    return [search, ["starter"]];
  }
});

test("a search has pages by id, whatever way each user was found, and nobody on two", async () => {
  for (let n = 0; n < 7; n++) {
    await add({ userId: `${n % 2 ? "ali" : "u"}${n}`, attributes: { name: `Ali ${n}` } });
  }
  await add({ userId: "mail", email: "ali@example.com" });
  const pages: string[] = [];
  let cursor = "";
  for (let page = 0; page < 5 && cursor !== null; page++) {
    const query = new URLSearchParams({ search: "ali", limit: "3", ...(cursor ? { cursor } : {}) });
    const { body } = await product.call("GET", `/api/users?${query}`);
    pages.push(body.data.map((user: Json) => user.userId).join(" "));
    cursor = body.nextCursor;
  }
  assert.deepEqual(pages, ["ali1 ali3 ali5", "mail u0 u2", "u4 u6"]);
});

test("a list is narrowed to a tag, beside a search", async () => {
  await add({ userId: "a", tags: ["vip"], attributes: { name: "Sara" } });
  await add({ userId: "b", tags: ["vip"] });
  await add({ userId: "c", attributes: { name: "Sara" } });
  assert.deepEqual(await found({ tag: "vip" }), ["a", "b"]);
  assert.deepEqual(await found({ tag: "vip", search: "sara" }), ["a"]);
  assert.deepEqual(await found({ tag: "nobody" }), []);
});

test("a list shows reach, kinds of devices and the last visit", async () => {
  await add({ userId: "starter", phone: "+989121234567" });
  for (const [id, deviceType, deviceToken] of [
    ["phone", "android", "token"],
    ["tablet", "android", undefined],
    ["pc", "windows", "token 2"],
  ]) {
    await product.call("POST", "/api/installations", { id, userId: "starter", deviceType, deviceToken });
  }
  await product.db.query(sql`
    update installations set opted_out = installation_id = 'pc', launch_time = '2026-05-02T10:00:00Z'`);
  const reach = { inbox: 2, push: 1, email: false, sms: true, whatsapp: true };
  const [user] = (await product.call("GET", "/api/users")).body.data;
  assert.deepEqual(user.reach, reach);
  assert.deepEqual(user.deviceTypes, ["android", "windows"]);
  assert.equal(user.lastSeenAt, "2026-05-02T10:00:00.000Z");
  assert.deepEqual((await read("starter")).reach, reach);
});

test("a user is added with all that is known, and only once", async () => {
  const whole = {
    ...{ userId: "starter", email: "Sara@Example.com", phone: "+98 912 123 4567", language: "fa" },
    ...{ attributes: { age: 31, joined: "2024-05-02" }, tags: ["vip", "golden"] },
  };
  const added = await add(whole);
  assert.equal(added.status, 201);
  assert.deepEqual(added.body, await read("starter"));
  assert.equal(added.body.email, "sara@example.com");
  assert.equal(added.body.phone, "989121234567");
  assert.deepEqual(added.body.tags, ["golden", "vip"]);
  assert.deepEqual(added.body.attributes, { age: 31, joined: "2024-05-02" });
  assert.equal(added.body.isGuest, false);

  const again = await add({ userId: "starter", language: "en", attributes: { colour: "red" } });
  assert.equal(again.status, 409);
  assert.equal(again.body.code, "conflict");
  assert.match(again.body.detail, /"starter" already/);
  assert.equal((await read("starter")).language, "fa");
  const names = (await product.call("GET", "/api/attributes")).body.data.map((each: Json) => each.name);
  assert.deepEqual(names, ["age", "joined"]);
});

test("what is wrong with a user is told with its place, and nothing is stored", async () => {
  const bad = await add({ userId: "starter", phone: "12", email: "sara" });
  assert.equal(bad.status, 422);
  assert.deepEqual(
    bad.body.errors.map((each: Json) => each.pointer),
    ["/email", "/phone"],
  );
  assert.equal((await product.call("GET", "/api/users/starter")).status, 404);
  assert.equal((await add({ userId: "*" })).body.errors[0].pointer, "/userId");
  assert.equal((await add({ userId: "a", country: "XX" })).body.errors[0].pointer, "/country");
  assert.equal((await edit("nobody", { language: "fa" })).status, 404);
});

test("a number without a country code is of the country given, or of the one of the app's time zone", async () => {
  assert.equal(
    (await add({ userId: "de", phone: "0151 2345 6789", country: "DE" })).body.phone,
    "4915123456789",
  );
  await product.db.query(sql`update apps set time_zone = 'Asia/Tehran'`);
  assert.equal((await add({ userId: "ir", phone: "۰۹۱۲ ۱۲۳ ۴۵۶۷" })).body.phone, "989121234567");
  await product.db.query(sql`update apps set time_zone = 'UTC'`);
  const copied = "\u200e\u2066+98 912 123 4568\u2069";
  assert.equal((await add({ userId: "copied", phone: copied })).body.phone, "989121234568");
  assert.equal((await add({ userId: "no", phone: "09121234567" })).body.errors[0].pointer, "/phone");
});

test("a user is changed in one call; what is left out stays and null forgets", async () => {
  await add({ userId: "starter", email: "a@example.com", phone: "+989121234567", tags: ["old", "kept"] });
  const { body, status } = await edit("starter", {
    ...{ email: null, language: "en", optedOut: ["sms", "sms"], addTags: ["new"], removeTags: ["old"] },
    attributes: { age: 31 },
  });
  assert.equal(status, 200);
  assert.deepEqual(body, await read("starter"));
  assert.equal(body.email, null);
  assert.equal(body.phone, "989121234567");
  assert.equal(body.language, "en");
  assert.deepEqual(body.optedOut, ["sms"]);
  assert.deepEqual(body.tags, ["kept", "new"]);
  assert.deepEqual([body.reach.email, body.reach.sms, body.reach.whatsapp], [false, false, true]);
  assert.deepEqual((await edit("starter", { optedOut: [], unset: ["age"] })).body.attributes, {});
});

test("what WhatsApp calls somebody goes with the number that it was of", async () => {
  const named = (userId: string) =>
    product.db.query(sql`update users set whatsapp_id = 'IR.13' where user_id = ${userId}`);
  await add({ userId: "moved", phone: "+989121234501" });
  await named("moved");
  assert.equal((await edit("moved", { language: "fa", phone: "+989121234501" })).body.whatsappId, "IR.13");
  assert.equal((await edit("moved", { phone: "+989121234502" })).body.whatsappId, null);
  await named("moved");
  assert.equal((await edit("moved", { phone: null })).body.whatsappId, null);
  await named("moved");
  assert.equal((await edit("moved", { phone: "+989121234503" })).body.whatsappId, "IR.13", "it is theirs");
  await importFile(product, "userId,phone\nmoved,+989121234503\n", { format: "generic" });
  assert.equal((await read("moved")).whatsappId, "IR.13");
  await importFile(product, "userId,phone\nmoved,+989121234504\n", { format: "generic" });
  assert.deepEqual([(await read("moved")).phone, (await read("moved")).whatsappId], ["989121234504", null]);
});

test("a value that does not fit its attribute is refused by name, and the rest is stored", async () => {
  await add({ userId: "starter", attributes: { age: 31 } });
  const { body, status } = await edit("starter", { attributes: { age: "old", city: "Tehran" } });
  assert.equal(status, 200);
  assert.deepEqual(body.attributes, { age: 31, city: "Tehran" });
  assert.deepEqual(
    body.refused.map((each: Json) => each.name),
    ["age"],
  );
});

const tags = async () => (await product.call("GET", "/api/installations/tags")).body;
const topics = async () => (await product.call("GET", "/api/installations/channels")).body;

test("the tags in use are known from every way in, and forgotten when nobody has them", async () => {
  await importFile(product, ["userId,tags", 'a,"{""city"":""yazd""}"', "b,vip"]);
  await product.call("GET", "/api/installations/addTag/a/starter");
  await product.call("POST", "/api/installations/addValueTag", { userId: "a", tag: "level", value: 3 });
  await edit("b", { addTags: ["طلایی", "it's"] });
  const used = (await tags()).filter((tag: string) => !tag.startsWith("import_"));
  assert.deepEqual(used, ["city_yazd", "it's", "level_3", "starter", "vip", "طلایی"]);
  await edit("b", { removeTags: ["vip", "it's"] });
  assert.ok(!(await tags()).includes("vip"));
  const { rows } = await product.db.query<{ tag: string }>(sql`select tag from tags where tag = 'vip'`);
  assert.deepEqual(rows, []);
  await edit("b", { addTags: ["vip"] });
  assert.ok((await tags()).includes("vip"));
});

test("the topics in use are known from devices; a dry run makes neither tags nor topics known", async () => {
  assert.deepEqual(await topics(), ["default"]);
  await product.call("POST", "/api/installations", {
    ...{ id: "phone", userId: "starter", deviceType: "android", subscriptions: ["public/sport", "news"] },
  });
  assert.deepEqual(await topics(), ["default", "news", "sport"]);
  await product.call("POST", "/api/installations", {
    id: "phone",
    deviceType: "android",
    subscriptions: ["news"],
  });
  assert.deepEqual(await topics(), ["default", "news"]);
  const dry = await importFile(product, ["userId,tags", "c,never"], { dryRun: "true" });
  assert.equal(dry.rows.created, 1);
  assert.deepEqual(await tags(), []);
});
