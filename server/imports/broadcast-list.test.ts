// The list of a WhatsApp broadcast, as the guides of such products describe it: its header, its values, its segment.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, beforeEach, test } from "node:test";
import sql from "sql-template-tag";
import { afterFile } from "../testing/database.ts";
import { emptyImports, importFile, type Json, previewFile } from "../testing/imports.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";

const fixed = [
  "user.username",
  "user.phone_no",
  "user.email",
  "user.first_name",
  "user.last_name",
  "user.title",
  "user.account",
];
const header = (...custom: string[]) => [...fixed, ...custom].join(",");
const list = { format: "broadcast-list", country: "IN" };

let product: TestProduct;
before(async () => {
  product = await startTestProduct();
  afterFile(product.stop);
});
beforeEach(() => emptyImports(product.db));

const user = async (id: string): Promise<Json> => (await product.call("GET", `/api/users/${id}`)).body;
const errors = async (id: string): Promise<Json[]> =>
  (await product.call("GET", `/api/imports/${id}/errors`)).body.data;
const download = async (id: string, what: string): Promise<string> =>
  (await product.call("GET", `/api/imports/${id}/${what}`)).body;
const undo = async (id: string) => {
  await product.call("POST", `/api/imports/${id}/undo`);
  await until(
    () => product.call("GET", `/api/imports/${id}`),
    ({ body }) => body.undo.status === "done",
  );
};
const everyone = async () => (await product.call("POST", "/api/segments/count", { target: {} })).body.users;

test("a person of the list is their phone, with its seven values and attributes of their types", async () => {
  const done = await importFile(
    product,
    [
      header("unique_attr", "comm_attr||NUMBER", "office.no||number"),
      "john,919876543210,John@Example.com,John,Smith,Mr,A-1,first,12.5,204",
    ],
    list,
  );
  assert.equal(done.status, "completed", done.failure);
  assert.deepEqual(
    done.understood.columns.map((column: Json) => [column.to, column.as, column.type]),
    [
      ["attribute", "username", "TEXT"],
      ["phone", null, null],
      ["email", null, null],
      ["attribute", "first_name", "TEXT"],
      ["attribute", "last_name", "TEXT"],
      ["attribute", "title", "TEXT"],
      ["attribute", "account", "TEXT"],
      ["attribute", "unique_attr", "TEXT"],
      ["attribute", "comm_attr", "NUMBER"],
      ["attribute", "office.no", "NUMBER"],
    ],
  );
  const john = await user("919876543210");
  assert.deepEqual([john.phone, john.email], ["919876543210", "john@example.com"]);
  assert.deepEqual(john.attributes, {
    ...{ username: "john", first_name: "John", last_name: "Smith", title: "Mr", account: "A-1" },
    ...{ unique_attr: "first", comm_attr: 12.5, "office.no": 204 },
  });
  assert.ok(john.tags.includes("whatsapp"), "tagged with the channel it was imported for");
  const { body: preview } = await product.call("POST", "/api/templates/preview", {
    ...{ userId: "919876543210", content: "Hi {{user.first_name}}, room {{ user.office.no }}" },
  });
  assert.equal(preview.text, "Hi John, room 204");
});

test("a value that does not fit its type rejects its row, and all that is wrong with the row is told", async () => {
  const done = await importFile(
    product,
    [
      header("unique_attr||NUMBER", "born||DATE"),
      ",919876543210,,,,,,hello,1990-02-30",
      ",919876543211,not-an-address,,,,,7,",
      ",,,Nobody,,,,7,",
      ",919876543213,,,,,,7,1990-02-28",
    ],
    list,
  );
  assert.equal(done.status, "completed_with_errors");
  assert.deepEqual(done.rows, { total: 4, created: 1, updated: 0, unchanged: 0, rejected: 3, discarded: 0 });
  assert.deepEqual(
    (await errors(done.id)).map(({ line, code, column }) => [line, code, column]),
    [
      [2, "type_mismatch", "unique_attr||NUMBER"],
      [2, "type_mismatch", "born||DATE"],
      [3, "email_invalid", "user.email"],
      [4, "phone_missing", "user.phone_no"],
    ],
  );
  assert.equal(await everyone(), 1);
});

