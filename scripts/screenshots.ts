// `npm run screenshots`: every screen of the panel in both languages and colours, wide and on a phone, as files under
// screenshots/. `--only <regex>` takes those whose name matches; `--readme` the pictures of README.md instead.
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { makeFolder } from "../bench/lib/folder.ts";
import { startProduct } from "../bench/lib/product.ts";
import { collectSteps, Failure, type Run } from "../bench/lib/run.ts";
import { createAccount, launchBrowser } from "../e2e/browser.ts";
import { readArguments } from "../server/cli/arguments.ts";
import { pause } from "../server/lib/processes.ts";
import { makeLife } from "./screenshots/life.ts";
import { readmePictures } from "./screenshots/readme.ts";
import { type Screen, screensOf } from "./screenshots/screens.ts";

const languages = ["en", "fa"] as const;
type Language = (typeof languages)[number];
const schemes = ["light", "dark"] as const;
const sizes = {
  wide: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;
type Size = keyof typeof sizes;
/** Pages at a time: a browser and a product share the machine. */
const lanes = 3;
/** Colours that fade from light to dark are there by then, and charts are drawn. */
const settleMs = 400;
const patienceMs = 20_000;

interface Visit {
  readonly screen: Screen;
  readonly language: Language;
  readonly size: Size;
}

async function main(run: Run): Promise<void> {
  const options = readArguments(run.args, { only: { type: "string" }, readme: { type: "boolean" } }).values;
  const only = new RegExp(options.only ?? "");
  mkdirSync("screenshots", { recursive: true });
  run.say("Starting the product …");
  const product = await startProduct(run, makeFolder(run), { APP_ID: "my-shop" }, ["--demo"]);
  const signInLink = /Sign in, once: +(\S+)/.exec(product.output())?.[1];
  if (signInLink === undefined)
    throw new Failure(`The product printed no sign-in link:\n${product.output()}`);
  while (!product.output().includes("The demo shop:")) await pause(100);
  const browser = await launchBrowser();
  run.later(() => browser.close());

  run.say("Making something to look at …");
  const life = await makeLife(product.url, await startReceiver(run));
  const screens = screensOf(life, signInLink);
  const visits = screens.flatMap((screen) =>
    languages.flatMap((language) =>
      (Object.keys(sizes) as Size[]).map((size) => ({ screen, language, size })),
    ),
  );
  const wanted = visits.filter((visit) => schemes.some((scheme) => only.test(nameOf(visit, scheme))));
  const faults: string[] = [];
  const visitAll = async (chosen: readonly Visit[], session: Session) => {
    const queue = [...chosen];
    const lane = async () => {
      for (let visit = queue.shift(); visit; visit = queue.shift()) {
        const name = nameOf(visit, "*");
        await take(browser, product.url, visit, session, only).catch((error: Error) => {
          faults.push(`${name}: ${error.message.split("\n")[0]}`);
        });
        run.say(name);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  };

  // The link works once, so its page is looked at before.
  if (!options.readme)
    await visitAll(
      wanted.filter(({ screen }) => screen.by === "newcomer"),
      undefined,
    );
  const session = await signIn(browser, signInLink);
  if (options.readme) return readmePictures({ browser, url: product.url, life, session });
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

/** Visits a screen once, and takes it in light and in dark. */
async function take(
  browser: Browser,
  url: string,
  visit: Visit,
  session: Session,
  only: RegExp,
): Promise<void> {
  const { screen, language, size } = visit;
  const context = await browser.newContext({
    ...{ locale: language === "fa" ? "fa-IR" : "en-GB", timezoneId: "Asia/Tehran", viewport: sizes[size] },
    ...{ reducedMotion: "reduce", ...(session && { storageState: session }) },
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(patienceMs);
    await page.addInitScript(`localStorage.setItem("chapar.language", "${language}")`);
    await page.goto(`${url}/${screen.path}`);
    await untilDrawn(page);
    await screen.act?.(page, language);
    for (const scheme of schemes.filter((each) => only.test(nameOf(visit, each)))) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await pause(settleMs);
      await page.screenshot({ path: `screenshots/${nameOf(visit, scheme)}.png`, fullPage: true });
    }
  } finally {
    await context.close();
  }
}

/** What is on its way is grey; live changes keep the network busy for ever. */
async function untilDrawn(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.waitForFunction('document.querySelectorAll(".mantine-Skeleton-root").length === 0');
  await page.evaluate("document.fonts.ready.then(() => true)");
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
