// What the options of an import do, and what files of people and events of any table come to.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import sql from "sql-template-tag";
import { afterFile } from "../testing/database.ts";
import { emptyImports, importFile, type Json } from "../testing/imports.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";

const onesignal =
  "id,identifier,session_count,device_type,device_model,device_os,tags,last_active,created_at,invalid_identifier,external_user_id";

// One product for all of them, emptied before each: starting one takes longer than most of the tests.
let product: TestProduct;
before(async () => {
  product = await startTestProduct();
  afterFile(product.stop);
});
beforeEach(() => emptyImports(product.db));

const user = async (product: TestProduct, id: string) => (await product.call("GET", `/api/users/${id}`)).body;
const errors = async (product: TestProduct, id: string) =>
  (await product.call("GET", `/api/imports/${id}/errors`)).body.data;
const everyone = async (product: TestProduct) =>
  (await product.call("POST", "/api/segments/count", { target: {} })).body;

test("a table of people needs no mapping where its columns have usual names", async () => {
  const done = await importFile(
    product,
    [
      "User ID;موبایل;E-mail;City;Level;Born;Member;Score||NUMBER",
      "zahra;09123456789;Zahra@Example.com;تهران;3;1990-02-28;true;7.5",
      "ali;۰۹۱۲۳۴۵۶۷۸۰;;شیراز;12;1985-12-01;false;",
    ],
    { country: "IR" },
  );
  assert.equal(done.status, "completed", done.failure);
  assert.equal(done.format, "generic");
  assert.deepEqual([done.understood.delimiter, done.understood.encoding], [";", "utf-8"]);
  assert.deepEqual(
    done.understood.columns.map((column: Json) => [column.to, column.type]),
    [
      ["userId", null],
      ["phone", null],
      ["email", null],
      ["attribute", "TEXT"],
      ["attribute", "NUMBER"],
      ["attribute", "DATE"],
      ["attribute", "BOOLEAN"],
      ["attribute", "NUMBER"],
    ],
  );
  const zahra = await user(product, "zahra");
  assert.deepEqual([zahra.phone, zahra.email], ["989123456789", "zahra@example.com"]);
  assert.deepEqual(zahra.attributes, {
    City: "تهران",
    Level: 3,
    Born: "1990-02-28",
    Member: true,
    Score: 7.5,
  });
  assert.equal((await user(product, "ali")).phone, "989123456780");
});

test("a mapping says what columns are, which one is the key, and is remembered for the next such file", async () => {
  const mapping = {
    key: "phone",
    columns: {
      Nummer: "phone",
      Ort: { to: "attribute", as: "city" },
      PLZ: { to: "attribute", as: "zip", type: "TEXT" },
      Notiz: "ignore",
    },
  };
  const header = "Nummer,Ort,PLZ,Notiz";
  const first = await importFile(product, [header, "+4915112345678,Bonn,53111,x"], {
    mapping: JSON.stringify(mapping),
  });
  assert.equal(first.status, "completed", first.failure);
  const again = await importFile(product, [header, "+4915112345678,Köln,01067,y"]);
  assert.deepEqual(again.rows, { total: 1, created: 0, updated: 1, unchanged: 0, rejected: 0, discarded: 0 });
  assert.deepEqual((await user(product, "4915112345678")).attributes, { city: "Köln", zip: "01067" });
});

test("a mapping with faults is refused at once, each fault with its place", async () => {
  const { refused } = await importFile(product, "a,b\n1,2", {
    country: "XX",
    encoding: "ebcdic",
    mapping: '{"key":"name","columns":{"a":{"to":"attribute","type":"MONEY"}}}',
  });
  assert.equal(refused.status, 422);
  assert.deepEqual(
    refused.errors.map((fault: Json) => fault.pointer),
    ["?country", "?encoding", "?mapping#/key", "?mapping#/columns/a"],
  );
  const noKey = await importFile(product, "colour,size\nred,1");
  assert.equal(noKey.status, "failed");
  assert.match(noKey.failure, /No column says who a row is about/);
});

