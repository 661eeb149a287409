import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../server/testing/product.ts";
import { type Received, startReceiver } from "../server/testing/receiver.ts";
import { linkTo, openPanel } from "./browser.ts";

const { product, page, faults } = await openPanel();

const part = (name: string) =>
  page.getByRole("navigation", { name: "Parts of the settings" }).getByRole("link", { name, exact: true });
const shot = async (name: string) => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
};

test("a webhook is added, tested, told of an event, looked at and sent again", async (t) => {
  let isBroken = true;
  const { url, received } = await startReceiver(t, (_request, _number, response) => {
    if (isBroken) response.writeHead(503).end("closed for lunch");
    return isBroken;
  });
  await linkTo(page, "Settings").click();
  await part("Webhooks").click();
  await page.getByText("Nobody is told yet").waitFor();
  await page.getByRole("button", { name: "Add a webhook" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("Choose at least one").waitFor();
  await dialog.getByLabel("Name").fill("CRM");
  await dialog.getByLabel("Address").fill(url);
  await dialog.getByRole("checkbox", { name: "Event of a user" }).check();
  await shot("webhook-form");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText(/^whsec_/).waitFor();
  await dialog.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("heading", { name: "CRM" }).waitFor();
  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByText("The test did not come through").waitFor();
  await page.getByRole("table").getByText("It answered 503: closed for lunch").waitFor();
  isBroken = false;
  await page.getByRole("button", { name: "Send again" }).click();
  await page.getByRole("table").getByText("Came through").waitFor();
  await product.call("POST", "/api/users", { userId: "sara" });
  await product.call("POST", "/api/installations/track", { userId: "sara", eventName: "bought" });
  await until(
    async () => received.length,
    (count) => count === 3,
  );
  // The test before it, and the header.
  await page.getByRole("row").nth(2).waitFor();
  await page
    .getByRole("table")
    .getByRole("button", { name: /Event of a user/ })
    .first()
    .click();
  await dialog.getByText('"eventName": "bought"').waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("Failed", { exact: true }).click();
  await page.getByText("Nothing has failed").waitFor();
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByRole("button", { name: "Switch on" }).waitFor();
  assert.equal((received[2] as Received).items[0].userId, "sara");
});

test("name, default texts and retention are changed, and a topic's titles are taken away", async () => {
  await part("General").click();
  await page.getByLabel("Name of the app").fill("My shop");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The settings are saved").waitFor();
  await part("Default texts").click();
  await page.getByLabel("Title").fill("News from the shop");
  // Whoever goes on while it is on its way is not asked, and is told wherever they are by then.
  const slowly = { isOver: false };
  await page.route(
    "**/api/settings",
    async (route) => {
      await page.getByRole("heading", { name: "Retention" }).waitFor();
      slowly.isOver = true;
      await route.continue();
    },
    { times: 1 },
  );
  await page.getByText("The settings are saved").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Save" }).click();
  await part("Retention").click();
  await page.getByText("The settings are saved").waitFor();
  assert.ok(slowly.isOver);
  await page.getByLabel("Days").fill("0");
  await page.getByRole("main").getByRole("button", { name: "Save" }).click();
  await page.getByText("A whole number from 1 to 3650").waitFor();
  await page.getByLabel("Days").fill("30");
  await page.getByRole("main").getByRole("button", { name: "Save" }).click();
  const settings = await until(
    async () => (await product.call("GET", "/api/settings")).body,
    ({ importFileDays }) => importFileDays === 30,
  );
  assert.deepEqual([settings.name, settings.defaultTexts.title], ["My shop", "News from the shop"]);
  await product.call("PUT", "/api/topics/offers", { titles: { en: "Offers" }, isListed: true });
  await part("Topics").click();
  await page.getByRole("button", { name: "Take away Offers" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Take away" }).click();
  await page.getByRole("button", { name: "Take away Offers" }).waitFor({ state: "detached" });
});

test("every part fits a phone, also from right to left", async () => {
  const { body } = await product.call("GET", "/api/webhooks");
  await product.call("PUT", "/api/topics/offers", { titles: { fa: "پیشنهادها" }, isListed: true });
  await product.call("PATCH", `/api/webhooks/${body.data[0].id}`, {
    url: "http://a-very-long-name-of-a-server.example.com:8443/hooks/chapar/with/a/long/path",
  });
  const paths = [
    "",
    "apps",
    "texts",
    "topics",
    "promo",
    "webhooks",
    `webhooks/${body.data[0].id}`,
    "retention",
  ];
  for (const [language, width] of [
    ["en", 390],
    ["fa", 390],
    ...(process.env.SHOTS
      ? ([
          ["en", 1280],
          ["fa", 1280],
        ] as const)
      : []),
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(`localStorage.setItem("chapar.language", "${language}")`);
    for (const path of paths) {
      await page.goto(`${product.url}/settings/${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle").catch(() => {});
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width, `${language} ${path}`);
      await shot(`${path.replace("/", "-").slice(0, 12) || "general"}-${language}-${width}`);
    }
  }
  assert.deepEqual(faults, []);
});
