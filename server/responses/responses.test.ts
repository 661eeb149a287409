import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import sql from "sql-template-tag";
import { insertApp } from "../accounts/apps.ts";
import { createAccessToken } from "../accounts/tokens.ts";
import { sumCounts } from "../deliveries/counters.ts";
import { userKey } from "../lib/keys.ts";
import type { TokenSubject } from "../links/tokens.ts";
import { createLinkTokens } from "../links/tokens.ts";
import { makeMailing } from "../testing/mailing.ts";
import { call, startTestProduct, type TestProduct } from "../testing/product.ts";
import { addUsers } from "../testing/sending.ts";

const browser =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36";
const gmail = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";

let product: TestProduct;
before(async () => {
  product = await startTestProduct();
});
after(() => product.stop());

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(`${product.url}${path}`, {
    ...{ method, redirect: "manual" },
    headers: { "user-agent": browser, ...headers },
  });
const post = async (
  path: string,
  body: string | FormData | URLSearchParams,
  headers: Record<string, string> = {},
) => {
  const response = await fetch(`${product.url}${path}`, {
    method: "POST",
    redirect: "manual",
    body,
    headers,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const oneClick = () => new URLSearchParams({ "List-Unsubscribe": "One-Click" });
const user = async (id: string) => (await product.call("GET", `/api/users/${id}`)).body;
const engagement = async (id: string) => (await product.call("GET", `/api/messages/${id}/engagement`)).body;
const counts = async (id: string) => {
  const found = (await sumCounts(product.db, [id])).get(id);
  assert.ok(found);
  return found;
};
const changed = (token: string) => (token.startsWith("A") ? "B" : "A") + token.slice(1);

test("a click leads where its link was written for, and is counted once for the link and once for the mail", async () => {
  await addUsers(product, 3, "click");
  const mail = await makeMailing(product, {
    links: ["https://shop.example/a?b=1&c=2", "http://shop.example/two"],
  });
  await mail.deliver(["click0", "click1", "click2"]);
  const click = (id: string, link: number) => `/c/${mail.tokens.sign("click", mail.subjectOf(id), link)}`;
  const answer = await get(click("click0", 1));
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get("location"), "https://shop.example/a?b=1&c=2");
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
  await get(click("click0", 1));
  // A scanner names itself, another asks for heads alone.
  await get(click("click1", 1), { "user-agent": "curl/8.5.0" });
  await get(click("click1", 2), {}, "HEAD");
  assert.deepEqual((await mail.deliveryOf("click0"))?.state, "clicked");
  assert.deepEqual((await mail.deliveryOf("click1"))?.state, "sent");
  const { clicked, scanned, opened, links } = await engagement(mail.messageId);
  assert.deepEqual(
    [clicked, scanned, opened].map(({ people, times }) => [people, times]),
    [
      [1, 2],
      [1, 2],
      [0, 0],
    ],
  );
  assert.deepEqual(links, [
    {
      ...{ link: 1, url: "https://shop.example/a?b=1&c=2" },
      ...{ clicked: { people: 1, times: 2 }, scanned: { people: 1, times: 1 } },
    },
    {
      ...{ link: 2, url: "http://shop.example/two" },
      ...{ clicked: { people: 0, times: 0 }, scanned: { people: 1, times: 1 } },
    },
  ]);
  assert.deepEqual([(await counts(mail.messageId)).clicked, (await counts(mail.messageId)).sent], [1, 2]);
});

test("two links within a second are a scanner's from the second one on, and so is a click right after the sending", async () => {
  await addUsers(product, 2, "quick");
  const mail = await makeMailing(product, {
    links: ["https://a.example/", "https://b.example/", "https://c.example/"],
  });
  await mail.deliver(["quick0"]);
  await mail.deliver(["quick1"], new Date());
  for (const link of [1, 2, 3]) await get(`/c/${mail.tokens.sign("click", mail.subjectOf("quick0"), link)}`);
  await get(`/c/${mail.tokens.sign("click", mail.subjectOf("quick1"), 1)}`);
  assert.deepEqual(await mail.engagements(), [
    "quick0 clicked 0 1",
    "quick0 clicked 1 1",
    "quick0 scanned 0 2",
    "quick0 scanned 2 1",
    "quick0 scanned 3 1",
    "quick1 scanned 0 1",
    "quick1 scanned 1 1",
  ]);
  assert.equal((await mail.deliveryOf("quick1"))?.state, "sent");
});

test("an address that was signed along is led to, and no other", async () => {
  await addUsers(product, 1, "to");
  const mail = await makeMailing(product, { links: ["https://shop.example/{{ user.first_name }}"] });
  await mail.deliver(["to0"]);
  const signed = (to: string) =>
    `/c/${mail.tokens.sign("click", mail.subjectOf("to0"), 1, to)}?to=${Buffer.from(to).toString("base64url")}`;
  const to = "https://shop.example/سارا?x=1";
  const answer = await get(signed(to));
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get("location"), new URL(to).href);
  // Of a test, whose message is kept nowhere.
  const gone = { ...mail.subjectOf("to0"), messageId: "0198a000-0000-7000-8000-000000000000" };
  const ofTest = mail.tokens.sign("click", gone, 1, to);
  assert.equal((await get(`/c/${ofTest}?to=${Buffer.from(to).toString("base64url")}`)).status, 302);

  const [path = ""] = signed(to).split("?");
  const evil = Buffer.from("https://evil.example/").toString("base64url");
  for (const refused of [
    `${path}?to=${evil}`,
    path,
    `${path}?to=`,
    `${path}?to=${Buffer.from(to).toString("base64url")}&to=${evil}`,
    `${path}?to=https://evil.example/`,
    signed("javascript:alert(1)"),
    signed("data:text/html,hi"),
    signed("//evil.example"),
    // The link as it was written is no address before it is filled in.
    `/c/${mail.tokens.sign("click", mail.subjectOf("to0"), 1).slice(0, 63)}`,
    `/c/${mail.tokens.sign("click", mail.subjectOf("to0"), 2)}`,
    `/c/${mail.tokens.sign("click", mail.subjectOf("to0"), 0)}`,
  ]) {
    const { status, headers } = await get(refused);
    assert.deepEqual([status, headers.get("location")], [404, null], refused);
  }
  // Breaks of lines are not let into a header.
  const broken = await get(signed("https://shop.example/\r\nset-cookie: a=b"));
  assert.equal(broken.headers.get("set-cookie"), null);
  assert.equal(broken.headers.get("location"), "https://shop.example/set-cookie:%20a=b");
});

test("links that are forged, cut, of another purpose or key lead nowhere, and nothing is counted", async () => {
  await addUsers(product, 1, "forged");
  const mail = await makeMailing(product, { links: ["https://shop.example/"] });
  await mail.deliver(["forged0"]);
  const subject = mail.subjectOf("forged0");
  const sign = (purpose: "click" | "open" | "leave") => mail.tokens.sign(purpose, subject, 1);
  const others = createLinkTokens("b".repeat(32));
  const pages = new Set<string>();
  for (const path of [
    `/c/${changed(sign("click"))}`,
    `/c/${sign("click").slice(0, 40)}`,
    `/c/${sign("open")}`,
    `/c/${sign("leave")}`,
    `/c/${others.sign("click", subject, 1)}`,
    "/c/x",
    `/c/${"A".repeat(150)}`,
    `/u/${sign("click")}`,
    `/u/${sign("open")}`,
    `/u/${changed(sign("leave"))}`,
    `/u/${others.sign("leave", subject)}`,
    `/u/${mail.tokens.signAddress("leave", subject)}`,
  ]) {
    const answer = await get(path, { accept: "text/html" });
    assert.equal(answer.status, 404, path);
    assert.match(answer.headers.get("content-type") ?? "", /text\/html/);
    pages.add(await answer.text());
  }
  assert.equal(pages.size, 1, "every refusal is the same page");
  for (const path of [`/u/${sign("click")}`, `/u/${changed(sign("leave"))}`])
    assert.equal((await post(path, oneClick())).status, 404);
  const pictures = new Set<string>();
  for (const name of [sign("open"), changed(sign("open")), sign("click"), sign("leave"), "x"]) {
    const answer = await get(`/o/${name}.gif`, { "user-agent": "curl/8.5.0" });
    assert.deepEqual(
      [answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")],
      [200, "image/gif", "no-store, private"],
    );
    pictures.add(Buffer.from(await answer.arrayBuffer()).toString("hex"));
  }
  assert.equal(pictures.size, 1);
  assert.deepEqual(await mail.engagements(), ["forged0 prefetched 0 1"]);
  assert.deepEqual((await user("forged0")).optedOut, []);
});

test("opening is seen, by Gmail's proxy too, and Apple's proxy opens nothing; states come in any order", async () => {
  await addUsers(product, 2, "open");
  const mail = await makeMailing(product, { links: ["https://shop.example/"], isFinished: false });
  const open = (id: string, agent: string) =>
    get(`/o/${mail.tokens.sign("open", mail.subjectOf(id))}.gif`, { "user-agent": agent });
  // Before the row is there: parked, and applied with it.
  await get(`/c/${mail.tokens.sign("click", mail.subjectOf("open0"), 1)}`);
  await open("open0", gmail);
  assert.equal(await mail.deliveryOf("open0"), undefined);
  await mail.deliver(["open0", "open1"]);
  assert.equal((await mail.deliveryOf("open0"))?.state, "clicked");
  await open("open1", "Mozilla/5.0");
  assert.equal((await mail.deliveryOf("open1"))?.state, "sent");
  await open("open1", browser);
  assert.equal((await mail.deliveryOf("open1"))?.state, "seen");
  const { opened, prefetched } = await engagement(mail.messageId);
  assert.deepEqual(
    [opened, prefetched],
    [
      { people: 2, times: 2 },
      { people: 1, times: 1 },
    ],
  );
  const all = await counts(mail.messageId);
  assert.deepEqual([all.clicked, all.seen, all.sent], [1, 1, 0]);
});

test("many clicks at once are all counted, once a person", async () => {
  const people = await addUsers(product, 50, "many");
  const mail = await makeMailing(product, { links: ["https://shop.example/"] });
  await mail.deliver(people);
  await Promise.all(
    [...people, ...people, ...people].map((id) =>
      get(`/c/${mail.tokens.sign("click", mail.subjectOf(id), 1)}`),
    ),
  );
  const { clicked, links } = await engagement(mail.messageId);
  assert.deepEqual(
    [clicked, links[0].clicked],
    [
      { people: 50, times: 150 },
      { people: 50, times: 150 },
    ],
  );
  assert.equal((await counts(mail.messageId)).clicked, 50);
});

test("looking at the page of choices changes nothing, posting one click leaves and stays left", async () => {
  await addUsers(product, 2, "leave");
  const mail = await makeMailing(product);
  await mail.deliver(["leave0", "leave1"]);
  const path = `/u/${mail.tokens.sign("leave", mail.subjectOf("leave0"))}`;
  for (const look of [path, `${path}?preferences`, `${path}?preferences=`]) {
    const answer = await get(look);
    const page = await answer.text();
    assert.equal(answer.status, 200);
    assert.match(page, /<html lang="en" dir="ltr">/);
    assert.match(page, /l•••@example\.com/);
    assert.ok(!page.includes("leave0"), "who it is shows to nobody");
    assert.match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'/);
    assert.ok(!page.includes("<script"));
  }
  await get(path, {}, "HEAD");
  assert.deepEqual((await user("leave0")).optedOut, []);

  const first = await post(path, oneClick());
  assert.deepEqual(
    [first.status, first.headers.get("location"), first.headers.get("set-cookie")],
    [200, null, null],
  );
  assert.match(first.text, /You are unsubscribed/);
  const left = await user("leave0");
  assert.deepEqual([left.optedOut, left.leftTopics], [["email"], []]);
  const again = await post(path, oneClick());
  assert.equal(again.status, 200);
  assert.equal((await user("leave0")).updatedAt, left.updatedAt);
  const form = new FormData();
  form.set("List-Unsubscribe", "One-Click");
  const other = await post(`/u/${mail.tokens.sign("leave", mail.subjectOf("leave1"))}`, form);
  assert.equal(other.status, 200);
  assert.deepEqual((await user("leave1")).optedOut, ["email"]);
  assert.deepEqual(await mail.engagements(), ["leave0 left 0 1", "leave1 left 0 1"]);
  assert.deepEqual((await engagement(mail.messageId)).left, { people: 2, times: 2 });

  // Undone, and whatever else is posted asks for nothing.
  assert.match((await post(path, new URLSearchParams({ wish: "return" }))).text, /You get e-mails from us/);
  for (const body of [
    new URLSearchParams({ wish: "everything" }),
    new URLSearchParams({ "List-Unsubscribe": "Two-Clicks" }),
    "List-Unsubscribe=One-Click",
    "",
  ])
    assert.equal((await post(path, body)).status, 200);
  assert.equal((await post(path, '{"wish":"leave"}', { "content-type": "application/json" })).status, 200);
  assert.deepEqual((await user("leave0")).optedOut, []);
  const huge = await post(path, new URLSearchParams({ wish: "leave", topic: "x".repeat(100_000) }));
  assert.equal(huge.status, 413);
});

test("topics are chosen in the reader's language; one click leaves the topic of the mail alone", async () => {
  await addUsers(product, 2, "topic");
  await product.call("PATCH", "/api/users/topic0", { language: "fa" });
  const name = async (topic: string, body: unknown) =>
    assert.equal((await product.call("PUT", `/api/topics/${topic}`, body)).status, 200);
  await name("news", { titles: { en: "News", fa: "خبرها" }, isListed: true });
  await name("<b>&offers", { titles: {}, isListed: true });
  await name("secret", { titles: { en: "Not for everybody" }, isListed: false });
  const mail = await makeMailing(product, { topic: "orders" });
  await mail.deliver(["topic0", "topic1"]);
  const path = `/u/${mail.tokens.sign("leave", mail.subjectOf("topic0"))}`;
  const persian = await (await get(path, { "accept-language": "en" })).text();
  assert.match(persian, /<html lang="fa" dir="rtl">/);
  assert.match(persian, /خبرها/);
  assert.match(persian, /<bdi>&lt;b&gt;&amp;offers<\/bdi>/);
  assert.ok(!persian.includes("Not for everybody"));
  assert.ok(persian.includes('name="topic" value="orders" checked'));
  const english = `/u/${mail.tokens.sign("leave", mail.subjectOf("topic1"))}`;
  assert.match(await (await get(english, { "accept-language": "fa-IR,en;q=0.5" })).text(), /dir="rtl"/);

  await post(path, oneClick());
  assert.deepEqual([(await user("topic0")).optedOut, (await user("topic0")).leftTopics], [[], ["orders"]]);
  const form = new URLSearchParams([
    ...["orders", "news", "secret", "made up"].map((topic): [string, string] => ["shown", topic]),
    ["topic", "orders"],
    ["wish", "save"],
  ]);
  const saved = await post(path, form);
  assert.match(saved.text, /ذخیره شد/);
  // What was not on the page is nobody's to leave.
  assert.deepEqual((await user("topic0")).leftTopics, ["news"]);
  assert.ok(saved.text.includes('value="orders" checked'));
  assert.ok(!saved.text.includes('value="news" checked'));
  assert.deepEqual(await mail.engagements(), ["topic0 left 0 2"]);

  const { data } = (await product.call("GET", "/api/topics?limit=2")).body;
  assert.deepEqual(
    data.map((topic: { topic: string }) => topic.topic),
    ["<b>&offers", "default"],
  );
  assert.equal((await product.call("DELETE", "/api/topics/secret")).status, 204);
  assert.equal((await product.call("DELETE", "/api/topics/secret")).status, 404);
  assert.equal(
    (await product.call("PUT", "/api/topics/x", { titles: { de: "X" }, isListed: true })).status,
    422,
  );
});

test("a guest who logged in is followed, everybody with the address is left alone, and who is gone is as if done", async () => {
  const register = async (body: unknown) => (await product.call("POST", "/api/installations", body)).body;
  const { userId: guest } = await register({ id: "guest-phone", deviceType: "android" });
  await product.call("PATCH", `/api/users/${guest}`, { email: "both@example.com" });
  await addUsers(product, 1, "same");
  await product.call("PATCH", "/api/users/same0", { email: "both@example.com" });
  const mail = await makeMailing(product);
  await mail.deliver([guest]);
  const subject: TokenSubject = mail.subjectOf(guest);
  await register({ id: "guest-phone", userId: "logged-in", deviceType: "android" });
  const path = `/u/${mail.tokens.sign("leave", subject)}`;
  assert.equal((await post(path, oneClick())).status, 200);
  for (const id of ["logged-in", "same0"]) assert.deepEqual((await user(id)).optedOut, ["email"], id);

  assert.equal((await product.call("DELETE", "/api/users/logged-in")).status, 200);
  const gone = await post(path, oneClick());
  assert.deepEqual([gone.status, (await get(path)).status], [200, 200]);
  assert.match(gone.text, /You get no e-mails from us/);
  // Nothing is written of them any more, and what they did is nobody's.
  await get(`/o/${mail.tokens.sign("open", subject)}.gif`);
  assert.deepEqual(await mail.engagements(), ["nobody left 0 1"]);
  const { rows } = await product.db.query<{ count: number }>(sql`
    select count(*) as count from engagements where user_key = ${userKey(product.appId, guest)}`);
  assert.equal(rows[0]?.count, 0);
});

test("what a person did with mails is in their export, and belongs to their app alone", async () => {
  await addUsers(product, 1, "export");
  const mail = await makeMailing(product, { links: ["https://shop.example/"] });
  await mail.deliver(["export0"]);
  await get(`/c/${mail.tokens.sign("click", mail.subjectOf("export0"), 1)}`);
  const { engagements } = (await product.call("GET", "/api/users/export0/export")).body;
  assert.deepEqual(
    engagements.map(({ messageId, what, link, times }: Record<string, unknown>) => [
      messageId,
      what,
      link,
      times,
    ]),
    [
      [mail.messageId, "clicked", 0, 1],
      [mail.messageId, "clicked", 1, 1],
    ],
  );
  const { app } = await insertApp(product.db, {
    ...{ appId: "other", name: "Other", timeZone: "UTC", now: new Date() },
  });
  const token = await createAccessToken(product.db, { appKey: app.appKey, name: "theirs" });
  const theirs = await call(`${product.url}/api/messages/${mail.messageId}/engagement`, "GET", {
    "x-access-token": token,
  });
  assert.equal(theirs.status, 404);
});
