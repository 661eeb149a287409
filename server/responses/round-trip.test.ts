import assert from "node:assert/strict";
import { test } from "node:test";
import { createTransport } from "nodemailer";
import PostalMime, { type Email } from "postal-mime";
import sql from "sql-template-tag";
import { gmailBounce } from "../testing/bounce-mails.ts";
import { startTestProduct, until } from "../testing/product.ts";
import { addUsers } from "../testing/sending.ts";
import { startSmtpStandIn } from "../testing/stand-ins/smtp.ts";

const browser =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36";
const header = (mail: Email, name: string) => mail.headers.find(({ key }) => key === name)?.value ?? "";

test("of a mail that went out its links are followed, it is left with one click, and it comes back", async (t) => {
  const product = await startTestProduct(t, { BOUNCE_PORT: "0" });
  const standIn = await startSmtpStandIn({ keepMails: true });
  t.after(() => standIn.stop());
  const account = await product.call("POST", "/api/providers", {
    ...{ channel: "email", provider: "smtp", name: "Relay" },
    config: {
      ...{ host: "127.0.0.1", port: standIn.port, security: "none" },
      ...{ fromEmail: "news@shop.example", bounceDomain: "bounce.shop.example" },
    },
  });
  assert.equal(account.status, 201, JSON.stringify(account.body));
  await addUsers(product, 3);
  const html =
    '<html><body><p>Hi {{user.first_name}}</p><p><a href="https://shop.example/offer?a=1&amp;b=2">Offer</a> ' +
    '<a href="https://shop.example/for/{{user.first_name}}">Yours</a> <a href="{{preferences_url}}">Choose</a></p></body></html>';
  const draft = await product.call("POST", "/api/campaigns", {
    ...{ name: "Offers", channel: "email", target: {} },
    content: { content: "", subject: "Offers", email: { format: "html", html } },
  });
  assert.equal(draft.status, 201, JSON.stringify(draft.body));
  const launched = await product.call("POST", `/api/campaigns/${draft.body.id}/launch`);
  assert.equal(launched.status, 200, JSON.stringify(launched.body));
  await until(
    async () => (await product.call("GET", `/api/campaigns/${draft.body.id}`)).body.status,
    (status) => status === "finished",
  );
  assert.equal(standIn.mails.length, 3);
  const mailTo = async (user: string) => {
    const sent = standIn.mails.find(({ to }) => to === `${user}@example.com`);
    assert.ok(sent);
    return { ...sent, mail: await PostalMime.parse(sent.text) };
  };
  // The addresses in a mail have the host that readers know; here they are asked for where the product is.
  const here = (url: string) => `${product.url}${new URL(url).pathname}${new URL(url).search}`;
  const follow = (url: string) =>
    fetch(here(url), { redirect: "manual", headers: { "user-agent": browser } });
  // A while after the sending it may be a person.
  await product.db.query(sql`update deliveries set sent_at = sent_at - interval '1 minute'`);

  const { mail } = await mailTo("u0");
  const links = [...(mail.html ?? "").matchAll(/href="([^"]+)"/g)].map(([, url = ""]) =>
    url.replaceAll("&amp;", "&"),
  );
  const [offer = "", yours = "", choose = ""] = links;
  assert.equal((await follow(offer)).headers.get("location"), "https://shop.example/offer?a=1&b=2");
  assert.equal((await follow(yours)).headers.get("location"), "https://shop.example/for/Name%20u0");
  assert.match(await (await follow(choose)).text(), /Unsubscribe from all e-mails/);
  const [, picture = ""] = /src="([^"]+\/o\/[^"]+)"/.exec(mail.html ?? "") ?? [];
  assert.equal((await follow(picture)).headers.get("content-type"), "image/gif");

  const { mail: second } = await mailTo("u1");
  const [, leave = ""] = /<(http[^>]+)>/.exec(header(second, "list-unsubscribe")) ?? [];
  assert.equal(header(second, "list-unsubscribe-post"), "List-Unsubscribe=One-Click");
  const left = await fetch(here(leave), {
    method: "POST",
    body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }),
  });
  assert.equal(left.status, 200);
  assert.deepEqual((await product.call("GET", "/api/users/u1")).body.optedOut, ["email"]);

  const { from, to, mail: third } = await mailTo("u2");
  const transport = createTransport({ host: "127.0.0.1", port: product.bouncePort ?? 0, ignoreTLS: true });
  t.after(() => transport.close());
  await transport.sendMail({
    envelope: { from: "", to: [from] },
    raw: gmailBounce({ verp: from, messageId: third.messageId ?? "", to }),
  });
  const { data } = (await product.call("GET", `/api/campaigns/${draft.body.id}/deliveries`)).body;
  assert.deepEqual(
    data.map(({ userId, state, code }: Record<string, unknown>) => `${userId} ${state} ${code}`).sort(),
    ["u0 clicked null", "u1 sent null", "u2 failed 5.1.1"],
  );
  const { body } = await product.call("GET", `/api/campaigns/${draft.body.id}/engagement`);
  assert.deepEqual(
    [
      body.opened.people,
      body.clicked.people,
      body.left.people,
      body.links.length,
      body.links[0].clicked.people,
    ],
    [1, 1, 1, 2, 1],
  );
});
