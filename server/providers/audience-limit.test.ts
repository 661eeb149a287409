import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { createTestDatabase } from "../testing/database.ts";
import { admitAudience } from "./audience-limit.ts";

const { db } = await createTestDatabase();
const hourMs = 3_600_000;
const phones = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `98912000${from + at}`);
const pass = (hours: number) =>
  db.query(sql`update written_to set at = at - make_interval(hours => ${hours}::integer)`);

test("callers at once let in no more people than there is room for, and the same person costs one place", async () => {
  const limit = { name: "at once", people: 25, windowMs: 24 * hourMs };
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, turn) => admitAudience(db, 1, limit, phones(10, turn * 5))),
  );
  const admitted = new Set(answers.flatMap(({ addresses }) => [...addresses]));
  assert.equal(admitted.size, 25);
  assert.ok(answers.some(({ roomInMs }) => roomInMs !== null && roomInMs > 23 * hourMs));
  const again = await admitAudience(db, 1, limit, [...admitted]);
  assert.deepEqual([again.addresses.size, again.roomInMs], [25, null]);
  assert.equal((await admitAudience(db, 2, limit, phones(10))).addresses.size, 10, "apps count apart");
});

test("whoever is written to again counts from then on: the window moves", async () => {
  const limit = { name: "moving", people: 2, windowMs: 24 * hourMs };
  await admitAudience(db, 1, limit, ["first", "second"]);
  await pass(20);
  await admitAudience(db, 1, limit, ["first"]);
  await pass(5);
  const { addresses } = await admitAudience(db, 1, limit, ["third", "fourth"]);
  assert.equal(addresses.size, 1, "the first was written to five hours ago");
  await pass(20);
  assert.equal((await admitAudience(db, 1, limit, ["fifth"])).addresses.size, 1);
});
