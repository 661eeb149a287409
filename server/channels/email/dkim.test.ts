import assert from "node:assert/strict";
import { test } from "node:test";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { emailMessage } from "../../testing/email-message.ts";
import { startSmtpStandIn } from "../../testing/stand-ins/smtp.ts";
import { dnsRecordsOf } from "./dns.ts";
import { smtpProvider } from "./smtp.ts";
import { SmtpConfig } from "./smtp-config.ts";

const never = new AbortController().signal;

/** What another library makes of the signature of a mail, with our records in its DNS. */
async function verify(mail: string, config: SmtpConfig) {
  const { results } = await dkimVerify(mail, {
    resolver: async (name: string) => {
      const record = dnsRecordsOf(config).find((one) => one.name === name);
      if (!record) throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
      return [[record.value]];
    },
  });
  return results.map((found) => {
    // Its types do not know all that it answers.
    const { signingHeaders } = found as { signingHeaders?: { keys: string } };
    return { result: found.status.result, domain: found.signingDomain, keys: signingHeaders?.keys ?? "" };
  });
}

test("another library verifies the signature, which is over the ways to leave; a changed mail is found out", async (t) => {
  const standIn = await startSmtpStandIn({ keepMails: true });
  t.after(() => standIn.stop());
  const config = SmtpConfig.parse({
    ...{ host: "127.0.0.1", port: standIn.port, security: "none", fromEmail: "news@shop.example" },
    ...{ bounceDomain: "bounce.shop.example", dkimDomain: "shop.example", ...smtpProvider.makeKeys?.() },
  });
  const sender = smtpProvider.open(config, { allowsPrivate: true }, { connections: 1 });
  t.after(() => sender.close());
  const texts = [
    { subject: "Plain", content: "One line\n.\n..dots at the start\n\n\n" },
    { subject: `سلام ${"بسیار بلند ".repeat(12)}`, content: "متن فارسی" },
    { subject: " spaces   and\ttabs ", content: `A long line: ${"x".repeat(3_000)}` },
  ];
  for (const text of texts) {
    assert.equal((await sender.send(emailMessage(text), never)).kind, "accepted");
    const mail = standIn.mails.at(-1)?.text ?? "";
    const [found] = await verify(mail, config);
    assert.deepEqual([found?.result, found?.domain], ["pass", "shop.example"], text.subject);
    for (const header of ["List-Unsubscribe", "List-Unsubscribe-Post", "From", "Subject", "To", "Message-ID"])
      assert.match(found?.keys ?? "", new RegExp(`(^|: ?)${header}(:|$)`, "i"));
    const forged = mail.replace(/(https:\/\/news\.example\.com\/u\/)t/, "$1x");
    assert.notEqual(forged, mail);
    assert.equal((await verify(forged, config))[0]?.result, "fail");
  }
});
