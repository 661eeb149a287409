// One table, written as different programs write it, gives the same users.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { zipSync } from "fflate";
import iconv from "iconv-lite";
import sql from "sql-template-tag";
import writeXlsxFile from "write-excel-file/node";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";

async function importFile(product: TestProduct, bytes: Uint8Array, query: Record<string, string>) {
  const response = await fetch(`${product.url}/api/imports?${new URLSearchParams(query)}`, {
    method: "POST",
    headers: { "x-access-token": product.accessToken },
    body: new Uint8Array(bytes),
  });
  assert.equal(response.status, 202);
  const { id } = (await response.json()) as { id: string };
  return until(
    async () => (await product.call("GET", `/api/imports/${id}`)).body,
    (found) => !["queued", "validating", "importing"].includes(found.status),
    30_000,
  );
}

/** Everybody that is stored, but for the tag of the day; and nobody is left. */
async function takeUsers(product: TestProduct) {
  const { rows } = await product.db.query(sql`
    select user_id, phone, email, attributes from users order by user_id`);
  await product.db.query(sql`delete from users`);
  return rows;
}

const header = ["نام", "موبایل", "ایمیل", "شهر", "تولد||DATE"];
// Letters that both alphabets of Windows-1256 and of Persian keyboards have.
const people = [
  ["زهرا", "09123456789", "zahra@example.com", "تهران", "1990-02-28"],
  ["علي", "09351234567", "ali@example.com", "شيراز", "1985-12-01"],
  ["مينا", "09191234567", "mina@example.com", "اصفهان", "2001-07-15"],
];
const table = [header.map((name) => name.replaceAll("ی", "ي")), ...people];
const persianDigits = (text: string) => text.replace(/\d/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[Number(digit)] ?? digit);

test("Windows-1256, Persian digits, UTF-16, zip and xlsx give the same users, with no option but the country", async (t) => {
  const product = await startTestProduct(t);
  const csv = (delimiter: string, rows = table) => rows.map((row) => row.join(delimiter)).join("\r\n");
  const utf8 = csv(",");
  const withDigits = csv(";", [
    table[0] ?? [],
    ...people.map((row) => row.map((cell, at) => (at === 1 ? persianDigits(cell) : cell))),
  ]);
  const sheet = await writeXlsxFile(
    table.map((row, line) =>
      row.map((value, at) => {
        if (line === 0 || (at !== 1 && at !== 4)) return { value };
        // As Excel has them: a number without its zero, and a day.
        return at === 1
          ? { value: Number(value), type: Number }
          : { value: new Date(`${value}T00:00:00Z`), type: Date, format: "yyyy-mm-dd" };
      }),
    ),
  ).toBuffer();
  const files: Record<string, Uint8Array> = {
    "Windows-1256 with semicolons": iconv.encode(csv(";"), "windows-1256"),
    "UTF-8 with Persian digits": Buffer.from(withDigits),
    "UTF-16": iconv.encode(csv("\t"), "utf-16"),
    zip: zipSync({ "people.csv": Buffer.from(utf8) }),
    xlsx: sheet,
  };
  await importFile(product, Buffer.from(utf8), { country: "IR" });
  const expected = await takeUsers(product);
  assert.deepEqual(
    expected.map((row) => row.user_id),
    ["989123456789", "989191234567", "989351234567"],
  );
  assert.equal(expected[0]?.attributes.شهر, "تهران");
  for (const [name, bytes] of Object.entries(files)) {
    const done = await importFile(product, bytes, { country: "IR" });
    assert.equal(done.status, "completed", `${name}: ${done.failure}`);
    assert.deepEqual(await takeUsers(product), expected, name);
  }
});

test("what a table says is what is stored, whatever it says", async (t) => {
  const product = await startTestProduct(t);
  // Blanks around a value are not kept, and a lone "\N" erases.
  const text = fc
    .string({
      unit: fc.constantFrom("a", "ی", "😀", '"', ",", ";", "\n", " ", "'", "=", "0", "\\"),
      maxLength: 12,
    })
    .map((value) => value.trim())
    .filter((value) => value !== "\\N");
  const number = fc.integer({ min: -999_999_999, max: 999_999_999 }).map((value) => value / 1_000);
  const row = fc.record({
    text,
    number,
    flag: fc.boolean(),
    list: fc.array(fc.oneof(text, fc.integer()), { maxLength: 3 }),
  });
  const options = fc.record({
    rows: fc.array(row, { minLength: 1, maxLength: 12 }),
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    end: fc.constantFrom("\n", "\r\n"),
    encoding: fc.constantFrom("utf-8", "utf-16"),
  });
  await fc.assert(
    fc.asyncProperty(options, async ({ rows, delimiter, end, encoding }) => {
      const lines = rows.map((value, index) => [
        ...[`user-${String(index).padStart(2, "0")}`, value.text, String(value.number), String(value.flag)],
        JSON.stringify(value.list),
      ]);
      const columns = ["user_id", "text||TEXT", "number||NUMBER", "flag||BOOLEAN", "list||ARRAY"];
      const csv = stringify([columns, ...lines], {
        ...{ delimiter, record_delimiter: end },
        quoted_match: /[\r\n]/, // by itself it quotes its own line ends only
      });
      const done = await importFile(product, iconv.encode(csv, encoding, { addBOM: true }), {});
      assert.equal(done.status, "completed", done.failure ?? JSON.stringify(done.rows));
      const stored = await takeUsers(product);
      assert.deepEqual(
        stored.map((user) => user.attributes),
        rows.map(({ text: words, ...rest }) => (words === "" ? rest : { ...rest, text: words })),
      );
    }),
    { numRuns: 15, includeErrorInReport: true, endOnFailure: true },
  );
});
