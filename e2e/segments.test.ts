import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { until } from "../server/testing/product.ts";
import { linkTo, openPanel } from "./browser.ts";

const dayMs = 86_400_000;

const { product, page, faults } = await openPanel();
await makePeople();

/**
 * Sara (Android) has purchased three times, twice for much; Reza (iOS) is tagged; Amir (iOS) is neither; Mina (web) has
 * purchased as Sara has.
 */
async function makePeople() {
  const visits = (daysAgo: number) => new Date(Date.now() - daysAgo * dayMs).toISOString();
  const file = [
    "userId,installationId,deviceType,launchTime,tags",
    `sara,sara-phone,android,${visits(2)},`,
    `reza,reza-phone,ios,${visits(2)},vip`,
    `amir,amir-phone,ios,${visits(40)},`,
    `mina,mina-browser,web,${visits(2)},`,
  ];
  const imported = await product.call("POST", "/api/imports?format=generic&name=people.csv", file.join("\n"));
  await until(
    async () => (await product.call("GET", `/api/imports/${imported.body.id}`)).body.status,
    (status) => status === "completed",
  );
  const purchases = ["sara", "mina"].flatMap((userId) =>
    [1000, 900, 10].map((value, index) => ({
      ...{ userId, eventName: "purchase", eventTime: Date.now() - (index + 1) * dayMs },
      eventData: { value },
    })),
  );
  assert.equal((await product.call("POST", "/api/installations/trackBulk", purchases)).status, 200);
}

const rule = (scope: Page | Locator, number: number) => scope.getByRole("group", { name: `Rule ${number}` });

async function choose(scope: Page | Locator, label: string, option: string | RegExp) {
  await scope.getByRole("combobox", { name: label, exact: true }).click();
  await page.getByRole("option", { name: option, exact: typeof option === "string" }).click();
}

async function chooseField(scope: Locator, search: string, option: RegExp, label = "Field") {
  const field = scope.getByRole("combobox", { name: label, exact: true });
  await field.click();
  await field.fill(search);
  await page.getByRole("option", { name: option }).click();
}

const usersIn = (scope: Page | Locator, shown: string) => scope.getByText(shown, { exact: true }).first();

/** Phones of whoever purchased much lately, or has the tag. */
async function build() {
  const main = page.getByRole("main");
  await main.getByRole("button", { name: "Add a rule" }).click();
  const platform = rule(page, 1);
  // By the name that it has in rules.
  await chooseField(platform, "deviceTy", /^Platform/);
  await choose(platform, "Comparison", "is one of");
  await platform.getByText("Not finished: left out of the numbers").waitFor();
  await choose(platform, "Value", "Android");
  await page.getByRole("option", { name: "iOS" }).click();
  await page.keyboard.press("Escape");
  await usersIn(platform, "3 users").waitFor();
  await platform.getByText("75% of everyone").waitFor();

  await main.getByRole("button", { name: "Add a group" }).click();
  const group = page.getByRole("group", { name: "Group", exact: true });
  const purchase = rule(group, 1);
  await chooseField(purchase, "purch", /^purchase/);
  await usersIn(purchase, "2 users").waitFor();
  await choose(purchase, "How often", "at least … times");
  await purchase.getByRole("textbox", { name: "Times" }).fill("2");
  await choose(purchase, "When", "in the past");
  await purchase.getByRole("textbox", { name: "How much" }).fill("30");
  await purchase.getByRole("button", { name: "Add a condition" }).click();
  await purchase.getByRole("textbox", { name: "Value" }).fill("500");
  await usersIn(purchase, "2 users").waitFor();
  // The third purchase was for little.
  await purchase.getByRole("textbox", { name: "Times" }).fill("3");
  await usersIn(purchase, "0 users").waitFor();
  await purchase.getByRole("textbox", { name: "Times" }).fill("2");
  await usersIn(purchase, "2 users").waitFor();

  await group.getByRole("button", { name: "Add a rule" }).click();
  const tag = rule(group, 2);
  await chooseField(tag, "tag", /^Tag/);
  await tag.getByRole("combobox", { name: "Value" }).fill("vip");
  await page.keyboard.press("Enter");
  await usersIn(group, "3 users").waitFor();
}

