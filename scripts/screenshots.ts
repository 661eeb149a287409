// `npm run screenshots`: every screen of the panel in both languages and colours, wide and on a phone, as files under
// screenshots/. `--only <regex>` takes those whose name matches; `--readme` the pictures of README.md instead.
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { makeFolder } from "../bench/lib/folder.ts";
import { startProduct } from "../bench/lib/product.ts";
import { collectSteps, Failure, type Run } from "../bench/lib/run.ts";
import { createAccount, launchBrowser } from "../e2e/browser.ts";
import { readArguments } from "../server/cli/arguments.ts";
import { pause } from "../server/lib/processes.ts";
import { showFrames, untilDrawn, untilFaded } from "./screenshots/drawn.ts";
import { makeLife } from "./screenshots/life.ts";
import { takeReadmePictures } from "./screenshots/readme.ts";
import { type Screen, screensOf } from "./screenshots/screens.ts";

const languages = ["en", "fa"] as const;
type Language = (typeof languages)[number];
const schemes = ["light", "dark"] as const;
const sizes = {
  wide: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;
type Size = keyof typeof sizes;
const patienceMs = 60_000;
/** A slow machine may need more than one. */
const attempts = 2;

/** Each is a browser's window, and they work beside each other. */
const looks = languages.flatMap((language) =>
  (Object.keys(sizes) as Size[]).map((size) => ({ language, size })),
);
type Look = (typeof looks)[number];
type Visit = Look & { readonly screen: Screen };

async function main(run: Run): Promise<void> {
  const options = readArguments(run.args, { only: { type: "string" }, readme: { type: "boolean" } }).values;
  const only = new RegExp(options.only ?? "");
  if (!options.readme) mkdirSync("screenshots", { recursive: true });
  run.say("Starting the product …");
  const product = await startProduct(run, makeFolder(run), { APP_ID: "my-shop" }, ["--demo"]);
  const signInLink = /Sign in, once: +(\S+)/.exec(product.output())?.[1];
  if (signInLink === undefined)
    throw new Failure(`The product printed no sign-in link:\n${product.output()}`);
  const deadline = Date.now() + patienceMs;
  while (!product.output().includes("The demo shop:")) {
    if (Date.now() > deadline) throw new Failure(`There is no demo shop:\n${product.output()}`);
    await pause(100);
  }
  const browser = await launchBrowser();
  run.later(() => browser.close());

  run.say("Making something to look at …");
  const life = await makeLife(product.url, await startReceiver(run));
  const screens = screensOf(life, signInLink);
  const visits = looks.flatMap((look) => screens.map((screen) => ({ screen, ...look })));
  const wanted = visits.filter((visit) => schemes.some((scheme) => only.test(nameOf(visit, scheme))));
  const faults: string[] = [];
  let visited = 0;
  const visitAll = (chosen: readonly Visit[], session: Session) =>
    Promise.all(
      looks.map(async (look) => {
        const mine = chosen.filter(({ language, size }) => language === look.language && size === look.size);
        if (mine.length === 0) return;
        const context = await openContext(browser, look.language, sizes[look.size], session);
        // One page for all of them: opening another costs as much as looking at it.
        let page = await context.newPage();
        for (const visit of mine) {
          const name = nameOf(visit, "*");
          const fault = await take(page, product.url, visit, only);
          visited += 1;
          run.say(
            `${visited} of ${wanted.length} ${name}${fault === null ? "" : ` was not taken: ${fault}`}`,
          );
          if (fault === null) continue;
          faults.push(`${name}: ${fault}`);
          await page.close();
          page = await context.newPage();
        }
        await context.close();
      }),
    );

  // The link works once, so its page is looked at before.
  if (!options.readme)
    await visitAll(
      wanted.filter(({ screen }) => screen.by === "newcomer"),
      undefined,
    );
  const session = await signIn(browser, signInLink);
  if (options.readme) {
    await takeReadmePictures(product.url, life, (language, viewport) =>
      openContext(browser, language, viewport, session),
    );
    return run.say("They are in docs/screenshots/.");
  }
  await visitAll(
    wanted.filter(({ screen }) => screen.by === undefined),
    session,
  );
  await visitAll(
    wanted.filter(({ screen }) => screen.by === "visitor"),
    undefined,
  );
  if (faults.length > 0) throw new Failure(`Not taken:\n${faults.join("\n")}`);
  run.say(`They are in screenshots/.`);
}

const nameOf = ({ screen, language, size }: Visit, scheme: string) =>
  `${screen.name}-${language}-${scheme}-${size}`;

/** Takes what its webhooks are told; one of them is broken. */
async function startReceiver(run: Run): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(request.url === "/broken" ? 503 : 200).end(request.url === "/broken" ? "closed" : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  run.later(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Session = Awaited<ReturnType<typeof signIn>> | undefined;

/** Makes the first account; answers what a browser keeps of it. */
async function signIn(browser: Browser, link: string) {
  const context = await browser.newContext({ locale: "en-GB" });
  await createAccount(await context.newPage(), link);
  const state = await context.storageState();
  await context.close();
  return state;
}

/** One for many pages: what it has fetched is kept. */
async function openContext(
  browser: Browser,
  language: Language,
  viewport: { width: number; height: number },
  session: Session,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    ...{ locale: language === "fa" ? "fa-IR" : "en-GB", timezoneId: "Asia/Tehran", viewport },
    ...{ reducedMotion: "reduce", ...(session && { storageState: session }) },
  });
  context.setDefaultTimeout(patienceMs);
  await context.addInitScript(`localStorage.setItem("chapar.language", "${language}")`);
  return context;
}

/** Takes a screen in light and in dark; answers what was wrong the last time, or null. */
async function take(page: Page, url: string, visit: Visit, only: RegExp): Promise<string | null> {
  const { screen } = visit;
  let fault: string | null = null;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    try {
      await page.setViewportSize(sizes[visit.size]);
      await page.goto(`${url}/${screen.path}`);
      await untilDrawn(page);
      await showFrames(page);
      await screen.act?.(page);
      for (const scheme of schemes.filter((each) => only.test(nameOf(visit, each)))) {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
        await untilFaded(page);
        await page.screenshot({ path: `screenshots/${nameOf(visit, scheme)}.png`, fullPage: true });
      }
      return null;
    } catch (error) {
      fault = (error as Error).message.split("\n")[0] ?? "";
    }
  }
  return fault;
}

const steps = collectSteps();
let isEnding = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end(130));

async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await steps.end();
  process.exit(code);
}

try {
  const args = process.argv.slice(2);
  await main({ args, say: (line) => process.stderr.write(`${line}\n`), later: steps.later });
  await end(0);
} catch (error) {
  if (!isEnding) console.error(error instanceof Failure ? error.message : error);
  await end(1);
}
