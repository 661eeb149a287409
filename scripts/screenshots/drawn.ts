import type { Page } from "playwright-core";
import { pause } from "../../server/lib/processes.ts";

/** What is on its way is grey; live changes keep the network busy for ever. */
export async function untilDrawn(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  // Not waitForFunction: the content security policy refuses what it evaluates.
  const skeletons = page.locator(".mantine-Skeleton-root");
  const deadline = Date.now() + 30_000;
  while ((await skeletons.count()) > 0) {
    if (Date.now() > deadline) throw new Error("it is still loading");
    await pause(50);
  }
  await page.evaluate("document.fonts.ready.then(() => true)");
}
