import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { startTestProduct } from "../testing/product.ts";
import { addUsers } from "../testing/sending.ts";

test("what a text comes to is known before it is sent: filled in for some, times who can be reached", async (t) => {
  const product = await startTestProduct(t);
  const estimate = async (content: string, target: object = {}) =>
    (await product.call("POST", "/api/campaigns/estimate", { channel: "sms", content, target })).body;
  const nobody = { users: 0, sampled: 1, segments: { least: 1, most: 1, average: 1 }, total: 0, unicode: 0 };
  assert.deepEqual(await estimate("Hi {{user.first_name}}"), nobody);

  await addUsers(product, 12);
  await product.db.query(sql`
    update users set attributes = jsonb_build_object('first_name', repeat('سارا ', 20)) where user_id in ('u0', 'u1', 'u2')`);
  await product.db.query(sql`update users set opted_out = '{sms}' where user_id in ('u3', 'u4')`);
  assert.deepEqual(await estimate("Sale today"), {
    ...{ users: 10, sampled: 0, segments: { least: 1, most: 1, average: 1 }, total: 10, unicode: 0 },
  });
  assert.deepEqual(await estimate("Hi {{user.first_name}}"), {
    ...{ users: 10, sampled: 10, segments: { least: 1, most: 2, average: 1.3 }, total: 13, unicode: 0.3 },
  });
  assert.deepEqual((await estimate("{{ user.first_name")).errors[0].pointer, "/content");
});
