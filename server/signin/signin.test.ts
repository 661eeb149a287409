import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base32 } from "@better-auth/utils/base32";
import { createOTP } from "@better-auth/utils/otp";
import sql from "sql-template-tag";
import { joinAs, openTestBrowser, signInOwner, type TestBrowser, testPassword } from "../testing/panel.ts";
import { call, startTestProduct, type TestProduct } from "../testing/product.ts";
import { resetPassword } from "./account.ts";

let product: TestProduct;
let owner: TestBrowser;

before(async () => {
  product = await startTestProduct(undefined, { TRUST_PROXY: "true" });
  owner = await signInOwner(product);
});
after(() => product.stop());

const signIn = (browser: TestBrowser, email: string, password: string) =>
  browser.call("POST", "/api/session", { email, password });

const actions = async () =>
  (await product.call("GET", "/api/audit?limit=200")).body.data.map(
    ({ action }: { action: string }) => action,
  );

test("an invitation lets in who it was sent to, once, with its role", async () => {
  const invited = await owner.call("POST", "/api/team/invitations", {
    ...{ email: "Mina@Example.com", role: "marketer" },
  });
  assert.equal(invited.status, 201);
  assert.match(invited.body.link, /\/join#code=[\w-]{32}$/);
  const code = invited.body.link.split("code=")[1];
  const mina = openTestBrowser(product);
  const shown = await mina.call("POST", "/api/session/invitation", { code });
  assert.deepEqual(shown.body, {
    ...{ email: "mina@example.com", app: "demo-shop", role: "marketer", invitedBy: "olga@example.com" },
    hasAccount: false,
  });
  const weak = await mina.call("POST", "/api/session/invitation/accept", {
    ...{ code, name: "Mina", password: "mina1234" },
  });
  assert.equal(weak.status, 422);
  assert.equal(weak.body.errors[0].pointer, "/password");
  assert.match(weak.body.errors[0].detail, /guessed too soon/);
  const joined = await mina.call("POST", "/api/session/invitation/accept", {
    ...{ code, name: "Mina", password: testPassword },
  });
  assert.equal(joined.status, 200);
  assert.equal(joined.body.apps[0].role, "marketer");
  assert.ok(!joined.body.apps[0].permissions.includes("settings:write"));
  const again = openTestBrowser(product);
  assert.equal((await again.call("POST", "/api/session/invitation", { code })).status, 409);
  const team = (await owner.call("GET", "/api/team")).body;
  assert.deepEqual(team.invitations, []);
  assert.deepEqual(
    team.members.map((member: { email: string; role: string; isYou: boolean }) => [
      ...[member.email, member.role, member.isYou],
    ]),
    [
      ["olga@example.com", "owner", true],
      ["mina@example.com", "marketer", false],
    ],
  );
  const twice = await owner.call("POST", "/api/team/invitations", {
    email: "mina@example.com",
    role: "admin",
  });
  assert.equal(twice.status, 409);
});

test("an invitation that is taken back, replaced or expired opens nothing", async () => {
  const invite = async () =>
    (await owner.call("POST", "/api/team/invitations", { email: "late@example.com", role: "analyst" })).body;
  const first = await invite();
  const second = await invite();
  const look = async ({ link }: { link: string }) =>
    (
      await openTestBrowser(product).call("POST", "/api/session/invitation", {
        code: link.split("code=")[1],
      })
    ).status;
  assert.equal(await look(first), 409);
  assert.equal(await look(second), 200);
  await product.db.query(sql`
    update invitations set expires_at = now() - interval '1 second' where email = 'late@example.com'`);
  assert.equal(await look(second), 409);
  const third = await invite();
  assert.equal((await owner.call("DELETE", `/api/team/invitations/${third.id}`)).status, 204);
  assert.equal(await look(third), 409);
});

test("an app keeps an owner, admins make none, and who is removed is out at once", async () => {
  const admin = await joinAs(product, owner, "admin");
  const members: { id: string; role: string }[] = (await admin.call("GET", "/api/team")).body.members;
  const idOf = (role: string) => members.find((member) => member.role === role)?.id;
  const toOwner = await admin.call("PATCH", `/api/team/${idOf("admin")}`, { role: "owner" });
  assert.deepEqual(
    [toOwner.status, toOwner.body.detail],
    [403, "Only an owner can make somebody an owner, or change one."],
  );
  assert.equal((await admin.call("DELETE", `/api/team/${idOf("owner")}`)).status, 403);
  const last = await owner.call("PATCH", `/api/team/${idOf("owner")}`, { role: "admin" });
  assert.deepEqual([last.status, /only owner/.test(last.body.detail)], [409, true]);
  assert.equal((await admin.call("GET", "/api/users")).status, 200);
  const demoted = await owner.call("PATCH", `/api/team/${idOf("admin")}`, { role: "analyst" });
  assert.equal(demoted.status, 200);
  const refused = await admin.call("GET", "/api/users");
  assert.equal(refused.status, 403);
  assert.match(refused.body.detail, /Your role in this app \(analyst\) does not include users:read/);
  assert.equal((await owner.call("DELETE", `/api/team/${idOf("admin")}`)).status, 204);
  const gone = await admin.call("GET", "/api/campaigns");
  assert.equal(gone.status, 403);
  assert.ok((await actions()).includes("member.removed"));
});

test("ten wrong passwords lock an account for a while, whoever gives the right one, until an operator opens it", async () => {
  await joinAs(product, owner, "support");
  const email = "support@example.com";
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 10; attempt++)
    statuses.push((await signIn(openTestBrowser(product), email, "wrong")).status);
  assert.deepEqual(new Set(statuses), new Set([401]));
  const locked = await signIn(openTestBrowser(product), email, testPassword);
  assert.equal(locked.status, 429);
  assert.match(locked.body.detail, /wrong 10 times.*15 more minutes.*reset-password support@example.com/);
  const password = "another quiet lantern";
  assert.equal(await resetPassword(product.db, { email, password, keepsSecondFactor: false }), true);
  assert.equal((await signIn(openTestBrowser(product), email, password)).status, 200);
  const told = await actions();
  assert.ok(told.includes("account.locked") && told.includes("account.password_reset"));
  // Nobody learns which addresses have an account.
  for (let attempt = 0; attempt < 10; attempt++)
    await signIn(openTestBrowser(product), "no@example.com", "wrong");
  assert.equal((await signIn(openTestBrowser(product), "no@example.com", "wrong")).status, 429);
});

