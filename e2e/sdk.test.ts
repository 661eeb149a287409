import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Chapar, InboxMessage } from "../sdk/src/index.ts";
import { makePublicKey } from "../server/testing/client.ts";
import { startTestProduct, type TestProduct, until } from "../server/testing/product.ts";
import { type Simulation, startSimulation } from "../server/testing/simulation.ts";
import { createAccount, launchBrowser, linkTo, openPage } from "./browser.ts";

// A shop of another origin than Chapar's, with the SDK as Chapar serves it, in Chromium.

declare global {
  // What the shop's page keeps, for the test to look at.
  var shop: { chapar: Chapar; messages: InboxMessage[]; heard: string[]; opened: unknown[] };
}

let product: TestProduct;
let simulation: Simulation;
let site: Server;
let origin: string;
let publicKey: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;

before(async () => {
  simulation = await startSimulation();
  product = await startTestProduct();
  const account = await product.call("POST", "/api/providers", simulation.accounts.webpush);
  assert.equal(account.status, 201);
  site = createServer(({ url }, response) => {
    if (url === "/chapar-worker.js") {
      response.setHeader("content-type", "text/javascript");
      response.end(`importScripts("${product.url}/sdk/chapar-worker.js");`);
      return;
    }
    response.setHeader("content-type", "text/html");
    response.end(url?.startsWith("/script") ? scriptPage() : modulePage());
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  origin = `http://localhost:${(site.address() as AddressInfo).port}`;
  publicKey = await makePublicKey(product, [origin]);
  browser = await launchBrowser();
  context = await browser.newContext({ permissions: ["notifications"] });
  page = await open(context);
});

after(async () => {
  await browser?.close();
  site?.closeAllConnections();
  site?.close();
  await product?.stop();
  await simulation?.stop();
});

const setUp = () => `
  const chapar = new Chapar(
    { url: ${JSON.stringify(product.url)}, publicKey: ${JSON.stringify(publicKey)} },
    { realtime: true },
  );
  window.shop = { chapar, messages: [], heard: [], opened: [] };
  chapar.on("message", (message) => shop.messages.push(message));
  chapar.on("notificationOpened", (opened) => shop.opened.push(opened));
  for (const name of ["registered", "connecting", "connected", "disconnected", "closed"])
    chapar.on(name, () => shop.heard.push(name));
  chapar.on("error", (error) => shop.heard.push(error.code));`;

const modulePage = () => `<!doctype html><title>Shop</title><script type="module">
  import { Chapar } from "${product.url}/sdk/chapar.js";${setUp()}
</script>`;

const scriptPage = () => `<!doctype html><title>Shop</title>
  <script src="${product.url}/sdk/chapar.iife.js"></script><script>${setUp()}</script>`;

async function open(where: BrowserContext, path = "/"): Promise<Page> {
  const opened = await where.newPage();
  opened.setDefaultTimeout(20_000);
  await opened.goto(`${origin}${path}`);
  await connected(opened);
  return opened;
}

const connected = (which: Page) => which.waitForFunction(() => globalThis.shop?.chapar.isConnected());

const contents = (which = page) => which.evaluate(() => shop.messages.map(({ content }) => content));

const received = async (count: number, which = page): Promise<string[]> =>
  until(
    () => contents(which),
    (all) => all.length >= count,
  );

async function hashOf(userId: string): Promise<string> {
  const { body } = await product.call("GET", "/api/settings/user-hash");
  return createHmac("sha256", body.secret).update(userId).digest("hex");
}

const logIn = async (userId: string, which = page) =>
  which.evaluate(([id, hash]) => shop.chapar.login(id, hash), [userId, await hashOf(userId)] as const);

async function send(user: string, content: string, more: object = {}): Promise<string> {
  const { headers, body } = await product.call("POST", "/api/push/toUsers", { user, content, ...more });
  assert.deepEqual(body, { count: 1 });
  return headers.get("x-push-id") ?? "";
}

const countsOf = async (id: string) => (await product.call("GET", `/api/messages/${id}`)).body.counts;

const reaches = (id: string, state: string) =>
  until(
    () => countsOf(id),
    (counts) => counts[state] === 1,
  );

test("a browser registers, logs in, gets a message live, and the panel has it delivered and seen", async () => {
  const { isGuest, userId } = await logIn("sara");
  assert.deepEqual({ isGuest, userId }, { isGuest: false, userId: "sara" });
  const id = await send("sara", "Live");
  assert.deepEqual(await received(1), ["Live"]);
  await reaches(id, "delivered");
  await page.evaluate((message) => shop.chapar.markAsRead(message), id);
  await reaches(id, "seen");

  const { body } = await product.call("GET", "/api/users/sara");
  const [device] = body.installations;
  assert.equal(device.deviceType, "web");
  assert.equal(device.browser, "chrome");
  assert.equal(device.connected, true);
  assert.equal(device.launchCount, 1);

  const panel = await openPage(browser);
  await createAccount(panel.page, product.signInLink);
  await linkTo(panel.page, "Users").click();
  await panel.page.getByRole("link", { name: "sara" }).first().click();
  await panel.page.getByText("Live").first().waitFor();
  await panel.page.context().close();
});

test("three that are sent while it is offline come when it is back, once each", async () => {
  const before = (await contents()).length;
  await context.setOffline(true);
  await page.waitForFunction(() => !shop.chapar.isConnected());
  await until(
    async () => (await product.call("GET", "/api/users/sara")).body.installations[0].connected,
    (isConnected) => !isConnected,
  );
  // What is done meanwhile is kept too.
  await page.evaluate(() => shop.chapar.track("seen_offline", { page: 1 }));
  const ids: string[] = [];
  for (const content of ["first", "second", "third"]) {
    const id = await send("sara", content);
    ids.push(id);
    await reaches(id, "waiting");
  }
  await context.setOffline(false);
  assert.deepEqual((await received(before + 3)).slice(before), ["first", "second", "third"]);
  for (const id of ids) await reaches(id, "delivered");
  await until(
    async () => (await product.call("GET", "/api/events?search=seen_offline")).body.data[0]?.count,
    (count) => count === 1,
  );
  assert.equal((await contents()).length, before + 3);
});

test("a reload keeps the device, its inbox and what waits to be sent", async () => {
  const installationId = await page.evaluate(() => shop.chapar.getInstallationId());
  await context.setOffline(true);
  await page.evaluate(() => {
    shop.chapar.addTag("kept");
    shop.chapar.setUserAttributes({ city: "Yazd" });
  });
  // A browser without a network does not reload a page: it is closed, and opened again later.
  await page.close();
  await context.setOffline(false);
  page = await open(context);
  assert.equal(await page.evaluate(() => shop.chapar.getInstallationId()), installationId);
  assert.equal(await page.evaluate(() => shop.chapar.isLoggedIn()), true);
  assert.deepEqual(await page.evaluate(() => shop.chapar.getTags()), ["kept"]);
  assert.deepEqual(await page.evaluate(() => shop.chapar.getUserAttributes()), { city: "Yazd" });
  const { data } = await page.evaluate(() => shop.chapar.inbox.list());
  assert.deepEqual(
    data.map(({ content, state }) => [content, state]),
    [
      ["third", "delivered"],
      ["second", "delivered"],
      ["first", "delivered"],
      ["Live", "seen"],
    ],
  );
  assert.equal(await page.evaluate(() => shop.chapar.inbox.unread()), 3);
  assert.deepEqual(await contents(), []);
});

test("two pages are one device with one connection; each hands a message over once", async () => {
  const second = await open(context, "/script");
  const before = [await contents(), await contents(second)].map(({ length }) => length);
  await send("sara", "both");
  assert.deepEqual((await received((before[0] ?? 0) + 1)).at(-1), "both");
  assert.deepEqual((await received((before[1] ?? 0) + 1, second)).at(-1), "both");
  // The one that holds the connection goes; the other takes over.
  await page.close();
  const id = await send("sara", "after");
  assert.equal((await received((before[1] ?? 0) + 2, second)).at(-1), "after");
  await reaches(id, "delivered");
  const all = await contents(second);
  assert.equal(new Set(all).size, all.length);
  page = second;
});

test("the service worker shows a push, and reports that it was shown and opened", async () => {
  const subscription = simulation.standIns.webpush.subscribe({
    publicKey: simulation.credentials.vapid.publicKey,
  });
  await page.evaluate(async (made) => {
    // The push service of a browser cannot be chosen: what it would have answered is the stand-in's.
    PushManager.prototype.subscribe = async () => made as unknown as PushSubscription;
    await shop.chapar.enablePush();
  }, subscription);
  const userId = "sara";
  const hasToken = async () =>
    (await product.call("GET", `/api/users/${userId}`)).body.installations.some(
      (device: { hasToken: boolean }) => device.hasToken,
    );
  assert.equal(await hasToken(), true);
  const { headers } = await product.call("POST", `/api/push/notifyUser/${userId}`, {
    ...{ title: "Tea", body: "The kettle is on", clickUrl: "/tea" },
    actions: [{ id: "now", title: "Now", url: "/script" }],
  });
  const messageId = headers.get("x-push-id") ?? "";
  const payload = await until(
    async () => simulation.standIns.webpush.last()?.text,
    (text) => text !== undefined,
  );

  const session = await context.newCDPSession(page);
  const registrations: { registrationId: string; scopeURL: string }[] = [];
  session.on("ServiceWorker.workerRegistrationUpdated", (update) =>
    registrations.push(...update.registrations),
  );
  await session.send("ServiceWorker.enable");
  const [registration] = await until(
    async () => registrations,
    (all) => all.length > 0,
  );
  const push = (data: string) =>
    session.send("ServiceWorker.deliverPushMessage", {
      ...{ origin, registrationId: registration?.registrationId ?? "", data },
    });
  const shown = () =>
    page.evaluate(async () => {
      const notifications = (await (await navigator.serviceWorker.ready).getNotifications()) ?? [];
      return notifications.map(({ title, body }) => ({ title, body }));
    });
  // Chromium now and then loses a push that is handed to it this way: it then comes again.
  const shows = async (data: string, title: string) => {
    const isThere = (all: { title: string }[]) => all.some((notification) => notification.title === title);
    for (let attempt = 0; attempt < 2; attempt++) {
      await push(data);
      const all = await until(shown, isThere, 5_000).catch(() => []);
      if (isThere(all)) return;
    }
    await push(data);
    await until(shown, isThere);
  };
  await shows(payload ?? "", "Tea");
  assert.deepEqual(await shown(), [{ title: "Tea", body: "The kettle is on" }]);
  await reaches(messageId, "delivered");
  // The page heard of it from the worker.
  assert.equal((await contents()).filter((content) => content === "The kettle is on").length, 1);

  await shows("not of ours", "New message");

  const worker = context.serviceWorkers()[0];
  await worker?.evaluate(async () => {
    const scope = self as unknown as ServiceWorkerGlobalScope;
    const notification = (await scope.registration.getNotifications()).find(({ title }) => title === "Tea");
    if (notification)
      scope.dispatchEvent(new NotificationEvent("notificationclick", { notification, action: "now" }));
  });
  await reaches(messageId, "clicked");
  // The page that is open at the address of the button comes forward, and is told.
  assert.deepEqual(await page.evaluate(() => shop.opened), [{ messageId, action: "now", clickUrl: "/tea" }]);
  await page.evaluate(() => shop.chapar.disablePush());
  assert.equal(await hasToken(), false);
});

test("a page of an origin that the key does not name is told why nothing works", async () => {
  const other = await makePublicKey(product, ["https://elsewhere.example"]);
  const failure = await page.evaluate(
    ([url, key]) => {
      const Chapar = shop.chapar.constructor as typeof import("../sdk/src/index.ts").Chapar;
      const stranger = new Chapar({ url, publicKey: key });
      return stranger.register().then(
        () => null,
        ({ code, status, message }) => ({ code, status, message }),
      );
    },
    [product.url, other] as const,
  );
  assert.equal(failure?.code, "refused");
  assert.match(failure?.message ?? "", new RegExp(`Pages of ${origin} may not use`));
});
