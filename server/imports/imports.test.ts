import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { afterFile } from "../testing/database.ts";
import { emptyImports } from "../testing/imports.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { sampleHeader, sampleRows } from "./sample.ts";

const header = sampleHeader;

// One product for all of them, emptied before each: starting one takes longer than most of the tests.
let product: TestProduct;
before(async () => {
  product = await startTestProduct();
  afterFile(product.stop);
});
beforeEach(() => emptyImports(product.db));

/** A valid Android row; `change` replaces values by column. */
function row(change: Record<string, string>): string {
  const values: Record<string, string> = {
    id: "device-1",
    identifier: "token-1",
    session_count: "14",
    language: "fa",
    timezone: "12600",
    game_version: "5.2.0",
    device_os: "11",
    device_type: "1",
    device_model: "SM-G991B",
    last_active: "2024-05-02 18:21:07",
    created_at: "2023-11-19 06:40:55",
    invalid_identifier: "f",
    ...change,
  };
  const quote = (value: string) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return header
    .split(",")
    .map((column) => quote(values[column] ?? ""))
    .join(",");
}

const file = (...rows: string[]) => [header, ...rows].join("\n");

async function upload(product: TestProduct, body: string | Uint8Array<ArrayBuffer>) {
  const response = await fetch(`${product.url}/api/imports?format=onesignal&name=people.csv`, {
    method: "POST",
    headers: { "x-access-token": product.accessToken, "content-type": "application/octet-stream" },
    body,
  });
  assert.equal(response.status, 202);
  const { id } = (await response.json()) as { id: string };
  return until(
    async () => (await product.call("GET", `/api/imports/${id}`)).body,
    (found) => !["queued", "validating", "importing"].includes(found.status),
    30_000,
  );
}

/** Of what is imported today; the test product's app is in UTC. */
const importTag = () => `import_${new Date().toISOString().slice(0, 10)}`;

const errorsOf = async (product: TestProduct, id: string) =>
  (await product.call("GET", `/api/imports/${id}/errors`)).body.data;

const count = async (product: TestProduct, target: object) => {
  const { users, installations, reach } = (await product.call("POST", "/api/segments/count", { target }))
    .body;
  return { users, installations, reach };
};

test("the rows of the wire contract become devices, tags, opt-outs and addresses", async () => {
  const done = await upload(
    product,
    file(
      row({ id: "a", tags: '{"city":"tehran","plan":"gold","level":4,"beta":true,"empty":""}' }),
      row({
        id: "b",
        identifier: "token-2",
        device_type: "0",
        device_model: "iPhone15,2",
        game_version: "5.1.9",
        tags: "{}",
        invalid_identifier: "t",
      }),
      row({
        id: "c",
        device_type: "11",
        identifier: "Maryam@Example.com",
        device_model: "",
        session_count: "0",
        tags: '{"newsletter":"yes"}',
      }),
      row({
        id: "d",
        device_type: "14",
        identifier: "+989123456789",
        device_model: "",
        external_user_id: "a-user",
      }),
    ),
  );
  assert.equal(done.status, "completed");
  assert.deepEqual(done.rows, { total: 4, created: 4, updated: 0, unchanged: 0, rejected: 0, discarded: 0 });

  const { body: a } = await product.call("GET", "/api/users/a");
  const tag = importTag();
  assert.deepEqual(a.tags, ["beta_true", "city_tehran", tag, "level_4", "onesignal", "plan_gold"]);
  assert.equal(a.installations[0].launchCount, 14);
  assert.equal(a.installations[0].launchTime, "2024-05-02T18:21:07.000Z");
  assert.equal((await product.call("GET", "/api/users/b")).body.installations[0].optedOut, true);
  const { body: c } = await product.call("GET", "/api/users/c");
  assert.deepEqual(
    [c.email, c.installations, c.tags],
    ["maryam@example.com", [], [tag, "newsletter_yes", "onesignal"]],
  );
  assert.equal((await product.call("GET", "/api/users/a-user")).body.phone, "989123456789");
  assert.equal((await count(product, { tags: { inq: ["plan_gold"] } })).installations, 1);
  const everyone = await count(product, {});
  assert.deepEqual(everyone, {
    users: 4,
    installations: 2,
    reach: { inbox: 1, push: 1, email: 1, sms: 1, whatsapp: 1 },
  });
});

test("a file without a mandatory column is refused, and the column named", async () => {
  const done = await upload(product, "id,identifier,device_type,device_model\na,b,1,c\n");
  assert.equal(done.status, "failed");
  assert.match(done.failure, /session_count is missing/);
  assert.equal((await count(product, {})).users, 0);
});

