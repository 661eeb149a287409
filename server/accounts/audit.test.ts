import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { base32 } from "@better-auth/utils/base32";
import { createOTP } from "@better-auth/utils/otp";
import sql from "sql-template-tag";
import { openTestBrowser, signInOwner, type TestBrowser, testPassword } from "../testing/panel.ts";
import { type Answer, startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { standInConfig } from "../testing/provider-accounts.ts";
import { type StandInProvider, startStandInProvider } from "../testing/stand-in-provider.ts";

let product: TestProduct;
let owner: TestBrowser;
let standIn: StandInProvider;
/** Writing routes that were called and are in the history by it. */
const written = new Set<string>();
/** What must not be found in the history. */
const secrets = new Set<string>([testPassword]);
const another = "another lantern over gravel";

before(async () => {
  product = await startTestProduct(undefined, { TRUST_PROXY: "true" });
  standIn = await startStandInProvider();
  owner = await signInOwner(product);
  secrets.add(new URL(product.signInLink).hash.slice("#code=".length)).add(product.accessToken);
});
after(async () => {
  await product?.stop();
  await standIn?.stop();
});

interface Entry {
  action: string;
  actor: string;
  subject: string;
  detail: { name?: string; before?: Record<string, unknown>; after?: Record<string, unknown> };
}

async function entriesAfter<T>(work: () => Promise<T>): Promise<{ result: T; entries: Entry[] }> {
  const latest = async () =>
    (
      await product.db.query<{ id: string }>(sql`
        select coalesce(max(audit_id::text), '') as id from audit_log`)
    ).rows[0]?.id ?? "";
  const from = await latest();
  const result = await work();
  const { rows } = await product.db.query<Entry>(sql`
    select action, actor, subject, detail from audit_log where audit_id::text > ${from} order by audit_id`);
  return { result, entries: rows };
}

/** Calls a route as a person, or as `caller`, and looks for exactly this in the history. Answers what the call did. */
async function does(
  route: string,
  action: string,
  { params = {}, query = "", body, by = owner }: Partial<Call> = {},
): Promise<Answer & { entry: Entry }> {
  const [method = "", path = ""] = route.split(" ");
  const address = path.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? assert.fail(`${route} has ${name}`)),
  );
  const asked = body === undefined && method !== "GET" && method !== "DELETE" ? {} : body;
  const { result, entries } = await entriesAfter(() => by.call(method, address + query, asked));
  assert.ok(result.status < 300, `${route}: ${result.status} ${JSON.stringify(result.body)}`);
  assert.deepEqual(
    entries.map((one) => one.action),
    [action],
    route,
  );
  written.add(route);
  return { ...result, entry: entries[0] ?? assert.fail() };
}
interface Call {
  params: Record<string, string>;
  query: string;
  body: unknown;
  by: TestBrowser;
}

