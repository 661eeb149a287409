import type { Page } from "playwright-core";
import { pause } from "../../server/lib/processes.ts";

const patienceMs = 60_000;
/** What is asked for after the page came, such as counts and previews, begins by then; charts are drawn. */
const settleMs = 250;

/** What is on its way is grey; live changes keep the network busy for ever. */
export async function untilDrawn(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await pause(settleMs);
  // Not waitForFunction: the content security policy refuses what it evaluates.
  const skeletons = page.locator(".mantine-Skeleton-root");
  await until(async () => (await skeletons.count()) === 0, "it is still loading");
  await page.evaluate("document.fonts.ready.then(() => true)");
}

/** Mails are shown in frames, which a browser leaves blank below the window: makes the window as high as the page. */
export async function showFrames(page: Page): Promise<void> {
  const size = page.viewportSize();
  if (size === null || (await page.locator("iframe").count()) === 0) return;
  await Promise.all(page.frames().map((frame) => frame.waitForLoadState("load", { timeout: patienceMs })));
  const height = await page.evaluate<number>("document.documentElement.scrollHeight");
  await page.setViewportSize({ ...size, height });
  await page.screenshot();
}

/** Colours fade from light to dark; half-way they are neither of the two. */
export async function untilFaded(page: Page): Promise<void> {
  await pause(settleMs);
  const fading =
    'document.getAnimations().filter((one) => one instanceof CSSTransition && one.playState === "running").length';
  await until(async () => (await page.evaluate<number>(fading)) === 0, "it never comes to rest");
}

async function until(isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(otherwise);
    await pause(50);
  }
}
