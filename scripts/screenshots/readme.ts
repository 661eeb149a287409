import { mkdirSync } from "node:fs";
import type { BrowserContext } from "playwright-core";
import { untilDrawn } from "./drawn.ts";
import type { Life } from "./life.ts";

interface Picture {
  readonly name: string;
  readonly path: string;
  readonly look?: Partial<{ language: "en" | "fa"; scheme: "light" | "dark"; isPhone: boolean }>;
}

const wide = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** The eight of README.md. */
const picturesOf = (life: Life): Picture[] => [
  { name: "overview", path: "" },
  { name: "segment-builder", path: `segments/${life.segmentId}/edit` },
  { name: "campaign-composer", path: `campaigns/${life.draftId}/edit` },
  { name: "campaign-report", path: `campaigns/${life.campaignId}`, look: { scheme: "dark" } },
  { name: "user", path: `users/${life.userId}` },
  { name: "import", path: `imports/${life.importId}` },
  { name: "campaigns-persian", path: "campaigns", look: { language: "fa" } },
  { name: "report-phone", path: `messages/${life.messageId}`, look: { isPhone: true } },
];

/** Takes the pictures of README.md, into docs/screenshots. */
export async function takeReadmePictures(
  url: string,
  life: Life,
  openContext: (language: "en" | "fa", viewport: typeof wide) => Promise<BrowserContext>,
): Promise<void> {
  mkdirSync("docs/screenshots", { recursive: true });
  for (const { name, path, look = {} } of picturesOf(life)) {
    const context = await openContext(look.language ?? "en", look.isPhone ? phone : wide);
    const page = await context.newPage();
    await page.emulateMedia({ colorScheme: look.scheme ?? "light", reducedMotion: "reduce" });
    await page.goto(`${url}/${path}`);
    await untilDrawn(page);
    await page.waitForTimeout(2_000); // counts of rules and previews come after the page
    await page.screenshot({ path: `docs/screenshots/${name}.png` });
    await context.close();
  }
}
