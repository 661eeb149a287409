import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import PostalMime, { type Email } from "postal-mime";
import sql from "sql-template-tag";
import { createLinkTokens } from "../links/tokens.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { addUsers, countRows } from "../testing/sending.ts";
import { type SmtpOptions, type SmtpStandIn, startSmtpStandIn } from "../testing/stand-ins/smtp.ts";
import type { MessageReport } from "./schema.ts";

interface Mailing {
  product: TestProduct;
  standIn: SmtpStandIn;
  launch(
    content: object,
    more?: object,
  ): Promise<{ status: number; body: { message?: { id: string }; errors?: unknown } }>;
  finished(id: string): Promise<MessageReport>;
  mails(): Promise<(Email & { from_: string; to_: string })[]>;
}

async function startMailing(t: TestContext, options: SmtpOptions = {}): Promise<Mailing> {
  const standIn = await startSmtpStandIn({ keepMails: true, ...options });
  t.after(() => standIn.stop());
  const product = await startTestProduct(t, { PUBLIC_URL: "https://news.example.com" });
  const made = await product.call("POST", "/api/providers", {
    ...{ channel: "email", provider: "smtp", name: "Mail" },
    config: {
      ...{ host: "127.0.0.1", port: standIn.port, security: "none", fromEmail: "news@shop.example" },
      bounceDomain: "bounce.shop.example",
    },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return {
    ...{ product, standIn },
    async launch(content, more = {}) {
      const draft = await product.call("POST", "/api/campaigns", {
        ...{ name: "May", channel: "email", target: {}, content: { content: "", subject: "Hi", ...content } },
        ...more,
      });
      assert.equal(draft.status, 201, JSON.stringify(draft.body));
      return product.call("POST", `/api/campaigns/${draft.body.id}/launch`);
    },
    finished: (id) =>
      until(
        async () => (await product.call("GET", `/api/messages/${id}`)).body as MessageReport,
        ({ status }) => status === "finished",
        30_000,
      ),
    mails: () =>
      Promise.all(
        standIn.mails.map(async ({ from, to, text }) => ({
          ...(await PostalMime.parse(text)),
          ...{ from_: from, to_: to },
        })),
      ),
  };
}

const design = {
  theme: {},
  blocks: [
    { id: "a", kind: "heading", text: "Hello {{user.first_name}}" },
    { id: "b", kind: "button", label: "Look", url: "https://shop.example/?u={{user.userId}}" },
    {
      id: "c",
      kind: "image",
      src: "https://shop.example/a.png",
      alt: "Shoes",
      url: "https://shop.example/shoes",
    },
    { id: "d", kind: "footer", html: "<p>Shop</p>", unsubscribe: "Leave" },
  ],
};

test("everyone gets their own mail: words, links, and the ways to leave", async (t) => {
  const { product, launch, finished, mails } = await startMailing(t);
  await addUsers(product, 30);
  const launched = await launch({
    ...{ subject: "For {{user.first_name}}\nBcc: x@y.z", preheader: "Only today", topic: "offers" },
    email: { format: "design", design },
  });
  assert.equal(launched.status, 200, JSON.stringify(launched.body));
  const id = launched.body.message?.id ?? "";
  const report = await finished(id);
  assert.deepEqual([report.counts.targeted, report.counts.sent, report.hasHtml], [30, 30, true]);
  assert.equal(report.content, "For {{user.first_name}}\nBcc: x@y.z");
  const all = await mails();
  assert.equal(new Set(all.map((mail) => mail.to_)).size, 30);
  assert.equal(new Set(all.map((mail) => mail.messageId)).size, 30);

  const tokens = createLinkTokens(product.config.secretKey);
  const mail = all.find((one) => one.to_ === "u7@example.com");
  assert.ok(mail);
  assert.equal(mail.subject, "For Name u7 Bcc: x@y.z");
  assert.equal(mail.bcc, undefined);
  const html = mail.html ?? "";
  assert.match(html, /Hello Name u7/);
  assert.match(mail.text ?? "", /Hello Name u7[\s\S]*Look \(https:\/\/shop\.example\/\?u=u7\)/);
  const bounce = tokens.readAddress("bounce", /^b\+(\w+)@bounce\.shop\.example$/.exec(mail.from_)?.[1] ?? "");
  assert.equal(bounce?.messageId, id);
  assert.deepEqual(
    tokens.readAddress("bounce", /^<(\w+)@shop\.example>$/.exec(mail.messageId ?? "")?.[1] ?? ""),
    bounce,
  );
  const leave = mail.headers.find(({ key }) => key === "list-unsubscribe")?.value ?? "";
  assert.deepEqual(
    tokens.read("leave", /<https:\/\/news\.example\.com\/u\/([\w-]{64})>/.exec(leave)?.[1] ?? ""),
    {
      ...bounce,
      link: 0,
    },
  );
  const [look, shoes] = [
    ...html.matchAll(/href="https:\/\/news\.example\.com\/c\/([\w-]{64})(?:\?to=([\w-]+))?"/g),
  ];
  const to = Buffer.from(look?.[2] ?? "", "base64url").toString();
  assert.equal(to, "https://shop.example/?u=u7");
  assert.deepEqual(tokens.read("click", look?.[1] ?? "", to), { ...bounce, link: 1 });
  assert.deepEqual(tokens.read("click", shoes?.[1] ?? ""), { ...bounce, link: 2 });
  assert.equal(
    /href="(https:\/\/news\.example\.com\/u\/[^"]+)"/.exec(html)?.[1],
    `https://news.example.com/u/${/\/u\/([\w-]{64})/.exec(leave)?.[1]}`,
  );

  const preview = await product.call("GET", `/api/messages/${id}/preview?userId=u7`);
  assert.equal(preview.status, 200, JSON.stringify(preview.body));
  const page = await fetch(`${product.url}${preview.body.htmlUrl}`);
  assert.match(page.headers.get("content-security-policy") ?? "", /^sandbox; default-src 'none'/);
  const shown = await page.text();
  assert.match(shown, /Hello Name u7[\s\S]*href="https:\/\/shop\.example\/\?u=u7"/);
  // To look at a mail is not to read it.
  assert.doesNotMatch(shown, /news\.example\.com/);
});

