import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { restorableSince } from "../lib/deleted.ts";
import { startTestProduct } from "../testing/product.ts";
import { purgeCampaigns } from "./queries.ts";

test("a deleted draft is nowhere, comes back as it was, and is forgotten after 30 days", async (t) => {
  const product = await startTestProduct(t);
  const content = { content: "Hi", trackId: "autumn" };
  const draft = { name: "Autumn", channel: "inbox", target: {}, content };
  const { body } = await product.call("POST", "/api/campaigns", draft);
  const place = `/api/campaigns/${body.id}`;
  assert.equal((await product.call("DELETE", place)).status, 204);
  for (const [method, path] of [
    ["GET", place],
    ["PATCH", place],
    ["POST", `${place}/launch`],
    ["POST", `${place}/duplicate`],
  ] as const)
    assert.equal((await product.call(method, path, method === "PATCH" ? {} : undefined)).status, 404, path);
  assert.deepEqual((await product.call("GET", "/api/campaigns")).body.data, []);
  assert.deepEqual((await product.call("GET", "/api/campaigns?status=draft")).body.data, []);

  const back = await product.call("POST", `${place}/undelete`);
  assert.equal(back.status, 200);
  assert.deepEqual(back.body, body);
  assert.equal((await product.call("POST", `${place}/undelete`)).status, 404);

  await product.call("DELETE", place);
  await product.db.query(sql`update campaigns set deleted_at = now() - interval '31 days'`);
  await purgeCampaigns(product.db, restorableSince(new Date()));
  const gone = await product.call("POST", `${place}/undelete`);
  assert.equal(gone.status, 404);
  assert.match(gone.body.detail, /brought back for 30 days/);
});