test("segments, attributes, topics, files, promo codes and suppressions", async () => {
  const target = { phone: "+989121234567" };
  const { body: segment, entry } = await does("POST /api/segments", "segment.created", {
    body: { name: "Gold", target },
  });
  assert.deepEqual([entry.actor, entry.subject], ["olga@example.com", segment.id]);
  assert.deepEqual([entry.detail.before, entry.detail.after?.target], [null, target]);
  const params = { id: segment.id };
  const changed = await does("PATCH /api/segments/{id}", "segment.changed", {
    ...{ params, body: { target: { tags: "gold" }, isPinned: true } },
  });
  assert.deepEqual(changed.entry.detail, {
    name: "Gold",
    before: { target, isPinned: false },
    after: { target: { tags: "gold" }, isPinned: true },
  });
  await does("POST /api/segments/{id}/duplicate", "segment.created", { params });
  await does("DELETE /api/segments/{id}", "segment.deleted", { params });
  await does("POST /api/segments/{id}/undelete", "segment.restored", { params });

  const sara = { userId: "sara", phone: "+989121234567", attributes: { score: 1 }, tags: ["gold"] };
  await does("POST /api/users", "user.created", { body: sara });
  const edit = { email: "sara@example.com", attributes: { score: 2 }, removeTags: ["gold"] };
  const edited = await does("PATCH /api/users/{userId}", "user.changed", {
    ...{ params: { userId: "sara" }, body: edit },
  });
  assert.deepEqual(edited.entry.detail, {
    before: { email: null, tags: ["gold"], "attributes.score": 1 },
    after: { email: "sara@example.com", tags: [], "attributes.score": 2 },
  });
  const by = { userId: "sara" };
  await does("POST /api/installations/addTags", "user.changed", { body: { ...by, tags: ["a", "b"] } });
  await does("POST /api/installations/removeTags", "user.changed", { body: { ...by, tags: ["a"] } });
  const valued = { ...by, tag: "city" };
  await does("POST /api/installations/addValueTag", "user.changed", { body: { ...valued, value: "tehran" } });
  await does("POST /api/installations/removeValueTag", "user.changed", { body: valued });
  await does("POST /api/installations/attributes", "user.changed", {
    body: { ...by, attributes: { score: 3 } },
  });

  await does("POST /api/segments/from-file", "segment.created", { query: "?name=listed", body: "sara\n" });
  const name = { params: { name: "score" } };
  await does("POST /api/attributes/{name}/fast", "attribute.made_fast", name);
  await does("DELETE /api/attributes/{name}/fast", "attribute.made_slow", name);
  const topic = { params: { topic: "sport" } };
  const titled = { titles: { en: "Sport" }, isListed: true };
  await does("PUT /api/topics/{topic}", "topic.changed", { ...topic, body: titled });
  const gone = await does("DELETE /api/topics/{topic}", "topic.deleted", topic);
  assert.deepEqual(gone.entry.detail.before, titled);
  const gif = "GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000";
  const { body: file } = await does("POST /api/files", "file.created", { body: gif });
  await does("DELETE /api/files/{id}", "file.deleted", { params: { id: file.id } });
  await owner.call("POST", "/api/campaigns", {
    ...{ name: "Autumn", channel: "inbox", target: {}, content: { content: "Hi", trackId: "autumn" } },
  });
  await does("POST /api/containers/updatePromoCodes/{trackId}", "promo_codes.added", {
    ...{ params: { trackId: "autumn" }, body: "PROMO-1\n" },
  });
  await does("POST /api/containers/updateGlobalPromoCodes", "promo_codes.added", { body: "PROMO-2\n" });
  secrets.add("PROMO-1").add("PROMO-2");
  const address = { channel: "email", address: "gone@example.com" };
  await does("POST /api/suppressions", "suppression.added", { body: address });
  await does("DELETE /api/suppressions/{channel}/{address}", "suppression.lifted", { params: address });
});

test("a draft that one person works on is one change, and another person's another", async () => {
  const draft = { name: "A", channel: "inbox", target: {}, content: { content: "One" } };
  const { body: campaign } = await does("POST /api/campaigns", "campaign.created", { body: draft });
  const params = { id: campaign.id };
  const save = (text: string) => ({ params, body: { content: { content: text } } });
  await does("PATCH /api/campaigns/{id}", "campaign.changed", save("Two"));
  const again = await entriesAfter(() =>
    owner.call("PATCH", `/api/campaigns/${campaign.id}`, save("3").body),
  );
  assert.deepEqual(again.entries, []);
  await product.call("PATCH", `/api/campaigns/${campaign.id}`, save("Four").body);
  await owner.call("PATCH", `/api/campaigns/${campaign.id}`, save("Five").body);
  const { data } = (await owner.call("GET", `/api/audit?subject=${campaign.id}`)).body;
  const words = (side?: Record<string, unknown>) => (side?.content as { content: string })?.content;
  assert.deepEqual(
    data.map(({ actor, detail }: Entry) => [actor, words(detail.before), words(detail.after)]),
    [
      ["olga@example.com", "Four", "Five"],
      ["first token", "3", "Four"],
      ["olga@example.com", "One", "3"],
      ["olga@example.com", undefined, "One"],
    ],
  );
  await does("POST /api/campaigns/{id}/duplicate", "campaign.created", { params });
  await does("POST /api/campaigns/{id}/test", "campaign.tested", { params, body: { users: ["sara"] } });
  await does("DELETE /api/campaigns/{id}", "campaign.deleted", { params });
  await does("POST /api/campaigns/{id}/undelete", "campaign.restored", { params });
});

