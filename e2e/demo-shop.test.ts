import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { type DemoShop, startDemoShop } from "../server/testing/demo-shop.ts";
import { startTestProduct, type TestProduct, until } from "../server/testing/product.ts";
import { launchBrowser } from "./browser.ts";

// The demo shop, as somebody sees it on a phone: logs in, gets a campaign while looking, buys.

let shop: DemoShop;
let product: TestProduct;
let browser: Browser;
let page: Page;
const faults: string[] = [];

before(async () => {
  shop = await startDemoShop();
  product = await startTestProduct(undefined, { CHAPAR_DEMO_BACKEND: shop.url });
  await shop.connect({ url: product.url, accessToken: product.accessToken });
  browser = await launchBrowser();
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 390, height: 844 } });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
});

after(async () => {
  await browser?.close();
  await product?.stop();
  await shop?.stop();
});

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
const inbox = () => page.getByRole("list").filter({ has: page.getByRole("button", { name: "Dismiss" }) });

async function sendCampaign(userId: string, content: object): Promise<string> {
  const made = await product.call("POST", "/api/campaigns", {
    ...{ name: "To the shop", channel: "inbox", target: { userId }, content },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { body } = await product.call("POST", `/api/campaigns/${made.body.id}/launch`);
  return body.message.id;
}

const countsOf = async (id: string) => (await product.call("GET", `/api/messages/${id}`)).body.counts;

test("who logs in by a name gets a campaign while looking, and opens it", async () => {
  await page.goto(`${product.url}/demo`);
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByLabel("Your name").fill("Sara");
  await button("Log in").click();
  await page.getByRole("heading", { name: "Welcome, Sara" }).waitFor();
  await page.getByText("send an inbox campaign to the user “Sara”").waitFor();

  const id = await sendCampaign("Sara", { content: "The blue teapot is back" });
  await button(/^Inbox/)
    .getByText("1")
    .waitFor();
  await page.getByText("open the message or mark it as seen").waitFor();
  await button(/^Inbox/).click();
  await inbox().getByText("The blue teapot is back").waitFor();
  await until(
    () => countsOf(id),
    ({ delivered }) => delivered === 1,
  );
  await button("Open").click();
  await until(
    () => countsOf(id),
    ({ clicked }) => clicked === 1,
  );
  await page.locator("#unread").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Close" }).first().click();
});

test("what is put in the cart and bought is known of the user", async () => {
  await page.getByRole("listitem").filter({ hasText: "Little rug" }).getByRole("button").click();
  await page.getByText("Little rug is in the cart").waitFor();
  await button(/^Cart/).click();
  await page.getByText("Total: €120").waitFor();
  await button("Buy").click();
  await page.getByText("Thank you!").waitFor();
  const events = await until(
    async () => (await product.call("GET", "/api/events")).body.data,
    (data) => data.length === 2,
  );
  assert.deepEqual(
    events
      .map(({ name, count, sum }: { name: string; count: number; sum: number }) => [name, count, sum])
      .sort(),
    [
      ["add_to_cart", 1, 120],
      ["purchase", 1, 120],
    ],
  );
  const { body } = await product.call("GET", "/api/users/Sara");
  assert.equal(body.attributes.first_name, "Sara");
  await page.getByRole("button", { name: "Close" }).first().click();
});

test("in Persian it runs from right to left, with Persian digits", async () => {
  await button("فارسی").click();
  assert.equal(await page.evaluate("document.documentElement.dir"), "rtl");
  await page.getByRole("heading", { name: "خوش آمدید، Sara" }).waitFor();
  await page.getByText("۲٬۴۰۰٬۰۰۰ تومان").first().waitFor();
  // Nothing sticks out of a narrow phone.
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 700 });
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
  }
  await button("خروج").click();
  await page.getByRole("heading", { name: "چیزهای خوب برای سفرهٔ چای" }).waitFor();
  assert.deepEqual(faults, []);
});

test("its backend keeps to what a shop's own server would be asked", async () => {
  const login = (body: unknown) =>
    fetch(`${product.url}/demo/backend/login`, {
      ...{ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
    });
  assert.equal((await login({ name: " " })).status, 422);
  assert.equal((await login({})).status, 422);
  const { userId, userHash } = (await (await login({ name: "Omid" })).json()) as Record<string, string>;
  assert.equal(userId, "Omid");
  assert.match(userHash ?? "", /^[0-9a-f]{64}$/);
  // Another start finds the key of the one before.
  await shop.connect({ url: product.url, accessToken: product.accessToken });
  assert.equal((await product.call("GET", "/api/public-keys")).body.data.length, 1);
});