test("who is keyed by phone is found by it, whoever they are", async () => {
  await importFile(product, "user_id,phone\nzahra,+989123456789");
  const done = await importFile(product, "phone,city\n09123456789,Tabriz\n09123456780,Qom", {
    country: "IR",
  });
  assert.deepEqual([done.rows.created, done.rows.updated], [1, 1]);
  assert.equal((await user(product, "zahra")).attributes.city, "Tabriz");
  assert.equal((await user(product, "989123456780")).attributes.city, "Qom");
  assert.equal((await everyone(product)).users, 2);
});

test("values that do not fit are rejected with their line, column and what would be right", async () => {
  const done = await importFile(product, [
    "phone,Amount||NUMBER,On||DATE,At||DATETIME,List||ARRAY,Where||LOCATION",
    '+989123456789,12.5,2024-02-29,2024-05-02 18:21:07,"[""a"",1]","35.7,51.4"',
    "9.19877E+11,1,2024-01-01,,,",
    '+989123456780,"1,250",2024-01-01,,,',
    "+989123456781,1,2023-02-29,,,",
    '+989123456782,1,2023-02-28,,"{""a"":1}",',
    '+989123456783,1,2023-02-28,,,"95.1,51.4"',
    ",1,2023-02-28,,,",
  ]);
  assert.deepEqual([done.rows.created, done.rows.rejected], [1, 6]);
  const found = await errors(product, done.id);
  assert.deepEqual(
    found.map((error: Json) => [error.line, error.code, error.column]),
    [
      [3, "phone_invalid", "phone"],
      [4, "type_mismatch", "Amount||NUMBER"],
      [5, "type_mismatch", "On||DATE"],
      [6, "type_mismatch", "List||ARRAY"],
      [7, "location_range", "Where||LOCATION"],
      [8, "phone_missing", "phone"],
    ],
  );
  assert.match(found[0].detail, /lost digits in a spreadsheet/);
  const { attributes } = await user(product, "989123456789");
  assert.deepEqual(attributes, {
    Amount: 12.5,
    On: "2024-02-29",
    At: "2024-05-02T18:21:07.000Z",
    List: ["a", 1],
    Where: { latitude: 35.7, longitude: 51.4 },
  });
});

test("phones are read as people write them; strictly only as digits", async () => {
  const forms = [
    "09123456789",
    "989123456789",
    "00989123456789",
    "+98 912 345 6789",
    "۰۹۱۲۳۴۵۶۷۸۹",
    "9123456789",
  ];
  const lenient = await importFile(product, ["phone", ...forms], { country: "IR" });
  assert.deepEqual([lenient.rows.created, lenient.rows.discarded], [1, forms.length - 1]);
  assert.equal((await user(product, "989123456789")).phone, "989123456789");
  const strict = await importFile(product, ["phone", "919876543210", "+919876543210", "(91) 9876543210"], {
    country: "IN",
    phone: "strict",
  });
  assert.equal(strict.rows.created, 1);
  assert.deepEqual(
    (await errors(product, strict.id)).map((error: Json) => [error.line, error.code]),
    [
      [3, "phone_has_symbols"],
      [4, "phone_has_symbols"],
    ],
  );
});

test("blank cells keep what is stored, unless they are to erase it; \\N always erases", async () => {
  const header = "user_id,phone,city,tags";
  await importFile(product, [header, 'a,+989123456789,Tehran,"vip,new"', "b,+989123456780,Shiraz,vip"]);
  const kept = await importFile(product, [header, "a,,,", "b,,\\N,"]);
  assert.deepEqual([kept.rows.unchanged, kept.rows.updated], [1, 1]);
  assert.equal((await user(product, "a")).attributes.city, "Tehran");
  assert.deepEqual((await user(product, "b")).attributes, {});
  const erased = await importFile(product, [header, "a,,Qom,"], { onBlank: "erase" });
  assert.equal(erased.rows.updated, 1);
  const a = await user(product, "a");
  assert.deepEqual([a.phone, a.attributes], [null, { city: "Qom" }]);
  assert.equal(a.tags.includes("vip"), false);
  const again = await importFile(product, [header, "a,,Qom,"], { onBlank: "erase" });
  assert.equal(again.rows.unchanged, 1);
});

