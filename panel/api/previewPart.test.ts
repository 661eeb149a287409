import assert from "node:assert/strict";
import { test } from "node:test";
import { beginningOf } from "./previewPart.ts";

const fileOf = (head: string, size: number) =>
  new File([head, new Uint8Array(size - head.length)], "people", { type: "" });

test("of a large table its beginning is looked at, of a small one all of it", async () => {
  const small = await beginningOf(fileOf("phone,name", 1_000_000));
  assert.deepEqual([small?.isWhole, small?.bytes.size], [true, 1_000_000]);
  const large = await beginningOf(fileOf("phone,name", 1_000_001));
  assert.deepEqual([large?.isWhole, large?.bytes.size], [false, 1_000_000]);
});

test("an archive is looked at as a whole, or not at all", async () => {
  const zip = await beginningOf(fileOf("PK\u0003\u0004", 3_000_000));
  assert.deepEqual([zip?.isWhole, zip?.bytes.size], [true, 3_000_000]);
  assert.equal(await beginningOf(fileOf("PK\u0003\u0004", 100_000_001)), null);
});

test("a table whose first column is called PK is no archive", async () => {
  const table = await beginningOf(fileOf("PK,phone", 200_000_000));
  assert.deepEqual([table?.isWhole, table?.bytes.size], [false, 1_000_000]);
});

test("a file that is gone or was saved anew says so", async () => {
  const gone = new File(["phone"], "people.csv");
  gone.slice = () => {
    throw new DOMException("gone", "NotFoundError");
  };
  await assert.rejects(beginningOf(gone), { code: "file_changed" });
});
