import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  complaint,
  exchangeBounce,
  eximBounce,
  gmailBounce,
  letter,
  outOfOffice,
  postfixBounce,
  qmailBounce,
  type ReturnedMail,
} from "../testing/bounce-mails.ts";
import { readMail } from "./read-mail.ts";
import { findCodes, weigh } from "./weigh.ts";

const token = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwxyz234";
const mail: ReturnedMail = {
  verp: `b+${token}@bounce.shop.example`,
  messageId: `<${token}@shop.example>`,
  to: "nobody@example.net",
};
const said = async (bytes: Buffer) => (await readMail(bytes))?.said;
const failed = async (bytes: Buffer) => {
  const read = await said(bytes);
  assert.equal(read?.kind, "failed");
  return read as Extract<typeof read, { kind: "failed" }>;
};

test("Postfix, Exim, Exchange and Gmail say it each in their own way", async () => {
  const all = { postfixBounce, eximBounce, exchangeBounce, gmailBounce };
  const codes = {
    postfixBounce: "5.1.1",
    eximBounce: "5.1.1",
    exchangeBounce: "5.1.10",
    gmailBounce: "5.1.1",
  };
  const words = {
    postfixBounce: "550 5.1.1 No such user",
    eximBounce: "550 5.1.1 <nobody@example.net>: Recipient address rejected: User unknown",
    exchangeBounce: "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    gmailBounce:
      "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550 5.1.1 unnecessary spaces. - gsmtp",
  };
  for (const [name, make] of Object.entries(all)) {
    const read = await readMail(make(mail));
    const { weight, code, detail, recipients } = await failed(make(mail));
    const key = name as keyof typeof all;
    assert.deepEqual([weight, code, detail], ["gone", codes[key], words[key]], name);
    assert.ok(recipients.every((address) => address === mail.to) && recipients.length > 0, name);
    assert.deepEqual(read?.tokens, [token], name);
    // What a full mailbox, a server that is away and a policy say of the address.
    for (const [status, diagnostic, expected] of [
      ["5.2.2", "552 5.2.2 Mailbox full", "later"],
      ["4.2.2", "452 4.2.2 The email account that you tried to reach is over quota", "later"],
      ["4.4.1", "connect to mail.example.net[203.0.113.25]:25: Connection timed out", "later"],
      ["5.7.1", "554 5.7.1 Service unavailable; blocked using zen.example", "refused"],
      ["5.0.0", "550 5.7.26 This mail is unauthenticated", "refused"],
      ["5.0.0", "550 Unknown user", "gone"],
      ["5.0.0", "554 Transaction failed", "refused"],
      ["5.0.0", "421 Try later", "later"],
    ] as const)
      assert.equal(
        (await failed(make({ ...mail, status, diagnostic }))).weight,
        expected,
        `${name} ${status}`,
      );
    assert.deepEqual(await said(make({ ...mail, action: "delayed", status: "4.4.1" })), {
      ...{ kind: "nothing", why: "delayed, not failed" },
    });
    for (const action of ["delivered", "relayed", "expanded"])
      assert.deepEqual(await said(make({ ...mail, action, status: "2.0.0" })), { kind: "delivered" });
  }
});

test("bounces in words alone are understood by the codes in them, and else are for now", async () => {
  const { weight, code, detail } = await failed(
    qmailBounce(mail, "Sorry, no mailbox here by that name. (#5.1.1)"),
  );
  assert.deepEqual(
    [weight, code, detail],
    ["gone", "5.1.1", "Sorry, no mailbox here by that name. (#5.1.1)"],
  );
  const full = await failed(qmailBounce(mail, "Remote host said: 552 sorry, mailbox is full"));
  assert.deepEqual([full.weight, full.code], ["later", "552"]);
  const mute = await failed(qmailBounce(mail, "I couldn't find any host at 10.5.1.1 by that name."));
  assert.deepEqual([mute.weight, mute.code], ["later", null]);
  assert.match(mute.detail ?? "", /in words of its own/);
  assert.deepEqual((await readMail(qmailBounce(mail, "no")))?.tokens, [token]);
  const warning = Buffer.from(
    qmailBounce(mail, "550 5.1.1")
      .toString()
      .replace("failure notice", "Warning: message 1uBp delayed 24 hours"),
  );
  assert.equal((await said(warning))?.kind, "nothing");
});