test("plain text alone is a mail too, also as what follows a message that nobody saw", async (t) => {
  const { product, launch, finished, mails } = await startMailing(t);
  await addUsers(product, 1);
  const launched = await launch({ content: "سلام {{user.first_name}}\nLeave: {{unsubscribe_url}}" });
  const id = launched.body.message?.id ?? "";
  assert.equal((await finished(id)).counts.sent, 1);
  const [mail] = await mails();
  assert.equal(mail?.html, undefined);
  assert.match(mail?.text ?? "", /^سلام Name u0\nLeave: https:\/\/news\.example\.com\/u\/[\w-]{64}\s*$/);
  assert.equal((await product.call("GET", `/api/messages/${id}/preview`)).status, 404);

  const sent = await product.call("POST", "/api/push/notifyToUsers", {
    ...{ user: "u0", content: "By push" },
    fallback: { media: "email", delay: 0, content: "By mail" },
  });
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  await until(mails, (all) => all.some(({ text }) => text?.trim() === "By mail"), 15_000);
});

test("a test of a draft goes to who is named, and one of the account to whom it is asked for", async (t) => {
  const { product, mails } = await startMailing(t);
  await addUsers(product, 3);
  const draft = await product.call("POST", "/api/campaigns", {
    ...{ name: "May", channel: "email", target: {} },
    content: { content: "", subject: "For {{user.first_name}}", email: { format: "design", design } },
  });
  const tested = await product.call("POST", `/api/campaigns/${draft.body.id}/test`, { users: ["u1"] });
  assert.deepEqual(tested.body, { count: 1 });
  const [mail] = await until(mails, ({ length }) => length === 1, 15_000);
  assert.deepEqual([mail?.to_, mail?.subject], ["u1@example.com", "For Name u1"]);
  assert.match(mail?.html ?? "", /Hello Name u1/);

  const { body: accounts } = await product.call("GET", "/api/providers");
  const answer = await product.call("POST", `/api/providers/${accounts.data[0].id}/test`, {
    ...{ userId: "u2", title: "Does it work?", content: "It does." },
  });
  assert.equal(answer.body.results[0].ok, true, JSON.stringify(answer.body));
  const last = (await mails()).at(-1);
  assert.deepEqual(
    [last?.to_, last?.subject, last?.text?.trim()],
    ["u2@example.com", "Does it work?", "It does."],
  );
});

test("what is broken in a mail is said with its place before anything is sent, and a draft may be half written", async (t) => {
  const { product, launch, standIn } = await startMailing(t);
  await addUsers(product, 1);
  const broken = await launch({
    subject: "{{ a",
    email: { format: "html", html: "<p>\n{% if %}</p>" },
  });
  assert.equal(broken.status, 422);
  const pointers = (broken.body.errors as { pointer: string; detail: string }[]).map(
    ({ pointer }) => pointer,
  );
  assert.deepEqual(pointers, ["/content/subject", "/content/email/html"]);
  // A part of it stands where the plain text has nothing: found out now, and not by the worker.
  for (const [content, pointer] of [
    [{ preheader: "{{ a", email: { format: "html", html: "<p>x</p>" } }, "/content/preheader"],
    [
      { email: { format: "html", html: "<!-- {% if user.vip %} --><p>x</p>{% endif %}" } },
      "/content/email/html",
    ],
  ] as const) {
    const refused = await launch(content);
    assert.equal(refused.status, 422, JSON.stringify(refused.body));
    assert.equal((refused.body.errors as { pointer: string }[])[0]?.pointer, pointer);
  }
  assert.equal((await launch({ subject: " ", email: { format: "html", html: "<p>x</p>" } })).status, 422);
  assert.equal((await launch({})).status, 422);
  assert.equal(standIn.requests(), 0);
});

