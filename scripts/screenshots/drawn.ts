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
  await showFrames(page);
}

/** Mails are shown in frames, which a browser leaves blank in a picture until somebody has looked at them. */
async function showFrames(page: Page): Promise<void> {
  const frames = await page.locator("iframe").all();
  if (frames.length === 0) return;
  await Promise.all(page.frames().map((frame) => frame.waitForLoadState("load", { timeout: patienceMs })));
  for (const frame of frames) {
    await frame.scrollIntoViewIfNeeded();
    await page.screenshot();
  }
  await page.evaluate("scrollTo(0, 0)");
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