test("a second factor is asked for from its first code on; backup codes work once, and it can be removed", async () => {
  const analyst = await joinAs(product, owner, "analyst");
  const email = "analyst@example.com";
  assert.equal((await analyst.call("POST", "/api/session/second-factor", { password: "wrong" })).status, 422);
  const { body } = await analyst.call("POST", "/api/session/second-factor", { password: testPassword });
  assert.match(body.uri, /^otpauth:\/\/totp\/.*issuer=Chapar/);
  assert.equal(body.backupCodes.length, 10);
  // Prepared is not turned on.
  assert.equal((await signIn(openTestBrowser(product), email, testPassword)).status, 200);
  const totp = createOTP(new TextDecoder().decode(base32.decode(body.secret)));
  const wrong = await analyst.call("POST", "/api/session/second-factor/confirm", { code: "000000" });
  assert.deepEqual([wrong.status, wrong.body.errors?.[0].pointer], [422, "/code"]);
  const code = await totp.totp();
  assert.equal((await analyst.call("POST", "/api/session/second-factor/confirm", { code })).status, 204);
  assert.equal((await analyst.call("GET", "/api/session")).body.account.hasSecondFactor, true);

  const elsewhere = openTestBrowser(product);
  const first = await signIn(elsewhere, email, testPassword);
  assert.deepEqual([first.status, first.body], [202, { needsCode: true }]);
  assert.equal((await elsewhere.call("GET", "/api/session")).status, 401);
  assert.equal((await elsewhere.call("POST", "/api/session/code", { code: "000000" })).status, 422);
  const second = await elsewhere.call("POST", "/api/session/code", { code: await totp.totp() });
  assert.equal(second.status, 200);
  assert.equal(second.body.account.email, email);

  const [backup] = body.backupCodes;
  const byBackup = openTestBrowser(product);
  await signIn(byBackup, email, testPassword);
  const trusted = await byBackup.call("POST", "/api/session/code", { code: backup, trustsDevice: true });
  assert.equal(trusted.status, 200);
  await byBackup.call("DELETE", "/api/session");
  assert.equal((await signIn(byBackup, email, testPassword)).status, 200, "this device was trusted");
  const again = openTestBrowser(product);
  await signIn(again, email, testPassword);
  assert.equal((await again.call("POST", "/api/session/code", { code: backup })).status, 422);

  const removed = await byBackup.call("POST", "/api/session/second-factor/remove", {
    password: testPassword,
  });
  assert.equal(removed.body.account.hasSecondFactor, false);
  assert.equal((await signIn(openTestBrowser(product), email, testPassword)).status, 200);
});

