import { type Browser, chromium, type Page } from "playwright-core";

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

/** A page in English, and what went wrong in it: errors, and what the content security policy refused. */
export async function openPage(browser: Browser): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 900 } });
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

/** Follows the first sign-in link and makes the first account. */
export async function createAccount(page: Page, signInLink: string): Promise<void> {
  await page.goto(signInLink);
  await page.getByLabel("Your name").fill("Sara Ahmadi");
  await page.getByLabel("E-mail").fill("sara@example.com");
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  if (page.url().includes("code")) throw new Error("the one-time code stays out of the history");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
}

export const linkTo = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true });

/** Opens the import of a file, as far as its first rows. */
export async function chooseFile(page: Page, name: string, text: string): Promise<void> {
  await linkTo(page, "Imports").click();
  await page.getByRole("heading", { name: "Imports", exact: true }).waitFor();
  await page.getByRole("main").getByRole("link", { name: "Import a file" }).first().click();
  await page.getByRole("heading", { name: "Import a file", exact: true }).waitFor();
  await page.locator('input[type="file"]').setInputFiles({
    name,
    mimeType: "text/csv",
    buffer: Buffer.from(text),
  });
  await page.getByRole("table", { name: "First rows of the file" }).waitFor();
}
