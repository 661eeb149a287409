// The team of an app in Chromium: invited by a link, let in with a role, and with a second factor.
import assert from "node:assert/strict";
import { test } from "node:test";
import { base32 } from "@better-auth/utils/base32";
import { createOTP } from "@better-auth/utils/otp";
import type { Page } from "playwright-core";
import { linkTo, openPage, openPanel } from "./browser.ts";

const { product, browser, ...owner } = await openPanel();

const openSettings = async (page: Page, part: string) => {
  await linkTo(page, "Settings").click();
  await page
    .getByRole("navigation", { name: "Parts of the settings" })
    .getByRole("link", { name: part })
    .click();
  await page.getByRole("heading", { level: 1, name: part }).waitFor();
};

/** Asks somebody in; answers the link. */
async function invite(email: string, role: string): Promise<string> {
  const { page } = owner;
  await openSettings(page, "Team");
  await page.getByRole("button", { name: "Invite somebody" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("E-mail").fill(email);
  await dialog.getByRole("radio", { name: role }).check();
  await dialog.getByRole("button", { name: "Make a link" }).click();
  const link = (await dialog.getByLabel("Send them this link").textContent()) ?? "";
  await dialog.getByRole("button", { name: "Done" }).click();
  return link.replace(/^http:\/\/[^/]+/, product.url);
}

test("somebody is invited, joins in Persian, and is offered what their role may do", async () => {
  const link = await invite("mina@example.com", "Marketer");
  const { page, faults } = await openPage(browser);
  await page.addInitScript(`localStorage.setItem("chapar.language", "fa")`);
  await page.goto(link);
  await page.getByRole("heading", { name: "پیوستن به demo-shop" }).waitFor();
  await page.getByText("با نقش «بازاریاب» دعوت کرده است", { exact: false }).waitFor();
  assert.ok(!page.url().includes("code"), "the code stays out of the history");
  await page.getByLabel("نام شما").fill("مینا");
  const password = page.getByLabel("رمز عبور", { exact: true });
  await password.fill("mina12345");
  await page.getByRole("button", { name: "پیوستن" }).click();
  await page.getByText("این رمز خیلی زود حدس زده می‌شود", { exact: false }).waitFor();
  assert.equal(await page.getByLabel("نام شما").inputValue(), "مینا", "what was written stays");
  await password.fill("quiet lantern over gravel");
  await page.getByRole("button", { name: "پیوستن" }).click();
  await page.getByRole("heading", { name: "نمای کلی" }).first().waitFor();
  const menu = page.getByRole("navigation").first();
  await menu.getByRole("link", { name: "کمپین‌ها" }).click();
  await page.getByRole("heading", { level: 1, name: "کمپین‌ها" }).waitFor();
  await menu.getByRole("link", { name: "تنظیمات" }).click();
  const parts = page.getByRole("navigation", { name: "بخش‌های تنظیمات" });
  await parts.waitFor();
  assert.equal(await parts.getByRole("link", { name: "تیم" }).count(), 0);
  await page.goto(`${product.url}/settings/team`);
  await page.getByText("does not include team:read", { exact: false }).waitFor();
  assert.deepEqual(
    faults.filter((fault) => !/40[13]|422/.test(fault)),
    [],
  );

  // The owner sees them at once, and takes them out.
  const team = owner.page.getByRole("table", { name: "Members of the team" });
  await owner.page.reload();
  await team.getByRole("row", { name: /مینا/ }).waitFor();
  await owner.page.getByRole("button", { name: "Take مینا out of the team" }).click();
  await owner.page.getByRole("dialog").getByRole("button", { name: "Take out" }).click();
  await team.getByRole("row", { name: /مینا/ }).waitFor({ state: "detached" });
});

test("a second factor is turned on by a code of the app, and asked for at the next sign-in", async () => {
  const { page, faults } = await openPage(browser);
  await page.goto(await invite("nima@example.com", "Analyst"));
  await page.getByLabel("Your name").fill("Nima");
  await page.getByLabel("Password", { exact: true }).fill("quiet lantern over gravel");
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await page.getByRole("heading", { name: "Today" }).waitFor();
  await page.getByRole("button", { name: /^Nima/ }).click();
  await page.getByRole("menuitem", { name: "Your account" }).click();
  await page.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
  await page.getByRole("button", { name: "Turn it on" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Your password").fill("wrong");
  await dialog.getByRole("button", { name: "Next" }).click();
  await dialog.getByText("This is not your password").waitFor();
  await dialog.getByLabel("Your password").fill("quiet lantern over gravel");
  await dialog.getByRole("button", { name: "Next" }).click();
  await dialog.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
  const secret = (await dialog.getByLabel("Scan this with your authenticator app").textContent()) ?? "";
  const app = createOTP(new TextDecoder().decode(base32.decode(secret.trim())));
  await dialog.getByLabel("Code of the app").fill(await app.totp());
  await dialog.getByRole("button", { name: "Turn it on" }).click();
  await dialog.getByText("Backup codes").first().waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();

  await page.getByRole("button", { name: /^Nima/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByLabel("E-mail").fill("nima@example.com");
  await page.getByLabel("Password", { exact: true }).fill("quiet lantern over gravel");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "One more step" }).waitFor();
  await page.getByLabel("Code", { exact: true }).fill(await app.totp());
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  assert.deepEqual(
    faults.filter((fault) => !/40[13]|422/.test(fault)),
    [],
  );
});

test("an access token is made for a purpose, shown once, used, and revoked; the history tells all of it", async () => {
  const { page, faults } = owner;
  await openSettings(page, "Access tokens");
  await page.getByRole("button", { name: "Make a token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make a token" }).click();
  await dialog.getByText("Choose at least one thing").waitFor();
  await dialog.getByLabel("Name").fill("CRM");
  const users = dialog.getByRole("radiogroup", { name: "Access to: Users, devices, tags, attributes" });
  await users.getByText("Read", { exact: true }).click();
  await dialog.getByRole("button", { name: "Make a token" }).click();
  await dialog.getByText("it is not shown again", { exact: false }).waitFor();
  const token = (await dialog.getByLabel("Access tokens").textContent()) ?? "";
  const headers = { "x-access-token": token };
  assert.equal((await fetch(`${product.url}/api/users`, { headers })).status, 200);
  assert.equal((await fetch(`${product.url}/api/campaigns`, { headers })).status, 403);
  await dialog.getByRole("button", { name: "Done" }).click();
  const row = page.getByRole("row", { name: /CRM/ });
  await row.getByText("users:read").waitFor();
  await row.getByRole("button", { name: "Revoke “CRM”" }).click();
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await row.getByText("Revoked").waitFor();

  await page
    .getByRole("navigation", { name: "Parts of the settings" })
    .getByRole("link", { name: "History" })
    .click();
  const history = page.getByRole("table", { name: "History of changes" });
  const made = history.getByRole("row", { name: /Access token: made/ });
  await made.getByText("CRM").waitFor();
  await history.getByRole("row", { name: /Access token: revoked/ }).waitFor();
  await made.getByRole("button", { name: "Details: Access token: made" }).click();
  await dialog.getByText('"users:read"', { exact: false }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("combobox", { name: "Kind" }).click();
  await page.getByRole("option", { name: "Member of the team" }).click();
  await history.getByRole("row", { name: /Member of the team: taken out/ }).waitFor();
  await made.waitFor({ state: "detached" });
  assert.deepEqual(
    faults.filter((fault) => !/40[13]/.test(fault)),
    [],
  );
});

test("another app is made and switched to, and nothing of the first is in it", async () => {
  const { page } = owner;
  await page.getByRole("button", { name: /^Sara Ahmadi/ }).click();
  await page.getByRole("menuitem", { name: "New app" }).click();
  await page.getByLabel("Name").fill("Second shop");
  await page.getByLabel("App id").fill("Second shop");
  await page.getByRole("button", { name: "Make the app" }).click();
  await page.getByText("Lower-case letters, digits and hyphens only", { exact: false }).waitFor();
  await page.getByLabel("App id").fill("demo-shop");
  await page.getByRole("button", { name: "Make the app" }).click();
  await page.getByText("There is an app with this id already").waitFor();
  await page.getByLabel("App id").fill("second-shop");
  await page.getByRole("button", { name: "Make the app" }).click();
  const apps = page.getByRole("combobox", { name: "App" });
  await apps.waitFor();
  assert.equal(await apps.inputValue(), "Second shop");
  await openSettings(page, "Access tokens");
  await page.getByText("There is no token").waitFor();
  await apps.click();
  await page.getByRole("option", { name: "demo-shop" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await openSettings(page, "Access tokens");
  await page.getByRole("row", { name: /CRM/ }).waitFor();
});
