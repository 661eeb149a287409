import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { linkTo, openPanel } from "./browser.ts";

/** Five people, three of whom cannot be taken: a number cut short, an amount in words, and no number at all. */
const listCsv = `${[
  "user.username,user.phone_no,user.email,user.first_name,user.last_name,user.title,user.account,office.no||NUMBER",
  "sara,989121234567,sara@example.com,سارا,احمدی,خانم,gold,12",
  "reza,0912,reza@example.com,رضا,کریمی,آقای,silver,7",
  "maryam,989351112233,maryam@example.com,مریم,حسینی,خانم,gold,seven",
  "ali,,ali@example.com,علی,محمدی,آقای,,3",
  "john,919876543210,john@example.com,John,Doe,Mr,gold,5",
].join("\r\n")}\r\n`;

const { page, faults } = await openPanel();

/** Drops a file on the page of imports, as from a folder beside the browser. */
async function dropFile(page: Page, name: string, text: string) {
  await linkTo(page, "Imports").click();
  await page.getByRole("heading", { name: "Imports" }).waitFor();
  const file = `new File([${JSON.stringify(text)}], ${JSON.stringify(name)}, { type: "text/csv" })`;
  // As text: the names of a browser are not known to the types of Node.
  const dataTransfer = await page.evaluateHandle(
    `(() => { const transfer = new DataTransfer(); transfer.items.add(${file}); return transfer; })()`,
  );
  await page.dispatchEvent("body", "dragenter", { dataTransfer });
  const place = page.getByText("Drop the file to import it");
  await place.waitFor();
  await place.dispatchEvent("drop", { dataTransfer });
}

const rowOf = (page: Page, line: string) =>
  page
    .getByRole("table", { name: "First rows of the file" })
    .getByRole("row")
    .filter({ has: page.getByRole("rowheader", { name: line, exact: true }) });

async function importInto(page: Page, segment: string) {
  await page.getByRole("combobox", { name: "Segment" }).fill(segment);
  await page.getByRole("button", { name: "Import at once" }).click();
  // Nobody is imported to be written to without a word on consent.
  await page.getByText("Tick this to go on").waitFor();
  await page.getByRole("checkbox", { name: /agreed to receive messages from us on WhatsApp/ }).check();
  await page.getByRole("button", { name: "Import at once" }).click();
  await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/);
}

const rowWith = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });

/** Ids of the users in the list, who are called by their names where they have any. */
async function idsIn(page: Page): Promise<string[]> {
  const cells = page.getByRole("table", { name: "Users" }).getByRole("row").locator("td:first-child");
  return (await cells.allTextContents()).map((text) => /\d+$/.exec(text)?.[0] ?? text).sort();
}

test("a broadcast list with three bad rows, corrected and imported into the same segment", async () => {
  await dropFile(page, "yalda.csv", listCsv);
  await page.getByText("3 of the first 5 rows have a fault").waitFor();
  await rowOf(page, "3").getByRole("cell", { name: "0912 Not a phone number" }).waitFor();
  await rowOf(page, "4")
    .getByRole("cell", { name: /^seven Not of the column/ })
    .waitFor();
  await rowOf(page, "5").getByRole("cell", { name: "The phone number is missing" }).waitFor();
  assert.equal(await page.getByRole("combobox", { name: /becomes$/ }).count(), 0, "its columns are fixed");

  await importInto(page, "Yalda 1405");
  await page.getByText("Completed, some rejected").waitFor();
  await page.getByText("I understand what this import does.").waitFor();

  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Only the rows with errors" }).click();
  const errors = await readFile(await (await downloading).path(), "utf8");
  assert.match(errors, /,Comments\r?\n/);
  assert.equal(errors.trim().split("\n").length, 4, "the header and the three rows");
  const corrected = errors
    .replace(",0912,", ",989123456789,")
    .replace(/,seven,/, ",7,")
    .replace("ali,,", "ali,989361112233,");

  await page.getByRole("link", { name: "Import a corrected file" }).click();
  await page.getByText("The options are those of yalda.csv").waitFor();
  await page.locator('input[type="file"]').setInputFiles({
    name: "yalda corrected.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(corrected),
  });
  await page.getByText("No fault in the first 3 rows").waitFor();
  assert.equal(await page.getByRole("combobox", { name: "Segment" }).inputValue(), "Yalda 1405");
  await page.getByText("This segment exists and has 2 users").waitFor();
  await importInto(page, "yalda 1405");
  await page.getByText("Completed", { exact: true }).waitFor();

  await page.getByRole("link", { name: "Users of this import" }).click();
  await page.getByRole("button", { name: "Remove the filter “Import: yalda corrected.csv”" }).waitFor();
  await rowWith(page, "989123456789").waitFor();
  assert.deepEqual(await idsIn(page), ["989123456789", "989351112233", "989361112233"]);

  await page.goBack();
  await page.getByRole("link", { name: "Users of Yalda 1405" }).click();
  await rowWith(page, "919876543210").waitFor();
  const everybody = ["919876543210", "989121234567", "989123456789", "989351112233", "989361112233"];
  assert.deepEqual(await idsIn(page), everybody);
  await page.getByLabel("Search users").fill("9893");
  await rowWith(page, "919876543210").waitFor({ state: "detached" });
  assert.deepEqual(await idsIn(page), ["989351112233", "989361112233"]);

  await linkTo(page, "Imports").click();
  const first = page.getByRole("row").filter({ hasText: "yalda.csv" });
  const processing = page.waitForEvent("download");
  await first.getByRole("link", { name: /^3: Download the file/ }).click();
  assert.equal((await readFile(await (await processing).path(), "utf8")).trim().split("\n").length, 6);
  assert.deepEqual(faults, []);
});
