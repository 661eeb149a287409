import assert from "node:assert/strict";
import { after, test } from "node:test";
import { toJalali } from "../panel/ui/jalali.ts";
import { until } from "../server/testing/product.ts";
import { startSimulation } from "../server/testing/simulation.ts";
import { linkTo, openPanel } from "./browser.ts";

// A marketer sends a campaign by each channel, watches it, and does what there is to do; once also in Persian.

const people = ["sara", "reza", "amir", "mina", "omid", "nika", "kian", "roya"] as const;
const phoneOf = (index: number) => `+98912111000${index}`;
/** Those whom the SMS service refuses for now. */
const refused = [5, 6, 7].map(phoneOf);

const { product, page, faults } = await openPanel();
const simulation = await startSimulation();
after(() => simulation.stop());
await makePeople();
for (const name of ["fcm", "smtp", "http", "meta"] as const) {
  const { status } = await product.call("POST", "/api/providers", simulation.accounts[name]);
  assert.equal(status, 201, name);
}

/** Everybody has a phone, an address and an Android device. */
async function makePeople() {
  const rows = people.map((id, index) => `${id},${phoneOf(index)},${id}@example.com,${id.toUpperCase()}`);
  const file = ["userId,phone,email,first_name", ...rows].join("\n");
  const imported = await product.call("POST", "/api/imports?format=generic&name=people.csv", file);
  await until(
    async () => (await product.call("GET", `/api/imports/${imported.body.id}`)).body.status,
    (status) => status === "completed",
  );
  for (const [index, userId] of people.entries())
    await product.call("POST", "/api/installations", {
      ...{ userId, deviceType: "android", deviceToken: `token-of-${userId}-${index}`.padEnd(140, "x") },
    });
}

const main = () => page.getByRole("main");
const box = (name: string | RegExp) => page.getByRole("textbox", { name });
const text = () => page.getByRole("textbox", { name: "Text", exact: true });
const button = (name: string | RegExp) => page.getByRole("button", { name });

/** A line of the numbers by state, as `Failed 1 25%`. */
const legend = (name: string, value: string) =>
  page
    .locator("dl > div")
    .filter({ hasText: new RegExp(`^${name}${value}`) })
    .first();

async function begin(channel: string, name: string) {
  await linkTo(page, "Campaigns").click();
  await page.getByRole("link", { name: "New campaign" }).first().click();
  await page.getByRole("heading", { name: "New campaign" }).waitFor();
  await page.getByRole("radio", { name: channel, exact: true }).first().check();
  await box(/^Name/).fill(name);
}

/** Has a look at what it would do, and lets it go. */
async function launch(name: string, confirm: string | RegExp) {
  await page.getByText("Draft saved").waitFor();
  await button("Review and launch").click();
  const dialog = page.getByRole("dialog", { name });
  await dialog.getByRole("button", { name: confirm }).click();
  await page.waitForURL(/\/campaigns\/[0-9a-f-]{36}$/);
  await page.getByRole("heading", { name, level: 1 }).waitFor();
}

const finished = () => main().getByText("Finished", { exact: true }).first().waitFor();

/** What is refused on purpose is answered 422, which Chromium logs. */
const unexpected = () => faults.splice(0).filter((fault) => !fault.includes("422"));

