import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import sql from "sql-template-tag";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";

let product: TestProduct;
before(async () => {
  product = await startTestProduct();
});
after(() => product.stop());

const ids = async (query: string) => {
  const { status, body } = await product.call("GET", `/api/users?${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return { ids: body.data.map(({ userId }: { userId: string }) => userId), next: body.nextCursor };
};

async function importUsers(userIds: string[]): Promise<string> {
  const rows = userIds.map((userId) => `${userId},${userId}@example.com`);
  const response = await fetch(
    `${product.url}/api/imports?format=generic&access_token=${product.accessToken}`,
    {
      method: "POST",
      headers: { "content-type": "text/csv" },
      body: `user_id,email\n${rows.join("\n")}\n`,
    },
  );
  const { id } = (await response.json()) as { id: string };
  const done = await until(
    async () => (await product.call("GET", `/api/imports/${id}`)).body,
    (found) => !["queued", "validating", "importing"].includes(found.status),
  );
  assert.equal(
    done.rows.created + done.rows.updated + done.rows.unchanged,
    userIds.length,
    JSON.stringify(done),
  );
  return id;
}

test("the users of an import are listed by id, page by page, and by the start of their id", async () => {
  const first = await importUsers(["c", "a", "b2", "b1"]);
  const second = await importUsers(["a", "z"]);
  assert.deepEqual((await ids(`import=${first}`)).ids, ["a", "b1", "b2", "c"]);
  assert.deepEqual((await ids(`import=${second}`)).ids, ["a", "z"]);
  assert.deepEqual((await ids(`import=${first}&search=b`)).ids, ["b1", "b2"]);
  const page = await ids(`import=${first}&limit=3`);
  assert.deepEqual((await ids(`import=${first}&limit=3&cursor=${page.next}`)).ids, ["c"]);

  // Beyond some thousand rows the keys are looked up in another way, with the same answer.
  await product.db.query(sql`update imports set rows_unchanged = 1000000 where import_id = ${first}`);
  assert.deepEqual((await ids(`import=${first}`)).ids, ["a", "b1", "b2", "c"]);
  assert.deepEqual((await ids(`import=${first}&limit=3&cursor=${page.next}`)).ids, ["c"]);
});

test("an import nobody knows is a fault that says where to look", async () => {
  const answer = await product.call("GET", "/api/users?import=0198f7a2-0000-7000-8000-000000000000");
  assert.equal(answer.status, 422);
  assert.equal(answer.body.errors[0].pointer, "?import");
  assert.match(answer.body.errors[0].detail, /no import 0198f7a2.*in this app; GET \/api\/imports lists/);
});
