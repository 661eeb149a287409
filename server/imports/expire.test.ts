import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { importAgain, importFile, type Json } from "../testing/imports.ts";
import { startTestProduct } from "../testing/product.ts";
import { expireImports } from "./expire.ts";

const dayMs = 86_400_000;

test("files of imports go after the days that the app keeps them; totals stay, and who came by it", async (t) => {
  const product = await startTestProduct(t);
  const file = ["user_id,email", "sara,sara@example.com", "ali,nonsense"];
  const first = await importFile(product, file);
  const again = await importAgain(product, first, { dryRun: "true" });
  const partsLeft = async () => (await product.db.query(sql`select from file_parts`)).rowCount;
  const expireIn = (days: number) => expireImports(product.db, new Date(Date.now() + days * dayMs));
  await product.call("PATCH", "/api/settings", { importFileDays: null });
  assert.equal(await expireIn(4_000), 0, "kept for good");
  const { body: settings } = await product.call("PATCH", "/api/settings", { importFileDays: 30 });
  assert.deepEqual([settings.importFileDays, settings.operator.messageMonths], [30, null]);
  assert.equal(await expireIn(29), 0);
  assert.equal((await product.call("GET", `/api/imports/${first.id}/original`)).status, 200);

  await product.db.query(
    sql`update imports set ended_at = ended_at + interval '9 days' where import_id = ${again.id}`,
  );
  assert.equal(await expireIn(31), 1);
  assert.equal(await partsLeft(), 1, "the other import has the same file");
  const { body: kept } = await product.call("GET", `/api/imports/${first.id}`);
  assert.deepEqual([kept.rows, kept.status, kept.expiredAt !== null], [first.rows, first.status, true]);
  for (const path of ["original", "processed", "errors.csv", "errors", "changes"]) {
    const { status, body } = await product.call("GET", `/api/imports/${first.id}/${path}`);
    assert.deepEqual([status, body.code], [410, "gone"], path);
    assert.match(body.detail, /was deleted on \d{4}-\d{2}-\d{2}: the app keeps it no longer/);
  }
  const undo = await product.call("POST", `/api/imports/${first.id}/undo`);
  assert.deepEqual([undo.status, undo.body.code], [410, "gone"]);
  assert.match(undo.body.detail, /cannot be undone any more/);
  const { body: users } = await product.call("GET", `/api/users?import=${first.id}`);
  assert.deepEqual(
    users.data.map(({ userId }: Json) => userId),
    ["sara", "ali"].slice(0, users.data.length),
  );
  assert.ok(users.data.length > 0);
  assert.equal(
    (await product.call("DELETE", "/api/users/sara")).status,
    200,
    "erasing goes through what is left",
  );
  assert.equal(await expireIn(60), 1);
  assert.equal(await partsLeft(), 0);
});