test("importing never clears an opt-out", async () => {
  const row = (optedOut: string) => `d,token,1,1,Pixel,14,,,,${optedOut},`;
  const mail = (optedOut: string) => `m,who@example.com,1,11,,,,,,${optedOut},`;
  await importFile(product, [onesignal, row("t"), mail("t")]);
  await importFile(product, [onesignal, row("f"), mail("f")]);
  assert.equal((await user(product, "d")).installations[0].optedOut, true);
  assert.deepEqual((await everyone(product)).reach, { inbox: 0, push: 0, email: 0, sms: 0, whatsapp: 0 });
});

test("the export's extra columns are read, and what cannot be used of them is told", async () => {
  const done = await importFile(product, [
    "id,identifier,session_count,device_type,device_model,notification_types,location,country,timezone,timezone_id,web_auth,web_p256,rooted",
    'w,https://push.example/abc,1,5,Chrome,1,"35.7,51.4",IR,12600,Asia/Tehran,auth,key,f',
    "x,token-x,1,1,Pixel,-2,nowhere,Iran,12600,,,,f",
    "y,token-y,1,2,Kindle,1,,,,,,,f",
  ]);
  assert.deepEqual([done.status, done.rows.created], ["completed", 3]);
  assert.deepEqual(
    done.warnings.map((warning: Json) => [warning.column, warning.count, warning.line]),
    [
      ["location", 1, 3],
      ["country", 1, 3],
    ],
  );
  const [web] = (await user(product, "w")).installations;
  assert.deepEqual(web.location, { lat: 35.7, lng: 51.4 });
  assert.deepEqual([web.country, web.timeZone], ["IR", "Asia/Tehran"]);
  assert.equal((await user(product, "x")).installations[0].optedOut, true);
  assert.equal((await user(product, "x")).installations[0].timeZone, "+03:30");
  // Amazon's token is kept, but nothing of ours reaches it.
  assert.equal((await everyone(product)).reach.push, 1);
});

test("columns=strict asks for all five values in every row, as the first importer did", async () => {
  const file = [onesignal, "m,who@example.com,0,11,,,,,,f,"];
  const strict = await importFile(product, file, { columns: "strict" });
  assert.deepEqual([strict.rows.created, strict.rows.rejected], [0, 1]);
  assert.match((await errors(product, strict.id))[0].detail, /device_model is blank/);
  assert.equal((await importFile(product, file)).rows.created, 1);
});

test("a push token that comes with another device moves there", async () => {
  await importFile(product, [onesignal, "old,token-1,1,1,Pixel,14,,,,f,zahra"]);
  await importFile(product, [onesignal, "new,token-1,1,1,Pixel,14,,,,f,ali"]);
  assert.equal((await user(product, "zahra")).installations[0].hasToken, false);
  assert.equal((await user(product, "ali")).installations[0].hasToken, true);
});