test("a campaign goes out by inbox, push, e-mail and WhatsApp", async () => {
  await begin("Inbox", "News in the app");
  await text().fill("Hi {{ user.first_name }}, there is something new");
  await launch("News in the app", "Send to 8 now");
  await finished();

  await begin("Push", "Come back");
  await box("Title of the notification").fill("For you");
  await text().fill("Hi {{ user.first_name }}");
  // Whoever speaks Persian gets it in Persian.
  await button("Another version").click();
  await page.getByRole("combobox", { name: "speak …" }).fill("Persian");
  await page.getByRole("option", { name: "Persian (fa)" }).click();
  await text().fill("سلام {{ user.first_name }}");
  await page
    .getByRole("figure", { name: "Preview" })
    .getByText(/^سلام [A-Z]+$/)
    .waitFor();
  await launch("Come back", "Send to 8 now");
  await finished();
  await legend("Sent", "8").waitFor();

  await begin("E-mail", "Letter");
  await box("Subject").fill("A letter to {{ user.first_name }}");
  await button("Edit block 1: Heading").waitFor();
  await launch("Letter", "Send to 8 now");
  await finished();

  await begin("WhatsApp", "Hello on WhatsApp");
  const template = page.getByRole("combobox", { name: "Template" });
  await template.fill("hel");
  await page.getByRole("option", { name: /^hello/ }).click();
  await box("For {{1}}").fill("{{ user.first_name }}");
  await launch("Hello on WhatsApp", "Send to 8 now");
  await finished();
  await legend("Sent", "8").waitFor();
  assert.deepEqual(unexpected(), []);
});

test("one by SMS is watched, paused and resumed; why three failed is read, and they are tried again", async () => {
  simulation.standIns.http.plan(({ text: sent }) =>
    refused.some((phone) => sent.includes(phone.slice(1)))
      ? { kind: "status", status: 400, body: { error: "not a mobile number" } }
      : null,
  );
  const { body } = await product.call("GET", "/api/providers");
  const account = body.data.find(({ channel }: { channel: string }) => channel === "sms");
  await product.call("PATCH", `/api/providers/${account.id}`, { ratePerSecond: 1 });

  await begin("SMS", "Only today");
  await text().fill("Hi {{ user.first_name }}, only today");
  await launch("Only today", "Send to 8 now");
  await main().getByText("Sending", { exact: true }).first().waitFor();
  await button("Pause").click();
  await main().getByText("Paused", { exact: true }).first().waitFor();
  await page.getByText("It is paused").waitFor();
  await product.call("PATCH", `/api/providers/${account.id}`, { ratePerSecond: null });
  await button("Resume").click();
  await finished();
  await legend("Sent", "5").waitFor();
  await legend("Failed", "3").waitFor();
  const reasons = page.getByRole("table", { name: "Why not" });
  await reasons.getByText("The provider refused it").waitFor();
  await page.getByRole("button", { name: /^The provider refused it/ }).click();
  const log = page.getByRole("table", { name: "Deliveries" });
  await until(
    () => log.getByRole("row").allTextContents(),
    (rows) =>
      rows.length === 4 && ["nika", "kian", "roya"].every((id) => rows.some((row) => row.startsWith(id))),
  );

  simulation.standIns.http.plan(null);
  await button("Retry").click();
  await page.getByRole("dialog").getByText("It failed for 3 recipients.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Send again" }).click();
  await legend("Sent", "8").waitFor();
  await finished();
  assert.deepEqual(unexpected(), []);
});

test("two contents are tried on a part, and somebody sends the better one to the rest", async () => {
  await begin("SMS", "Which is better");
  await page.getByText("A file of ids", { exact: true }).click();
  await page.locator('input[type="file"]').setInputFiles({
    ...{ name: "friends.csv", mimeType: "text/csv" },
    buffer: Buffer.from(["userId", ...people, "nobody"].join("\r\n")),
  });
  await page.getByText("8 of 9 ids belong to users.", { exact: false }).waitFor();
  await page.getByText("8 of 8 users can be reached by SMS").waitFor();
  await text().fill("Come and look");
  await button("Try other words").click();
  await page.getByRole("tab", { name: "Variant B", selected: true }).waitFor();
  await text().fill("20 % off");
  await page.getByRole("checkbox", { name: "The best goes to the rest" }).check();
  await box("Tried on, %").fill("50");
  await page.getByText("Somebody", { exact: true }).click();
  await launch("Which is better", "Send to 8 now");
  await page.getByText("wait for the best", { exact: false }).waitFor();
  await button("Send B to the rest").click();
  await finished();
  const of = (letter: string) => page.getByRole("region", { name: `Variant ${letter}` });
  await of("B").getByText("Best").waitFor();
  await of("A").getByText("Come and look").waitFor();
  await legend("Sent", "8").waitFor();
  assert.deepEqual(unexpected(), []);
});

