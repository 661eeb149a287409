import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import { zipSync } from "fflate";
import { v7 as uuidv7 } from "uuid";
import { createTestDatabase } from "../testing/database.ts";
import { openStoredFile, storeFile } from "./files.ts";
import { readRecords } from "./read/read.ts";

/** Stores bytes as they may arrive, in uneven pieces. */
async function stored(t: TestContext, bytes: Uint8Array) {
  const { db } = await createTestDatabase(t);
  const fileId = uuidv7();
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 70_001) pieces.push(bytes.subarray(at, at + 70_001));
  const { size } = await storeFile(db, fileId, Readable.from(pieces), async () => {});
  return { db, file: { fileId, size } };
}

test("a stored file is read from any place, and each byte counted once", async (t) => {
  const bytes = randomBytes(2_500_000);
  const { db, file } = await stored(t, bytes);
  assert.equal(file.size, bytes.length);
  const heard: number[] = [];
  const source = openStoredFile(db, file, (read) => heard.push(read));
  const places = [2_400_000, 0, 1_048_575, 1_048_576, 1_048_577, 2_499_999, 2_500_000, 9_000_000];
  for (const from of places) {
    const read: Buffer[] = [];
    for await (const piece of source.read(from)) read.push(piece);
    assert.ok(Buffer.concat(read).equals(bytes.subarray(from)), `from ${from}`);
  }
  assert.deepEqual(
    heard,
    [...heard].sort((a, b) => a - b),
  );
  assert.equal(heard.at(-1), bytes.length);
});

test("a stored zip of several parts is read, its directory at the end included", async (t) => {
  const rows = Array.from({ length: 20_000 }, () => randomBytes(40).toString("hex"));
  const { db, file } = await stored(
    t,
    zipSync({ "people.csv": Buffer.from(`key\n${rows.join("\n")}\n`) }, { level: 0 }),
  );
  let read = 0;
  const keys: (string | undefined)[] = [];
  const source = openStoredFile(db, file, (bytes) => {
    read = bytes;
  });
  for await (const records of readRecords(source)) keys.push(...records.map((record) => record.fields?.[0]));
  assert.deepEqual(keys.slice(1), rows);
  assert.equal(read, file.size);
});
