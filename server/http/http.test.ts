import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import sql from "sql-template-tag";
import { insertApp } from "../accounts/apps.ts";
import { createAccessToken } from "../accounts/tokens.ts";
import { startApi } from "../app.ts";
import { ensureStaticSegment } from "../segments/members.ts";
import { call, startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { registerAttributes } from "../users/attributes.ts";

let product: TestProduct;
before(async () => {
  product = await startTestProduct();
});
after(() => product.stop());

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  call(`${product.url}${path}`, "POST", headers, body);

test("without a token, or with a wrong one, the answer is 401", async () => {
  const message = { user: "Test", content: "hi" };
  assert.equal((await post("/api/push/toUsers", message)).status, 401);
  assert.equal((await post("/api/push/toUsers?access_token=wrong", message)).status, 401);
  const answer = await post("/api/push/toUsers", message, { "x-access-token": "wrong" });
  assert.equal(answer.status, 401);
  assert.equal(answer.body.code, "unauthorized");
  assert.equal(answer.body.error.status, 401);
});

test("a token is taken from the query, the header and the bearer alike", async () => {
  const message = { user: "nobody", content: "hi" };
  const token = product.accessToken;
  assert.equal((await post(`/api/push/toUsers?access_token=${token}`, message)).status, 200);
  assert.equal((await post("/api/push/toUsers", message, { "x-access-token": token })).status, 200);
  assert.equal((await post("/api/push/toUsers", message, { authorization: `Bearer ${token}` })).status, 200);
  assert.equal(
    (await post(`/api/push/byquery?access_token=${token}`, { target: {}, content: "x" })).status,
    200,
  );
});

test("what is missing is named by its pointer", async () => {
  const faults = async (path: string, body: unknown) => {
    const answer = await product.call("POST", path, body);
    assert.equal(answer.status, 422, JSON.stringify(answer.body));
    return answer.body.errors.map((fault: { pointer: string }) => fault.pointer);
  };
  assert.deepEqual(await faults("/api/push/toUsers", { content: "hi" }), ["/user"]);
  assert.deepEqual(await faults("/api/push/toUsers", { user: "Test" }), ["/content"]);
  assert.deepEqual((await faults("/api/push/toUsers", {})).sort(), ["/content", "/user"]);
  assert.deepEqual(await faults("/api/push/toUsers", [{ user: "a", content: "b" }, { user: "a" }]), [
    "/1/content",
  ]);
  assert.deepEqual(await faults("/api/push/byQuery", { content: "hi" }), ["/target"]);
  assert.deepEqual(await faults("/api/push/byQuery", { target: {} }), ["/content"]);
  assert.deepEqual(await faults("/api/push/byQuery", { target: { deviceTyp: 1 }, content: "x" }), [
    "/target/deviceTyp",
  ]);
  assert.deepEqual(await faults("/api/segments/count", { target: { launchCount: { foo: 1 } } }), [
    "/target/launchCount/foo",
  ]);
  assert.deepEqual(await faults("/api/segments/count", {}), ["/target"]);
  assert.deepEqual(await faults("/api/installations", { deviceType: "toaster" }), ["/deviceType"]);
});

test("a body that is not JSON is 400, and says where reading stopped", async () => {
  for (const body of ['{"user": "Test", ', "{]", "nonsense"]) {
    const answer = await product.call("POST", "/api/push/toUsers", body);
    assert.equal(answer.status, 400, body);
    assert.equal(answer.headers.get("content-type"), "application/problem+json; charset=utf-8");
  }
  const plain = await call(
    `${product.url}/api/push/toUsers`,
    "POST",
    { "x-access-token": product.accessToken, "content-type": "text/plain" },
    "hi",
  );
  assert.ok([400, 415].includes(plain.status), String(plain.status));
});

test("an empty body is none, whatever type it is said to have", async () => {
  const asJson = { "x-access-token": product.accessToken, "content-type": "application/json" };
  const nothing = await product.call("POST", "/api/push/toUsers", "");
  assert.deepEqual([nothing.status, nothing.body.errors[0].pointer], [422, "/content"]);
  const sent = await product.call("POST", "/api/push/byQuery", { target: {}, content: "hi" });
  const retry = `${product.url}/api/messages/${sent.headers.get("x-push-id")}/retry`;
  assert.equal((await call(retry, "POST", asJson, "")).status, 200);
  await product.call("POST", "/api/installations", { id: "to-go", userId: "goes", deviceType: "ios" });
  assert.equal((await call(`${product.url}/api/installations/to-go`, "DELETE", asJson)).status, 204);
});

test("a key that could change every object is named as what is wrong", async () => {
  for (const body of ['{"userId":"a","attributes":{"__proto__":1}}', '{"constructor":{"prototype":1}}']) {
    const answer = await product.call("POST", "/api/installations/attributes", body);
    assert.equal(answer.status, 400);
    assert.match(answer.body.detail, /has a key "__proto__"/);
  }
});

test("strange input never makes a 500", async () => {
  const bodies: unknown[] = [
    null,
    [],
    5,
    "x",
    { user: "\u0000", content: "a" },
    { user: "a", content: "\u0000" },
    { user: {}, content: [] },
  ];
  bodies.push(
    { user: "Test", content: "x", data: { "\u0000": "\u0000" } },
    { __proto__: 1, user: "u", content: "c" },
  );
  bodies.push(
    { target: '{"a":', content: "x" },
    { target: { tags: "\u0000" }, content: "x" },
    { target: { and: [] }, content: "x" },
  );
  for (const path of [
    "/api/push/toUsers",
    "/api/push/byQuery",
    "/api/segments/count",
    "/api/installations",
  ]) {
    for (const body of bodies) {
      const answer = await product.call("POST", path, JSON.stringify(body));
      assert.ok(answer.status < 500, `${path} ${JSON.stringify(body)} → ${answer.status}`);
    }
  }
  for (const path of [
    "/api/messages/x",
    "/api/imports/1",
    "/api/users/%00",
    "/api/users/%ff",
    "/api/messages?cursor=x&limit=-1",
    "/api/users?search=%00",
    "/api/users?segment=%00",
    "/api/users?import=1",
    "/api/segments?search=%00",
    "/api/segments/x",
  ]) {
    const answer = await product.call("GET", path);
    assert.ok(answer.status >= 400 && answer.status < 500, `${path} → ${answer.status}`);
  }
});

test("another app's token sees nothing of this one", async () => {
  const { app } = await insertApp(product.db, {
    appId: "other",
    name: "other",
    timeZone: "UTC",
    now: new Date(),
  });
  const token = await createAccessToken(product.db, { appKey: app.appKey, name: "test" });
  const other = (method: string, path: string, body?: unknown) =>
    call(`${product.url}${path}`, method, { "x-access-token": token }, body);

  await product.call("POST", "/api/installations", { id: "mine", userId: "Mina", deviceType: "ios" });
  await product.call("POST", "/api/installations/track", { userId: "Mina", eventName: "hers" });
  const sent = await product.call("POST", "/api/push/byQuery", { target: {}, content: "hi" });
  const message = sent.headers.get("x-push-id");
  const upload = await fetch(`${product.url}/api/imports`, {
    method: "POST",
    headers: { "x-access-token": product.accessToken },
    body: "id,identifier,session_count,device_type,device_model\n",
  });
  const { id: imported } = (await upload.json()) as { id: string };
  await until(
    () => product.call("GET", `/api/imports/${imported}`),
    ({ body }) => body.status === "completed",
  );
  const { segmentId } = await product.db.transaction(async (tx) => {
    const { rows } = await tx.query<{ appKey: number }>(
      sql`select app_key as "appKey" from apps where app_id = ${product.appId}`,
    );
    const appKey = rows[0]?.appKey ?? assert.fail("the product has an app");
    const attribute = { name: "plan", type: "TEXT" } as const;
    await registerAttributes(tx, { appKey, importId: imported, uses: [attribute], now: new Date() });
    const list = await ensureStaticSegment(tx, {
      appKey,
      name: "VIP list",
      createdBy: null,
      now: new Date(),
    });
    return list ?? assert.fail("no filter has this name");
  });

  for (const path of [
    ...[
      `/api/messages/${message}`,
      `/api/messages/${message}/deliveries`,
      `/api/messages/${message}/deliveries.csv`,
    ],
    ...["behaviours", "segments", "timeline", "export"].map((part) => `/api/users/Mina/${part}`),
    "/api/events/hers/series",
    ...[`/api/campaigns/${message}`, "/api/users/Mina", `/api/imports/${imported}`],
    `/api/segments/${segmentId}`,
    ...[
      `/api/imports/${imported}/errors`,
      `/api/imports/${imported}/errors.csv`,
      `/api/imports/${imported}/processed`,
      `/api/imports/${imported}/original`,
    ],
  ]) {
    assert.equal((await product.call("GET", path)).status, 200, path);
    assert.equal((await other("GET", path)).status, 404, path);
  }
  assert.equal((await other("POST", `/api/imports/${imported}/cancel`)).status, 404);
  assert.equal((await other("DELETE", "/api/users/Mina")).status, 404);
  assert.equal((await other("DELETE", "/api/installations/mine")).status, 404);
  const ofDevices: [string, string, unknown?][] = [
    ["GET", ""],
    ["GET", "/topics"],
    ["GET", "/inbox"],
    ["GET", "/inbox/unread"],
    ["PUT", "", { deviceType: "ios" }],
    ["PUT", "/topics/sport", {}],
    ["DELETE", "/topics/sport"],
    ["POST", "/inbox/acks", { acks: [{ id: message, state: "seen" }] }],
    ["POST", "/login", { userId: "theirs" }],
    ["POST", "/logout"],
    ["POST", "/revoke"],
  ];
  for (const [method, path, body] of ofDevices)
    assert.equal((await other(method, `/api/installations/mine${path}`, body)).status, 404, path);
  for (const [method, path, body] of [
    ["PUT", "userInfo", { data: { plan: "x" } }],
    ["POST", "incrementAttribute", { attributes: ["plan"] }],
    ["POST", "updateDeviceToken", { deviceToken: "x" }],
    ["POST", "events", { eventData: [] }],
  ] as const)
    assert.equal(
      (await other(method, `/api/installations/${path}`, { installationId: "mine", ...body })).status,
      404,
    );
  const { body: publicKey } = await product.call("POST", "/api/public-keys", { name: "Mine", origins: [] });
  assert.deepEqual((await other("GET", "/api/public-keys")).body.data, []);
  assert.equal((await other("PATCH", `/api/public-keys/${publicKey.id}`, { name: "x" })).status, 404);
  assert.equal((await other("DELETE", `/api/public-keys/${publicKey.id}`)).status, 404);
  assert.notDeepEqual(
    (await other("GET", "/api/settings/user-hash")).body,
    (await product.call("GET", "/api/settings/user-hash")).body,
  );
  const onHers = { installationId: "mine", eventName: "theirs" };
  assert.equal((await other("POST", "/api/installations/track", onHers)).status, 404);
  assert.equal((await other("POST", "/api/installations/trackBulk", [onHers])).body.n, 0);
  for (const analysis of ["funnel?step=hers&step=hers", "cohort?first=hers&return=hers"])
    assert.doesNotMatch(
      JSON.stringify((await other("GET", `/api/events/${analysis}`)).body),
      /"users":[1-9]/,
    );
  for (const path of ["fetchById/mine", "fetchByUserId/Mina", "tags/Mina"]) {
    assert.equal((await product.call("GET", `/api/installations/${path}`)).status, 200, path);
    assert.equal((await other("GET", `/api/installations/${path}`)).status, 404, path);
  }
  // Another app has a Mina of its own, or none.
  assert.deepEqual((await other("GET", "/api/installations/removeTag/Mina/vip")).body, { count: 0 });
  assert.equal((await other("POST", `/api/imports?fileOf=${imported}`)).status, 404);
  const preview = { content: "Hi {{user.userId}}", userId: "Mina" };
  assert.equal((await product.call("POST", "/api/templates/preview", preview)).body.text, "Hi Mina");
  assert.equal((await other("POST", "/api/templates/preview", preview)).status, 404);
  for (const path of [
    ...["/api/users", "/api/messages", "/api/campaigns", "/api/imports", "/api/segments", "/api/attributes"],
    ...["/api/segments?search=vip", "/api/events", "/api/audit"],
  ]) {
    assert.deepEqual((await other("GET", path)).body, { data: [], nextCursor: null }, path);
  }
  assert.equal((await other("POST", "/api/segments/count", { target: {} })).body.users, 0);
  for (const target of ["VIP list", segmentId, { segment: segmentId }, { plan: "gold" }]) {
    assert.equal((await product.call("POST", "/api/segments/count", { target })).status, 200);
    assert.equal((await other("POST", "/api/segments/count", { target })).status, 422);
    assert.equal((await other("POST", "/api/push/byQuery", { target, content: "x" })).status, 422);
  }
  for (const query of ["segment=VIP%20list", `segment=${segmentId}`, `import=${imported}`]) {
    assert.equal((await product.call("GET", `/api/users?${query}`)).status, 200, query);
    assert.equal((await other("GET", `/api/users?${query}`)).status, 422, query);
  }
  assert.deepEqual((await other("POST", "/api/push/toUsers", { user: "Mina", content: "x" })).body, {
    count: 0,
  });
});

test("operators see health, readiness, metrics and the API's description without a token", async () => {
  const get = (path: string) => call(`${product.url}${path}`, "GET", {});
  assert.deepEqual((await get("/healthz")).body, { status: "ok" });
  assert.deepEqual((await get("/readyz")).body, { status: "ok" });
  assert.match((await get("/metrics")).body, /chapar_http_request_seconds/);
  assert.ok((await get("/openapi.json")).body.paths["/api/push/byQuery"]);
  assert.equal((await get("/docs/")).status, 200);
});

test("pages may run and load their own only, and answers of the API nothing at all", async () => {
  for (const [path, policy] of [
    ["/", /^default-src 'self';.*frame-ancestors 'none'/],
    ["/docs/", /frame-ancestors 'none'/],
    ["/api/users", /^default-src 'none'; frame-ancestors 'none'$/],
    ["/api/nothing", /^default-src 'none'/],
  ] as const) {
    const { headers } = await call(`${product.url}${path}`, "GET", { accept: "text/html" });
    assert.match(headers.get("content-security-policy") ?? "", policy, path);
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
  }
});

test("the first sign-in works once, and the session may read, but write only from the panel", async () => {
  const panel = { "x-chapar-panel": "1" };
  const code = product.signInLink.split("code=")[1];
  const details = { code, name: "Sara", email: "Sara@example.com", password: "correct horse" };
  const first = await post("/api/session/first", details, panel);
  assert.equal(first.status, 200);
  assert.equal(first.body.apps[0].appId, product.appId);
  assert.equal((await post("/api/session/first", { ...details, email: "b@example.com" }, panel)).status, 409);
  const cookie = first.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");

  const read = await call(`${product.url}/api/users`, "GET", { cookie });
  assert.equal(read.status, 200);
  const write = { target: {}, content: "hi" };
  assert.equal((await post("/api/push/byQuery", write, { cookie })).status, 403);
  assert.equal((await post("/api/push/byQuery", write, { cookie, ...panel })).status, 200);
  // A page elsewhere can make the browser send a GET with its cookie.
  const tag = "/api/installations/addTag/Sara/vip";
  assert.equal((await call(`${product.url}${tag}`, "GET", { cookie, ...panel })).status, 403);
  assert.equal(
    (await call(`${product.url}/api/users`, "GET", { cookie, "x-app-id": "unknown" })).status,
    403,
  );

  assert.equal(
    (await post("/api/session", { email: "sara@example.com", password: "wrong one" }, panel)).status,
    401,
  );
  assert.equal(
    (await post("/api/session", { email: "sara@example.com", password: "correct horse" }, panel)).status,
    200,
  );
  assert.equal((await call(`${product.url}/api/session`, "DELETE", { cookie, ...panel })).status, 204);
  assert.equal((await call(`${product.url}/api/users`, "GET", { cookie })).status, 401);
});

test("guessing passwords is slowed down", async () => {
  const panel = { "x-chapar-panel": "1" };
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    statuses.push(
      (await post("/api/session", { email: "nobody@example.com", password: "guess" }, panel)).status,
    );
  }
  assert.ok(statuses.includes(429), statuses.join(" "));
});

test("a second api role with the embedded broker is refused, and told the cure", async () => {
  await assert.rejects(startApi(product.config), /Another api role runs.*set MQTT_URL/);
});
