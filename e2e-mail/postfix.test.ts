import assert from "node:assert/strict";
import { test } from "node:test";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import PostalMime from "postal-mime";
import sql from "sql-template-tag";
import type { MessageReport } from "../server/messages/schema.ts";
import type { DnsRecordCheck } from "../server/providers/schema.ts";
import { startTestProduct, until } from "../server/testing/product.ts";
import { addUsers } from "../server/testing/sending.ts";
import { startPostfix } from "./postfix.ts";

const recipients = 1_000;

test("a campaign through Postfix arrives signed, is left with one click, and what comes back is heard of", async (t) => {
  const product = await startTestProduct(t, { BOUNCE_PORT: "0", PUBLIC_URL: "https://news.shop.test" });
  const server = await startPostfix({ bouncePort: product.bouncePort ?? 0 });
  t.after(() => server.stop());
  const keys = await product.call("POST", "/api/providers/kinds/smtp/keys");
  const account = await product.call("POST", "/api/providers", {
    ...{ channel: "email", provider: "smtp", name: "Postfix" },
    config: {
      ...{ host: "127.0.0.1", port: server.port, security: "none", fromEmail: "news@shop.test" },
      ...{
        fromName: "فروشگاه",
        bounceDomain: "bounce.shop.test",
        dkimDomain: "shop.test",
        ...keys.body.config,
      },
    },
  });
  assert.equal(account.status, 201, JSON.stringify(account.body));
  assert.equal((await product.call("POST", `/api/providers/${account.body.id}/check`)).body.ok, true);

  // Everybody has a mailbox, but for one of whom the server finds that out when it has taken the mail.
  const users = await addUsers(product, recipients);
  await product.db.query(sql`
    update users set email = case user_id when 'u17' then 'nobody@inbox.test' else user_id || '@inbox.test' end`);
  const draft = await product.call("POST", "/api/campaigns", {
    ...{ name: "May", channel: "email", target: {} },
    content: {
      ...{ content: "", subject: "سلام {{user.first_name}}", preheader: "Only today" },
      email: {
        format: "design",
        design: {
          theme: {},
          blocks: [
            { id: "a", kind: "heading", text: "Hello {{user.first_name}}" },
            { id: "b", kind: "text", html: "<p>New shoes have come, and they are red.</p>" },
            { id: "c", kind: "button", label: "Look", url: "https://shop.test/shoes" },
            { id: "d", kind: "footer", html: "<p>Shop</p>", unsubscribe: "Leave" },
          ],
        },
      },
    },
  });
  const launched = await product.call("POST", `/api/campaigns/${draft.body.id}/launch`);
  assert.equal(launched.status, 200, JSON.stringify(launched.body));
  const id: string = launched.body.message.id;
  const report = (): Promise<MessageReport> =>
    product.call("GET", `/api/messages/${id}`).then(({ body }) => body as MessageReport);
  const finished = await until(report, ({ status }) => status === "finished", 120_000);
  // The one that comes back may have done so already.
  assert.equal(finished.counts.sent + finished.counts.failed, recipients);
  const mails = await until(
    async () => server.mails(),
    ({ length }) => length === users.length - 1,
    120_000,
  );

  // As it lies in the mailbox, with what servers on the way have added.
  const { records } = (await product.call("GET", `/api/providers/${account.body.id}/dns`)).body;
  const key: DnsRecordCheck = records.find((record: DnsRecordCheck) => record.purpose === "dkim");
  for (const mail of mails.slice(0, 50)) {
    const { results } = await dkimVerify(mail, {
      resolver: async (name: string) => {
        assert.equal(name, key.name);
        return [[key.value]];
      },
    });
    assert.deepEqual(
      results.map(({ status, signingDomain }) => [status.result, signingDomain]),
      [["pass", "shop.test"]],
    );
  }
  const read = await Promise.all(mails.map((mail) => PostalMime.parse(mail)));
  assert.equal(new Set(read.map(({ messageId }) => messageId)).size, mails.length);
  assert.equal(new Set(read.map(({ to }) => to?.[0]?.address)).size, mails.length);
  const mine = read.find(({ to }) => to?.[0]?.address === "u5@inbox.test");
  assert.equal(mine?.subject, "سلام Name u5");

  // As Gmail does: a POST of the form, without cookies, to the address in the header.
  const header = mine?.headers.find((one) => one.key === "list-unsubscribe")?.value ?? "";
  const leave = new URL(/<(https:[^>]+)>/.exec(header)?.[1] ?? "");
  const answer = await fetch(`${product.url}${leave.pathname}`, {
    ...{ method: "POST", redirect: "manual", body: "List-Unsubscribe=One-Click" },
    headers: { "content-type": "application/x-www-form-urlencoded", "user-agent": "Google-SMTP" },
  });
  assert.equal(answer.status, 200);
  assert.deepEqual((await product.call("GET", "/api/users/u5")).body.optedOut, ["email"]);

  // By Postfix's own report, to the address that the mail was sent from.
  const after = await until(report, ({ counts }) => counts.failed === 1, 60_000);
  assert.deepEqual(
    after.reasons.map(({ reason, code, count }) => [reason, code, count]),
    [["undelivered", "5.1.1", 1]],
    server.log().slice(-2_000),
  );
  const suppressed = await product.call("GET", "/api/suppressions");
  assert.deepEqual(
    suppressed.body.data.map(({ address, reason }: { address: string; reason: string }) => [address, reason]),
    [["nobody@inbox.test", "address_gone"]],
  );
  const engagement = (await product.call("GET", `/api/messages/${id}/engagement`)).body;
  assert.equal(engagement.left.people, 1);
});