test("campaigns and messages", async () => {
  const config = standInConfig(standIn);
  const sms = { channel: "sms", provider: "http", name: "stand-in", config };
  secrets.add("sk-0123456789").add("sk-9876543210");
  const { body: account, entry } = await does("POST /api/providers", "provider.created", { body: sms });
  assert.deepEqual(entry.detail.before, null);
  const params = { id: account.id };
  const other = { ...config, headers: { authorization: "Bearer sk-9876543210" } };
  const changed = await does("PATCH /api/providers/{id}", "provider.changed", {
    ...{ params, body: { config: other, isActive: false } },
  });
  assert.deepEqual(changed.entry.detail, {
    ...{ name: "stand-in", channel: "sms", provider: "http", secrets: "replaced" },
    ...{ before: { isActive: true }, after: { isActive: false } },
  });
  await does("POST /api/providers/{id}/test", "provider.tested", {
    ...{ params, body: { userId: "sara", content: "Hi" } },
  });
  await does("POST /api/providers/{id}/resume", "provider.changed", { params });

  // Nothing leaves by an account that is off: there is something to pause.
  const draft = { name: "Later", channel: "sms", target: {}, content: { content: "Hi" } };
  const later = { schedule: { kind: "at", day: "2100-01-01", time: "09:00" } };
  const { body: campaign } = await owner.call("POST", "/api/campaigns", { ...draft, ...later });
  const id = { params: { id: campaign.id } };
  await does("POST /api/campaigns/{id}/launch", "campaign.launched", id);
  await does("POST /api/campaigns/{id}/unschedule", "campaign.unscheduled", id);
  await owner.call("POST", `/api/campaigns/${campaign.id}/launch`);
  await does("POST /api/campaigns/{id}/pause", "campaign.paused", id);
  await does("POST /api/campaigns/{id}/resume", "campaign.resumed", id);
  await does("POST /api/campaigns/{id}/cancel", "campaign.cancelled", id);

  const launch = async (isMeant: (status: string) => boolean) => {
    const { body } = await owner.call("POST", "/api/campaigns", draft);
    await owner.call("POST", `/api/campaigns/${body.id}/launch`);
    const found = await until(
      async () => (await owner.call("GET", `/api/campaigns/${body.id}`)).body,
      ({ status }) => isMeant(status),
    );
    return { campaign: { params: { id: found.id } }, message: { params: { id: found.message.id } } };
  };
  const people = Array.from({ length: 20 }, (_, index) => `person-${index}`);
  const made = await entriesAfter(() =>
    Promise.all(
      people.map((userId, index) =>
        product.call("POST", "/api/users", { userId, phone: `+98912${1_000_000 + index}` }),
      ),
    ),
  );
  assert.deepEqual([made.result.every(({ status }) => status === 201), made.entries], [true, []]);
  const trial = { ...draft, rollout: { share: 50 } };
  const { body: staged } = await owner.call("POST", "/api/campaigns", trial);
  await owner.call("POST", `/api/campaigns/${staged.id}/launch`);
  await does("POST /api/campaigns/{id}/continue", "campaign.continued", { params: { id: staged.id } });
  const waiting = await launch((status) => status !== "accepted");
  await does("POST /api/messages/{id}/pause", "message.paused", waiting.message);
  await does("POST /api/messages/{id}/resume", "message.resumed", waiting.message);
  await does("POST /api/messages/{id}/cancel", "message.cancelled", waiting.message);
  await does("DELETE /api/providers/{id}", "provider.deleted", { params });
  const failed = await launch((status) => status === "finished");
  await does("POST /api/messages/{id}/retry", "message.retried", failed.message);
  const failedToo = await launch((status) => status === "finished");
  await does("POST /api/campaigns/{id}/retry", "campaign.retried", failedToo.campaign);

  const text = { user: "sara", content: "Hi" };
  const { entry: sent } = await does("POST /api/push/toUsers", "message.sent", { body: text });
  assert.deepEqual(sent.detail.after?.to, { kind: "users", users: ["sara"] });
  await does("POST /api/push/byQuery", "message.sent", { body: { target: {}, content: "Hi" } });
  await does("POST /api/push/notifyUsers", "message.sent", { body: text });
  await does("POST /api/push/notifyUser/{userId}", "message.sent", {
    ...{ params: { userId: "sara" }, body: { title: "Hi", body: "there" } },
  });
  const fallback = { media: "sms", content: "Hi", delay: 60 };
  await does("POST /api/push/notifyToUsers", "message.sent", { body: { ...text, fallback } });
  const byToken = await entriesAfter(() => product.call("POST", "/api/push/toUsers", text));
  assert.deepEqual([byToken.result.status, byToken.entries], [200, []]);
});

