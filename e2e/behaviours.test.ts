import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { linkTo, openPanel } from "./browser.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Four users view; three put something into the cart, an hour later; of these two purchase, after three hours and after
 * three days. Ten days ago, so that all of it is in the last thirty.
 */
function someEvents(now: number) {
  const start = now - 10 * dayMs;
  const event = (userId: string, eventName: string, at: number, value?: number) => ({
    userId,
    eventName,
    eventTime: start + at,
    eventData: value === undefined ? {} : { value },
  });
  return [
    ...["sara", "reza", "mina", "amir"].map((userId) => event(userId, "view", 0)),
    ...["sara", "reza", "mina"].map((userId) => event(userId, "cart", hourMs)),
    event("sara", "Purchase", 3 * hourMs, 1_200_000),
    event("reza", "Purchase", 3 * dayMs, 800_000),
  ];
}

const { product, page, faults } = await openPanel();

const tab = (page: Page, ways: string, name: string) =>
  page.getByRole("navigation", { name: ways }).getByRole("link", { name, exact: true });

async function choose(page: Page, label: string, name: string) {
  await page.getByRole("combobox", { name: label }).click();
  await page.getByRole("option", { name }).click();
}

const cellsOf = (page: Page, table: string, row: number) =>
  page.getByRole("table", { name: table }).getByRole("row").nth(row).locator("th, td").allTextContents();

async function seeList(page: Page) {
  await linkTo(page, "Behaviours").click();
  await page.getByRole("heading", { name: "No behaviour yet" }).waitFor();
  await page.getByText("/api/installations/track").waitFor();
  const tracked = await product.call("POST", "/api/installations/trackBulk", someEvents(Date.now()));
  assert.deepEqual(tracked.body, { queued: true, n: 9 });

  // It shows up by itself.
  const table = page.getByRole("table", { name: "Behaviours" });
  await table.waitFor();
  assert.deepEqual((await cellsOf(page, "Behaviours", 1)).slice(0, 5), ["view", "4", "4", "–", "–"]);
  await table.getByRole("button", { name: "Sum" }).click();
  assert.deepEqual((await cellsOf(page, "Behaviours", 1)).slice(0, 5), [
    ...["Purchase", "2", "2"],
    ...["2,000,000", "1,000,000"],
  ]);
  await page.getByLabel("Search behaviours").fill("CAR");
  await page.getByRole("row").nth(2).waitFor({ state: "detached" });
  assert.match(page.url(), /search=CAR/);
  await page.getByLabel("Search behaviours").fill("");
}

async function seeTrend(page: Page) {
  await page.getByRole("link", { name: "Purchase" }).click();
  await page.getByRole("heading", { name: "Purchase" }).waitFor();
  await page.locator("dl", { hasText: "Average" }).getByText("2,000,000", { exact: true }).waitFor();
  await page.locator(".recharts-bar-rectangle path").first().waitFor();
  await page.getByText("Average", { exact: true }).first().click();
  await page.getByRole("heading", { name: "Average" }).waitFor();
  await page.getByText("Times in the time zone").waitFor();
  // One row a day, and the head.
  assert.equal(await page.getByRole("table", { name: "Purchase" }).getByRole("row").count(), 31);
  await page.getByText("Week", { exact: true }).click();
  await page.getByRole("columnheader", { name: "Week from" }).waitFor();
  // A link shows the same thing.
  await page.reload();
  await page.getByRole("columnheader", { name: "Week from" }).waitFor();
  await page.getByRole("heading", { name: "Average" }).waitFor();
  await page.locator(".recharts-bar-rectangle path").first().waitFor();
}

async function seeFunnel(page: Page) {
  await tab(page, "Ways to look", "Funnel").click();
  await page.getByText("Choose at least two steps").waitFor();
  await choose(page, "Step 1", "cart");
  await choose(page, "Step 2", "view");
  await page.getByRole("button", { name: "Move step 2 up" }).click();
  await page.getByRole("button", { name: "Add a step" }).click();
  await choose(page, "Step 3", "Purchase");
  await page.getByText(/^Of 4 users who did .+view.*, 2 \(50%\) went all the way to .+Purchase/).waitFor();
  const steps = page.getByRole("list", { name: "Funnel" }).getByRole("listitem");
  assert.match((await steps.nth(1).textContent()) ?? "", /cart.*3 users.*75% of the step before/);
  assert.match((await steps.nth(2).textContent()) ?? "", /66\.7% of the step before.*50% of the first step/);

  await page.getByRole("textbox", { name: "Time limit" }).fill("5");
  await page.keyboard.press("Enter");
  await page.getByText(/, 1 \(25%\) went all the way.*within 5 hours of the first one/).waitFor();
  await page.getByRole("button", { name: "Remove step 3" }).click();
  await page.getByText("Any order").click();
  await page.getByText(/3 \(75%\) did all 2 steps, in whatever order/).waitFor();
}

async function seeCohort(page: Page) {
  await tab(page, "Ways to look", "Cohorts").click();
  await choose(page, "First behaviour", "view");
  await choose(page, "Return behaviour", "Purchase");
  // Ninety days are too many to be cohorts of a day; thirty are not.
  assert.ok(await page.getByRole("radio", { name: "Day" }).isDisabled());
  await choose(page, "Range", "Last 30 days");
  await page.getByText("Day", { exact: true }).click();
  await page.getByText(/^Of 4 users who did .+view/).waitFor();
  await page.getByText("Days after").waitFor();
  const cells = page.locator("tbody tr").nth(0).locator("td");
  assert.equal(await cells.nth(0).textContent(), "4");
  assert.equal(await cells.nth(4).textContent(), "25%", "one came back on the third day after");
}

test("behaviours: what was done, over time, step by step, and who came back", async () => {
  await seeList(page);
  await seeTrend(page);
  await seeFunnel(page);
  await seeCohort(page);

  await page.getByText("فارسی", { exact: true }).click();
  await page.getByText(/^از ۴ کاربری که در این بازه/).waitFor();
  await tab(page, "نماها", "همه").click();
  await page.getByRole("table", { name: "رفتارها" }).waitFor();
  assert.deepEqual((await cellsOf(page, "رفتارها", 1)).slice(0, 3), ["view", "۴", "۴"]);
  await page.getByRole("link", { name: "Purchase" }).click();
  await page.locator("dl", { hasText: "میانگین" }).getByText("۲٬۰۰۰٬۰۰۰", { exact: true }).waitFor();
  // Axes have Persian digits and Jalali months, from left to right.
  const axis = page.locator(".recharts-wrapper");
  await axis
    .getByText(/[۰-۹]+ (فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند)/)
    .first()
    .waitFor();

  // A range of one's own in the calendar that Persian speakers use.
  await choose(page, "بازهٔ زمانی", "بازهٔ دلخواه");
  const from = page.getByRole("textbox", { name: "از روز" });
  assert.match(await from.inputValue(), /^۱[۳-۵][۰-۹]{2}\/[۰-۹]{2}\/[۰-۹]{2}$/);
  await from.fill("۱۴۰۴/۱۲/۳۰");
  await page.getByText("چنین روزی نیست").waitFor();
  await from.fill("۱۴۰۳/۱۲/۳۰");
  await page.waitForURL(/from=2025-03-20/);

  // An event that is none: the link of a page that is long gone.
  await page.goto(`${product.url}/behaviours/trend?name=nothing`);
  await page.getByRole("alert").waitFor();
  assert.deepEqual(
    faults.filter((fault) => !fault.includes("404")),
    [],
  );
});
