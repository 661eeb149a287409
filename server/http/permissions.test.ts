import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import sql, { raw } from "sql-template-tag";
import { type Permission, permissions, type Role, rolePermissions, roles } from "../accounts/roles.ts";
import { createAccessToken } from "../accounts/tokens.ts";
import { joinAs, openTestBrowser, signInOwner, type TestBrowser } from "../testing/panel.ts";
import { type Answer, call, startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { standInConfig } from "../testing/provider-accounts.ts";
import { startStandInProvider } from "../testing/stand-in-provider.ts";

let product: TestProduct;
let owner: TestBrowser;
let routes: Route[];

interface Route {
  method: string;
  path: string;
  permission: Permission | undefined;
}

before(async () => {
  product = await startTestProduct(undefined, { TRUST_PROXY: "true" });
  owner = await signInOwner(product);
  const { paths } = (await call(`${product.url}/openapi.json`, "GET", {})).body;
  routes = Object.entries<Record<string, { "x-permission"?: Permission }>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...{ method: method.toUpperCase(), path, permission: operation["x-permission"] },
    })),
  );
});
after(() => product.stop());

const nobody = "0199e000-0000-7000-8000-000000000000";
const fill = (path: string, ids: Record<string, string> = {}): string =>
  path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => ids[name] ?? nobody);
const bodyOf = (method: string) => (method === "GET" || method === "DELETE" ? undefined : {});
const asked = ({ method, path }: Route) => `${method} ${path}`;
const isRefused = ({ status, body }: Answer) => status === 403 && /does not include/.test(body.detail);

/** Those that anybody may call: they check by themselves, or tell nothing. */
const open = [
  /^\/api\/session(\/|$)/,
  /^\/api\/receipts\//,
  /^\/api\/realtime\/(auth|acl)$/,
  /^\/(healthz|readyz)$/,
];

test("every route says what it needs, or is known to be open", () => {
  const unsaid = routes.filter(({ permission, path }) => !permission && !open.some((one) => one.test(path)));
  assert.deepEqual(unsaid.map(asked), []);
  assert.ok(routes.length > 150);
});

test("without a session or token nothing is answered but what is open", async () => {
  const stranger = openTestBrowser(product);
  const answered: string[] = [];
  for (const route of routes.filter(({ permission }) => permission)) {
    const { status } = await stranger.call(route.method, fill(route.path), bodyOf(route.method));
    if (status !== 401) answered.push(`${asked(route)}: ${status}`);
  }
  assert.deepEqual(answered, []);
});

test("roles are those of the contract", () => {
  const mayNot = (role: Role) =>
    permissions.filter((permission) => !rolePermissions[role].includes(permission));
  assert.deepEqual([mayNot("owner"), mayNot("admin")], [[], []]);
  // All but settings and what belongs to the administration.
  assert.deepEqual(
    new Set(mayNot("marketer").map((permission) => permission.split(":")[0])),
    new Set(["providers", "settings", "webhooks", "tokens", "team", "audit", "apps"]),
  );
  const writes = (role: Role) => rolePermissions[role].filter((permission) => permission.endsWith(":write"));
  assert.deepEqual(writes("campaign_manager"), ["campaigns:write", "messages:write"]);
  assert.deepEqual([writes("analyst"), writes("support")], [[], []]);
  assert.ok(!rolePermissions.analyst.some((permission) => /^(users|deliveries|imports)/.test(permission)));
  assert.ok(!rolePermissions.support.some((permission) => /^(campaigns|segments|imports)/.test(permission)));
});

for (const role of roles.filter((one) => one !== "owner"))
  test(`what the role ${role} may not do is refused on every route, and nothing else is`, async () => {
    const browser = await joinAs(product, owner, role);
    const wrong: string[] = [];
    for (const route of routes) {
      const { permission, method } = route;
      if (!permission) continue;
      const answer = await browser.call(method, fill(route.path), bodyOf(method));
      const may =
        rolePermissions[role].includes(permission) ||
        rolePermissions[role].some((one) => one === permission.replace(":read", ":write"));
      if (isRefused(answer) === may || answer.status >= 500 || answer.status === 401)
        wrong.push(`${asked(route)}: ${answer.status}`);
    }
    assert.deepEqual(wrong, []);
  });

test("with another app's token no route shows or changes anything of this one", async (t) => {
  const ids = await makeOneOfEach(t);
  const { db } = product;
  await db.query(sql`
    insert into apps (app_id, name, time_zone, created_at) values ('other-shop', 'Other', 'UTC', now())`);
  const { rows } = await db.query<{ appKey: number }>(sql`
    select app_key as "appKey" from apps where app_id = 'other-shop'`);
  const token = await createAccessToken(db, { appKey: rows[0]?.appKey ?? 0, name: "other" });
  const before = await snapshot();
  const shown: string[] = [];
  for (const route of routes.filter(({ permission }) => permission)) {
    const params = ids.find(({ under }) => route.path.startsWith(under))?.params ?? {};
    const answer = await call(
      `${product.url}${fill(route.path, params)}`,
      route.method,
      { "x-access-token": token },
      bodyOf(route.method) && (changes[asked(route)] ?? {}),
    );
    const text = JSON.stringify(answer.body) ?? "";
    if (answer.status >= 500) shown.push(`${asked(route)}: ${answer.status}`);
    // An id that was asked for may be repeated in the fault; anything else of it may not be known.
    if (/secret-of-this-app/.test(text)) shown.push(`${asked(route)}: ${text.slice(0, 200)}`);
    if (answer.status < 300 && !isOfCallersOwn(route)) {
      const named = Object.values<string>(params).filter((id) => text.includes(id));
      if (named.length > 0) shown.push(`${asked(route)}: ${answer.status} ${text.slice(0, 200)}`);
    }
  }
  assert.deepEqual(shown, []);
  assert.deepEqual(await snapshot(), before);
});