test("imports and the sample", async () => {
  const query = "?format=generic&name=people.csv";
  const { body: first } = await does("POST /api/imports", "import.started", {
    ...{ query, body: "userId,name\nali,Ali\n" },
  });
  await until(
    async () => (await owner.call("GET", `/api/imports/${first.id}`)).body.status,
    (status) => status === "completed",
  );
  await does("POST /api/imports/{id}/undo", "import.undone", { params: { id: first.id } });
  // Waits for a worker that has no time: there is one at a time, and it has this.
  const rows = Array.from({ length: 30_000 }, (_, index) => `b${index},B`).join("\n");
  const { body: second } = await owner.call("POST", `/api/imports${query}`, `userId,name\n${rows}\n`);
  await does("POST /api/imports/{id}/cancel", "import.cancelled", { params: { id: second.id } });
  const sample = await entriesAfter(() => owner.call("POST", "/api/sample", {}));
  assert.deepEqual(sample.entries.map(({ action }) => action).sort(), ["import.started", "sample.created"]);
  const device = await entriesAfter(() => owner.call("POST", "/api/sample/device"));
  assert.deepEqual(device.entries[0]?.action, "public_key.created");
  await until(
    async () => (await owner.call("GET", "/api/sample")).body.status,
    (status) => status === "there",
  );
  const removal = await entriesAfter(() => owner.call("DELETE", "/api/sample"));
  assert.deepEqual(
    removal.entries
      .slice(0, 2)
      .map(({ action }) => action)
      .sort(),
    [...["import.undone", "sample.deleted"]],
  );
  await until(
    async () => (await owner.call("GET", "/api/sample")).body.status,
    (status) => status === "none",
  );
  for (const route of ["POST /api/sample", "POST /api/sample/device", "DELETE /api/sample"])
    written.add(route);
});

test("templates, webhooks, keys, tokens, settings and apps", async () => {
  const content = { content: "Hi" };
  const { body: template } = await does("POST /api/templates", "template.created", {
    body: { name: "Hello", channel: "inbox", content },
  });
  const params = { id: template.id };
  const longer = { content: "H".repeat(5_000) };
  const changed = await does("PATCH /api/templates/{id}", "template.changed", {
    ...{ params, body: { content: longer } },
  });
  assert.match(
    JSON.stringify(changed.entry.detail.after),
    /"H{900,} … 5000 characters in all, sha-256 [0-9a-f]{16}"/,
  );
  await does("POST /api/templates/{id}/restore", "template.changed", { params, body: { version: 1 } });
  await does("DELETE /api/templates/{id}", "template.deleted", { params });
  await does("POST /api/templates/{id}/undelete", "template.restored", { params });

  const hook = { name: "CRM", url: standIn.url, events: ["message.sent"] };
  const { body: webhook } = await does("POST /api/webhooks", "webhook.created", { body: hook });
  const of = { params: { id: webhook.id } };
  secrets.add(webhook.secret);
  await does("PATCH /api/webhooks/{id}", "webhook.changed", { ...of, body: { name: "CRM 2" } });
  const rotated = await does("POST /api/webhooks/{id}/secret/rotate", "webhook.rotated", of);
  secrets.add(rotated.body.secret);
  const tried = await does("POST /api/webhooks/{id}/test", "webhook.tested", of);
  const attempt = { params: { id: webhook.id, attemptId: tried.body.id } };
  await does("POST /api/webhooks/{id}/attempts/{attemptId}/replay", "webhook.replayed", attempt);
  const since = { since: new Date(0).toISOString() };
  await does("POST /api/webhooks/{id}/replay", "webhook.replayed", { ...of, body: since });
  await does("DELETE /api/webhooks/{id}", "webhook.deleted", of);

  const { body: key } = await does("POST /api/public-keys", "public_key.created", {
    body: { name: "Shop", origins: [] },
  });
  const origins = ["https://shop.example"];
  const opened = await does("PATCH /api/public-keys/{id}", "public_key.changed", {
    ...{ params: { id: key.id }, body: { origins } },
  });
  assert.deepEqual([opened.entry.detail.before, opened.entry.detail.after], [{ origins: [] }, { origins }]);
  await does("DELETE /api/public-keys/{id}", "public_key.deleted", { params: { id: key.id } });
  const { body: token } = await does("POST /api/tokens", "token.created", { body: { name: "CRM" } });
  secrets.add(token.token);
  await does("DELETE /api/tokens/{id}", "token.revoked", { params: { id: token.id } });
  await does("PATCH /api/settings", "settings.changed", { body: { name: "Our shop" } });
  const hash = await does("POST /api/settings/user-hash/rotate", "user_hash.rotated");
  secrets.add(hash.body.secret);
  const second = { appId: "second-shop", name: "Second", timeZone: "UTC" };
  await does("POST /api/apps", "app.created", { body: second });
});

