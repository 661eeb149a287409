import assert from "node:assert/strict";
import { test } from "node:test";
import { insertApp } from "../accounts/apps.ts";
import { createAccessToken } from "../accounts/tokens.ts";
import { gif, png } from "../testing/images.ts";
import { call, startTestProduct } from "../testing/product.ts";

test("an image is stored once, listed, served to anybody, and forgotten", async (t) => {
  const product = await startTestProduct(t);
  const upload = (name: string, body: Buffer, type = "image/png") =>
    fetch(`${product.url}/api/files?name=${encodeURIComponent(name)}`, {
      ...{ method: "POST", body: new Uint8Array(body) },
      headers: { "content-type": type, "x-access-token": product.accessToken },
    });
  const made = await upload("عکس نو (1).PNG", png);
  assert.equal(made.status, 201);
  const file = (await made.json()) as { id: string; path: string };
  assert.deepEqual(
    { ...file, id: "", createdAt: "", path: "" },
    {
      ...{
        id: "",
        createdAt: "",
        path: "",
        name: "1.png",
        type: "image/png",
        width: 1,
        height: 1,
        bytes: png.length,
      },
    },
  );
  const again = (await (await upload("other.png", png)).json()) as { id: string };
  assert.equal(again.id, file.id);
  // What it is, is read from it.
  const other = (await (await upload("a.png", gif)).json()) as { type: string; name: string };
  assert.deepEqual([other.type, other.name], ["image/gif", "a.gif"]);

  const list = await product.call("GET", "/api/files?limit=1");
  assert.equal(list.body.data.length, 1);
  assert.ok(list.body.nextCursor);
  const next = await product.call("GET", `/api/files?cursor=${list.body.nextCursor}`);
  assert.deepEqual(
    next.body.data.map(({ id }: { id: string }) => id),
    [file.id],
  );

  const served = await fetch(`${product.url}${file.path}`);
  assert.equal(served.headers.get("content-type"), "image/png");
  assert.equal(served.headers.get("cross-origin-resource-policy"), "cross-origin");
  assert.match(served.headers.get("cache-control") ?? "", /immutable/);
  assert.deepEqual(Buffer.from(await served.arrayBuffer()), png);

  for (const [body, says] of [
    [Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>"), /svg/],
    [Buffer.from("not an image"), /not a PNG/],
    [png.subarray(0, 12), /damaged|not a PNG/],
  ] as const) {
    const refused = await upload("x.png", body);
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), says);
  }
  assert.equal((await upload("x.png", Buffer.alloc(0))).status, 400);
  assert.equal((await upload("x.png", Buffer.alloc(6_000_000))).status, 413);

  assert.equal((await product.call("DELETE", `/api/files/${file.id}`)).status, 204);
  assert.equal((await fetch(`${product.url}${file.path}`)).status, 404);
  assert.equal((await product.call("DELETE", `/api/files/${file.id}`)).status, 404);
});

test("another app sees none of it, and cannot take it away", async (t) => {
  const product = await startTestProduct(t);
  const made = await fetch(`${product.url}/api/files`, {
    ...{ method: "POST", body: new Uint8Array(png) },
    headers: { "content-type": "image/png", "x-access-token": product.accessToken },
  });
  const { id } = (await made.json()) as { id: string };
  const { app } = await insertApp(product.db, {
    ...{ appId: "other", name: "Other", timeZone: "UTC", now: new Date() },
  });
  const token = await createAccessToken(product.db, { appKey: app.appKey, name: "theirs" });
  const theirs = (method: string, path: string) =>
    call(`${product.url}${path}`, method, { "x-access-token": token });
  assert.deepEqual((await theirs("GET", "/api/files")).body.data, []);
  assert.equal((await theirs("DELETE", `/api/files/${id}`)).status, 404);
});
