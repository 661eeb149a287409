import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createCsvReader } from "./csv.ts";
import type { FileRecord } from "./record.ts";
import { type CsvOptions, type CsvReader, createStrictReader } from "./strict.ts";

const options: CsvOptions = { delimiter: ",", firstLine: 1, unknownBytes: () => "unknown bytes" };

async function read(reader: CsvReader, pieces: Buffer[]): Promise<FileRecord[]> {
  const records: FileRecord[] = [];
  for (const piece of pieces) records.push(...(await reader.read(piece)));
  return records.concat(await reader.end());
}

function cut(bytes: Buffer, sizes: number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = sizes[pieces.length % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 });

/** Whether the two readers say the same of a text, in whole and in pieces. */
async function agree(text: Buffer, pieceSizes: number[]): Promise<void> {
  const expected = await read(createStrictReader(options), [text]);
  assert.deepEqual(await read(createCsvReader(options), [text]), expected);
  const pieces = cut(text, pieceSizes);
  assert.deepEqual(await read(createCsvReader(options), pieces), expected);
  assert.deepEqual(await read(createStrictReader(options), pieces), expected);
}

test("both readers say the same of any text, however it is cut", async () => {
  const hostile = fc.string({
    unit: fc.constantFrom(
      "a",
      '"',
      '""',
      ",",
      ";",
      "\n",
      "\r",
      "\r\n",
      "\0",
      " ",
      "ی",
      "😀",
      '\n"',
      '",',
      ',"',
    ),
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(hostile, sizes, (text, pieceSizes) => agree(Buffer.from(text), pieceSizes)),
    { numRuns: 250 },
  );
});

test("both readers say the same of lines that are plain or nearly so", async () => {
  const lines = [
    "a,b",
    "",
    '"a",b',
    '"a""b",',
    'a"b,c',
    '"a" ,b',
    '"a"x,b',
    '"a\nb",c',
    '"a\r\nb",c',
    ' "a",b',
    '"a',
    '"",""',
    '""',
  ];
  const text = fc
    .array(fc.tuple(fc.constantFrom(...lines), fc.constantFrom("\n", "\n", "\r\n", "\r")), { maxLength: 15 })
    .map((all) => all.map(([line, end]) => line + end).join(""));
  await fc.assert(
    fc.asyncProperty(text, sizes, (each, pieceSizes) => agree(Buffer.from(each), pieceSizes)),
    { numRuns: 250 },
  );
});

test("both readers say the same of bytes that are no text", async () => {
  const bytes = fc.array(fc.constantFrom(0x61, 0x22, 0x2c, 0x0a, 0x0d, 0, 0xc3, 0xa9, 0xff, 0xd8, 0x80), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(bytes, sizes, (each, pieceSizes) => agree(Buffer.from(each), pieceSizes)),
    { numRuns: 250 },
  );
});
