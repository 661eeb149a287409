import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makePublicKey, registerClient } from "../testing/client.ts";
import { call, startTestProduct, type TestProduct, until } from "../testing/product.ts";

let product: TestProduct;
let key: string;
before(async () => {
  product = await startTestProduct();
  key = await makePublicKey(product, ["https://shop.example"]);
});
after(() => product.stop());

const register = (secret: string, headers: Record<string, string> = {}) =>
  call(
    `${product.url}/api/installations`,
    "POST",
    { "x-access-token": secret, ...headers },
    { deviceType: "web" },
  );
const preflight = (path: string, headers: Record<string, string> = {}) =>
  call(`${product.url}${path}`, "OPTIONS", {
    origin: "https://shop.example",
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,x-access-token,x-chapar-panel",
    ...headers,
  });

/** What devices call; all others take an access token or the panel. */
const forDevices = [
  "DELETE /api/installations/{id}",
  "DELETE /api/installations/{id}/topics/{topic}",
  "GET /api/installations/{id}",
  "GET /api/installations/{id}/inbox",
  "GET /api/installations/{id}/inbox/unread",
  "GET /api/installations/{id}/topics",
  "GET /api/installations/tags/{userId}",
  "POST /api/installations",
  "POST /api/installations/{id}/inbox/acks",
  "POST /api/installations/{id}/login",
  "POST /api/installations/{id}/logout",
  "POST /api/installations/addTags",
  "POST /api/installations/addValueTag",
  "POST /api/installations/attributes",
  "POST /api/installations/events",
  "POST /api/installations/incrementAttribute",
  "POST /api/installations/removeTags",
  "POST /api/installations/removeValueTag",
  "POST /api/installations/track",
  "POST /api/installations/trackBulk",
  "POST /api/installations/trackPurchase",
  "POST /api/installations/trackRevenue",
  "POST /api/installations/updateDeviceToken",
  "PUT /api/installations/{id}",
  "PUT /api/installations/{id}/topics/{topic}",
  "PUT /api/installations/userInfo",
];

test("a public key opens what devices call, and nothing else of the API", async () => {
  const { paths } = (await call(`${product.url}/openapi.json`, "GET", {})).body;
  const device = await registerClient(product, key, { deviceType: "web" });
  const opened: string[] = [];
  let refused = 0;
  for (const [path, methods] of Object.entries<Record<string, { security?: unknown[] }>>(paths)) {
    if (!path.startsWith("/api/") || path.startsWith("/api/session")) continue;
    for (const [verb, operation] of Object.entries(methods)) {
      // Those that are for everybody say so.
      if (operation.security?.length === 0 || path.startsWith("/api/receipts/")) continue;
      const method = verb.toUpperCase();
      const url = path.replaceAll(/\{[^}]+\}/g, "0199e000-0000-7000-8000-000000000000");
      const body = method === "GET" || method === "DELETE" ? undefined : {};
      const { status, body: answer } = await device.call(method, url, body);
      if (status === 403 && /takes an access token, from your own server/.test(answer.detail)) refused += 1;
      else opened.push(`${method} ${path}`);
      // An address is looked for without case, and a query or a bearer is a header by another name.
      assert.notEqual(
        (await device.call(method, url.toUpperCase().replace("/API", "/api"), body)).status,
        500,
      );
    }
  }
  assert.deepEqual(opened.sort(), forDevices.sort());
  assert.ok(refused > 50, `only ${refused} routes refuse`);
});

test("a key is taken from pages of its origins, and from what is no page", async () => {
  assert.equal((await register(key)).status, 200);
  const allowed = await register(key, { origin: "https://shop.example" });
  assert.equal(allowed.status, 200);
  assert.equal(allowed.headers.get("access-control-allow-origin"), "https://shop.example");
  assert.equal(allowed.headers.get("access-control-allow-credentials"), null);
  assert.match(allowed.headers.get("vary") ?? "", /origin/i);
  for (const origin of ["https://evil.example", "http://shop.example", "https://shop.example:8443", "null"]) {
    const foreign = await register(key, { origin });
    assert.equal(foreign.status, 403);
    assert.match(foreign.body.detail, new RegExp(`Pages of ${origin} may not .*; add this origin`));
  }
  const any = await makePublicKey(product, ["*"]);
  assert.equal((await register(any, { origin: "https://evil.example" })).status, 200);
});

test("an unknown or deleted key opens nothing", async () => {
  assert.equal((await register("chpk_unknown")).status, 401);
  const { body } = await product.call("POST", "/api/public-keys", { name: "Old", origins: [] });
  assert.equal((await register(body.key)).status, 200);
  assert.equal((await product.call("DELETE", `/api/public-keys/${body.id}`)).status, 204);
  await until(
    () => register(body.key),
    ({ status }) => status === 401,
  );
});

test("pages may ask beforehand what they may call, and are not let near the panel", async () => {
  const asked = await preflight("/api/installations/some-id/login");
  assert.equal(asked.status, 204);
  assert.equal(asked.headers.get("access-control-allow-origin"), "https://shop.example");
  assert.equal(
    asked.headers.get("access-control-allow-headers"),
    "authorization, content-type, x-access-token",
  );
  assert.equal(asked.headers.get("access-control-allow-credentials"), null);
  for (const path of [
    "/api/push/toUsers",
    "/api/public-keys",
    "/api/installations/x/revoke",
    "/api/settings",
  ]) {
    const { status, headers } = await preflight(path);
    assert.ok(status >= 400, path);
    assert.equal(headers.get("access-control-allow-origin"), null, path);
    assert.equal(headers.get("access-control-allow-headers"), null, path);
  }
  // With the panel's cookie or an access token no other site reads anything.
  const withToken = await register(product.accessToken, { origin: "https://shop.example" });
  assert.equal(withToken.headers.get("access-control-allow-origin"), null);
});

test("public keys are listed, renamed and written down", async () => {
  const made = await product.call("POST", "/api/public-keys", {
    ...{ name: "App", origins: ["https://a.example", "https://a.example"] },
  });
  assert.equal(made.status, 201);
  assert.match(made.body.key, /^chpk_[A-Za-z0-9_-]{32}$/);
  assert.deepEqual(made.body.origins, ["https://a.example"]);
  const path = `/api/public-keys/${made.body.id}`;
  const changed = await product.call("PATCH", path, { origins: ["http://localhost:5173"] });
  assert.deepEqual(changed.body, { ...made.body, origins: ["http://localhost:5173"] });
  const page = await product.call("GET", "/api/public-keys?limit=1");
  assert.deepEqual(page.body.data, [changed.body]);
  assert.ok(page.body.nextCursor);
  for (const origin of [
    "shop.example",
    "https://shop.example/",
    "https://shop.example/cart",
    "ftp://a.example",
  ])
    assert.equal((await product.call("PATCH", path, { origins: [origin] })).status, 422, origin);
  assert.equal((await product.call("DELETE", path)).status, 204);
  assert.equal((await product.call("PATCH", path, { name: "x" })).status, 404);
  const { data } = (await product.call("GET", "/api/audit")).body;
  assert.deepEqual(
    data
      .filter(({ subject }: { subject: string }) => subject === made.body.id)
      .map(({ action }: { action: string }) => action),
    ["public_key.deleted", "public_key.changed", "public_key.created"],
  );
});