test("complaints, replies of machines and letters are told apart", async () => {
  for (const type of ["abuse", "fraud", "Abuse"])
    assert.deepEqual(await said(complaint(mail, type)), { kind: "complained" });
  for (const type of ["not-spam", "auth-failure", "other"])
    assert.equal((await said(complaint(mail, type)))?.kind, "nothing");
  assert.deepEqual((await readMail(complaint(mail)))?.tokens, [token]);
  assert.equal((await said(outOfOffice(mail)))?.kind, "nothing");
  assert.deepEqual(await said(letter("sara@example.com", `u+${token}@bounce.shop.example`)), {
    kind: "letter",
  });
  const precedence = letter("a@b.example", "u@x.example")
    .toString()
    .replace("Subject", "Precedence: bulk\r\nSubject");
  assert.equal((await said(Buffer.from(precedence)))?.kind, "nothing");
  const piped = Buffer.concat([
    Buffer.from("From MAILER-DAEMON Mon May  4 05:42:05 2026\n"),
    postfixBounce(mail),
  ]);
  assert.equal((await failed(piped)).code, "5.1.1");
});

test("whatever comes is read or refused, without an error", async () => {
  assert.equal(await readMail(Buffer.alloc(0)), null);
  assert.equal(await readMail(Buffer.from("hello world")), null);
  assert.equal(await readMail(Buffer.from("\r\n\r\n")), null);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
      await readMail(bytes);
    }),
    { numRuns: 200 },
  );
  // A true report with bytes of it cut, doubled or exchanged.
  const whole = exchangeBounce(mail);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length),
      fc.nat(whole.length),
      fc.uint8Array({ maxLength: 20 }),
      async (a, b, put) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const read = await readMail(Buffer.concat([whole.subarray(0, from), put, whole.subarray(to)]));
        if (read?.said.kind === "failed") assert.ok((read.said.detail ?? "").length <= 500);
      },
    ),
    { numRuns: 200 },
  );
  const nested = Array.from(
    { length: 500 },
    (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
  );
  await readMail(Buffer.from(`From: a@b.example\r\n${nested.join("")}`));
  await readMail(Buffer.from(`From: a@b.example\r\nX: ${"x".repeat(900_000)}\r\n\r\n`));
  await readMail(Buffer.from(`From: a@b.example\r\n\r\n${`${"a".repeat(61)} `.repeat(15_000)}`));
});

test("a report is read as far as reports go, and no further, however long somebody makes it", async () => {
  const report = postfixBounce(mail).toString();
  // Lines of the mail's words, which come before what machines read.
  const after = async (lines: number) => {
    const long = report.replace("\r\n\r\n", `\r\n\r\n${"A word.\r\n".repeat(lines)}`);
    return (await readMail(Buffer.from(long)))?.said.kind;
  };
  assert.equal(await after(2_000), "failed");
  const read = await readMail(
    Buffer.from(
      report.replace("Reporting-MTA: dns; mx.shop.example", `X: y${"\r\n\r\nAction: failed".repeat(60_000)}`),
    ),
  );
  assert.equal(read?.said.kind, "failed");
  const hidden = await readMail(
    Buffer.from(report.replace("Final-Recipient:", `${"X: y\r\n".repeat(10_000)}Final-Recipient:`)),
  );
  assert.equal(hidden?.said.kind, "nothing");
});

test("codes are found where they are codes, and weighed by what they speak of", () => {
  assert.deepEqual(findCodes("550 5.1.1 unknown"), { enhanced: "5.1.1", basic: 550 });
  assert.deepEqual(findCodes("host 5.9.12.3 said 5.1.2600"), { enhanced: null, basic: null });
  assert.deepEqual(findCodes("host mx[5.9.12.3] said: 550-No such user."), { enhanced: null, basic: 550 });
  assert.deepEqual(findCodes("See 5.4.4."), { enhanced: "5.4.4", basic: null });
  for (const [enhanced, basic, weight] of [
    ["5.1.1", null, "gone"],
    ["5.4.4", null, "gone"],
    ["5.5.0", 550, "gone"],
    ["5.2.1", 550, "gone"],
    ["5.2.2", 552, "later"],
    ["4.7.0", 421, "later"],
    ["5.7.1", 550, "refused"],
    ["5.2.3", 552, "refused"],
    ["5.6.0", 554, "refused"],
    ["5.0.0", null, "gone"],
    [null, 550, "gone"],
    [null, 552, "later"],
    [null, 554, "refused"],
    [null, 451, "later"],
    [null, null, "later"],
  ] as const)
    assert.equal(weigh({ enhanced, basic }), weight, `${enhanced} ${basic}`);
});
