import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { type FileRecord, readRecords, UnreadableFile } from "./read.ts";

async function read(file: string | Buffer, pieceSize = 1_000): Promise<FileRecord[]> {
  const bytes = Buffer.from(file);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
  }
  const records: FileRecord[] = [];
  for await (const list of readRecords(pieces())) records.push(...list);
  return records;
}

const brief = (records: FileRecord[]) =>
  records.map((record) => [record.line, record.fields?.join("|") ?? "fault"]);

test("a broken quote costs its own line and no other, however the file is cut", async () => {
  const file = [
    "a,b",
    "1,2",
    '3,"x"y',
    '"one\nvalue",5',
    "",
    '6,a"b',
    "7,8",
    '"never closed',
    "9,10",
    '11,"12"',
  ].join("\n");
  for (const pieceSize of [1, 7, 1_000]) {
    assert.deepEqual(brief(await read(file, pieceSize)), [
      [1, "a|b"],
      [2, "1|2"],
      [3, "fault"],
      [4, "one\nvalue|5"],
      [7, "fault"],
      [8, "7|8"],
      [9, "fault"],
      [10, "9|10"],
      [11, "11|12"],
    ]);
  }
});

test("lines are counted alike for LF, CRLF and CR, and with a byte order mark", async () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const records = await read(`\ufeffa,b${end}1,2${end}${end}"3${end}",4${end}5,6`);
    assert.deepEqual(brief(records), [
      [1, "a|b"],
      [2, "1|2"],
      [4, `3${end}|4`],
      [6, "5|6"],
    ]);
  }
});

test("what a CSV writer wrote comes back as it was, however it is cut", async () => {
  const value = fc.string({ unit: fc.constantFrom("a", "ی", '"', ",", "\n", "\r\n", " ", "1") });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 40 }),
      async (rows, size) => {
        const quoted = rows
          .map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(","))
          .join("\n");
        const records = await read(`"h","h"\n${quoted}\n`, size);
        assert.deepEqual(
          records.slice(1).map((record) => record.fields),
          rows,
        );
      },
    ),
  );
});

test("a gzipped file is unpacked, whatever its name; one that was cut off says so", async () => {
  const packed = gzipSync("a,b\n1,2\n");
  assert.deepEqual(brief(await read(packed)), [
    [1, "a|b"],
    [2, "1|2"],
  ]);
  await assert.rejects(
    read(packed.subarray(0, packed.length - 9)),
    (error) => error instanceof UnreadableFile && /not whole/.test(error.message),
  );
});

test("a value of more than a megabyte is a fault of its line, not of our memory", async () => {
  const records = await read(`a,b\n1,${"x".repeat(1_200_000)}\n3,4\n`, 65_536);
  assert.deepEqual(brief(records), [
    [1, "a|b"],
    [2, "fault"],
    [3, "3|4"],
  ]);
});