test("the team, and one's own account", async () => {
  const invite = async (email: string) => {
    const { body } = await does("POST /api/team/invitations", "invitation.created", {
      body: { email, role: "analyst" },
    });
    const code: string = body.link.split("code=")[1];
    secrets.add(code);
    return { id: body.id, code };
  };
  const { id } = await invite("ali@example.com");
  await does("DELETE /api/team/invitations/{id}", "invitation.deleted", { params: { id } });
  const { code } = await invite("ali@example.com");
  const ali = openTestBrowser(product);
  const answer = { code, name: "Ali", password: testPassword };
  await does("POST /api/session/invitation/accept", "account.joined", { by: ali, body: answer });
  await does("PATCH /api/session/account", "account.changed", { by: ali, body: { name: "Ali R" } });
  const change = { currentPassword: testPassword, newPassword: another };
  secrets.add(another);
  await does("POST /api/session/password", "account.password_changed", { by: ali, body: change });
  const proof = { password: another };
  const { body: made } = await ali.call("POST", "/api/session/second-factor", proof);
  const totp = createOTP(new TextDecoder().decode(base32.decode(made.secret)));
  const confirm = "POST /api/session/second-factor/confirm";
  await does(confirm, "account.second_factor_on", { by: ali, body: { code: await totp.totp() } });
  const renew = "POST /api/session/second-factor/backup-codes";
  const { body: codes } = await does(renew, "account.backup_codes_renewed", { by: ali, body: proof });
  for (const secret of [made.secret, ...made.backupCodes, ...codes.backupCodes]) secrets.add(secret);
  const remove = "POST /api/session/second-factor/remove";
  await does(remove, "account.second_factor_off", { by: ali, body: proof });
  await does("DELETE /api/session/devices/{id}", "account.signed_out_elsewhere", {
    ...{ by: ali, params: { id: "others" } },
  });
  const { members } = (await owner.call("GET", "/api/team")).body;
  const member = members.find(({ email }: { email: string }) => email === "ali@example.com");
  const params = { id: member.id };
  await does("PATCH /api/team/{id}", "member.changed", { params, body: { role: "support" } });
  await does("DELETE /api/team/{id}", "member.removed", { params });
  const { rows } = await product.db.query<Entry>(sql`
    select actor from audit_log where action = 'account.joined' order by audit_id limit 1`);
  assert.equal(rows[0]?.actor, "olga@example.com");
  written.add("POST /api/session/first");
});

test("who is deleted for good does not live on in the history", async () => {
  await owner.call("POST", "/api/suppressions", { channel: "email", address: "sara@example.com" });
  await owner.call("POST", "/api/segments", { name: "Sara", target: { userId: "sara" } });
  await owner.call("POST", "/api/campaigns", {
    ...{ name: "For two", channel: "inbox", users: ["sara", "inbox"], content: { content: "Hi" } },
  });
  const traces = ["sara", "sara@example.com", "+989121234567"];
  const naming = async () => {
    const { rows } = await product.db.query<Entry>(sql`
      select action, detail, subject from audit_log
      where subject = any(${traces}::text[]) or detail::text ~ ${'"(sara|sara@example.com|\\+?989121234567)"'}`);
    return rows;
  };
  assert.ok((await naming()).length > 8);
  await does("DELETE /api/users/{userId}", "user.erased", { params: { userId: "sara" } });
  assert.deepEqual(await naming(), []);
  const proof = createHash("sha256").update(`${product.appId}/sara`).digest("hex");
  const { data } = (await owner.call("GET", `/api/audit?subject=${proof}&limit=100`)).body;
  const actions = new Set(data.map(({ action }: Entry) => action));
  assert.deepEqual(actions, new Set(["user.erased", "user.changed", "user.created", "suppression.added"]));
  for (const { action, detail } of data) if (action !== "user.erased") assert.deepEqual(detail, {});
  const { data: segments } = (await owner.call("GET", "/api/audit?noun=campaign&limit=100")).body;
  const forTwo = segments.find(({ detail }: Entry) => detail.after?.name === "For two");
  assert.deepEqual(
    [forTwo.detail.after.channel, forTwo.detail.after.audience],
    [...["inbox", { users: [proof, "inbox"] }]],
  );
});