test("an attribute keeps the type it was given first; a file that contradicts it is refused before a row is written", async () => {
  await importFile(product, [header("unique_attr"), ",919876543210,,,,,,text"], list);
  const refused = await importFile(
    product,
    [header("unique_attr||NUMBER", "comm_attr||NUMBER"), ",919876543211,,,,,,7,8"],
    list,
  );
  assert.equal(refused.status, "failed");
  assert.equal(refused.rows.total, 0);
  assert.equal(refused.faults.length, 1);
  assert.match(refused.faults[0].detail, /unique_attr is TEXT and cannot become NUMBER/);
  assert.equal(await everyone(), 1);
  // Nor did the refused file fix the type of its other column.
  const texts = await importFile(product, [header("comm_attr"), ",919876543211,,,,,,seven"], list);
  assert.equal(texts.status, "completed", texts.failure);
  // Without a word about the type a table takes the one there is.
  const table = await importFile(product, ["phone,comm_attr", "919876543211,12"], {
    format: "generic",
    country: "IN",
  });
  assert.equal(table.status, "completed", table.failure);
  assert.equal((await user("919876543211")).attributes.comm_attr, "12");
});

test("a type that no row could be read with is not fixed, and an undo frees what only its import wrote", async () => {
  const wrong = await importFile(product, [header("code||NUMBER"), ",919876543210,,,,,,A7"], list);
  assert.equal(wrong.rows.rejected, 1);
  const right = await importFile(product, [header("code"), ",919876543210,,,,,,A7"], list);
  assert.equal(right.status, "completed", right.failure);
  await undo(right.id);
  const number = await importFile(product, [header("code||NUMBER"), ",919876543210,,,,,,7"], list);
  assert.equal(number.status, "completed", number.failure);
});

test("a header with faults is refused with every one of them", async () => {
  const renamed = await importFile(
    product,
    [
      "user.username,user.phone_no,Mail,user.last_name,user.first_name,user.title,user.account,a||WORD,b,b,office,office.no",
      ",919876543210,,,,,,,,,,",
    ],
    list,
  );
  assert.equal(renamed.status, "failed");
  const all = renamed.faults.map(({ detail }: Json) => detail).join("\n");
  assert.equal(renamed.faults.length, 6, all);
  assert.match(all, /user\.email is missing/);
  assert.match(all, /Mail stands among the predefined ones/);
  assert.match(all, /user\.last_name stands before user\.first_name/);
  assert.match(all, /a\|\|WORD asks for the type "WORD"; expected one of TEXT, NUMBER/);
  assert.match(all, /attribute b has two columns/);
  assert.match(all, /office\.no cannot stand beside office/);
  assert.equal(await everyone(), 0);

  const twice = await importFile(product, [header("user.email"), ",919876543210,,,,,,"], list);
  assert.match(twice.faults[0].detail, /user\.email is there 2 times \(columns 3 and 8\)/);
});

test("headers go without `user.` and by the names of the broadcast API, and are found out by themselves", async () => {
  const done = await importFile(
    product,
    [
      "username,user.phone_number,email,first_name,last_name,title,account,user.city",
      "asha,919820098200,,Asha,,,,Mumbai",
    ],
    { country: "IN" },
  );
  assert.equal(done.format, "broadcast-list", done.failure);
  assert.equal(done.options.channel, "whatsapp");
  assert.equal((await user("919820098200")).attributes.city, "Mumbai");
});

