import assert from "node:assert/strict";
import { test } from "node:test";
import sql from "sql-template-tag";
import { insertApp } from "../accounts/apps.ts";
import { createAccessToken } from "../accounts/tokens.ts";
import { builtInProviders } from "../channels/registry.ts";
import { call, startTestProduct } from "../testing/product.ts";
import { standInConfig } from "../testing/provider-accounts.ts";
import { startStandInProvider } from "../testing/stand-in-provider.ts";
import { isChannelReady, listAccountNames } from "./accounts.ts";
import { findAccountByReceiptsKey } from "./reporting.ts";
import { hiddenSecret } from "./schema.ts";
import { SealedError, seal, unseal } from "./secrets.ts";

const nobody = "00000000-0000-4000-8000-000000000000";

const account = (config: Record<string, unknown>, rest: Record<string, unknown> = {}) => ({
  ...{ channel: "sms", provider: "http", name: "Gateway", config },
  ...rest,
});

test("an account is made, read, listed, changed and deleted, and the history says by whom", async (t) => {
  const product = await startTestProduct(t);
  const config = { ...standInConfig({ url: "https://sms.example.com/send" }), secrets: { key: "k-123456" } };
  const made = await product.call("POST", "/api/providers", account(config, { ratePerSecond: 12.5 }));
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { id, receiptsUrl } = made.body;
  assert.equal(made.headers.get("location"), `/api/providers/${id}`);
  assert.deepEqual(
    [
      made.body.status,
      made.body.priority,
      made.body.isActive,
      made.body.ratePerSecond,
      made.body.concurrency,
    ],
    ["active", 0, true, 12.5, 64],
  );
  assert.match(receiptsUrl, /^http:\/\/localhost:\d+\/api\/receipts\/http\/[\w-]{43}$/);
  assert.deepEqual(made.body.config, {
    ...config,
    ...{ headers: { authorization: hiddenSecret }, secrets: { key: hiddenSecret } },
  });

  assert.deepEqual((await product.call("GET", `/api/providers/${id}`)).body, made.body);
  const second = await product.call(
    "POST",
    "/api/providers",
    account(config, { name: "Second", priority: 5 }),
  );
  const page = await product.call("GET", "/api/providers?limit=1");
  assert.deepEqual(
    page.body.data.map((row: { id: string }) => row.id),
    [second.body.id],
  );
  const next = await product.call("GET", `/api/providers?limit=1&cursor=${page.body.nextCursor}`);
  assert.deepEqual([next.body.data[0].id, next.body.nextCursor], [id, null]);

  const off = await product.call("PATCH", `/api/providers/${id}`, { isActive: false, name: "Old" });
  assert.deepEqual([off.body.status, off.body.name, off.body.ratePerSecond], ["off", "Old", 12.5]);
  assert.equal((await product.call("DELETE", `/api/providers/${id}`)).status, 204);
  for (const [method, path] of addressesOf(id))
    assert.equal((await product.call(method, path, method === "PATCH" ? {} : undefined)).status, 404, path);

  const { data } = (await product.call("GET", "/api/audit")).body;
  const entries = data.filter((entry: { subject: string }) => entry.subject === id);
  assert.deepEqual(
    entries.map((entry: { action: string }) => entry.action),
    ["provider.deleted", "provider.changed", "provider.created"],
  );
  assert.deepEqual(Object.keys(entries[1].detail.after), ["name", "isActive"]);
  assert.ok(!JSON.stringify(data).includes("k-123456"));
});

const addressesOf = (id: string): [string, string][] => [
  ["GET", `/api/providers/${id}`],
  ["PATCH", `/api/providers/${id}`],
  ["DELETE", `/api/providers/${id}`],
  ["POST", `/api/providers/${id}/check`],
  ["POST", `/api/providers/${id}/resume`],
];

