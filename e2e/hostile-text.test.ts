import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { startTestProduct, type TestProduct, until } from "../server/testing/product.ts";
import { chooseFile, createAccount, launchBrowser, openPage } from "./browser.ts";

// Whatever somebody stored, the panel shows it as text: nothing of it runs, and no page breaks.

let product: TestProduct;
let browser: Browser;
let page: Page;
let faults: string[];
let paths: string[];

/** Left to right until here, a mark that has no width, and one word that fits nowhere. */
const unruly = `\u202egnp.exe\u2066\u200b${"W".repeat(40)}`;
const image = `<img src=x onerror=ran(1)>`;
const script = `"><script>ran(2)</script>`;
const drawing = `'><svg onload=ran(3)>`;
const link = "javascript:ran(4)";
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is for others to fill in
const template = '${ran(5)}{{constructor.constructor("ran(5)")()}}';
/** In a name. */
const name = (kind: string) => `${kind}${image}${unruly}`;
/** In a text; Liquid would be read in one that is sent. */
const words = [image, script, drawing, link, unruly].join(" ");

before(async () => {
  product = await startTestProduct();
  browser = await launchBrowser();
  ({ page, faults } = await openWatched());
  await createAccount(page, product.signInLink);
  paths = await fill();
});

after(async () => {
  await browser?.close();
  await product?.stop();
});