test("strictly a phone is digits only; leniently it is read, and that is said", async () => {
  const rows = [
    header(),
    ",919876543210,,,,,",
    ",+919876543211,,,,,",
    ",(91) 9876543212,,,,,",
    ",9876543213,,,,,",
  ];
  const strict = await importFile(product, rows, { ...list, phone: "strict", dryRun: "true" });
  assert.deepEqual(
    (await errors(strict.id)).map(({ line, code }) => [line, code]),
    [
      [3, "phone_has_symbols"],
      [4, "phone_has_symbols"],
    ],
  );
  const lenient = await importFile(product, rows, list);
  assert.deepEqual([lenient.rows.created, lenient.rows.rejected], [4, 0]);
  const notice = lenient.warnings.find(({ code }: Json) => code === "phone_symbols");
  assert.deepEqual([notice.count, notice.line, notice.column], [2, 3, "user.phone_no"]);
  assert.match(notice.detail, /"\+919876543211" has symbols; it was read as 919876543211/);
  for (const phone of ["919876543210", "919876543211", "919876543212", "919876543213"]) {
    assert.equal((await user(phone)).phone, phone);
  }
});

test("whoever has the phone is replaced by what is uploaded; blank keeps what is stored", async () => {
  await product.call("POST", "/api/installations", { userId: "sara", deviceType: "web" });
  await importFile(product, ["userId,phone,city,level||NUMBER", "sara,919876543210,Pune,1"], {
    country: "IN",
  });
  const done = await importFile(
    product,
    [header("city", "level||NUMBER"), ",919876543210,,Sara,,,,Delhi,"],
    list,
  );
  assert.deepEqual([done.rows.created, done.rows.updated], [0, 1]);
  assert.deepEqual((await user("sara")).attributes, { city: "Delhi", level: 1, first_name: "Sara" });
});

test("beyond the row limit rows are discarded, counted, and in the processed file with the reason", async () => {
  const rows = Array.from({ length: 1500 }, (_, index) => `,9198${String(20_000_000 + index)},,,,,`);
  const done = await importFile(product, [header(), ...rows], {
    ...list,
    rowLimit: "1000",
    segment: "Batch",
  });
  assert.deepEqual(done.rows, {
    ...{ total: 1500, created: 1000, updated: 0, unchanged: 0, rejected: 0, discarded: 500 },
  });
  assert.equal(await everyone(), 1000);
  const processed = (await download(done.id, "processed")).trim().split("\n");
  assert.equal(processed.length, 1501);
  assert.match(processed[0] ?? "", /^\ufeff?user\.username,.*,user\.account,Comments$/);
  assert.match(processed[1000] ?? "", /,$/);
  assert.match(processed[1001] ?? "", /Line 1002: over_limit: Only 1000 rows are accepted/);
  const rest = await download(done.id, "errors.csv");
  assert.equal(rest.trim().split("\n").length, 501);
  const again = await importFile(product, rest, { ...list, segment: "batch" });
  assert.deepEqual([again.rows.created, again.rows.rejected], [500, 0]);
  assert.equal(again.segment.id, done.segment.id, "the same name adds to the segment");
  const { body: count } = await product.call("POST", "/api/segments/count", { target: "BATCH" });
  assert.deepEqual([count.users, count.reach.whatsapp], [1500, 1500]);
  const { body: users } = await product.call("GET", `/api/users?import=${again.id}&limit=200`);
  assert.equal(users.data.length, 200);
  assert.ok(
    users.data.every(({ phone }: Json) => Number(phone) >= 919820001000),
    "those of the second file",
  );
});

test("a file of nothing but a header is complete, with its columns and an empty segment", async () => {
  const done = await importFile(product, header("a||NUMBER"), { ...list, segment: "Empty" });
  assert.deepEqual([done.status, done.rows.total, done.segment?.name], ["completed", 0, "Empty"]);
  assert.equal(done.understood.columns.length, 8);
  assert.equal((await download(done.id, "processed")).trim().split("\n").length, 1);
});

test("who agreed, to what, when and for which file is kept; and that nothing can be sent yet is said", async () => {
  const consent = "I understand that these people agreed to receive messages.";
  const done = await importFile(product, [header(), ",919876543210,,,,,"], {
    ...{ ...list, consent, segment: "VIP list" },
  });
  assert.deepEqual(done.consent, {
    ...{ text: consent, by: done.createdBy, at: done.createdAt, sha256: done.sha256 },
  });
  assert.ok(done.createdBy);
  assert.match(done.sha256, /^[0-9a-f]{64}$/);
  const notice = done.warnings.find(({ code }: Json) => code === "channel_not_ready");
  assert.match(notice.detail, /no active WhatsApp account yet/);
  assert.deepEqual([notice.line, notice.column, notice.count], [null, null, 0]);
  assert.ok(done.duration > 0 && done.rate > 0);
});

