import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { startTestProduct } from "../server/testing/product.ts";
import { createAccount, launchBrowser, linkTo, openPage } from "./browser.ts";

let product: Awaited<ReturnType<typeof startTestProduct>>;
let browser: Browser;

before(async () => {
  product = await startTestProduct();
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await product?.stop();
});

test("a user is added, found by phone and by name, and changed", async () => {
  const { page, faults } = await openPage(browser);
  await createAccount(page, product.signInLink);
  await linkTo(page, "Users").click();

  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("User id").fill("starter");
  await dialog.getByLabel("Name").fill("سارا کریمی");
  await dialog.getByLabel("Phone").fill("12");
  await dialog.getByRole("button", { name: "Add user" }).click();
  await dialog.getByText("This is no phone number").waitFor();
  await dialog.getByLabel("Phone").fill("+98 912 123 4567");
  await dialog.getByRole("button", { name: "Add user" }).click();
  await page.getByRole("heading", { name: "سارا کریمی" }).waitFor();
  await page.getByText("+989121234567").waitFor();

  await page.getByRole("button", { name: "Add attribute" }).click();
  await dialog.getByLabel("Name").fill("score");
  await dialog.getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "Number" }).click();
  await dialog.getByLabel("Value").fill("12.5");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Edit score" }).click();
  await dialog.getByLabel("Value").fill("13");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "hidden" });

  await page.getByRole("combobox", { name: "Tags of this user" }).fill("vip");
  await page.keyboard.press("Enter");
  await page.getByRole("switch", { name: "Gets messages by SMS" }).click({ force: true });
  await page.getByText("Opted out").waitFor();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await dialog.getByLabel("E-mail").fill("Sara@Example.com");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("main").getByText("sara@example.com").waitFor();

  const stored = (await product.call("GET", "/api/users/starter")).body;
  assert.deepEqual(stored.attributes, { name: "سارا کریمی", score: 13 });
  assert.deepEqual(stored.tags, ["vip"]);
  assert.deepEqual(stored.optedOut, ["sms"]);
  assert.equal(stored.phone, "989121234567");

  await linkTo(page, "Users").click();
  await product.call("POST", "/api/users", { userId: "other" });
  const search = page.getByRole("searchbox", { name: "Search users" });
  for (const text of ["0912 123 4567", "كريمي", "sara@"]) {
    await search.fill("nobody at all");
    await page.getByText("Nobody matches").waitFor();
    await search.fill(text);
    await page.getByRole("link", { name: "سارا کریمی" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "other" }).count(), 0);
  }
  await search.fill("");
  await page.getByRole("combobox", { name: "Filter by tag" }).click();
  await page.getByRole("option", { name: "vip" }).click();
  await page.getByText("Tag: vip").waitFor();
  await page.getByRole("link", { name: "other" }).waitFor({ state: "detached" });

  // The refused phone is a 422, which Chromium logs.
  assert.deepEqual(
    faults.filter((fault) => !fault.includes("422")),
    [],
  );
});
