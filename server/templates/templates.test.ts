import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { startTestProduct } from "../testing/product.ts";

test("a preview shows what a user would get, and names what they lack", async (t) => {
  const product = await startTestProduct(t);
  await product.call("POST", "/api/installations", { id: "d", userId: "u-1", deviceType: "ios" });
  await product.db.query(sql`update users set attributes = '{"first_name":"John"}' where user_id = 'u-1'`);
  const preview = (content: string, userId = "u-1") =>
    product.call("POST", "/api/templates/preview", { content, userId });

  const shown = await preview("Hi {{user.first_name}}");
  assert.deepEqual([shown.status, shown.body], [200, { text: "Hi John", missing: [] }]);
  assert.deepEqual((await preview("Hi {{user.title}}!")).body, { text: "Hi !", missing: ["user.title"] });

  const broken = await preview("Hi {{user.first_name | uppcase}}");
  assert.equal(broken.status, 422);
  assert.equal(broken.body.errors[0].pointer, "/content");
  assert.match(
    broken.body.errors[0].detail,
    /^line 1, column 4: there is no filter uppcase, did you mean upcase/,
  );
  assert.equal(
    (await preview("{% for i in (1..1000000000) %}x{% endfor %}")).body.errors[0].pointer,
    "/content",
  );
  assert.equal((await preview("x".repeat(70_000))).status, 422);
  assert.equal((await preview("Hi", "nobody")).status, 404);
});
