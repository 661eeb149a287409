import assert from "node:assert/strict";
import { test } from "node:test";
import axe from "axe-core";
import { type TestProduct, until } from "../server/testing/product.ts";
import { openPanel } from "./browser.ts";

// Every page in both languages and colours, as axe sees it: WCAG 2.1 A and AA.

const { product, page } = await openPanel();
const paths = await fill(product);

/** Something to show on every page. Answers their addresses. */
async function fill({ call }: TestProduct): Promise<string[]> {
  const sample = await call("POST", "/api/sample", {});
  await until(
    () => call("GET", "/api/sample"),
    ({ body }) => body.status === "there",
  );
  const device = { id: "phone", userId: "Test", deviceType: "android", launchCount: 3 };
  await call("POST", "/api/installations", device);
  await call("POST", "/api/installations/track", { userId: "Test", eventName: "order" });
  await call("POST", "/api/public-keys", { name: "Shop", origins: ["https://shop.example"] });
  const segment = await call("POST", "/api/segments", { name: "Gold", target: { tags: "plan_gold" } });
  const content = { content: "Hello {{user.first_name}}" };
  const template = await call("POST", "/api/templates", { name: "Hello", channel: "inbox", content });
  const campaign = await call("POST", "/api/campaigns", {
    ...{ name: "Autumn", channel: "inbox", target: { userId: "Test" }, content },
  });
  const run = await call("POST", `/api/campaigns/${campaign.body.id}/launch`);
  const account = await call("POST", "/api/providers", {
    ...{ channel: "sms", provider: "http", name: "Gateway" },
    config: { url: "https://sms.example.com/send" },
  });
  const made = [sample, segment, template, campaign, run].map(({ status }) => status);
  assert.ok(
    made.every((status) => status < 300),
    JSON.stringify(made),
  );
  return [
    ...["", "setup", "imports", "imports/new", `imports/${sample.body.importId}`, "users", "users/Test"],
    ...["messages", `messages/${run.body.message.id}`, "campaigns", `campaigns/${campaign.body.id}`],
    ...["campaigns/new", "campaigns/calendar", "segments", "segments/new", `segments/${segment.body.id}`],
    ...["behaviours", "behaviours/trend", "behaviours/funnel", "behaviours/cohort", "providers"],
    ...["providers/new", ...(account.status < 300 ? [`providers/${account.body.id}`] : []), "templates"],
    ...["templates/new", `templates/${template.body.id}`, "settings", "settings/apps", "settings/topics"],
    ...["settings/texts", "settings/webhooks", "settings/retention", "settings/promo", "settings/team"],
    ...["settings/tokens", "settings/audit", "account", "apps/new", "try"],
  ];
}

/** What axe has against the page that is shown. */
async function faultsOf(rules: readonly string[], { withColours = true } = {}): Promise<string[]> {
  const found = await page.evaluate(
    async ({ runOnly, isEnabled }) => {
      const { axe } = globalThis as unknown as {
        axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const { violations } = await axe.run({
        ...{ runOnly, resultTypes: ["violations"] },
        rules: { "color-contrast": { enabled: isEnabled } },
      });
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
    },
    { runOnly: rules, isEnabled: withColours },
  );
  return found;
}

const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];

async function lookAt(language: "en" | "fa"): Promise<Record<string, string[]>> {
  const faults: Record<string, string[]> = {};
  await page.evaluate(`localStorage.setItem("chapar.language", "${language}")`);
  for (const path of paths) {
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.goto(`${product.url}/${path}`);
    await page.locator("h1").first().waitFor();
    // What is on its way is grey; live changes keep the network busy for ever.
    await until(
      () => page.locator(".mantine-Skeleton-root").count(),
      (count) => count === 0,
    );
    await page.evaluate(axe.source);
    // Colours do not know the language, and take longest.
    const found = await faultsOf(wcag, { withColours: language === "en" });
    if (language === "en") {
      await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
      await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
      // Colours fade; half-way they are neither of the two.
      await until(
        () =>
          page.evaluate<number>(
            'document.getAnimations().filter((one) => one instanceof CSSTransition && one.playState === "running").length',
          ),
        (fading) => fading === 0,
      );
      found.push(...(await faultsOf(["color-contrast"])).map((fault) => `dark ${fault}`));
    }
    if (found.length > 0) faults[`/${path}`] = [...new Set(found)];
  }
  return faults;
}

test("axe finds nothing in English", async () => {
  assert.deepEqual(await lookAt("en"), {});
});

test("axe finds nothing in Persian", async () => {
  assert.deepEqual(await lookAt("fa"), {});
});
