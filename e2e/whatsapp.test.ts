import assert from "node:assert/strict";
import { after, test } from "node:test";
import { until } from "../server/testing/product.ts";
import { startKaleyraStandIn } from "../server/testing/stand-ins/kaleyra.ts";
import { startWhatsappStandIn } from "../server/testing/stand-ins/whatsapp.ts";
import { chooseFile, linkTo, openPanel } from "./browser.ts";

// A list of people is imported for a country, named, and written to on WhatsApp with a template that says their names;
// their reports come back. Once by each of the two services that such lists were made for.

/** What the stand-ins were sent, with their answers. */
const sent: { text: string; status: number | null }[] = [];
const onAnswer = ({ text }: { text: string }, status: number | null) => sent.push({ text, status });
const hasSent = (...words: string[]) =>
  sent.some(
    ({ text, status }) => status !== null && status < 300 && words.every((word) => text.includes(word)),
  );

const { product, page, faults } = await openPanel();
const dialog = await startWhatsappStandIn({ reports: true, onAnswer });
const kaleyra = await startKaleyraStandIn({ reports: true, onAnswer });
after(() => Promise.all([dialog.stop(), kaleyra.stop()]));

const box = (name: string | RegExp) => page.getByRole("textbox", { name });
const rowWith = (text: string) => page.getByRole("row").filter({ hasText: text });

/** John and Sara in India; the phone of Ali is not on WhatsApp. Numbers without their country code. */
const listCsv = (last: string) =>
  `${[
    "user.username,user.phone_no,user.email,user.first_name,user.last_name,user.title,user.account",
    `john,98765432${last},,John,Doe,Mr,gold`,
    `sara,98123456${last},,Sara,Ahmadi,Ms,silver`,
    "ali,9844040404,,Ali,Rad,Mr,silver",
  ].join("\r\n")}\r\n`;

async function importList(segment: string, last: string) {
  await chooseFile(page, `${segment}.csv`, listCsv(last));
  const country = page.getByRole("combobox", { name: "Country of phone numbers" });
  // The page remembers it.
  if ((await country.inputValue()) !== "India") {
    await country.fill("India");
    await page.getByRole("option", { name: "India +91" }).click();
  }
  await page.getByRole("combobox", { name: "Segment" }).fill(segment);
  await page.getByRole("checkbox", { name: /agreed to receive messages from us on WhatsApp/ }).check();
  await page.getByRole("button", { name: "Import at once" }).click();
  await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/);
  await page.getByText("Completed", { exact: true }).waitFor();
}

/** Where the reports of the account on the page go. */
async function receiptsUrl(): Promise<string> {
  const { body } = await product.call("GET", `/api/providers/${page.url().split("/").at(-1)}`);
  return body.receiptsUrl;
}

async function addAccount(provider: string, fill: () => Promise<void>) {
  await linkTo(page, "Providers").click();
  await page.goto(`${product.url}/providers/new?channel=whatsapp`);
  await page.getByRole("radio", { name: provider, exact: true }).check();
  await fill();
  await page.getByRole("button", { name: "Add the account" }).click();
  await page.getByText("The account works").waitFor();
}

/** From the page of the import to a launched campaign: its template says the name of each. */
async function writeTo(name: string) {
  await page.getByRole("link", { name: "Write to them on WhatsApp" }).click();
  await page.getByRole("heading", { name: "New campaign" }).waitFor();
  assert.ok(await page.getByRole("radio", { name: "WhatsApp" }).isChecked());
  await page.getByText("3 of 3 users can be reached by WhatsApp").waitFor();
  await box("Name").fill(name);
  const template = page.getByRole("combobox", { name: "Template" });
  await template.click();
  const paused = page.getByRole("option", { name: /^paused_offer/ });
  assert.equal(await paused.getAttribute("data-combobox-disabled"), "true");
  await paused.getByText(/Readers complained/).waitFor();
  await template.fill("hel");
  await page.getByRole("option", { name: /^hello/ }).click();
  assert.ok(await page.getByRole("checkbox", { name: "Persian" }).isChecked(), "people get their language");
  await page.getByRole("button", { name: "Launch" }).click();
  await page.getByText("Say what stands here").waitFor();
  await box("For {{1}}").fill("{{ user.first_name }}");
  const bubble = page.getByRole("figure", { name: "The message in WhatsApp" });
  await bubble.getByText(/^Hi (John|Sara|Ali), have a look at what is new$/).waitFor();
  for (let turns = 0; turns < 3 && !(await bubble.getByText("Hi John").isVisible()); turns += 1) {
    await page.getByRole("button", { name: "Next user" }).click();
    await page.waitForTimeout(300);
  }
  await bubble.getByText("Hi John, have a look at what is new").waitFor();
  await bubble.getByText("Stop promotions").waitFor();
  await page.getByText("Draft saved").waitFor();
  await page.getByRole("button", { name: "Launch" }).click();
  const asked = page.getByRole("dialog", { name });
  await asked.getByText("Send to 3 users by WhatsApp now?").waitFor();
  await asked.getByText("hello (en, fa)").waitFor();
  await asked.getByRole("button", { name: "Send to 3 now" }).click();
}