test("a mailbox that is not there is left alone from then on, and who does not answer in time is tried again", async (t) => {
  const { product, launch, finished, standIn } = await startMailing(t);
  await addUsers(product, 3);
  standIn.plan({ kind: "gone" });
  const first = await launch(
    { email: { format: "html", html: "<p>{{user.first_name}}</p>" } },
    { target: { userId: "u1" } },
  );
  const report = await finished(first.body.message?.id ?? "");
  assert.deepEqual(
    report.reasons.map(({ reason, code, count }) => [reason, code, count]),
    [["address_gone", "5.1.1", 1]],
  );
  standIn.plan(null);
  const second = await launch({ email: { format: "html", html: "<p>x</p>" } });
  const after = await finished(second.body.message?.id ?? "");
  assert.deepEqual([after.counts.sent, after.counts.skipped], [2, 1]);
  assert.deepEqual(await countRows(product, after.id), { sent: 2, skipped: 1 });
});

test("a preview is as somebody gets it, with what would keep it from arriving, and asks for nothing twice", async (t) => {
  const { product } = await startMailing(t);
  await addUsers(product, 1);
  const preview = (body: object) => product.call("POST", "/api/templates/email/preview", body);
  const email = {
    format: "html",
    html: "<p>Dear {{user.first_name}} {{user.frist_name}} <a href='https://a.example/{{user.userId}}'>x</a></p>",
  };
  const { status, body } = await preview({ subject: "Hi {{user.first_name}}", email, userId: "u0" });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.subject, "Hi Name u0");
  assert.deepEqual(body.missing, ["user.frist_name"]);
  assert.deepEqual(
    body.warnings.map(({ code }: { code: string }) => code),
    ["no_unsubscribe", "unknown_variable"],
  );
  assert.match(body.warnings[1].detail, /did you mean first_name/);
  const page = await (await fetch(`${product.url}${body.htmlUrl}`)).text();
  assert.match(page, /Dear Name u0 {2}<a href="https:\/\/a\.example\/u0">/);
  const asIs = await preview({ email });
  assert.match(
    await (await fetch(`${product.url}${asIs.body.htmlUrl}`)).text(),
    /Dear \{\{user\.first_name\}\}/,
  );
  const faults = await preview({ subject: "{{ x", email: { format: "mjml", mjml: "<p>" } });
  assert.equal(faults.status, 422);
  assert.deepEqual(
    faults.body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ["/email/mjml", "/subject"],
  );
  assert.equal((await fetch(`${product.url}/previews/0b6a2d1e-0000-4000-8000-000000000001`)).status, 404);
  assert.equal((await fetch(`${product.url}/previews/x`)).status, 404);
});

test("of several contents and languages each link leads where it was written, and is counted as its own", async (t) => {
  const { product, launch, finished, mails } = await startMailing(t);
  await addUsers(product, 24);
  await product.db.query(sql`update users set language = 'fa' where user_id in ('u0', 'u1', 'u2', 'u3')`);
  const body = (words: string) => ({
    email: { format: "html", html: `<p>${words} <a href="https://shop.example/${words}">x</a></p>` },
  });
  const launched = await launch(
    { subject: "A", ...body("a"), editions: [{ language: "fa", subject: "ف", ...body("a-fa") }] },
    {
      variants: [
        {
          content: {
            ...{ content: "", subject: "B", ...body("b") },
            editions: [{ language: "fa", subject: "ب", ...body("b-fa") }],
          },
        },
      ],
    },
  );
  assert.equal(launched.status, 200, JSON.stringify(launched.body));
  const id = launched.body.message?.id ?? "";
  const report = await finished(id);
  assert.equal(report.counts.sent, 24);
  const words = new Set<string>();
  for (const { html = "", subject = "", to_ } of await mails()) {
    const [, said = ""] = /<p>([ab](?:-fa)?) /.exec(html) ?? [];
    words.add(said);
    assert.equal(said.endsWith("-fa"), /^u[0-3]@/.test(to_), to_);
    assert.equal(subject, { a: "A", b: "B", "a-fa": "ف", "b-fa": "ب" }[said]);
    const [, path = ""] = /href="https:\/\/news\.example\.com(\/[^"]+)"/.exec(html) ?? [];
    const answer = await fetch(product.url + path, {
      ...{ redirect: "manual", headers: { "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0" } },
    });
    assert.equal(answer.headers.get("location"), `https://shop.example/${said}`);
  }
  assert.ok(words.size >= 3, [...words].join());
  const engagement = await until(
    async () => (await product.call("GET", `/api/messages/${id}/engagement`)).body,
    // Within a second of its mail a link is followed by a machine.
    ({ scanned }) => scanned.people === 24,
  );
  assert.deepEqual(
    engagement.links.map(({ url }: { url: string }) => url),
    ["a", "b", "a-fa", "b-fa"].map((said) => `https://shop.example/${said}`),
  );
  assert.equal(report.variants.length, 2);
});