test("a content is kept as a template with its versions, and begins another campaign that goes to a part first", async () => {
  await begin("SMS", "Welcome");
  await text().fill("Welcome, {{ user.frist_name }}");
  await page.getByText("did you mean first_name?", { exact: false }).waitFor();
  await text().fill("Welcome, {{ user.first_name }}");
  await button("Templates").click();
  await page.getByRole("menuitem", { name: "Save as a template" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "hidden" });

  await linkTo(page, "Templates").click();
  await page.getByRole("table", { name: "Templates" }).getByRole("link", { name: "Welcome" }).click();
  await text().fill("Welcome back, {{ user.first_name }}");
  await button("Save").click();
  await page.getByText("Version 2").waitFor();
  await button("Restore").click();
  await page.getByText("Version 3").waitFor();
  assert.equal(await text().inputValue(), "Welcome, {{ user.first_name }}");

  await begin("SMS", "Welcome to all");
  await button("Templates").click();
  await page.getByRole("menuitem", { name: "Start from a template" }).click();
  await dialog.getByRole("button", { name: /^Welcome/ }).click();
  await page.getByText("Begun from “Welcome”").waitFor();
  assert.equal(await text().inputValue(), "Welcome, {{ user.first_name }}");
  await page.getByRole("checkbox", { name: "Send to a part first" }).check();
  await box("First, % of the audience").fill("50");
  await launch("Welcome to all", "Send to 8 now");
  await page.getByRole("heading", { name: "A part goes first" }).waitFor();
  await button("Go on").click();
  await finished();
  await legend("Sent", "8").waitFor();
  assert.deepEqual(unexpected(), []);
});

test("in Persian one is scheduled for a Jalali day, stands in the calendar, and becomes a draft again", async () => {
  const inWeek = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  const persian = (text: string) => text.replace(/\d/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[Number(digit)] ?? "");
  await page.getByText("فارسی", { exact: true }).click();
  const toCampaigns = () =>
    page.getByRole("navigation", { name: "اصلی" }).getByRole("link", { name: "کمپین‌ها" }).click();
  await toCampaigns();
  await page.getByRole("link", { name: "کمپین تازه" }).first().click();
  await page.getByRole("radio", { name: "پیامک" }).check();
  await box(/^نام/).fill("پیشنهاد یلدا");
  await box(/^متن/).fill("سلام {{ user.first_name }}");
  await page.getByText("در زمان مشخص", { exact: true }).click();
  await box("روز").fill(persian(toJalali(inWeek)));
  await box("ساعت").fill("۱۰:۰۰");
  await page.getByText("پیش‌نویس ذخیره شد").waitFor();
  await button("بازبینی و آغاز ارسال").click();
  const dialog = page.getByRole("dialog", { name: "پیشنهاد یلدا" });
  await dialog.getByRole("button", { name: /^زمان‌بندی برای .*۱۰:۰۰/ }).click();
  await page.waitForURL(/\/campaigns\/[0-9a-f-]{36}$/);
  await main().getByText("زمان‌بندی‌شده", { exact: true }).first().waitFor();
  const { body } = await product.call("GET", "/api/campaigns?status=scheduled");
  assert.deepEqual(
    body.data.map(({ schedule }: { schedule: unknown }) => schedule),
    [{ kind: "at", day: inWeek, time: "10:00" }],
  );

  await toCampaigns();
  await page.getByRole("link", { name: "تقویم" }).click();
  await page.getByRole("table", { name: "کمپین‌های این ماه" }).waitFor();
  const entry = page.getByRole("link", { name: /پیشنهاد یلدا/ });
  if (!(await entry.isVisible())) await button("ماه بعد").click();
  await entry.click();
  await button("بازگشت به پیش‌نویس").click();
  await page.waitForURL(/\/edit$/);
  assert.equal(await box("روز").inputValue(), persian(toJalali(inWeek)));
  assert.deepEqual(unexpected(), []);
});
