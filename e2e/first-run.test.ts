import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../server/testing/product.ts";
import { openPanel } from "./browser.ts";

// From an empty app to a campaign in this browser's inbox, and back to an empty app.

const { product, page, faults } = await openPanel();

const guide = () =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: /first campaign/ }) });

test("three steps lead to a campaign in the browser's own inbox", async () => {
  await page.getByRole("button", { name: "Try it with sample data" }).click();
  await page.getByText("1 of 3 done").waitFor();
  const [inbox] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("link", { name: "Open the inbox in a new tab" }).click(),
  ]);
  await inbox.getByText("Connected", { exact: true }).waitFor();

  await guide().getByRole("link", { name: "Write the campaign" }).click();
  await page.getByRole("button", { name: "Review and launch" }).click();
  await page.getByRole("button", { name: /^Send to 1/ }).click();
  await inbox.getByText("This is the first campaign").waitFor();
  await inbox.getByRole("button", { name: "Open", exact: true }).click();
  const { body } = await product.call("GET", "/api/messages");
  await until(
    () => product.call("GET", `/api/messages/${body.data[0].id}`),
    ({ body: { counts } }) => counts.clicked === 1,
  );
  await inbox.close();
});

test("the overview counts it, and is found again by the keyboard", async () => {
  await page.keyboard.press("Control+k");
  await page.getByLabel("A name, an id, or what you want to do").fill("over");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page
    .getByRole("definition")
    .filter({ hasText: /^1,\d\d\d$/ })
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Show as a table" }).click();
  await page.getByRole("columnheader", { name: "Reach: Inbox" }).waitFor();

  await page.keyboard.press("Control+k");
  await page.getByLabel("A name, an id, or what you want to do").fill("My first");
  await page.getByRole("button", { name: "My first campaign" }).first().click();
  await page.getByRole("heading", { name: "My first campaign" }).waitFor();
});

test("the sample is removed, its inbox says so, and what is the customer's stays", async () => {
  const inbox = await page.context().newPage();
  await inbox.goto(`${product.url}/try`);
  await inbox.getByText("Connected", { exact: true }).waitFor();
  await page.goto(product.url);
  await page.getByRole("button", { name: "Remove the sample data" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Remove the sample data" }).click();
  await page.getByText("The sample data are in this app.").waitFor({ state: "detached" });
  await until(
    () => product.call("GET", "/api/users"),
    ({ body }) => body.data.length === 0,
  );
  const campaigns = await product.call("GET", "/api/campaigns");
  assert.equal(campaigns.body.data[0].name, "My first campaign");
  await inbox.getByText("This inbox was removed").waitFor();
  await inbox.getByRole("button", { name: "Open a new one" }).click();
  await inbox.getByText("Connected", { exact: true }).waitFor();
  await inbox.close();
});

test("who would lose what they wrote is asked", async () => {
  await page.goto(`${product.url}/settings`);
  await page.getByRole("checkbox").first().click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Overview" }).click();
  await page.getByRole("button", { name: "Stay here" }).click();
  assert.match(page.url(), /\/settings/);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Overview" }).click();
  await page.getByRole("button", { name: "Leave", exact: true }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
});

test("a newcomer who reads Persian is led in Persian", async () => {
  await page.getByText("فارسی").first().click();
  const button = page.getByRole("button", { name: "امتحان با داده‌های نمونه" });
  if (!(await button.isVisible())) await page.getByRole("button", { name: "گام‌های نخست" }).click();
  await button.click();
  await page.getByText("داده‌های نمونه در این برنامه‌اند.").waitFor();
  await page.getByText("داده‌های نمونه", { exact: true }).first().waitFor();
  assert.deepEqual(faults, []);
});