/** Writing routes that are not in the history, each for a reason. */
const spared: Record<string, string> = {
  ...because(
    "devices and programs say it, by the thousand; what came of it stands in users, events, messages",
    [
      "POST /api/installations",
      "PUT /api/installations/{id}",
      "DELETE /api/installations/{id}",
      "POST /api/installations/{id}/login",
      "POST /api/installations/{id}/logout",
      "POST /api/installations/{id}/revoke",
      "PUT /api/installations/userInfo",
      "POST /api/installations/incrementAttribute",
      "POST /api/installations/updateDeviceToken",
      "POST /api/installations/events",
      "POST /api/installations/{id}/inbox/acks",
      "PUT /api/installations/{id}/topics/{topic}",
      "DELETE /api/installations/{id}/topics/{topic}",
      "POST /api/installations/track",
      "POST /api/installations/trackPurchase",
      "POST /api/installations/trackRevenue",
      "POST /api/installations/trackBulk",
      "POST /api/realtime/events",
      "POST /api/receipts/{provider}/{accountKey}",
      "POST /api/bounces",
    ],
  ),
  ...because("takes an access token only, which changes users without a line each", [
    "GET /api/installations/addTag/{userId}/{tag}",
    "GET /api/installations/removeTag/{userId}/{tag}",
  ]),
  ...because("changes nothing: it only answers", [
    "POST /api/imports/preview",
    "POST /api/segments/count",
    "POST /api/templates/preview",
    "POST /api/templates/email/preview",
    "POST /api/templates/check",
    "POST /api/realtime/auth",
    "POST /api/realtime/acl",
    "POST /api/providers/{id}/templates/refresh",
    "POST /api/providers/kinds/{provider}/keys",
    "POST /api/providers/{id}/check",
    "POST /api/campaigns/estimate",
    "POST /api/campaigns/{id}/review",
    "POST /api/session/invitation",
  ]),
  ...because("a session of one's own begins or ends; wrong passwords are in the history as account.locked", [
    "POST /api/session",
    "DELETE /api/session",
    "POST /api/session/code",
  ]),
  ...because("holds from its first code on, which is account.second_factor_on", [
    "POST /api/session/second-factor",
  ]),
};

function because(reason: string, routes: readonly string[]): Record<string, string> {
  return Object.fromEntries(routes.map((route) => [route, reason]));
}

test("every route that changes something writes it down, or is spared for a reason", async () => {
  const { paths } = (await product.call("GET", "/openapi.json")).body;
  const routes = Object.entries<Record<string, { "x-permission"?: string }>>(paths).flatMap(
    ([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) =>
        method !== "get" || /\/(addTag|removeTag)\//.test(path)
          ? [{ route: `${method.toUpperCase()} ${path}`, permission: operation["x-permission"] }]
          : [],
      ),
  );
  const known = routes.map(({ route }) => route);
  assert.deepEqual(
    known.filter((route) => written.has(route) === route in spared),
    [],
    "each is tried above, or in the list of those that are spared, and not in both",
  );
  assert.deepEqual(
    [...written, ...Object.keys(spared)].filter((route) => !known.includes(route)),
    [],
  );
});

test("no secret is in the history", async () => {
  assert.ok(secrets.size > 20);
  for (const secret of secrets) {
    const { rows } = await product.db.query<Entry>(sql`
      select action, detail from audit_log where strpos(audit_log::text, ${secret}) > 0`);
    assert.deepEqual(rows, [], secret);
  }
});