test("a file can be run again without sending it, as after a dry run", async () => {
  const dry = await importFile(product, [header(), ",919876543210,,,,,"], { ...list, dryRun: "true" });
  assert.equal(await everyone(), 0);
  assert.equal(dry.segment, null);
  const done = await importFile(product, "", { ...list, fileOf: dry.id, segment: "Real" });
  assert.deepEqual([done.status, done.name, done.sha256], ["completed", dry.name, dry.sha256]);
  assert.equal(await everyone(), 1);
  const unknown = await importFile(product, "", { fileOf: "019a0000-0000-7000-8000-000000000000" });
  assert.equal(unknown.refused.status, 404);
});

test("an undo takes people out of the segment that the import put there, and leaves those of other files", async () => {
  const first = await importFile(product, [header(), ",919876543210,,,,,"], {
    ...list,
    segment: "مشتریان یک",
  });
  const second = await importFile(product, [header(), ",919876543210,,,,,", ",919876543211,,,,,"], {
    // As an Arabic keyboard writes it.
    ...{ ...list, segment: "مشتريان يك" },
  });
  assert.equal(second.segment.id, first.segment.id);
  await undo(second.id);
  const { rows } = await product.db.query<{ importId: string }>(
    sql`select import_id as "importId" from segment_members`,
  );
  assert.deepEqual(rows, [{ importId: first.id }]);
});

test("a preview shows columns, first rows and all their faults, and stores nothing", async () => {
  const { status, body } = await previewFile(
    product,
    [
      header("level||NUMBER"),
      ",+919876543210,,John,,,,1",
      ',12,nobody,"Ann ""A"" Lee",,,,x',
      "short,row",
      ...Array.from({ length: 50 }, (_, index) => `,91987654${3300 + index},,,,,,1`),
    ],
    { country: "IN" },
  );
  assert.equal(status, 200);
  assert.deepEqual(
    [body.format, body.understood.delimiter, body.understood.key],
    ["broadcast-list", ",", "phone"],
  );
  assert.equal(body.rows.length, 20);
  assert.deepEqual(body.rows[0], {
    line: 2,
    values: ["", "+919876543210", "", "John", "", "", "", "1"],
    faults: [],
  });
  assert.deepEqual(
    body.rows[1].faults.map(({ code, column }: Json) => [code, column]),
    [
      ["phone_invalid", "user.phone_no"],
      ["email_invalid", "user.email"],
      ["type_mismatch", "level||NUMBER"],
    ],
  );
  assert.equal(body.rows[2].faults[0].code, "row_width");
  assert.deepEqual(
    body.warnings.map(({ code }: Json) => code),
    ["channel_not_ready", "phone_symbols"],
  );
  assert.equal((await product.call("GET", "/api/imports")).body.data.length, 0);

  const refused = await previewFile(product, [header("a||WORD"), ",919876543210,,,,,,"], list);
  assert.deepEqual(refused.body.rows[0].values.length, 8);
  assert.match(refused.body.faults[0].detail, /asks for the type "WORD"/);
  const empty = await previewFile(product, "");
  assert.match(empty.body.faults[0].detail, /empty/);
});

test("the beginning of a file is enough for a preview, cut anywhere, packed or not", async () => {
  const { gzipSync } = await import("node:zlib");
  const rows = Array.from({ length: 5000 }, (_, index) => `u${index},"line\nbreak ${index}",${index}`);
  const whole = Buffer.from(["userId,note,level", ...rows].join("\n"));
  for (const bytes of [whole.subarray(0, 6_001), gzipSync(whole).subarray(0, 9_001)]) {
    const { body } = await previewFile(product, bytes, { partial: "true" });
    assert.deepEqual(body.faults, []);
    assert.equal(body.rows.length, 20);
    assert.deepEqual(body.rows[19], { line: 40, values: ["u19", "line\nbreak 19", "19"], faults: [] });
    assert.deepEqual(
      body.understood.columns.map(({ type }: Json) => type),
      [null, "TEXT", "NUMBER"],
    );
  }
});

