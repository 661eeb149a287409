import assert from "node:assert/strict";
import { after, test } from "node:test";
import { load } from "cheerio";
import PostalMime from "postal-mime";
import { until } from "../server/testing/product.ts";
import { startSmtpStandIn } from "../server/testing/stand-ins/smtp.ts";
import { linkTo, openPanel } from "./browser.ts";

const { product, page, faults } = await openPanel();
const smtp = await startSmtpStandIn({ keepMails: true, user: { username: "shop", password: "secret" } });
after(() => smtp.stop());
await makePeople();

/** Two with an address; Mina has none. */
async function makePeople() {
  const file = "userId,email,first_name\nsara,sara@example.com,Sara\nreza,reza@example.com,Reza\nmina,,Mina";
  const imported = await product.call("POST", "/api/imports?format=generic&name=people.csv", file);
  await until(
    async () => (await product.call("GET", `/api/imports/${imported.body.id}`)).body.status,
    (status) => status === "completed",
  );
}

const box = (name: string | RegExp) => page.getByRole("textbox", { name });
const frame = () => page.frameLocator("iframe:not([data-waiting])");

/** What is refused on purpose is answered 422, which Chromium logs. */
const unexpected = () => faults.splice(0).filter((fault) => !fault.includes("422"));

test("an account of a mail server couples what belongs together, signs, and names its DNS records", async () => {
  await linkTo(page, "Providers").click();
  await page.getByRole("link", { name: "E-mail", exact: false }).first().click();
  assert.ok(await page.getByRole("radio", { name: "E-mail server (SMTP)" }).isChecked(), "most want it");
  await page.getByText("Look up server, port, user name and password").waitFor();

  await page.getByRole("radio", { name: "TLS from the start" }).check();
  assert.equal(await box(/^Port/).inputValue(), "465");
  await box(/^Port/).fill("587");
  assert.ok(await page.getByRole("radio", { name: "STARTTLS" }).isChecked());
  await page.getByRole("radio", { name: "None" }).check();
  await box(/^Server/).fill("smtp://127.0.0.1");
  await box(/^Port/).fill(String(smtp.port));
  await box("E-mail address of the sender").fill("news@example.com");
  const add = page.getByRole("button", { name: "Add the account" });
  await add.click();
  await page.getByText("without smtp://").waitFor();
  await box(/^Server/).fill("127.0.0.1");
  await box("User name").fill("shop");
  await page.getByLabel("Password").fill("secret");
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByText("A new key is in the form.").waitFor();
  assert.equal(await box("Domain of the signature").inputValue(), "example.com");
  await add.click();

  await page.getByRole("heading", { name: "E-mail server (SMTP)" }).waitFor();
  await page.getByText("The account works").waitFor();
  await page.getByText("Key of the signature (DKIM)").waitFor();
  const name = `${await page.getByText("_domainkey.example.com").first().textContent()}`;
  assert.match(name, /^[a-z0-9-]+\._domainkey\.example\.com$/);
  await page.getByText("A key is stored. It is encrypted, and not shown again.").waitFor();
  assert.deepEqual(unexpected(), []);
});

test("an e-mail is built of blocks beside its preview, and what is broken is told at its block", async () => {
  await linkTo(page, "Campaigns").click();
  await page.getByRole("link", { name: "New campaign" }).first().click();
  await page.getByRole("radio", { name: "E-mail" }).check();
  await frame().getByRole("heading", { name: "Hello" }).waitFor();
  assert.deepEqual((await product.call("GET", "/api/campaigns")).body.data, [], "nobody wrote anything yet");

  await box("Name").fill("Winter");
  await box("Subject").fill("Winter is here, {{ user.first_name }}");
  await page.getByRole("button", { name: "Edit block 1: Heading" }).click();
  await box("Text").fill("Warm things for {{ user.first_name");
  await page.getByText(/^This cannot be used: line 1, column/).waitFor();
  await box("Text").fill("Warm things for {{ user.first_name }}");
  await frame().getByRole("heading", { name: "Warm things for" }).waitFor();

  await page.getByRole("button", { name: "Edit block 3: Button" }).click();
  await box("Opens").fill("example.com/winter");
  await box("Words on the button").fill("See them");
  assert.equal(await box("Opens").inputValue(), "https://example.com/winter");

  await page.getByRole("button", { name: "Add a block", exact: true }).click();
  await page.getByRole("menuitem", { name: "Image" }).click();
  await page.locator('input[type="file"]').setInputFiles({
    ...{ name: "scarf.gif", mimeType: "image/gif" },
    buffer: Buffer.from("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==", "base64"),
  });
  await page.getByRole("button", { name: "Another image" }).waitFor();
  await page.getByText("An image has no words in its place").waitFor();
  await box("In words").fill("A red scarf");
  await frame().getByRole("img", { name: "A red scarf" }).waitFor();

  // It was added before the footer; the keyboard moves it on, and back.
  const image = page.getByRole("button", { name: /^Edit block \d: Image/ });
  assert.equal(await image.getAttribute("aria-label"), "Edit block 4: Image");
  await image.press("Alt+ArrowUp");
  assert.equal(await image.getAttribute("aria-label"), "Edit block 3: Image");
  await page.keyboard.press("Alt+ArrowDown");
  assert.equal(await image.getAttribute("aria-label"), "Edit block 4: Image");

  await page.getByRole("button", { name: "More for block 2: Text" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Edit block 2: Button" }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Edit block 2: Text" }).click();
  const text = page.getByRole("textbox", { name: "Text", exact: true });
  await text.press("Control+a");
  await page.keyboard.type("Only today");
  await frame().getByText("Only today").waitFor();
  await page.getByText("Draft saved").waitFor();
  assert.deepEqual(unexpected(), []);
});

