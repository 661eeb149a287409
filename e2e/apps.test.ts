import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { until } from "../server/testing/product.ts";
import { linkTo, openPanel } from "./browser.ts";

const { product, page, faults } = await openPanel();

const keys = async () => (await product.call("GET", "/api/public-keys")).body.data;
const settings = async () => (await product.call("GET", "/api/settings")).body;

test("a public key is made for the pages of a shop, changed and deleted", async () => {
  await linkTo(page, "Settings").click();
  await page.getByRole("link", { name: "Apps and websites" }).click();
  await page.getByRole("heading", { name: "Apps and websites" }).waitFor();
  await page.getByText("There is no public key yet.").waitFor();
  await page.getByRole("button", { name: "Add a key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("Give it a name").waitFor();
  await dialog.getByLabel("Name").fill("Online shop");
  await dialog.getByRole("combobox", { name: "Pages that may use it" }).fill("https://shop.example/cart?x=1");
  await page.keyboard.press("Enter");
  await dialog.getByRole("combobox", { name: "Pages that may use it" }).fill("two words");
  await page.keyboard.press("Enter");
  await dialog.getByText("two words is no address of a page").waitFor();
  await page.keyboard.press("Backspace");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "hidden" });
  const [made] = await keys();
  assert.deepEqual([made.name, made.origins], ["Online shop", ["https://shop.example"]]);
  await page.getByText(made.key).waitFor();
  await page.getByRole("button", { name: "Change “Online shop”" }).click();
  await dialog.getByLabel("Name").fill("Shop");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Delete “Shop”" }).click();
  await dialog.getByRole("button", { name: "Delete the key" }).click();
  await page.getByText("There is no public key yet.").waitFor();
  assert.deepEqual(await keys(), []);
});

test("the secret of the user hash is shown when asked for, and the one that replaces it proves log ins", async () => {
  const secret = page.locator("bdi.mono");
  assert.equal(await secret.count(), 0);
  await page.getByRole("button", { name: "Show the secret" }).click();
  await secret.first().waitFor();
  const before = await secret.first().textContent();
  await page.getByRole("button", { name: "Replace the secret" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Replace the secret" }).click();
  await page.getByText("This is the new secret").waitFor();
  const now = (await secret.first().textContent()) ?? "";
  assert.notEqual(now, before);
  const { body } = await product.call("GET", "/api/settings/user-hash");
  const digest = (key: string) => createHmac("sha256", key).update("sara").digest("hex");
  assert.equal(digest(now), digest(body.secret));
  await page.getByRole("switch", { name: "A log in needs a user hash" }).click({ force: true });
  await until(settings, ({ requiresUserHash }) => !requiresUserHash);
});

test("events are made public, and names that are none are refused", async () => {
  const field = page.getByRole("combobox", { name: "Public realtime events" });
  await field.fill("price/drop");
  await page.keyboard.press("Enter");
  await page.getByText("price/drop is no name of an event").waitFor();
  await page.keyboard.press("Backspace");
  await field.fill("price_drop");
  await page.keyboard.press("Enter");
  await page.getByRole("main").getByRole("button", { name: "Save" }).last().click();
  await until(settings, ({ publicEvents }) => publicEvents.includes("price_drop"));
});

test("the card fits a phone, also from right to left", async () => {
  await product.call("POST", "/api/public-keys", {
    ...{
      name: "A shop with a long name that goes on",
      origins: ["https://a-very-long-name-of-a-shop.example.com:8443"],
    },
  });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.reload();
  for (const language of ["en", "fa"]) {
    await page.evaluate(`localStorage.setItem("chapar.language", "${language}")`);
    await page.reload();
    const heading = { en: "Apps and websites", fa: "برنامه‌ها و وب‌سایت‌ها" }[language] ?? "";
    await page.getByRole("heading", { name: heading }).waitFor();
    await page.getByText("a-very-long-name").first().waitFor();
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 360, language);
    if (process.env.SHOTS)
      await page.screenshot({ path: `${process.env.SHOTS}/apps-${language}.png`, fullPage: true });
  }
  assert.deepEqual(faults, []);
});