test("a row that cannot be used is rejected with its line and reason, the others come in", async () => {
  const done = await upload(
    product,
    file(
      row({ id: "ok-1", device_model: "two\nlines" }),
      row({ id: "no-model", device_model: " " }),
      row({ id: "no-count", session_count: "many" }),
      "too,short",
      row({ id: "type", device_type: "99" }),
      row({ id: "quote" }).replace("SM-G991B", `"SM"-G991B`),
      row({ id: "tags", tags: "{city:tehran}" }),
      row({ id: "mail", device_type: "11", identifier: "nobody", device_model: "" }),
      row({ id: "ok-2", device_model: "" }).replace(",1,", ",14,").replace("token-1", "+989123456789"),
    ),
  );
  assert.equal(done.status, "completed_with_errors");
  assert.deepEqual(done.rows, { total: 9, created: 2, updated: 0, unchanged: 0, rejected: 7, discarded: 0 });
  const errors = await errorsOf(product, done.id);
  assert.deepEqual(
    errors.map((error: { line: number; code: string }) => [error.line, error.code]),
    [
      [4, "value_missing"],
      [5, "number_invalid"],
      [6, "row_width"],
      [7, "device_type_unknown"],
      [8, "row_unreadable"],
      [9, "tags_invalid"],
      [10, "email_invalid"],
    ],
  );
  assert.match(errors[0].detail, /device_model is blank/);
  const { body: csv } = await product.call("GET", `/api/imports/${done.id}/errors.csv`);
  assert.equal(csv.trim().split("\n").length, 8);
});

test("importing again changes what differs, and writes nothing where nothing does", async () => {
  await upload(product, file(row({ id: "a", tags: '{"city":"tehran","plan":"gold"}' }), row({ id: "b" })));
  const again = await upload(
    product,
    file(row({ id: "a", tags: '{"city":"shiraz"}', session_count: "15" }), row({ id: "b" })),
  );
  assert.deepEqual(again.rows, { total: 2, created: 0, updated: 1, unchanged: 1, rejected: 0, discarded: 0 });
  const { body: a } = await product.call("GET", "/api/users/a");
  assert.deepEqual(a.tags, ["city_shiraz", importTag(), "onesignal", "plan_gold"]);
  assert.equal(a.installations[0].launchCount, 15);
});

test("of rows with the same id the last one wins, the earlier ones are discarded with the reason", async () => {
  const far = Array.from({ length: 6_000 }, (_, index) => row({ id: `x${index}` }));
  const done = await upload(
    product,
    file(
      row({ id: "near", session_count: "1" }),
      row({ id: "far", session_count: "1" }),
      row({ id: "near", session_count: "2" }),
      ...far,
      row({ id: "far", session_count: "2" }),
    ),
  );
  assert.deepEqual(done.rows, {
    total: 6_004,
    created: 6_002,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    discarded: 2,
  });
  const errors = await errorsOf(product, done.id);
  assert.deepEqual(
    errors.map((error: { line: number; outcome: string }) => [error.line, error.outcome]),
    [
      [2, "discarded"],
      [3, "discarded"],
    ],
  );
  assert.match(errors[1].detail, /line 6005/);
  assert.equal((await product.call("GET", "/api/users/far")).body.installations[0].launchCount, 2);
});

test("the seeded sample comes in whole, gzipped", async () => {
  const rows = [...sampleRows(3_000, 7)];
  const done = await upload(product, gzipSync(Buffer.from([header, ...rows].join("\n"))));
  assert.deepEqual(done.rows, {
    total: 3_000,
    created: 3_000,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    discarded: 0,
  });
  assert.equal(
    (await count(product, { deviceType: "android", launchCount: { gte: 0 } })).installations > 1000,
    true,
  );
  const { body: me } = await product.call("GET", "/api/users/Test");
  assert.equal(me.installations.length, 1);
});

test("a gzip that was cut off fails with that reason and keeps what it brought", async () => {
  const whole = gzipSync(Buffer.from([header, ...sampleRows(500, 3)].join("\n")));
  const done = await upload(product, new Uint8Array(whole.subarray(0, whole.length - 2_000)));
  assert.equal(done.status, "failed");
  assert.match(done.failure, /not whole/);
});

test("a device that logged in stays its user's when an export without user ids comes in", async () => {
  await upload(product, file(row({ id: "a" })));
  await product.call("POST", "/api/installations", { id: "a", userId: "Zahra", deviceType: "android" });
  await upload(product, file(row({ id: "a", session_count: "20" })));
  const { body } = await product.call("GET", "/api/users/Zahra");
  assert.equal(body.installations[0].launchCount, 20);
  // The guest that the device was before is Zahra too.
  assert.equal((await product.call("GET", "/api/users/a")).body.userId, "Zahra");
  assert.equal((await product.call("GET", "/api/users")).body.data.length, 1);
});

test("an upload with nothing in it is refused", async () => {
  const answer = await fetch(`${product.url}/api/imports`, {
    method: "POST",
    headers: { "x-access-token": product.accessToken },
  });
  assert.equal(answer.status, 422);
});