test("it is launched with what is to be said against it, arrives as it was shown, and is reported", async () => {
  await page
    .getByRole("radiogroup", { name: "How to look at it" })
    .getByText("Text", { exact: true })
    .click();
  await page.getByText("Only today", { exact: false }).last().waitFor();
  await page.getByRole("button", { name: "Launch" }).click();
  const dialog = page.getByRole("dialog", { name: "Winter" });
  await dialog.getByText("Send to 2 users by E-mail now?").waitFor();
  await dialog.getByText("Links and images lead to an address that nobody outside can open").waitFor();
  await dialog.getByRole("button", { name: "Send to 2 now" }).click();

  await page.getByRole("heading", { name: "What readers did" }).waitFor();
  await until(
    async () => smtp.mails.map(({ to }) => to).sort(),
    (to) => to.join() === "reza@example.com,sara@example.com",
  );
  await page.getByRole("main").getByText("100% of sent").waitFor();
  await frame().getByRole("img", { name: "A red scarf" }).waitFor();
  const mail = smtp.mails.find(({ to }) => to === "sara@example.com")?.text ?? "";
  assert.match(mail, /Subject: Winter is here, Sara/);
  assert.match(mail, /DKIM-Signature: .*d=example\.com/s);

  const $ = load((await PostalMime.parse(mail)).html ?? "");
  const link = $("a")
    .toArray()
    .find((element) => $(element).text().trim() === "See them");
  // The product names the port that it was asked for, which was any.
  const { pathname } = new URL($(link).attr("href") ?? "");
  const follow = (method: "GET" | "HEAD") =>
    fetch(`${product.url}${pathname}`, {
      method,
      headers: { "user-agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0" },
      redirect: "manual",
    });
  // A scanner looks first; a person comes later, as nobody reads a mail in the moment that it is sent.
  await follow("HEAD");
  assert.equal((await follow("GET")).headers.get("location"), "https://example.com/winter");
  const clicked = page.locator("dl > div").filter({ hasText: "Clicked" }).first();
  await until(
    async () => {
      await follow("GET");
      return await clicked.textContent();
    },
    (text) => text?.startsWith("Clicked150% of delivered") === true,
  );
  await page.getByText("Links followed by a machine").waitFor();
  const clicks = page.getByRole("listitem").filter({ hasText: "https://example.com/winter" });
  await clicks.getByText("100%").waitFor();
  assert.deepEqual(unexpected(), []);
});

test("a design becomes HTML only when somebody says so, and its faults are marked in their line", async () => {
  await linkTo(page, "Campaigns").click();
  await page.getByRole("link", { name: "New campaign" }).first().click();
  await page.getByRole("radio", { name: "E-mail" }).check();
  await page.getByRole("button", { name: "Edit block 1: Heading" }).click();
  await box("Text").fill("Spring");
  const format = (name: string) =>
    page.getByRole("radiogroup", { name: "How to write it" }).getByText(name, { exact: true });
  await format("HTML").click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Edit block 1: Heading" }).waitFor();
  await format("HTML").click();
  await page.getByRole("button", { name: "Take the design over" }).click();
  const source = page.getByRole("textbox", { name: "HTML" });
  await source.waitFor();
  await frame().getByRole("heading", { name: "Spring" }).waitFor();
  await source.press("Control+a");
  await page.keyboard.type("<p>Hi</p>\n<p>{{ user.first_name");
  await page.getByText(/^This cannot be used: .*line 2, column/).waitFor();
  await page.locator(".cm-lintRange-error").waitFor();
  await format("Design").click();
  await frame().getByRole("heading", { name: "Spring" }).waitFor();
  assert.deepEqual(unexpected(), []);
});
