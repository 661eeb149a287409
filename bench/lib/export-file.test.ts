import assert from "node:assert/strict";
import test from "node:test";
import { type FileRecord, readRecords } from "../../server/imports/read/read.ts";
import { sampleHeader } from "../../server/imports/sample.ts";
import { Rejected } from "../../server/imports/values/rejected.ts";
import { exportRows, goodRows } from "./export-file.ts";
import { exportPlan } from "./export-plan.ts";

const rows = 3000;

/** What our own reading makes of each line: its id, or the code it is rejected with. */
async function readBack(lines: readonly string[]): Promise<string[]> {
  const bytes = Buffer.from(`${[sampleHeader, ...lines].join("\n")}\n`);
  const header = sampleHeader.split(",");
  const read = exportPlan(header, "demo-shop");
  const outcome = ({ line, fields }: FileRecord): string => {
    if (!fields) return "row_unreadable";
    if (fields.length !== header.length) return "row_width";
    try {
      const row = read(line, fields);
      return row.kind === "person" ? (fields[0] ?? "") : row.kind;
    } catch (error) {
      if (error instanceof Rejected) return error.code;
      throw error;
    }
  };
  const found: string[] = [];
  const file = { size: bytes.length, read: (from = 0) => inParts(bytes.subarray(from)) };
  for await (const records of readRecords(file)) {
    found.push(...records.filter(({ line }) => line > 1).map(outcome));
  }
  return found;
}

async function* inParts(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

test("every bad row is rejected with its code and every other row is read", async () => {
  const made = [...exportRows({ rows, seed: 3, isChanged: false })];
  assert.deepEqual(
    await readBack(made.map(({ text }) => text)),
    made.map(({ text, fault }) => fault ?? text.slice(0, 36)),
  );
  const bad = made.filter(({ fault }) => fault !== null);
  assert.equal(bad.length, rows / 100);
  assert.equal(new Set(bad.map(({ fault }) => fault)).size, 6);
});

test("rows have 400 bytes on average and exactly three tags", () => {
  const csv = goodRows({ rows, seed: 3, isChanged: false }, rows);
  const lines = csv.trimEnd().split("\n").slice(1);
  const average = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0) / lines.length;
  assert.ok(Math.abs(average - 400) < 8, `${average} bytes`);
  for (const line of lines) assert.equal(line.match(/"":""/g)?.length, 3, line);
});

test("the later file changes every row and keeps its id", () => {
  const before = [...exportRows({ rows, seed: 3, isChanged: false })];
  const after = [...exportRows({ rows, seed: 3, isChanged: true })];
  for (const [index, { text, fault }] of before.entries()) {
    assert.equal(after[index]?.fault, fault);
    assert.notEqual(after[index]?.text, text);
    assert.equal(after[index]?.text.slice(0, 36), text.slice(0, 36));
  }
});
