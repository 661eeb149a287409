import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { readHeader } from "./readHeader.ts";

const names = (bytes: string | Uint8Array<ArrayBuffer>, encoding: string | null = null) =>
  readHeader(new Blob([bytes]), encoding);

test("the names of the columns, whatever stands between them", async () => {
  for (const delimiter of [",", ";", "\t", "|"]) {
    const lines = [
      ["نام", " mobile ", "city"],
      ["سارا", "09121234567", "تهران"],
    ];
    const text = lines.map((line) => line.join(delimiter)).join("\r\n");
    assert.deepEqual(await names(text), ["نام", "mobile", "city"], JSON.stringify(delimiter));
  }
});

test("a quoted name, a mark of the encoding and Excel's line sep=; do no harm", async () => {
  assert.deepEqual(await names('\ufeff"last, first",phone\nx,1\n'), ["last, first", "phone"]);
  assert.deepEqual(await names("sep=;\nname;phone\nx;1\n"), ["name", "phone"]);
  assert.deepEqual(await names("name,name,,phone\n"), ["name", "phone"], "each once, and no blank ones");
});

test("UTF-16 is read by its mark, and another encoding when it is chosen", async () => {
  const utf16 = new Uint8Array(Buffer.from("\ufeffنام,phone\nسارا,1\n", "utf16le"));
  assert.deepEqual(await names(utf16), ["نام", "phone"]);
  const windows1256 = new Uint8Array([0xe4, 0xc7, 0xe3, 0x2c, 0x78, 0x0a]);
  assert.equal(await names(windows1256), null, "nobody said which");
  assert.deepEqual(await names(windows1256, "windows-1256"), ["نام", "x"]);
});

test("packed files and empty ones are left to the server", async () => {
  assert.equal(await names(new Uint8Array(gzipSync("name,phone\n"))), null);
  assert.equal(await names("PK\u0003\u0004 and so on"), null);
  assert.equal(await names(""), null);
});

test("a character that the first piece of a large file cuts in two is no fault", async () => {
  const text = `name,phone\n${"x".repeat(64 * 1024 - 12)}سارا,1\n`;
  assert.deepEqual(await names(text), ["name", "phone"]);
});
