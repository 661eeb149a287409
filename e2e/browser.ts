import { after } from "node:test";
import { type Browser, chromium, type Page } from "playwright-core";
import { en } from "../panel/strings/en.ts";
import { startTestProduct, type TestProduct } from "../server/testing/product.ts";

/** Debian's; another one by CHROMIUM_PATH. */
const chromiumPath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const chromiumArguments = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath, args: chromiumArguments });

/** A page of a new visitor, and what went wrong in it: errors, and what the content security policy refused. */
export async function openPage(
  browser: Browser,
  locale = "en-GB",
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  // Chromium says that something was refused, but not where it came from.
  await page.addInitScript(
    'addEventListener("securitypolicyviolation", (e) => console.error("refused", e.effectiveDirective, e.sourceFile, e.lineNumber, e.sample))',
  );
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    // Chromium logs each refused request; a journey starts signed out on purpose.
    if (message.type() === "error" && !message.text().includes("401")) faults.push(message.text());
  });
  return { page, faults };
}

export interface OpenPanel {
  readonly product: TestProduct;
  readonly browser: Browser;
  readonly page: Page;
  readonly faults: string[];
}

/** A product with its panel open in Chromium, and the first account signed in, until the tests of the file are over. */
export async function openPanel({ words = en } = {}): Promise<OpenPanel> {
  const product = await startTestProduct();
  const browser = await launchBrowser();
  after(async () => {
    await browser.close();
    await product.stop();
  });
  // The panel speaks the browser's language until another one is chosen.
  const { page, faults } = await openPage(browser, words === en ? "en-GB" : "fa-IR");
  await createAccount(page, product.signInLink, words);
  return { product, browser, page, faults };
}

/** Follows the first sign-in link and makes the first account. */
export async function createAccount(page: Page, signInLink: string, { welcome, home } = en): Promise<void> {
  await page.goto(signInLink);
  await page.getByLabel(welcome.name).fill("Sara Ahmadi");
  await page.getByLabel(welcome.email).fill("sara@example.com");
  await page.getByLabel(welcome.password, { exact: true }).fill("correct horse battery");
  if (page.url().includes("code")) throw new Error("the one-time code stays out of the history");
  await page.getByRole("button", { name: welcome.submit }).click();
  await page.getByRole("heading", { name: home.title, exact: true }).waitFor();
}

export const linkTo = (page: Page, name: string, { nav } = en) =>
  page.getByRole("navigation", { name: nav.label }).getByRole("link", { name, exact: true });

/** Opens the import of a file, as far as its first rows. */
export async function chooseFile(page: Page, name: string, text: string, strings = en): Promise<void> {
  const { imports, nav } = strings;
  await linkTo(page, nav.imports, strings).click();
  await page.getByRole("heading", { name: imports.title, exact: true }).waitFor();
  await page.getByRole("main").getByRole("link", { name: imports.new }).first().click();
  await page.getByRole("heading", { name: imports.new, exact: true }).waitFor();
  await page.locator('input[type="file"]').setInputFiles({
    name,
    mimeType: "text/csv",
    buffer: Buffer.from(text),
  });
  await page.getByRole("table", { name: imports.preview.rows }).waitFor();
}
