import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOfForm, readMemberForm, writeMemberConfig } from "./memberConfig.ts";
import { smtpChanged } from "./smtpForm.ts";

test("port and encryption go together, unless somebody has a port of their own", () => {
  const cases = [
    [{}, { security: "tls" }, { security: "tls", port: "465" }],
    [{ port: "465", security: "tls" }, { security: "starttls" }, { security: "starttls", port: "587" }],
    [{ port: "2525" }, { security: "tls" }, { security: "tls", port: "2525" }],
    [{ port: "46" }, { port: "465" }, { port: "465", security: "tls" }],
    [{ port: "58", security: "tls" }, { port: "587" }, { port: "587", security: "starttls" }],
    [{ port: "58", security: "none" }, { port: "587" }, { port: "587", security: "none" }],
    [{ security: "tls" }, { port: "2525" }, { port: "2525", security: "tls" }],
  ] as const;
  for (const [form, change, changed] of cases) assert.deepEqual(smtpChanged(form, change), changed);
});

test("a signature is of the sender's domain until somebody names another one", () => {
  const sender = { fromEmail: "news@example.com" };
  const signed = smtpChanged(sender, { dkimPrivateKey: "key", dkimSelector: "chapar" });
  assert.equal(signed.dkimDomain, "example.com");
  assert.equal(smtpChanged(signed, { fromEmail: "news@example.org" }).dkimDomain, "example.org");
  const own = smtpChanged(signed, { dkimDomain: "mail.example.com" });
  assert.equal(smtpChanged(own, { fromEmail: "news@example.org" }).dkimDomain, "mail.example.com");
  assert.equal(smtpChanged({}, sender).dkimDomain, undefined);
});

test("a configuration comes out of the form as it went in", () => {
  const config = {
    ...{ host: "smtp.example.com", port: 465, security: "tls", fromEmail: "news@example.com" },
    ...{ allowsInvalidCertificate: true, messagesPerConnection: 50 },
  };
  const form = readMemberForm("smtp", config) ?? assert.fail("it has a form");
  assert.deepEqual(writeMemberConfig("smtp", form, config), config);
  assert.deepEqual(writeMemberConfig("smtp", { ...form, allowsInvalidCertificate: "" }, config), {
    ...{ host: "smtp.example.com", port: 465, security: "tls", fromEmail: "news@example.com" },
    messagesPerConnection: 50,
  });
});

test("what no mail server can be set up with is told", () => {
  const wrong = {
    ...{ host: "smtp://smtp.example.com", port: "70000", fromEmail: "news", replyTo: "me@" },
    ...{ dkimPrivateKey: "-----BEGIN PUBLIC KEY-----", dkimSelector: "a b", bounceDomain: "bounces" },
  };
  assert.deepEqual(faultsOfForm("smtp", wrong), {
    ...{ host: "host", port: "port", fromEmail: "email", replyTo: "email" },
    ...{ dkimPrivateKey: "pem", dkimSelector: "selector", bounceDomain: "domain" },
  });
  assert.deepEqual(faultsOfForm("smtp", {}), { host: "required", fromEmail: "required" });
});