test("secrets are kept when they come back hidden, are never shown, and are not in the row in clear", async (t) => {
  const product = await startTestProduct(t);
  const standIn = await startStandInProvider();
  t.after(() => standIn.stop());
  const config = standInConfig(standIn);
  const made = await product.call("POST", "/api/providers", account(config));
  const path = `/api/providers/${made.body.id}`;
  const body = '{"text": {{ content | json }}}';
  const changed = await product.call("PATCH", path, { config: { ...made.body.config, body } });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  assert.deepEqual(changed.body.config.headers, { authorization: hiddenSecret });
  const key = new URL(made.body.receiptsUrl).pathname.split("/").at(-1) ?? "";
  const parts = { db: product.db, secretKey: product.config.secretKey, providers: builtInProviders() };
  const found = await findAccountByReceiptsKey(parts, "http", key);
  assert.ok(found);
  assert.deepEqual((found.config as { headers: unknown }).headers, config.headers);
  assert.equal(await findAccountByReceiptsKey(parts, "http", `${key}x`), null);
  assert.equal(await findAccountByReceiptsKey(parts, "fcm", key), null);

  const { rows } = await product.db.query<{ row: string; isSealed: boolean }>(sql`
    select p::text as row, position('sk-0123456789'::bytea in secrets) = 0 as "isSealed" from provider_accounts p`);
  assert.ok(rows[0]?.isSealed && !rows[0].row.includes("sk-0123456789"));

  // Nobody may have them sent to a host of their own without knowing them.
  const stolen = await product.call("PATCH", path, {
    config: { ...changed.body.config, url: "https://evil.example.com/" },
  });
  assert.deepEqual([stolen.status, stolen.body.errors[0].pointer], [422, "/config"]);
  assert.match(stolen.body.errors[0].detail, /type them again to send them to https:\/\/evil\.example\.com/);
  const unknown = await product.call("PATCH", path, {
    config: { ...config, headers: { ...config.headers, "x/key": hiddenSecret } },
  });
  assert.deepEqual([unknown.status, unknown.body.errors[0].pointer], [422, "/config/headers/x~1key"]);
  const removed = await product.call("PATCH", path, { config: { ...config, headers: {} } });
  assert.deepEqual(removed.body.config.headers, {});
});

test("what is wrong with an account is said at its place", async (t) => {
  const product = await startTestProduct(t);
  const good = standInConfig({ url: "https://sms.example.com/send" });
  const cases: [Record<string, unknown>, string, RegExp][] = [
    [account(good, { provider: "htp" }), "/provider", /no provider htp, did you mean http\?/],
    [account(good, { channel: "inbox" }), "/channel", /./],
    [account({ ...good, url: "sms.example.com" }), "/config/url", /fixed host/],
    [account({ ...good, body: "{{ to | jsn }}" }), "/config/body", /no filter jsn, did you mean json/],
    [account({ ...good, headers: { "a b": "c" } }), "/config/headers/a b", /not a name of a header/],
    [account({ ...good, headers: { a: hiddenSecret } }), "/config/headers/a", /type it again/],
    [account(good, { ratePerSecond: 0 }), "/ratePerSecond", /./],
    [account(good, { concurrency: 0 }), "/concurrency", /./],
  ];
  for (const [body, pointer, words] of cases) {
    const answer = await product.call("POST", "/api/providers", body);
    assert.equal(answer.status, 422, JSON.stringify(answer.body));
    const fault = answer.body.errors.find((error: { pointer: string }) => error.pointer === pointer);
    assert.match(fault?.detail ?? JSON.stringify(answer.body.errors), words);
  }
});

test("another app sees nothing of an account", async (t) => {
  const product = await startTestProduct(t);
  const config = standInConfig({ url: "https://sms.example.com/send" });
  const { id } = (await product.call("POST", "/api/providers", account(config))).body;
  const { app } = await insertApp(product.db, {
    appId: "other",
    name: "Other",
    timeZone: "UTC",
    now: new Date(),
  });
  const token = await createAccessToken(product.db, { appKey: app.appKey, name: "theirs" });
  const theirs = (method: string, path: string, body?: unknown) =>
    call(`${product.url}${path}`, method, { "x-access-token": token }, body);
  assert.deepEqual((await theirs("GET", "/api/providers")).body.data, []);
  for (const [method, path] of addressesOf(id))
    assert.equal(
      (await theirs(method, path, method === "PATCH" ? { name: "x" } : undefined)).status,
      404,
      path,
    );
  assert.equal((await product.call("GET", `/api/providers/${id}`)).body.name, "Gateway");
  assert.equal(await isChannelReady(product.db, app.appKey, "sms"), false);
});

