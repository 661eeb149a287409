import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import sql from "sql-template-tag";
import { makeTestDatabase } from "../testing/database.ts";
import { CopyWriter, copyBytesOut, copyInto } from "./copy.ts";

const { db, drop } = await makeTestDatabase();
after(drop);

const text = fc.oneof(
  fc.string({ unit: "binary" }).map((value) => value.replaceAll("\0", "")),
  fc.constantFrom("", "سلام", "a\tb\\N\n", '"{}', "x".repeat(300), "é".repeat(50)),
);
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const cells = fc.record({
  text: orNull(text),
  uuid: orNull(fc.uuid()),
  int2: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
  int4: orNull(fc.integer()),
  int8: orNull(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  float8: orNull(fc.double({ noNaN: true })),
  boolean: fc.boolean(),
  moment: orNull(fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })),
  json: orNull(fc.jsonValue()),
  texts: orNull(fc.array(text)),
  uuids: orNull(fc.array(fc.uuid())),
});

test("what is copied is what is stored, of every type", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength: 40 }), async (rows) => {
      const writer = new CopyWriter(12);
      for (const [index, row] of rows.entries()) {
        writer
          .row()
          .int4(index)
          .text(row.text)
          .uuid(index % 2 ? row.uuid?.replaceAll("-", "") : row.uuid)
          .int2(row.int2)
          .int4(row.int4)
          .int8(row.int8);
        writer.float8(row.float8).boolean(row.boolean).moment(row.moment).json(row.json).texts(row.texts);
        writer.uuids(row.uuids);
      }
      const stored = await db.transaction(async (tx) => {
        await tx.query(sql`
          create temp table copied (
            seq integer, text text, uuid uuid, int2 smallint, int4 integer, int8 bigint, float8 double precision,
            boolean boolean, moment timestamptz, json jsonb, texts text[], uuids uuid[]) on commit drop`);
        await copyInto(tx, "copied", writer.finish());
        return tx.query(sql`select *, int8::text as int8, uuids::text[] as uuids from copied order by seq`);
      });
      assert.deepEqual(
        stored.rows,
        rows.map((row, seq) => ({
          seq,
          ...row,
          text: row.text?.toWellFormed() ?? null,
          json: row.json === null ? null : JSON.parse(toStorable(JSON.stringify(row.json))),
          int8: row.int8 === null ? null : String(row.int8),
          texts: row.texts?.map((item) => item.toWellFormed()) ?? null,
        })),
      );
    }),
    { numRuns: 60 },
  );
});

/** jsonb holds no NUL and no half of a surrogate pair. */
const toStorable = (json: string) =>
  json.replaceAll(/(?<!\\)((?:\\\\)*)\\u(?:d[89a-f][0-9a-f]{2}|0000)/gi, "$1\ufffd");

test("a writer can be used again, also for rows that need several pieces", async () => {
  const writer = new CopyWriter(1);
  for (const count of [3, 2000]) {
    for (let index = 0; index < count; index++) writer.row().text(`${index} ${"x".repeat(300)}`);
    const rows = writer.finish();
    const stored = await db.transaction(async (tx) => {
      await tx.query(sql`create temp table copied (value text) on commit drop`);
      await copyInto(tx, "copied", rows);
      return tx.query<{ count: number }>(
        sql`select count(distinct value)::integer as count from copied where length(value) > 300`,
      );
    });
    assert.equal(stored.rows[0]?.count, count);
  }
  assert.deepEqual(writer.finish(), []);
});

test("bytes come out as they are stored, and a missing row is null", async () => {
  for (const size of [0, 1, 70_000, 3_000_000]) {
    const bytes = Buffer.alloc(size, "\0\xff\n\\", "latin1");
    const query = `select decode('${bytes.toString("base64")}', 'base64')`;
    assert.ok((await copyBytesOut(db, query))?.equals(bytes), `${size} bytes`);
  }
  assert.equal(await copyBytesOut(db, "select ''::bytea where false"), null);
  assert.equal(await copyBytesOut(db, "select null::bytea"), null);
  await assert.rejects(copyBytesOut(db, "select 1/0"), /division by zero/);
});
