import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { openTestBrowser, signInOwner, type TestBrowser } from "../testing/panel.ts";
import { startTestProduct } from "../testing/product.ts";
import { startOidcStandIn } from "../testing/stand-ins/oidc.ts";

/** A product that knows where it is, since the provider sends browsers back there. */
async function startWithCompany(t: TestContext, publicUrl?: string) {
  const company = await startOidcStandIn();
  t.after(() => company.stop());
  const port = await freePort();
  const product = await startTestProduct(t, {
    ...{ PORT: String(port), PUBLIC_URL: publicUrl ?? `http://localhost:${port}`, TRUST_PROXY: "true" },
    ...{ OIDC_ISSUER: company.url, OIDC_CLIENT_ID: company.clientId, OIDC_NAME: "Example Ltd" },
    OIDC_CLIENT_SECRET: company.clientSecret,
  });
  return { company, product };
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** There and back, as a browser follows redirects; answers the address of the panel it ends at. */
async function throughCompany(browser: TestBrowser): Promise<string> {
  const out = await browser.follow("/api/session/company");
  const there = await fetch(out, { redirect: "manual" });
  const back = new URL(there.headers.get("location") ?? "");
  return browser.follow(back.pathname + back.search);
}

test("who was invited signs in with the company's provider, and nobody else", async (t) => {
  const { company, product } = await startWithCompany(t);
  const owner = await signInOwner(product);
  const ways = await openTestBrowser(product).call("GET", "/api/session/ways");
  assert.deepEqual(ways.body, { company: { name: "Example Ltd" } });

  company.person = { email: "stranger@example.com", name: "A stranger" };
  const stranger = openTestBrowser(product);
  assert.match(await throughCompany(stranger), /^\/signin\?fault=/);
  assert.equal((await stranger.call("GET", "/api/session")).status, 401);

  const invited = await owner.call("POST", "/api/team/invitations", {
    email: "mina@example.com",
    role: "admin",
  });
  const code = invited.body.link.split("code=")[1];
  const mina = openTestBrowser(product);
  // An account without a password: the provider is the only way in.
  const joined = await mina.call("POST", "/api/session/invitation/accept", { code, name: "Mina" });
  assert.deepEqual(
    [joined.status, joined.body.detail],
    [401, "You are in the team; now sign in with Example Ltd."],
  );
  company.person = { email: "mina@example.com", name: "Mina" };
  assert.equal(await throughCompany(mina), "/");
  const session = (await mina.call("GET", "/api/session")).body;
  assert.deepEqual([session.account.email, session.account.hasPassword], ["mina@example.com", false]);
  assert.equal(session.apps[0].role, "admin");
  const byPassword = await openTestBrowser(product).call("POST", "/api/session", {
    ...{ email: "mina@example.com", password: "anything at all" },
  });
  assert.equal(byPassword.status, 401);

  // The owner, who has a password, may come either way.
  company.person = { email: "olga@example.com", name: "Olga" };
  const olga = openTestBrowser(product);
  assert.equal(await throughCompany(olga), "/");
  assert.equal((await olga.call("GET", "/api/session")).body.account.hasPassword, true);

  // Whoever opens an account there under her address, without having her mail.
  company.person = { email: "olga@example.com", name: "Olga", verified: false };
  const liar = openTestBrowser(product);
  assert.match(await throughCompany(liar), /^\/signin\?fault=/);
  assert.equal((await liar.call("GET", "/api/session")).status, 401);

  company.person = null;
  assert.match(await throughCompany(openTestBrowser(product)), /^\/signin\?fault=access_denied/);
  // What comes back must be what this browser was sent for.
  company.person = { email: "olga@example.com", name: "Olga" };
  const start = await olga.follow("/api/session/company");
  const there = await fetch(start, { redirect: "manual" });
  const back = new URL(there.headers.get("location") ?? "");
  const thief = openTestBrowser(product);
  assert.match(await thief.follow(back.pathname + back.search), /^\/signin\?fault=/);
  assert.equal((await thief.call("GET", "/api/session")).status, 401);
});

test("a provider that cannot be reached is said so; over https cookies are for https and the server alone", async (t) => {
  const { company, product } = await startWithCompany(t, "https://panel.example");
  await company.stop();
  const browser = openTestBrowser(product);
  assert.equal(await browser.follow("/api/session/company"), "/signin?fault=unreachable");
  const code = product.signInLink.split("code=")[1];
  const details = { code, name: "Olga", email: "olga@example.com", password: "quiet lantern over gravel" };
  const first = await browser.call("POST", "/api/session/first", details);
  assert.equal(first.status, 200, JSON.stringify(first.body));
  const cookies = first.headers.getSetCookie();
  assert.ok(cookies.length > 0);
  for (const cookie of cookies) {
    assert.match(cookie, /^__Secure-chapar\./);
    for (const flag of [/; *Secure/i, /; *HttpOnly/i, /; *SameSite=Lax/i]) assert.match(cookie, flag);
  }
});
