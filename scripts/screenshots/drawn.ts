import type { Page } from "playwright-core";

/** What is on its way is grey; live changes keep the network busy for ever. */
export async function untilDrawn(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.waitForFunction('document.querySelectorAll(".mantine-Skeleton-root").length === 0');
  await page.evaluate("document.fonts.ready.then(() => true)");
}