test("a workbook is previewed as a whole, and what is none of it says so", async () => {
  const { default: writeExcel } = await import("write-excel-file/node");
  const rows = [
    ["userId", "موبایل", "level||NUMBER"],
    ["sara", "09123456789", "seven"],
  ];
  const file = await writeExcel(rows.map((row) => row.map((value) => ({ value, type: String })))).toBuffer();
  const { body } = await previewFile(product, new Uint8Array(file), { country: "IR" });
  assert.deepEqual([body.format, body.understood.packing], ["generic", "xlsx"]);
  assert.deepEqual(body.rows[0].values, ["sara", "09123456789", "seven"]);
  assert.equal(body.rows[0].faults[0].code, "type_mismatch");
  const done = await importFile(product, new Uint8Array(file), { country: "IR" });
  assert.deepEqual([done.rows.rejected, done.understood.packing], [1, "xlsx"]);
  assert.match(await download(done.id, "processed"), /\nsara,09123456789,seven,"?Line 2: type_mismatch/);
  const cut = await previewFile(product, new Uint8Array(file.subarray(0, file.length / 2)));
  assert.equal(cut.status, 200);
  assert.match(cut.body.faults[0].detail, /zip/);
});

test("a processed file holds every row as it was, guarded, and comes in again after correction", async () => {
  const rows = [
    header("note"),
    ',919876543210,,"=1+1",,,,-5',
    ",12345,,'=quoted,,,,+49 tea",
    "too,short",
    ',919876543212,,"two\nlines",,,,@home',
  ];
  const done = await importFile(product, rows, { ...list, segment: "All" });
  assert.deepEqual([done.rows.created, done.rows.rejected], [2, 2]);
  const processed = await download(done.id, "processed");
  assert.match(processed, /'=1\+1/);
  assert.match(processed, /''=quoted/);
  assert.match(processed, /,-5,/, "a number is no formula");
  assert.match(processed, /'@home/);
  assert.match(processed, /Line 4: row_width: The row has 2 values, the header has 8\./);
  const corrected = processed.replace(",12345,", ",919876543211,").replace("too,short,", "too,919876543213,");
  const again = await importFile(product, corrected, { ...list, segment: "all" });
  assert.deepEqual(again.rows, { total: 4, created: 2, updated: 0, unchanged: 2, rejected: 0, discarded: 0 });
  assert.equal((await user("919876543210")).attributes.first_name, "=1+1");
  assert.deepEqual((await user("919876543211")).attributes, { first_name: "'=quoted", note: "+49 tea" });
  assert.equal((await user("919876543212")).attributes.note, "@home");
});

test("a row that cannot be read stands in the processed file as it was written", async () => {
  const done = await importFile(product, ["userId,city", 'a,"Pune" x', "b,Delhi"], { format: "generic" });
  assert.equal(done.rows.rejected, 1);
  const [, first, second] = (await download(done.id, "processed")).split("\n");
  assert.equal(
    first,
    '"a,""Pune"" x",,"Line 2: row_unreadable: Text follows a closing quote; a quote inside a value is written as """"."',
  );
  assert.equal(second, "b,Delhi,");
});

test("the sample files come in whole", async () => {
  for (const [name, format, rows] of [
    ["broadcast-list", "broadcast-list", 3],
    ["onesignal", "onesignal", 4],
    ["people", "generic", 3],
    ["events", "events", 3],
  ] as const) {
    await emptyImports(product.db);
    const file = await readFile(new URL(`../../panel/public/samples/${name}.csv`, import.meta.url));
    const done = await importFile(product, file, { country: "IR" });
    assert.deepEqual([done.format, done.status], [format, "completed"], `${name}: ${done.failure}`);
    assert.equal(done.rows.created, rows, name);
  }
  await emptyImports(product.db);
});