test("rows of one person, device or token that stand apart in a file speak one after the other", async () => {
  const done = await importFile(product, [
    onesignal,
    'd1,token-1,1,1,Pixel,14,"{""city"":""qom"",""old"":""yes""}",,,f,zahra',
    'd2,token-2,2,1,Pixel,14,"{""city"":""tehran""}",,,f,ali',
    'd1,token-1,5,1,Pixel 9,,"{""city"":""tabriz""}",,,f,zahra',
    "d3,token-2,3,0,iPhone,17,,,,f,maryam",
    'd4,token-4,4,0,iPhone,17,"{""plan"":""gold""}",,,f,ali',
  ]);
  assert.deepEqual(done.rows, { total: 5, created: 4, updated: 0, unchanged: 0, rejected: 0, discarded: 1 });
  const zahra = await user(product, "zahra");
  const tagsOf = (person: Json) =>
    person.tags.filter((tag: string) => tag.includes("_") && !tag.startsWith("import"));
  assert.deepEqual(tagsOf(zahra), ["city_tabriz", "old_yes"]);
  const [device] = zahra.installations;
  assert.deepEqual([device.launchCount, device.deviceModel, device.osVersion], [5, "Pixel 9", "14"]);
  const ali = await user(product, "ali");
  assert.deepEqual(tagsOf(ali), ["city_tehran", "plan_gold"]);
  assert.deepEqual(ali.installations.map((each: Json) => [each.id, each.hasToken]).sort(), [
    ["d2", false],
    ["d4", true],
  ]);
  assert.equal((await user(product, "maryam")).installations[0].hasToken, true);
});

test("a device without a visit yet was last seen when it was first seen, and a blank visit later keeps that", async () => {
  await importFile(product, [onesignal, "d,token,1,1,Pixel,14,,,2024-01-01 10:00:00,f,"]);
  assert.equal((await user(product, "d")).installations[0].launchTime, "2024-01-01T10:00:00.000Z");
  await importFile(product, [onesignal, "d,token,2,1,Pixel,14,,2024-03-01 10:00:00,,f,"]);
  await importFile(product, [onesignal, "d,token,2,1,Pixel,14,,,2024-01-01 10:00:00,f,"]);
  assert.equal((await user(product, "d")).installations[0].launchTime, "2024-03-01T10:00:00.000Z");
});

test("a dry run tells what a real run would do, and stores nobody", async () => {
  await importFile(product, [onesignal, "a,token-a,1,1,Pixel,14,,,,f,zahra", "b,token-b,1,1,Pixel,14,,,,f,"]);
  await product.call("POST", "/api/installations", { id: "b", userId: "ali", deviceType: "android" });
  const rows = Array.from(
    { length: 1_200 },
    (_, index) => `n${index},token-n${index},1,1,Pixel,14,,,,f,zahra`,
  );
  const file = [
    onesignal,
    'a,token-a,1,1,Pixel,14,"{""plan"":""gold""}",,,f,zahra',
    "b,token-b,2,1,Pixel,14,,,,f,",
    "bad,token,x,1,Pixel,14,,,,f,",
    "again,token-1,1,1,Pixel,14,,,,f,",
    ...rows,
    'a,token-a,1,1,Pixel,14,"{""plan"":""gold""}",,,f,zahra',
    "again,token-a,2,1,Pixel,14,,,,f,",
  ];
  const before = [await everyone(product), await user(product, "zahra"), await user(product, "ali")];
  const rehearsed = await importFile(product, file, { dryRun: "true" });
  assert.equal(rehearsed.dryRun, true);
  const after = [await everyone(product), await user(product, "zahra"), await user(product, "ali")];
  assert.deepEqual(after, before);
  const real = await importFile(product, file);
  assert.deepEqual(rehearsed.rows, real.rows);
  assert.deepEqual([rehearsed.status, rehearsed.warnings], [real.status, real.warnings]);
  assert.deepEqual(await errors(product, rehearsed.id), await errors(product, real.id));
  assert.equal((await product.call("POST", `/api/imports/${rehearsed.id}/undo`)).status, 409);
});

