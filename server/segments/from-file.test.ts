import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestProduct, type TestProduct } from "../testing/product.ts";
import { addUsers } from "../testing/sending.ts";

async function upload(product: TestProduct, name: string, body: string | FormData, type = "text/csv") {
  const response = await fetch(`${product.url}/api/segments/from-file?name=${encodeURIComponent(name)}`, {
    method: "POST",
    headers: {
      "x-access-token": product.accessToken,
      ...(typeof body === "string" ? { "content-type": type } : {}),
    },
    body,
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const sizeOf = async (product: TestProduct, id: string) =>
  (await product.call("GET", `/api/segments/${id}`)).body.users;

test("a file of ids is a list of those who are known, each once", async (t) => {
  const product = await startTestProduct(t);
  await addUsers(product, 7_000);
  await product.call("POST", "/api/installations", {
    id: "d",
    deviceType: "web",
    userId: "guest-1",
    isGuest: true,
  });
  await product.call("POST", "/api/installations", { id: "d", deviceType: "web", userId: "u0" });
  const ids = Array.from({ length: 6_500 }, (_, index) => `u${index}`);
  const made = await upload(
    product,
    "Autumn",
    `\ufeffuserId\r\n${[...ids, "guest-1", "u1", '"no,body"', '5" pipe'].join("\r\n")}\r\n\r\n`,
  );
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { id, ...counts } = made.body;
  assert.deepEqual(counts, {
    ...{ name: "Autumn", rows: 6_504, found: 6_500, unknown: 2, unknownFirst: ["no,body", '5" pipe'] },
  });
  assert.equal(await sizeOf(product, id), 6_500);

  const form = new FormData();
  form.append("file", new Blob(["u5\nu6"]), "ids.csv");
  const second = await upload(product, "Winter", form);
  assert.deepEqual([second.status, second.body.found], [201, 2]);
  const many = await upload(
    product,
    "Many",
    `u1\n${Array.from({ length: 30 }, (_, i) => `x${i}`).join("\n")}`,
  );
  assert.deepEqual([many.body.unknown, many.body.unknownFirst.length], [30, 20]);
});

test("a file without anybody, of a name that is taken, or of another kind makes no segment", async (t) => {
  const product = await startTestProduct(t);
  await addUsers(product, 2);
  await upload(product, "Autumn", "u0");
  assert.equal((await upload(product, "AUTUMN", "u1")).status, 409);
  for (const [text, expected] of [
    ["", /^has no ids; write one a line/],
    ["user_id\n", /^has no ids/],
    ["nobody\nneither", /^has no id of a user of this app; its first is "nobody"$/],
    ["u0,u1", /^row 1 has 2 values; write one a line/],
    ["u0\nu\0", /^row 2 has a NUL character/],
  ] as const) {
    const { status, body } = await upload(product, "Winter", text);
    assert.equal(status, 422, text);
    assert.match(body.errors[0].detail, expected);
  }
  assert.equal((await upload(product, " ", "u0")).status, 422);
  const { body } = await product.call("GET", "/api/segments");
  assert.deepEqual(
    body.data.map(({ name }: { name: string }) => name),
    ["Autumn"],
  );
});