/** What would change something, were it this app's. */
const changes: Record<string, unknown> = {
  "PATCH /api/segments/{id}": { name: "taken over" },
  "PATCH /api/campaigns/{id}": { name: "taken over" },
  "POST /api/campaigns/{id}/test": { userId: "sara" },
  "PATCH /api/templates/{id}": { name: "taken over" },
  "PATCH /api/providers/{id}": { name: "taken over" },
  "PATCH /api/public-keys/{id}": { name: "taken over" },
  "PATCH /api/team/{id}": { role: "owner" },
  "PATCH /api/users/{userId}": { phone: "+989120000001" },
  "POST /api/messages/{id}/retry": { reasons: [] },
};

/** User and device ids are the customer's: another app may have the same, and answers of its own. */
const isOfCallersOwn = ({ path }: Route) =>
  /\{(userId|tag|topic|name|address)\}/.test(path) || /^\/api\/(installations|push)\//.test(path);

/** One thing of every kind, each with words that nobody else may read. */
async function makeOneOfEach(t: TestContext) {
  const make = async (path: string, body: unknown): Promise<string> => {
    const answer = await owner.call("POST", path, body);
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  };
  const words = "secret-of-this-app";
  const standIn = await startStandInProvider();
  t.after(() => standIn.stop());
  await make("/api/users", { userId: "sara", attributes: { name: words }, phone: "+989121234567" });
  const installation = await product.call("POST", "/api/installations", {
    userId: "sara",
    deviceType: "web",
  });
  const segment = await make("/api/segments", { name: words, target: { userId: "sara" } });
  const campaign = await make("/api/campaigns", {
    ...{ name: words, channel: "inbox", content: { content: words }, target: {} },
  });
  const template = await make("/api/templates", {
    name: words,
    channel: "inbox",
    content: { content: words },
  });
  const provider = await make("/api/providers", {
    ...{ channel: "sms", provider: "http", name: words },
    config: standInConfig(standIn),
  });
  const key = await make("/api/public-keys", { name: words, origins: [] });
  const token = await make("/api/tokens", { name: words });
  const invitation = await make("/api/team/invitations", { email: "x@example.com", role: "analyst" });
  const sent = await product.call("POST", "/api/push/toUsers", { user: "sara", content: words });
  const message = sent.headers.get("x-push-id") ?? "";
  const uploaded = await product.call(
    "POST",
    `/api/imports?format=generic&name=${words}`,
    "phone,name\n+989120000000,x\n",
  );
  const { members } = (await owner.call("GET", "/api/team")).body;
  await until(
    async () => (await owner.call("GET", `/api/imports/${uploaded.body.id}`)).body.status,
    (status) => status === "completed",
  );
  await until(
    async () => (await owner.call("GET", `/api/messages/${message}`)).body.status,
    (status) => status === "finished",
  );
  return [
    { under: "/api/segments/", params: { id: segment } },
    { under: "/api/campaigns/", params: { id: campaign } },
    { under: "/api/templates/", params: { id: template } },
    { under: "/api/providers/", params: { id: provider } },
    { under: "/api/public-keys/", params: { id: key } },
    { under: "/api/tokens/", params: { id: token } },
    { under: "/api/team/invitations/", params: { id: invitation } },
    { under: "/api/team/", params: { id: members[0].id } },
    { under: "/api/messages/", params: { id: message } },
    { under: "/api/imports/", params: { id: uploaded.body.id } },
    { under: "/api/users/", params: { userId: "sara" } },
    { under: "/api/installations/", params: { id: installation.body.id, userId: "sara" } },
  ];
}

/** What a worker counts again and again, of what is there. */
const counted = ["reach_days", "send_tallies", "tallies"];

/** What is stored of the app: of every table that has its key, how many rows and a hash of all of them. */
async function snapshot(): Promise<Record<string, string>> {
  const { rows: tables } = await product.db.query<{ name: string }>(sql`
    select format('%I', c.relname) as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'app_key' and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition and c.relname <> all(${counted})
    order by 1`);
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await product.db.query<{ hash: string }>(sql`
      select count(*) || ':' || coalesce(sum(hashtextextended(r::text, 0)), 0) as hash from ${raw(name)} r
      where app_key = (select app_key from apps where app_id = ${product.appId})`);
    found[name] = rows[0]?.hash ?? "";
  }
  return found;
}