test("an undo removes what only this import created, and the changes it made are listed", async () => {
  await importFile(product, [onesignal, "a,token-a,1,1,Pixel,14,,,,f,zahra"]);
  const second = await importFile(product, [
    onesignal,
    "a,token-a,9,1,Pixel,14,,,,f,zahra",
    "b,token-b,1,1,Pixel,14,,,,f,zahra",
    "c,token-c,1,1,Pixel,14,,,,f,ali",
    "d,token-d,1,1,Pixel,14,,,,f,reza",
    "e,token-e,1,1,Pixel,14,,,,f,mina",
  ]);
  await importFile(product, [onesignal, "d,token-d,1,1,Pixel,14,,,,f,reza"]);
  await product.call("POST", "/api/installations", { id: "e", deviceType: "android", clientVersion: "9" });
  const asked = await product.call("POST", `/api/imports/${second.id}/undo`);
  assert.equal(asked.status, 202);
  const { undo } = await until(
    async () => (await product.call("GET", `/api/imports/${second.id}`)).body,
    (found) => found.undo.status === "done",
    30_000,
  );
  assert.deepEqual(undo, { status: "done", users: 1, installations: 2, events: 0 });
  assert.deepEqual(
    (await user(product, "zahra")).installations.map((device: Json) => device.id),
    ["a"],
  );
  assert.equal((await product.call("GET", "/api/users/ali")).status, 404);
  assert.deepEqual((await everyone(product)).installations, 3);
  const { data } = (await product.call("GET", `/api/imports/${second.id}/changes?outcome=updated`)).body;
  assert.deepEqual(data, [{ line: 2, outcome: "updated", userId: "zahra", installationId: "a" }]);
});

test("events come in by file, once each, and roll up in any order", async () => {
  await importFile(product, [onesignal, "a,token-a,1,1,Pixel,14,,,,f,zahra"]);
  const file = [
    "user_id,installation_id,event,time,value,shop,count||NUMBER",
    "zahra,,purchase,2024-03-02 10:00:00,20.5,Tehran,2",
    ",a,purchase,2024-03-01 10:00:00,10,Qom,1",
    "new,,visit,2024-03-01 10:00:00,,,",
    ",unknown,visit,2024-03-01 10:00:00,,,",
    "zahra,,,2024-03-01 10:00:00,,,",
    "zahra,,purchase,1889-03-01 10:00:00,,,",
  ];
  const done = await importFile(product, file);
  assert.equal(done.format, "events");
  assert.deepEqual(done.rows, { total: 6, created: 3, updated: 0, unchanged: 0, rejected: 3, discarded: 0 });
  assert.deepEqual(
    (await errors(product, done.id)).map((error: Json) => [error.line, error.code]),
    [
      [5, "installation_unknown"],
      [6, "value_missing"],
      [7, "date_invalid"],
    ],
  );
  const again = await importFile(product, file);
  assert.deepEqual([again.rows.created, again.rows.unchanged], [0, 3]);
  const dry = await importFile(product, [...file, "zahra,,purchase,2024-03-05 10:00:00,1,,"], {
    dryRun: "true",
  });
  assert.deepEqual([dry.rows.created, dry.rows.unchanged], [1, 3]);
  assert.equal((await user(product, "new")).isGuest, false);
});

test("of events with one id in a file the last one counts", async () => {
  const done = await importFile(product, [
    "user_id,event,time,value,event_id",
    "zahra,purchase,2024-03-02 10:00:00,20,e1",
    "ali,purchase,2024-03-02 10:00:00,5,e2",
    "zahra,purchase,2024-03-03 10:00:00,30,e1",
    "ali,visit,2024-03-04 10:00:00,,e3",
  ]);
  assert.deepEqual(done.rows, { total: 4, created: 3, updated: 0, unchanged: 0, rejected: 0, discarded: 1 });
  const { rows } = await product.db.query<{ value: number }>(sql`
    select value from events where name = 'purchase' order by value`);
  assert.deepEqual(
    rows.map((row) => row.value),
    [5, 30],
  );
});

