import { mkdirSync } from "node:fs";
import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";
import { pause } from "../../server/lib/processes.ts";
import type { Life } from "./life.ts";

/** The pictures of README.md, in docs/screenshots. */
export async function readmePictures(given: {
  browser: Browser;
  url: string;
  life: Life;
  session: BrowserContextOptions["storageState"];
}): Promise<void> {
  void given;
  void pause;
  mkdirSync("docs/screenshots", { recursive: true });
  const contexts: BrowserContext[] = [];
  for (const context of contexts) await context.close();
}