/** Two have read it; it failed for one, in words. */
async function seeReport() {
  const step = (name: string) => page.locator("ol > li").filter({ hasText: name }).first();
  await until(
    async () => ({ read: await step("Read").textContent(), failed: await step("Failed").textContent() }),
    ({ read, failed }) => read?.startsWith("Read2") === true && failed?.startsWith("Failed1") === true,
  );
  assert.match((await step("Sent").textContent()) ?? "", /^Sent2/);
  assert.match((await step("Delivered").textContent()) ?? "", /^Delivered2/);
  const reasons = page.getByRole("table", { name: "Why not" });
  await reasons.getByText("the number is not on WhatsApp", { exact: false }).waitFor();
  await reasons.getByText("131026").waitFor();
  await page.getByRole("figure", { name: "The message in WhatsApp" }).getByText("Hi {{").waitFor();
  await rowWith("919844040404").getByText("the number is not on WhatsApp", { exact: false }).waitFor();
  await rowWith("Read").first().waitFor();
}

/** What is refused on purpose is answered 422, which Chromium logs. */
const unexpected = () => faults.splice(0).filter((fault) => !fault.includes("422"));

test("a broadcast list is written to through 360dialog, by name, and its reports come back", async () => {
  await addAccount("360dialog", async () => {
    await page.getByRole("button", { name: "Add the account" }).click();
    await page.getByText("This is needed").first().waitFor();
    await page.getByLabel("API key").fill(dialog.credentials["360dialog"].apiKey);
    await box("Token of reports").fill(dialog.credentials["360dialog"].webhookToken);
    await page.getByText("Advanced", { exact: true }).click();
    await box("Address of the service").fill(dialog.url);
  });
  await page
    .getByText("with the header Authorization and your token as its value", { exact: false })
    .waitFor();
  dialog.setWebhook(await receiptsUrl(), "360dialog");
  await page.getByRole("button", { name: "Fetch now" }).click();
  await page.getByText("The templates are fetched").waitFor();
  const templates = page.getByRole("table", { name: "Templates" });
  await templates
    .getByRole("row")
    .filter({ hasText: "paused_offer" })
    .getByText("Paused", { exact: true })
    .waitFor();
  assert.equal(await templates.getByRole("row").count(), 5);

  await importList("Yalda", "10");
  await writeTo("Yalda on WhatsApp");
  await seeReport();
  await dialog.settle();
  assert.ok(hasSent('"919876543210"', '"John"'), "John by name");
  assert.ok(hasSent('"919812345610"', '"Sara"'), "Sara by name");
  assert.deepEqual(unexpected(), []);
});

test("the same through Kaleyra, which takes over once 360dialog is switched off", async () => {
  const { body } = await product.call("GET", "/api/providers");
  await product.call("PATCH", `/api/providers/${body.data[0].id}`, { isActive: false });
  await addAccount("Kaleyra (WhatsApp)", async () => {
    const { sid, apiKey, from, wabaId } = kaleyra.credentials;
    await box("SID").fill(sid);
    await page.getByLabel("API key").fill(apiKey);
    await box(/^Number/).fill(from);
    await box("WhatsApp Business Account ID").fill(wabaId);
    await box("Token of reports").fill("simulated-token");
    await page.getByText("Advanced", { exact: true }).click();
    await box("Address of the service").fill(kaleyra.url);
  });
  kaleyra.setWebhook(await receiptsUrl(), "simulated-token");
  await importList("Nowruz", "20");
  await writeTo("Nowruz on WhatsApp");
  await seeReport();
  await kaleyra.settle();
  assert.ok(hasSent("919876543220", '"John"'), "John by name");
  assert.deepEqual(unexpected(), []);
});