/** A page that tells of whatever ran in it, or tried to. */
async function openWatched(): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(browser);
  opened.page.on("dialog", (dialog) => {
    opened.faults.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await opened.page.exposeFunction("report", (what: string) => opened.faults.push(what));
  await opened.page.addInitScript(`
    window.ran = (which) => window.report("ran " + which);
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      window.report(violatedDirective + " " + blockedURI));`);
  return opened;
}

async function made(method: string, path: string, body?: unknown) {
  const answer = await product.call(method, path, body);
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

/** Hostile texts in all that takes one. Answers the addresses of the pages that show them. */
async function fill(): Promise<string[]> {
  const userId = name("user");
  await made("PATCH", "/api/settings", {
    name: name("app"),
    defaultTexts: { title: name("title"), alert: words },
  });
  await page.evaluate(async (given) => {
    const headers = { "content-type": "application/json", "x-chapar-panel": "1" };
    const body = JSON.stringify({ name: given });
    const answer = await fetch("/api/session/account", { method: "PATCH", headers, body });
    if (!answer.ok) throw new Error(await answer.text());
  }, name("me"));
  await made("POST", "/api/users", {
    ...{ userId, email: "eve@example.com", phone: "+989121234567", tags: [image, script, unruly, template] },
    attributes: { first_name: words, [`attribute${image}`]: words, note: template },
  });
  await made("POST", "/api/installations", {
    ...{ id: name("device"), userId, deviceType: "android", launchCount: 3, appVersion: drawing },
    ...{ deviceModel: words, osVersion: script, model: words, topics: [`topic${image}`] },
  });
  const event = { userId, eventName: `event${image}`, data: { page: words, [script]: template } };
  await made("POST", "/api/installations/track", event);
  await made("PUT", `/api/topics/${encodeURIComponent(`topic${image}`)}`, {
    ...{ titles: { en: image, fa: script }, isListed: true },
  });
  const target = { tags: image };
  const { body: segment } = await made("POST", "/api/segments", { name: name("segment"), target });
  await made("POST", "/api/public-keys", { name: name("key"), origins: ["https://shop.example"] });
  await made("POST", "/api/tokens", { name: name("token") });
  const { body: webhook } = await made("POST", "/api/webhooks", {
    ...{ name: name("hook"), events: ["event.tracked"], eventNames: [`event${image}`] },
    url: `${product.url}/${encodeURIComponent(image)}?${encodeURIComponent(script)}`,
  });
  const { body: provider } = await made("POST", "/api/providers", {
    ...{ channel: "sms", provider: "http", name: name("provider") },
    config: { url: `${product.url}/nowhere?${encodeURIComponent(image)}` },
  });
  const notification = { title: words, body: words, clickUrl: link, mediaUrl: link };
  const content = { content: words, notification, trackId: image };
  const { body: saved } = await made("POST", "/api/templates", {
    ...{ name: name("template"), channel: "inbox", content },
  });
  const html = `<p>${words}</p><a href="${link}">x</a><img src="${link}" onerror="ran(6)"><iframe srcdoc="<script>parent.ran(7)</script>"></iframe>`;
  const mail = { content: words, subject: words, email: { format: "html", html } };
  const { body: letter } = await made("POST", "/api/templates", {
    ...{ name: name("letter"), channel: "email", content: mail },
  });
  const everyone = { name: name("campaign"), target: {} };
  const { body: draft } = await made("POST", "/api/campaigns", { ...everyone, channel: "inbox", content });
  const { body: mailing } = await made("POST", "/api/campaigns", {
    ...{ ...everyone, channel: "email", content: mail },
  });
  const { body: sms } = await made("POST", "/api/campaigns", {
    ...{ ...everyone, channel: "sms", content: { content: words } },
  });
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const { body: planned } = await made("POST", "/api/campaigns", {
    ...{ ...everyone, channel: "inbox", content: { content: words } },
    schedule: { kind: "at", day: tomorrow, time: "10:00" },
  });
  for (const { id } of [sms, planned]) await made("POST", `/api/campaigns/${id}/launch`);
  const gif = "GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000";
  await made("POST", `/api/files?name=${encodeURIComponent(name("picture"))}`, gif);
  const sent = await made("POST", "/api/push/toUsers", { user: userId, ...content, data: { words } });
  const message = sent.headers.get("x-push-id");
  const file = `?format=generic&name=${encodeURIComponent(name("file"))}`;
  const { body: imported } = await made("POST", `/api/imports${file}`, cellsOf(userId));
  await until(
    async () => (await product.call("GET", `/api/imports/${imported.id}`)).body.endedAt,
    (endedAt) => endedAt !== null,
  );
  await until(
    async () => (await product.call("GET", `/api/messages/${message}`)).body.status,
    (status) => status === "finished",
  );
  return [
    ...["", "users", `users/${encodeURIComponent(userId)}`, "behaviours", "segments", "templates"],
    ...[`segments/${segment.id}`, `segments/${segment.id}/edit`, `templates/${saved.id}`],
    ...[`templates/${letter.id}`, "campaigns", `campaigns/${draft.id}`, `campaigns/${draft.id}/edit`],
    ...[
      `campaigns/${mailing.id}/edit`,
      `campaigns/${sms.id}`,
      "campaigns/calendar",
      "messages",
      `messages/${message}`,
    ],
    ...["imports", `imports/${imported.id}`, "providers", `providers/${provider.id}`, "setup", "account"],
    ...["settings", "settings/apps", "settings/topics", "settings/texts", "settings/webhooks"],
    ...[`settings/webhooks/${webhook.id}`, "settings/team", "settings/tokens", "settings/audit"],
  ];
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const cellsOf = (userId: string): string =>
  `userId,${image},phone\n${quoted(userId)},${quoted(words)},${quoted(image)}\n`;

/** What sticks out of the page at its end; nothing where the page does not scroll sideways. */
const stickingOut = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const isBeyond = (element) => {
      const { left, right } = element.getBoundingClientRect();
      return right > clientWidth + 1 || left < -1;
    };
    return [...document.querySelectorAll("body *")]
      .filter((element) => isBeyond(element) && ![...element.children].some(isBeyond))
      .map((element) => element.outerHTML.slice(0, 200));
  })()`);

/** The browser's word that a frame without scripts ran none, and that a picture was not fetched: how it should be. */
const isGuard = (fault: string) =>
  /^Blocked script execution in '(about:srcdoc|.*\/previews\/)/.test(fault) ||
  /^Loading the image 'javascript:/.test(fault) ||
  /ERR_BLOCKED_BY_RESPONSE/.test(fault);

/** Opens every page in a language. Answers what was wrong. */
async function lookAt(language: "en" | "fa"): Promise<string[]> {
  const { page: own, faults: seen } = await openWatched();
  await own.context().addCookies(await page.context().cookies());
  await own.addInitScript(`if (window === top) localStorage.setItem("chapar.language", "${language}")`);
  const broken: string[] = [];
  for (const path of paths) {
    await own.setViewportSize({ width: 390, height: 844 });
    await own.goto(`${product.url}/${path}`);
    await own.locator("h1").first().waitFor();
    await until(
      () => own.locator(".mantine-Skeleton-root").count(),
      (count) => count === 0,
    );
    for (const width of [390, 1280]) {
      await own.setViewportSize({ width, height: 844 });
      for (const element of await stickingOut(own)) broken.push(`/${path} at ${width} px: ${element}`);
    }
    assert.equal(await own.locator("html").getAttribute("lang"), language);
    for (const fault of seen.splice(0)) if (!isGuard(fault)) broken.push(`/${path}: ${fault}`);
  }
  await own.context().close();
  return broken;
}

test("pages show hostile texts as texts in both languages, wide and on a phone", async () => {
  const [english, persian] = await Promise.all([lookAt("en"), lookAt("fa")]);
  assert.deepEqual(english, []);
  assert.deepEqual(persian, []);
});

test("a file that is about to be imported is shown as text, with its name and its faults", async () => {
  await page.goto(product.url);
  await chooseFile(page, `${image}.csv`, cellsOf(name("user")));
  await page.getByRole("cell", { name: unruly }).first().waitFor();
  assert.deepEqual(faults.splice(0), []);
});

test("the palette finds them, and the history tells them", async () => {
  await page.goto(product.url);
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  for (const kind of ["user", "segment", "campaign", "template"]) {
    await page.keyboard.press("Control+k");
    await page.getByLabel("A name, an id, or what you want to do").fill(`${kind}<img`);
    await page.getByText(name(kind)).first().waitFor();
    await page.keyboard.press("Escape");
  }
  await page.goto(`${product.url}/settings/audit?noun=template`);
  await page
    .getByRole("button", { name: /^Details/ })
    .first()
    .click();
  await page.getByRole("dialog").getByText(image).first().waitFor();
  await page.goto(`${product.url}/signin?returnTo=${encodeURIComponent("javascript:ran(8)")}`);
  await page.locator("h1").first().waitFor();
  assert.deepEqual(faults.splice(0), []);
  // What does run is heard of.
  await page.evaluate("ran(9)");
  assert.deepEqual(faults.splice(0), ["ran 9"]);
});

test("what cannot be stored is refused, and not a fault of the server", async () => {
  for (const [method, path, body] of [
    ["POST", "/api/users", { userId: "a\u0000b" }],
    ["POST", "/api/segments", { name: "a\u0000b", target: {} }],
    ["POST", "/api/tokens", { name: "a\u0000b" }],
    ["POST", "/api/templates", { name: "a\u0000b", channel: "inbox", content: { content: "a\ud800b" } }],
  ] as const) {
    const { status } = await product.call(method, path, body);
    assert.ok(status < 500, `${method} ${path}: ${status}`);
  }
});
