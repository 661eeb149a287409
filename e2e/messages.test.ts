import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { until } from "../server/testing/product.ts";
import { linkTo, openPanel } from "./browser.ts";

const { product, page, faults } = await openPanel();
const gateway = await startGateway();
after(() => gateway.stop());

/** A service that sends texts, on this machine. It takes every number but those in `refused`. */
async function startGateway() {
  const texts: { to: string; text: string; id: string; authorization: string | undefined }[] = [];
  const refused = new Set<string>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { to, text } = JSON.parse(Buffer.concat(chunks).toString());
    const isRefused = refused.has(to);
    const id = `sms-${texts.length + 1}`;
    if (!isRefused) texts.push({ to, text, id, authorization: request.headers.authorization });
    response.writeHead(isRefused ? 400 : 202, { "content-type": "application/json" });
    response.end(JSON.stringify(isRefused ? { message: "not a mobile number" } : { id }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`,
    texts,
    refused,
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

const phones = { sara: "989121111111", reza: "989122222222", amir: "989123333333" };

await makePeople();

/** Three with a phone, of whom the gateway refuses Amir's; Mina has none. */
async function makePeople() {
  gateway.refused.add(phones.amir);
  const file = [
    "userId,phone,first_name",
    `sara,+${phones.sara},Sara`,
    `reza,+${phones.reza},Reza`,
    `amir,+${phones.amir},Amir`,
    "mina,,Mina",
  ];
  const imported = await product.call("POST", "/api/imports?format=generic&name=people.csv", file.join("\n"));
  await until(
    async () => (await product.call("GET", `/api/imports/${imported.body.id}`)).body.status,
    (status) => status === "completed",
  );
}

/** A line of the numbers by state, as `Failed 1 25%`. */
const legend = (name: string, value: string) =>
  page
    .locator("dl > div")
    .filter({ hasText: new RegExp(`^${name}${value}`) })
    .first();

/** A step of the funnel. */
const step = (name: string, value: string) =>
  page
    .getByRole("listitem")
    .filter({ hasText: new RegExp(`^${name}${value}`) })
    .first();

const log = () => page.getByRole("table", { name: "Deliveries" });

/** Besides the header there is one row, of this user. */
const onlyInLog = (userId: string) =>
  until(
    () => log().getByRole("row").allTextContents(),
    (rows) => rows.length === 2 && rows[1]?.startsWith(userId) === true,
  );

async function choose(scope: Page | Locator, label: string, option: string | RegExp) {
  await scope.getByRole("combobox", { name: label, exact: true }).click();
  await page.getByRole("option", { name: option }).click();
}

test("an account of a provider is added, checked, given more by JSON, and keeps its secrets", async () => {
  await linkTo(page, "Providers").click();
  await page.getByText("No account yet").waitFor();
  await page.getByRole("link", { name: "Add an account" }).first().click();
  await page.getByRole("heading", { name: "Add an account" }).waitFor();
  await page.getByRole("radio", { name: "HTTP API" }).click();
  await page.getByRole("button", { name: "Add the account" }).click();
  await page.getByText("Give the account a name").waitFor();
  await page.getByRole("textbox", { name: /^Name( \*)?$/ }).fill("City gateway");
  await page.getByRole("textbox", { name: /^Address/ }).fill("gateway");
  await page.getByRole("button", { name: "Add a header" }).click();
  await page.getByLabel("Name of header 1").fill("authorization");
  await page.getByLabel("Value of header 1").fill("Bearer city-secret");
  await page.getByLabel("Where the id of the message is").fill("id");
  await page.getByRole("button", { name: "Add the account" }).click();
  // The server's own sentence stands at the field.
  await page.locator('input[aria-invalid="true"]').waitFor();
  await page.getByRole("textbox", { name: /^Address/ }).fill(gateway.url);
  await page.getByRole("button", { name: "Add the account" }).click();

  await page.getByRole("heading", { name: "City gateway" }).waitFor();
  await page.getByText("Active", { exact: true }).waitFor();
  assert.equal(await page.getByLabel("Value of header 1").inputValue(), "••••••••");
  // It was checked once it was there, and is once more.
  await page.getByText("The account works").waitFor();
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await page.getByText("The account works").waitFor();

  await page.getByText("Advanced, as JSON", { exact: true }).click();
  const json = page.getByRole("textbox", { name: "Configuration" });
  const config = JSON.parse(await json.inputValue());
  await json.fill("{");
  await page.getByText("This is not valid JSON").waitFor();
  const receipts = {
    ...{ subject: "providerId", idPath: "id", statusPath: "status" },
    statuses: { DELIVRD: "delivered" },
  };
  await json.fill(JSON.stringify({ ...config, receipts }));
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved", { exact: true }).first().waitFor();
  const { body } = await product.call("GET", "/api/providers");
  assert.deepEqual(body.data[0].config.receipts.statuses, { DELIVRD: "delivered" });
  assert.equal(body.data[0].channel, "sms");

  assert.deepEqual(
    faults.splice(0).filter((fault) => !fault.includes("422")),
    [],
  );
});

/** Writes a campaign by SMS to everyone, up to its launch. */
async function compose() {
  await linkTo(page, "Campaigns").click();
  await page.getByRole("link", { name: "New campaign" }).first().click();
  await page.getByRole("heading", { name: "New campaign" }).waitFor();
  await page.getByRole("radio", { name: "SMS" }).click();
  await page.getByText("3 of 4 users can be reached by SMS").waitFor();
  await page.getByRole("button", { name: "Review and launch" }).click();
  await page.getByText("Give the campaign a name").waitFor();
  await page.getByText("Write what the message should say").waitFor();
  await page.getByRole("textbox", { name: /^Name/ }).fill("Yalda");
  const text = page.getByRole("textbox", { name: /^Text/ });
  await text.fill("Hi ");
  await page.getByRole("button", { name: "Insert a variable into Text" }).click();
  await page.getByRole("textbox", { name: "Search variables" }).fill("first");
  await page.getByRole("option", { name: /^first_name/ }).click();
  await page.keyboard.type("!");
  assert.equal(await text.inputValue(), "Hi {{ user.first_name }}!");
  const preview = page.getByRole("figure", { name: "Preview" });
  await preview.getByText(/^Hi (Sara|Reza|Amir|Mina)!$/).waitFor();
  await page.getByText("1 SMS", { exact: true }).waitFor();
  await page.getByText("3 SMS", { exact: true }).waitFor();
  await page.getByText("Draft saved").waitFor();
}

test("a campaign is written, kept as a draft, tested and launched; its report says what became of it", async () => {
  await compose();

  // What is broken is said at once, and what is missing for whom.
  const text = page.getByRole("textbox", { name: /^Text/ });
  await text.fill("Hi {{ user.first_name");
  await page.getByText(/The text cannot be filled in:.*not closed/).waitFor();
  await text.fill("Hi {{ user.nickname }}!");
  await page.getByText(/has no value for .*user\.nickname/).waitFor();
  await text.fill("Hi {{ user.first_name }}!");
  await page.getByText("Draft saved").waitFor();

  // Somebody leaves, and finds the draft in the list.
  await linkTo(page, "Campaigns").click();
  const row = page.getByRole("table", { name: "Campaigns" }).getByRole("row").nth(1);
  await row.getByText("Draft", { exact: true }).waitFor();
  await row.getByRole("link", { name: "Yalda" }).click();
  await page.getByRole("textbox", { name: /^Text/ }).waitFor();
  assert.equal(await page.getByRole("textbox", { name: /^Text/ }).inputValue(), "Hi {{ user.first_name }}!");

  await page.getByRole("button", { name: "Send a test" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox").fill("sara");
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Send the test" }).click();
  await until(
    async () => gateway.texts.length,
    (count) => count === 1,
  );
  const { text: tested, to, authorization } = gateway.texts[0] ?? assert.fail("no test was sent");
  assert.deepEqual([tested, to, authorization], ["Hi Sara!", phones.sara, "Bearer city-secret"]);

  await page.getByRole("button", { name: "Review and launch" }).click();
  await dialog.getByText("Send to 3 users by SMS now?").waitFor();
  await dialog.getByText("3 people, 3 SMS, 1 each").waitFor();
  await dialog.getByText("City gateway").waitFor();
  await dialog.getByRole("button", { name: "Send to 3 now" }).click();
  await page.waitForURL(/\/campaigns\/[0-9a-f-]{36}$/);
  await page.getByText("Finished", { exact: true }).first().waitFor();
  await legend("Sent", "2").waitFor();
  await legend("Failed", "1").waitFor();
  await legend("Skipped", "1").waitFor();
  assert.deepEqual(
    gateway.texts
      .slice(1)
      .map(({ text: sent }) => sent)
      .sort(),
    ["Hi Reza!", "Hi Sara!"],
  );

  // Reports of the gateway come in, and the numbers move by themselves.
  const { receiptsUrl } = (await product.call("GET", "/api/providers")).body.data[0];
  for (const { id } of gateway.texts.slice(1)) {
    const answer = await fetch(receiptsUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id, status: "DELIVRD" }),
    });
    assert.ok(answer.ok, `receipts answered ${answer.status}`);
  }
  await step("Delivered", "2").waitFor();

  await page.getByRole("button", { name: /^The provider refused it/ }).click();
  await onlyInLog("amir");
  await log()
    .getByText(/not a mobile number/)
    .first()
    .waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download CSV" }).click(),
  ]);
  const csv = await readFile(await download.path(), "utf8");
  assert.match(csv, /amir/);
  assert.doesNotMatch(csv, /sara/);
  await choose(page, "State", /^All/);
  await page.getByRole("searchbox", { name: "Search recipients" }).fill(phones.reza);
  await onlyInLog("reza");
  await log().getByRole("button", { name: "Details of reza" }).click();
  await page.getByRole("dialog").getByText("City gateway").waitFor();
  await page.keyboard.press("Escape");

  // Mended over there, it goes out here.
  gateway.refused.clear();
  await page.getByRole("button", { name: "Retry" }).click();
  await dialog.getByText("It failed for 1 recipient.").waitFor();
  await dialog.getByRole("button", { name: "Send again" }).click();
  await page.getByText("1 recipient is queued again").waitFor();
  await legend("Failed", "0").waitFor();
  await page.getByText("Finished", { exact: true }).first().waitFor();
  assert.equal(gateway.texts.at(-1)?.text, "Hi Amir!");

  assert.deepEqual(
    faults.splice(0).filter((fault) => !fault.includes("422")),
    [],
  );
});

/** Launches a campaign by the API and opens its report. */
async function launch(name: string) {
  const draft = { name, channel: "sms", target: {}, content: { content: `${name} {{ user.first_name }}` } };
  const { body } = await product.call("POST", "/api/campaigns", draft);
  assert.equal((await product.call("POST", `/api/campaigns/${body.id}/launch`)).status, 200);
  await page.goto(`${product.url}/campaigns/${body.id}`);
  await page.getByRole("heading", { name }).waitFor();
}

test("a message under way is paused, goes on, and is cancelled after saying who will not get it", async () => {
  const [account] = (await product.call("GET", "/api/providers")).body.data;
  // The second one would have to wait ten seconds.
  await product.call("PATCH", `/api/providers/${account.id}`, { ratePerSecond: 0.1 });
  await launch("Slow");
  await page.getByText("0.1/s at most, as the account is set").waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("It is paused").waitFor();
  await page.getByText("Paused", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("Sending", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/still queued and will not get it/).waitFor();
  await dialog.getByRole("button", { name: "Cancel the message" }).click();
  await page.getByText("Cancelled", { exact: true }).first().waitFor();
  // At most one of those with a phone went out before.
  await until(
    async () => (await product.call("GET", "/api/messages?limit=1")).body.data[0],
    ({ status, counts }) => status === "cancelled" && counts.queued === 0 && counts.cancelled >= 2,
  );
  await legend("Queued", "0").waitFor();
  await product.call("PATCH", `/api/providers/${account.id}`, { ratePerSecond: null });
  assert.deepEqual(faults.splice(0), []);
});

test("a report says that the account is switched off, and goes on when it is switched on again", async () => {
  await linkTo(page, "Providers").click();
  await page.getByRole("switch", { name: "Switch City gateway off" }).press("Space");
  await page.getByText("Switched off", { exact: true }).waitFor();
  await launch("Held");
  const alert = page.getByText(
    /^(The account of the provider does not send|No account serves this channel)$/,
  );
  await alert.waitFor();

  // The log has those who are still queued.
  await choose(page, "State", /^Queued/);
  await log().getByRole("link", { name: "sara" }).waitFor();

  await linkTo(page, "Providers").click();
  await page.getByRole("switch", { name: "Switch City gateway on" }).press("Space");
  await page.getByText("Active", { exact: true }).waitFor();
  await linkTo(page, "Campaigns").click();
  await page.getByRole("table", { name: "Campaigns" }).getByRole("link", { name: "Held" }).click();
  await page.getByText("Finished", { exact: true }).first().waitFor();
  await legend("Sent", "3").waitFor();
  assert.deepEqual(faults.splice(0), []);
});

test("in Persian, from right to left", async () => {
  await page.getByText("فارسی", { exact: true }).click();
  await page.goto(`${product.url}/campaigns/new`);
  await page.getByRole("heading", { name: "کمپین تازه" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
  await page.getByRole("radio", { name: "پیامک" }).click();
  await page.getByText("۳ نفر از ۴ کاربر با پیامک در دسترس‌اند").waitFor();
  await page.getByRole("textbox", { name: /^متن/ }).fill("سلام {{ user.first_name }}");
  await page.getByText("یونیکد (UCS-2)").waitFor();
  await page.getByText("پیش‌نویس ذخیره شد").waitFor();
  await page.getByRole("button", { name: "کارهای دیگر" }).click();
  await page.getByRole("menuitem", { name: "حذف پیش‌نویس" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "حذف", exact: true }).click();
  await page.getByRole("heading", { name: "کمپین‌ها" }).waitFor();
  await page.goto(`${product.url}/providers`);
  await page.getByText("بدون سقف").waitFor();
  await page.getByText("English", { exact: true }).click();
  assert.deepEqual(faults, []);
});
