import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { startTestProduct, until } from "../server/testing/product.ts";
import { createAccount, launchBrowser, linkTo, openPage } from "./browser.ts";

let product: Awaited<ReturnType<typeof startTestProduct>>;
let browser: Browser;
let page: Page;
let faults: string[];

before(async () => {
  product = await startTestProduct();
  browser = await launchBrowser();
  ({ page, faults } = await openPage(browser));
  await createAccount(page, product.signInLink);
});

after(async () => {
  await browser?.close();
  await product?.stop();
});

/** Names of the accounts for SMS, in the order of their use. */
const order = () =>
  page
    .getByRole("list", { name: /^Accounts for SMS/ })
    .getByRole("listitem")
    .getByRole("link")
    .allTextContents();

const priorities = async () => {
  const { body } = await product.call("GET", "/api/providers");
  return Object.fromEntries(
    body.data.map(({ name, priority }: { name: string; priority: number }) => [name, priority]),
  );
};

test("accounts of a channel change places, by the keyboard too, and say what stands in for what", async () => {
  for (const name of ["First gateway", "Second gateway"])
    await product.call("POST", "/api/providers", {
      ...{ channel: "sms", provider: "http", name },
      config: { url: "https://sms.example.com/send", body: "{}" },
    });
  await linkTo(page, "Providers").click();
  await page.getByText("Used first.").waitFor();
  assert.deepEqual(await order(), ["First gateway", "Second gateway"]);
  const sentence = /^Takes over when .First gateway. is set up wrongly or fails for long\.$/;
  await page.getByText(sentence).waitFor();

  const up = page.getByRole("button", { name: "Move Second gateway up" });
  await up.press("Enter");
  await page.getByText(/^Takes over when .Second gateway. is set up wrongly/).waitFor();
  assert.deepEqual(await order(), ["Second gateway", "First gateway"]);
  await until(priorities, (now) => now["Second gateway"] < now["First gateway"]);
  // The button that has no use any more gave the focus to the other one.
  await page.keyboard.press("Enter");
  await page.getByText(sentence).waitFor();
  await until(priorities, (now) => now["First gateway"] < now["Second gateway"]);

  await page.getByRole("switch", { name: "Switch First gateway off" }).press("Space");
  await page.getByText("Switched off, so it is passed over.").waitFor();
  await page.getByText("Used first.").waitFor();
  assert.deepEqual(faults.splice(0), []);
});