test("a check says whether the service can be reached, and nobody gets a message", async (t) => {
  const product = await startTestProduct(t);
  const standIn = await startStandInProvider();
  const { id } = (await product.call("POST", "/api/providers", account(standInConfig(standIn)))).body;
  const reached = await product.call("POST", `/api/providers/${id}/check`);
  assert.deepEqual([reached.status, reached.body.ok], [200, true]);
  assert.equal(standIn.requests(), 0);
  await standIn.stop();
  const gone = await product.call("POST", `/api/providers/${id}/check`);
  assert.deepEqual([gone.body.ok, /refuses connections/.test(gone.body.detail)], [false, true]);
});

test("an account that is paused or rests shows why, and goes on when it is resumed or set up anew", async (t) => {
  const product = await startTestProduct(t);
  const config = standInConfig({ url: "https://sms.example.com/send" });
  const { id } = (await product.call("POST", "/api/providers", account(config))).body;
  const path = `/api/providers/${id}`;
  const status = async () => {
    const { body } = await product.call("GET", path);
    return [body.status, body.statusDetail, body.restsUntil !== null];
  };
  const spoil = () =>
    product.db.query(sql`
      update provider_accounts
      set misconfigured_detail = 'no credit', rests_until = now() + interval '1 hour', rests_detail = 'too fast'`);
  await spoil();
  assert.deepEqual(await status(), ["misconfigured", "no credit", true]);
  assert.equal((await product.call("PATCH", path, { name: "New" })).body.status, "misconfigured");
  assert.equal((await product.call("POST", `${path}/resume`)).body.status, "active");
  await spoil();
  assert.equal((await product.call("PATCH", path, { config })).body.status, "active");
  await product.db.query(sql`
    update provider_accounts set rests_until = now() + interval '1 hour', rests_detail = 'too fast'`);
  assert.deepEqual(await status(), ["resting", "too fast", true]);
  assert.equal((await product.call("POST", `/api/providers/${nobody}/resume`)).status, 404);
});

test("kinds say what each provider needs, as JSON Schema", async (t) => {
  const product = await startTestProduct(t);
  const { data } = (await product.call("GET", "/api/providers/kinds")).body;
  const http = data.find((kind: { provider: string }) => kind.provider === "http");
  assert.deepEqual(http.channels, ["push", "email", "sms", "whatsapp"]);
  assert.deepEqual(http.secrets, ["headers", "secrets", "receiptsSecret"]);
  assert.deepEqual(http.config.required, ["url"]);
  assert.equal(http.config.properties.timeoutMs.default, 10_000);
});

test("whether an app can send by a channel, and what its accounts are called", async (t) => {
  const product = await startTestProduct(t);
  const { appKey } = (await product.db.query<{ appKey: number }>(sql`select app_key as "appKey" from apps`))
    .rows[0] as { appKey: number };
  assert.equal(await isChannelReady(product.db, appKey, "sms"), false);
  const { id } = (
    await product.call("POST", "/api/providers", account(standInConfig({ url: "https://a.example.com/" })))
  ).body;
  assert.equal(await isChannelReady(product.db, appKey, "sms"), true);
  assert.equal(await isChannelReady(product.db, appKey, "email"), false);
  assert.deepEqual([...(await listAccountNames(product.db, appKey)).values()], ["Gateway"]);
  await product.call("PATCH", `/api/providers/${id}`, { isActive: false });
  assert.equal(await isChannelReady(product.db, appKey, "sms"), false);
});

test("sealed secrets open with the same key for the same account only", () => {
  const sealed = seal("k".repeat(32), "a", { token: "t" });
  assert.deepEqual(unseal("k".repeat(32), "a", sealed), { token: "t" });
  assert.ok(!sealed.equals(seal("k".repeat(32), "a", { token: "t" })));
  assert.throws(() => unseal("k".repeat(32), "b", sealed), SealedError);
  assert.throws(() => unseal("j".repeat(32), "a", sealed), /another SECRET_KEY/);
  const damaged = Buffer.from(sealed);
  damaged[damaged.length - 1] = (damaged[damaged.length - 1] ?? 0) ^ 1;
  assert.throws(() => unseal("k".repeat(32), "a", damaged), SealedError);
});