test("a segment is built from rules, saved, looked at, changed, copied and deleted", async () => {
  await linkTo(page, "Segments").click();
  await page.getByRole("heading", { name: "Segments", exact: true }).waitFor();
  await page.getByText("No segments yet").waitFor();
  await page.getByRole("link", { name: "New segment" }).first().click();
  await build();

  const words =
    /Where platform is .*Android.* or .*iOS.* and \(did .*purchase.* at least 2 times in the past 30 days where value is above 500 or tag is .*vip/;
  await page.getByText(words).waitFor();
  const samples = page.getByRole("list", { name: "Some of them" });
  await samples.getByRole("link", { name: "sara" }).waitFor();
  assert.equal(await samples.getByRole("listitem").count(), 2);

  // Unsaved work is there again after a reload.
  await page.reload();
  await page.getByText("This is your unsaved work from before.").waitFor();
  await page.getByText(words).waitFor();

  await page.getByRole("button", { name: "Save", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("Give the segment a name").waitFor();
  await dialog.getByLabel("Name").fill("Worth a call");
  await dialog.getByRole("button", { name: "Save" }).click();

  await page.getByRole("heading", { name: "Worth a call" }).waitFor();
  await page.getByText(words).waitFor();
  const members = page.getByRole("list", { name: "Users in it" });
  await members.getByRole("link", { name: "reza" }).waitFor();
  assert.equal(await members.getByRole("listitem").count(), 2);
  await page.getByRole("button", { name: "Pin Worth a call to the overview" }).click();
  await page.getByRole("button", { name: "Unpin Worth a call from the overview" }).waitFor();

  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByRole("heading", { name: "Edit Worth a call" }).waitFor();
  await rule(page.getByRole("group", { name: "Group", exact: true }), 2)
    .getByRole("button", { name: "Remove the rule" })
    .click();
  await page.getByText(/Where platform is .* and did .*purchase/).waitFor();
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByRole("heading", { name: "Worth a call", exact: true }).waitFor();
  await members.getByRole("link", { name: "reza" }).waitFor({ state: "detached" });
  assert.equal(await members.getByRole("listitem").count(), 1);

  const act = async (action: string) => {
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: action }).click();
  };
  await page.getByRole("button", { name: "More actions" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Download CSV" }).click(),
  ]);
  const csv = await readFile(await download.path(), "utf8");
  assert.match(csv, /sara/);
  assert.doesNotMatch(csv, /reza/);

  await act("Duplicate");
  await page.getByText(/is a copy of it/).waitFor();
  await page.getByRole("heading", { name: /^Worth a call .+/ }).waitFor();
  await act("Rename");
  await dialog.getByLabel("Name").fill("Worth a call");
  await dialog.getByRole("button", { name: "Rename" }).click();
  await dialog.getByText("Another segment has this name").waitFor();
  await dialog.getByLabel("Name").fill("A copy");
  await dialog.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("heading", { name: "A copy" }).waitFor();
  const remove = async () => {
    await act("Delete");
    await dialog.getByRole("button", { name: "Delete" }).click();
  };
  await remove();
  await page.getByText("“A copy” is deleted.").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("It is back, as it was.").waitFor();
  await page.getByRole("heading", { name: "A copy" }).waitFor();
  await remove();

  const table = page.getByRole("table", { name: "Segments" });
  await table.getByRole("link", { name: "Worth a call" }).waitFor();
  await table.getByRole("link", { name: "A copy" }).waitFor({ state: "detached" });
  await linkTo(page, "Overview").click();
  await page.getByRole("link", { name: "Worth a call" }).waitFor();
  await usersIn(page, "1 user").waitFor();

  // A name that is taken is answered 409, which Chromium logs.
  assert.deepEqual(
    faults.splice(0).filter((fault) => !fault.includes("409")),
    [],
  );
});

test("a segment that others are made of stays until these are gone", async () => {
  const worth = (await product.call("GET", "/api/segments?search=Worth")).body.data[0];
  const segment = { all: [{ name: "segment", operator: "include", value: [worth.id] }] };
  assert.equal((await product.call("POST", "/api/segments", { name: "Made of it", segment })).status, 201);
  await page.goto(`${product.url}/segments/${worth.id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("It is still in use.").waitFor();
  await dialog.getByRole("link", { name: "Made of it" }).click();
  await page.getByRole("heading", { name: "Made of it" }).waitFor();
  await page.getByText(/Where segment is .*Worth a call/).waitFor();
});

test("a preset is where a segment starts, and the server's faults stand at their rule", async () => {
  await linkTo(page, "Segments").click();
  await page.getByRole("button", { name: "Did … in the past week" }).click();
  await choose(page.getByRole("dialog"), "Which behaviour?", /^purchase/);
  await page.getByRole("button", { name: "Use it" }).click();
  await usersIn(rule(page, 1), "2 users").waitFor();
  await page.getByText(/Where last .*purchase.* is in the past (168 hours|7 days|1 week)/).waitFor();

  await page.getByRole("button", { name: "Add a rule" }).click();
  const model = rule(page, 2);
  await chooseField(model, "model", /^Model/);
  await choose(model, "Comparison", "matches the pattern");
  await model.getByRole("textbox", { name: "Value" }).fill("SM-(");
  await model.getByRole("list").first().getByRole("listitem").waitFor();
  assert.ok(await page.getByRole("button", { name: "Save", exact: true }).isDisabled());
  await model.getByRole("button", { name: "Remove the rule" }).click();
  await page.getByRole("button", { name: "Save", exact: true, disabled: false }).waitFor();

  await page.getByText("JSON", { exact: true }).click();
  const editor = page.getByRole("textbox", { name: "Filter" });
  await editor.fill('{"deviceType": "ios"}');
  await page.getByText("This filter has something that only its JSON can show.").waitFor();
  await page.getByText(/Where platform is .*iOS/).waitFor();
  await editor.fill('{"all": []}');
  await page.getByText("Rules", { exact: true }).click();
  await page.getByText("Without a rule this is everyone.").waitFor();
  assert.deepEqual(
    faults.splice(0).filter((fault) => !fault.includes("422")),
    [],
  );
});

test("in Persian, from right to left, with relative and Jalali days and a circle on the map", async () => {
  await page.getByText("فارسی", { exact: true }).click();
  await page.goto(`${product.url}/segments/new`);
  await page.getByRole("heading", { name: "سگمنت تازه" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
  const ruleIn = (number: string) => page.getByRole("group", { name: `قاعدهٔ ${number}` });

  await page.getByRole("button", { name: "افزودن قاعده" }).click();
  const visit = ruleIn("۱");
  await chooseField(visit, "آخرین باز", /^آخرین بازدید/, "فیلد");
  await choose(visit, "مقایسه", "بعد از");
  await visit.getByRole("textbox", { name: "چه اندازه" }).fill("۳");
  await visit.getByText("۳ کاربر", { exact: true }).waitFor();
  await page.getByText(/هرکه آخرین بازدید در ۳ روز گذشته/).waitFor();
  await visit.getByRole("textbox", { name: "چه اندازه" }).fill("۶۰");
  await visit.getByText("۴ کاربر", { exact: true }).waitFor();

  await choose(visit, "مقایسه", "پیش از روزِ");
  const day = visit.getByRole("textbox", { name: "مقدار" });
  await day.fill("۱۴۰۴/۱۲/۳۰");
  await visit.getByText("چنین روزی نیست").waitFor();
  await day.fill("۱۴۰۳/۱۲/۳۰");
  await visit.getByText("۰ کاربر", { exact: true }).waitFor();
  await page.getByText(/پیش از ۳۰ اسفند ۱۴۰۳/).waitFor();

  await page.getByRole("button", { name: "افزودن قاعده" }).click();
  const place = ruleIn("۲");
  await chooseField(place, "nearBy", /^مکان/, "فیلد");
  const map = place.getByRole("img", { name: /نقشه/ });
  await map.click({ position: { x: 200, y: 80 } });
  await place.getByText("۰ کاربر", { exact: true }).waitFor();
  assert.match(await place.getByRole("textbox", { name: "طول جغرافیایی" }).inputValue(), /^[−\u200e]*[۰-۹]/);

  await page.getByText("English", { exact: true }).click();
  await page.getByRole("heading", { name: "New segment" }).waitFor();
  assert.deepEqual(faults, []);
});