test("values that the database cannot hold cost their row, never the import", async () => {
  const tags = (json: string) => `"${json.replaceAll('"', '""')}"`;
  const done = await importFile(product, [
    onesignal,
    `half,t1,1,1,Pixel,14,${tags('{"a":"\\ud800"}')},,,f,`,
    `nul,t2,1,1,Pixel,14,${tags('{"a":"\\u0000"}')},,,f,`,
    `long,t3,1,1,Pixel,14,${tags(`{"a":"${"ی".repeat(3_000)}"}`)},,,f,`,
    `proto,t4,1,1,Pixel,14,${tags('{"__proto__":"x"}')},,,f,`,
    `year,t5,1,1,Pixel,14,,0000-01-01 00:00:00,,f,`,
    `fine,t6,1,1,${"m".repeat(5_000)},14,,0001-01-01 00:00:00,,f,`,
  ]);
  assert.deepEqual([done.status, done.rows.created, done.rows.rejected], ["completed_with_errors", 2, 4]);
  assert.deepEqual(
    (await errors(product, done.id)).map((error: Json) => [error.line, error.code]),
    [
      [3, "tags_invalid"],
      [4, "tags_invalid"],
      [5, "tags_invalid"],
      [6, "date_invalid"],
    ],
  );
  const json = await importFile(product, ["user_id,o||OBJECT", 'u,"{""a\\udc00"":""x\\ud800""}"']);
  assert.equal(json.rows.created, 1, json.failure);
});

test("a cancelled import says what was kept, and ends within a moment", async () => {
  const rows = Array.from({ length: 60_000 }, (_, index) => `c${index},token-c${index},1,1,Pixel,14,,,,f,`);
  const response = await fetch(`${product.url}/api/imports`, {
    method: "POST",
    headers: { "x-access-token": product.accessToken },
    body: [onesignal, ...rows].join("\n"),
  });
  const { id } = (await response.json()) as { id: string };
  const read = async () => (await product.call("GET", `/api/imports/${id}`)).body;
  await until(read, (found) => found.rows.total > 0, 30_000);
  await product.call("POST", `/api/imports/${id}/cancel`);
  const ended = await until(read, (found) => found.endedAt !== null, 30_000);
  assert.equal(ended.status, "cancelled");
  assert.match(ended.failure, /^Cancelled after line \d+\. What came in before is kept/);
  assert.equal((await everyone(product)).installations, ended.rows.created);
});

test("an upload that breaks off is a failed import without its parts", async () => {
  const row = `x,token,1,1,Pixel,14,"${"t".repeat(500)}",,,f,\n`;
  const half = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`${onesignal}\n${row.repeat(4_000)}`));
      setTimeout(() => controller.error(new Error("the line went dead")), 300);
    },
  });
  const request: RequestInit & { duplex: "half" } = {
    method: "POST",
    headers: { "x-access-token": product.accessToken },
    body: half,
    duplex: "half",
  };
  await assert.rejects(fetch(`${product.url}/api/imports?name=cut.csv`, request));
  const [cut] = await until(
    async () => (await product.call("GET", "/api/imports")).body.data,
    (found) => found[0]?.status === "failed",
    10_000,
  );
  assert.match(cut.failure, /broke off after \d/);
  assert.equal(cut.bytes.total, null);
  const { rows } = await product.db.query(sql`select file_id from file_parts`);
  assert.deepEqual(rows, []);
});

test("two imports of the same people at once end as one would", async () => {
  const rows = Array.from({ length: 4_000 }, (_, index) =>
    index % 3 === 0
      ? `m${index},who${index}@example.com,0,11,,,,,,f,p${index % 700}`
      : `d${index},token-${index},1,1,Pixel,14,"{""n"":""${index % 7}""}",,,f,p${index % 700}`,
  );
  const [one, two] = await Promise.all([
    importFile(product, [onesignal, ...rows]),
    importFile(product, [onesignal, ...[...rows].reverse()]),
  ]);
  assert.deepEqual([one.status, two.status], ["completed", "completed"]);
  const { rows: stored } = await product.db.query<{ users: number; installations: number }>(sql`
    select (select count(*) from users) as users, (select count(*) from installations) as installations`);
  assert.deepEqual(stored[0], { users: 700, installations: 2_666 });
  assert.equal(one.rows.total + two.rows.total, 8_000);
});