test("one sees where one is signed in, and signs out there; a new password does it everywhere", async () => {
  const here = await joinAs(product, owner, "campaign_manager");
  const email = "campaign_manager@example.com";
  const there = openTestBrowser(product);
  await signIn(there, email, testPassword);
  const devices = (await here.call("GET", "/api/session/devices")).body;
  assert.deepEqual(
    devices
      .map(({ isCurrent, userAgent }: { isCurrent: boolean; userAgent: string }) => [isCurrent, userAgent])
      .sort(),
    [
      [false, "Test browser"],
      [true, "Test browser"],
    ],
  );
  const other = devices.find(({ isCurrent }: { isCurrent: boolean }) => !isCurrent);
  assert.equal((await owner.call("DELETE", `/api/session/devices/${other.id}`)).status, 404);
  assert.equal((await here.call("DELETE", `/api/session/devices/${other.id}`)).status, 204);
  assert.equal((await there.call("GET", "/api/session")).status, 401);
  await signIn(there, email, testPassword);
  const newPassword = "seven brass kettles";
  const wrong = await here.call("POST", "/api/session/password", { currentPassword: "no", newPassword });
  assert.equal(wrong.body.errors[0].pointer, "/currentPassword");
  const changed = await here.call("POST", "/api/session/password", {
    ...{ currentPassword: testPassword, newPassword },
  });
  assert.equal(changed.status, 204);
  assert.equal((await there.call("GET", "/api/session")).status, 401);
  assert.equal((await here.call("GET", "/api/session")).status, 200);
  assert.equal((await signIn(there, email, testPassword)).status, 401);
  assert.equal((await signIn(there, email, newPassword)).status, 200);
});

test("an access token does what its scopes say, until it expires or is revoked", async () => {
  const make = async (body: object) => (await owner.call("POST", "/api/tokens", body)).body;
  const by = (token: string, method: string, path: string, body?: unknown) =>
    call(`${product.url}${path}`, method, { "x-access-token": token }, body);
  const { token, id } = await make({ name: "CRM", scopes: ["users:write"] });
  assert.equal((await by(token, "GET", "/api/users")).status, 200, "who may write may read");
  const refused = await by(token, "POST", "/api/push/byQuery", { target: {}, content: "hi" });
  assert.equal(refused.status, 403);
  assert.match(refused.body.detail, /scopes lack messages:write/);
  const listed = (await owner.call("GET", "/api/tokens")).body.data.find(
    (one: { id: string }) => one.id === id,
  );
  assert.deepEqual(
    [listed.scopes, listed.createdBy, "token" in listed, listed.lastUsedAt !== null],
    [["users:write"], "olga@example.com", false, true],
  );
  // A GET that writes is a write.
  const reader = await make({ name: "reader", scopes: ["users:read"] });
  assert.equal((await by(reader.token, "GET", "/api/installations/addTag/sara/vip")).status, 403);
  assert.equal((await by(token, "POST", "/api/tokens", { name: "x" })).status, 403);
  const maker = await make({ name: "maker", scopes: ["tokens:write"] });
  const more = await by(maker.token, "POST", "/api/tokens", { name: "x", scopes: ["users:read"] });
  assert.match(more.body.detail, /You may not do this yourself/);
  assert.equal((await by(maker.token, "POST", "/api/tokens", { name: "x" })).status, 403);
  const { token: inviter } = await make({ name: "inviter", scopes: ["team:write"] });
  const invited = await by(inviter, "POST", "/api/team/invitations", {
    email: "y@example.com",
    role: "admin",
  });
  assert.deepEqual([invited.status, /lacks dashboard:read/.test(invited.body.detail)], [403, true]);
  const late = await owner.call("POST", "/api/tokens", { name: "x", expiresAt: "2020-01-01T00:00:00Z" });
  assert.equal(late.body.errors[0].pointer, "/expiresAt");
  const soon = await make({ name: "x", expiresAt: new Date(Date.now() + 1_000).toISOString() });
  assert.equal((await by(soon.token, "GET", "/api/settings")).status, 200);
  await product.db.query(sql`select pg_sleep(1.1)`);
  const expired = await by(soon.token, "GET", "/api/settings");
  assert.deepEqual([expired.status, /has expired/.test(expired.body.detail)], [401, true]);
  const unused = await make({ name: "unused" });
  assert.equal((await owner.call("DELETE", `/api/tokens/${unused.id}`)).status, 204);
  assert.equal((await by(unused.token, "GET", "/api/settings")).status, 401);
});

test("another app is made by its owner, and has a team and tokens of its own", async () => {
  const made = await owner.call("POST", "/api/apps", {
    ...{ appId: "second-shop", name: "Second shop", timeZone: "Asia/Tehran" },
  });
  assert.equal(made.status, 201);
  const { apps } = (await owner.call("GET", "/api/session")).body;
  assert.deepEqual(
    apps.map(({ appId, role }: { appId: string; role: string }) => [appId, role]),
    [
      ["demo-shop", "owner"],
      ["second-shop", "owner"],
    ],
  );
  const { token } = (await owner.call("POST", "/api/tokens", { name: "t" }, "second-shop")).body;
  const headers = { "x-access-token": token };
  assert.equal((await call(`${product.url}/api/apps`, "GET", headers)).body[0].appId, "second-shop");
  const team = (await owner.call("GET", "/api/team", undefined, "second-shop")).body;
  assert.equal(team.members.length, 1);
  assert.equal((await owner.call("POST", "/api/apps", { ...made.body })).body.errors[0].pointer, "/appId");
  const byToken = await product.call("POST", "/api/apps", { ...made.body, appId: "third" });
  assert.equal(byToken.status, 403);
});
