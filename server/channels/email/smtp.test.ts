import assert from "node:assert/strict";
import { test } from "node:test";
import PostalMime from "postal-mime";
import { emailMessage } from "../../testing/email-message.ts";
import type { Fault } from "../../testing/stand-ins/faults.ts";
import {
  type SmtpOptions,
  type SmtpStandIn,
  smtpReply,
  startSmtpStandIn,
} from "../../testing/stand-ins/smtp.ts";
import type { Outcome, Sender } from "../provider.ts";
import { smtpProvider } from "./smtp.ts";
import { SmtpConfig } from "./smtp-config.ts";

const never = new AbortController().signal;

async function withSender(
  config: Record<string, unknown>,
  work: (parts: { standIn: SmtpStandIn; sender: Sender }) => Promise<void>,
  {
    outside = { allowsPrivate: true },
    ...options
  }: SmtpOptions & { outside?: { allowsPrivate: boolean } } = {},
): Promise<void> {
  const standIn = await startSmtpStandIn({ keepMails: true, ...options });
  const read = SmtpConfig.parse({
    ...{ host: "127.0.0.1", port: standIn.port, security: "none", fromEmail: "news@shop.example" },
    ...{ timeoutMs: 700, ...config },
  });
  const sender = smtpProvider.open(read, outside, { connections: 4 });
  try {
    await work({ standIn, sender });
  } finally {
    await sender.close();
    await standIn.stop();
  }
}

test("a mail has its text, its HTML, its sender, and the ways to leave it", () =>
  withSender(
    { fromName: "فروشگاه", replyTo: "help@shop.example", bounceDomain: "bounce.shop.example" },
    async ({ standIn, sender }) => {
      const outcome = await sender.send(emailMessage(), never);
      assert.deepEqual(outcome, { kind: "accepted", providerId: `<${"a".repeat(61)}@shop.example>` });
      const [mail] = standIn.mails;
      assert.equal(mail?.from, `b+${"a".repeat(61)}@bounce.shop.example`);
      assert.equal(mail?.to, "sara@example.org");
      const parsed = await PostalMime.parse(mail?.text ?? "");
      assert.equal(parsed.subject, "سلام Sara");
      assert.equal(parsed.text?.trim(), "Plain words");
      assert.equal(parsed.html?.trim(), "<p>Words with <b>weight</b></p>");
      assert.deepEqual(parsed.from, { name: "فروشگاه", address: "news@shop.example" });
      assert.equal(parsed.replyTo?.[0]?.address, "help@shop.example");
      const header = (name: string) => parsed.headers.find(({ key }) => key === name)?.value;
      assert.equal(
        header("list-unsubscribe"),
        `<https://news.example.com/u/${"t".repeat(64)}>, <mailto:u+${"c".repeat(61)}@bounce.shop.example>`,
      );
      assert.equal(header("list-unsubscribe-post"), "List-Unsubscribe=One-Click");
      assert.equal(header("list-id"), "<offers-of-May.shop.shop.example>");
      assert.equal(header("message-id"), `<${"a".repeat(61)}@shop.example>`);
    },
  ));

test("nothing in subject, names or addresses becomes another header or recipient", () =>
  withSender({}, async ({ standIn, sender }) => {
    const subject = "Hi\r\nBcc: victim@example.org\r\n\r\nbody\u2028x";
    assert.equal((await sender.send(emailMessage({ subject }), never)).kind, "accepted");
    const parsed = await PostalMime.parse(standIn.mails[0]?.text ?? "");
    assert.equal(parsed.subject, "Hi Bcc: victim@example.org body x");
    assert.equal(parsed.bcc, undefined);
    const addresses = [
      "a@example.org\r\nRCPT TO:<victim@example.org>",
      "a@example.org>\r\nDATA",
      "a@example.org, victim@example.org",
      "Sara <a@example.org>, <victim@example.org>",
      '"a@example.org" <victim@example.org>\n',
    ];
    for (const to of addresses) {
      const outcome = await sender.send(emailMessage({ to }), never);
      const went = standIn.mails.slice(1).map((mail) => mail.to);
      assert.ok(!went.includes("victim@example.org"), `${to}: ${JSON.stringify(outcome)}`);
    }
    // And the account goes on as if nothing had been.
    assert.equal((await sender.send(emailMessage(), never)).kind, "accepted");
    const topic = "x>\r\nX-Evil: 1";
    const email = emailMessage().email;
    assert.ok(email);
    await sender.send(emailMessage({ email: { ...email, topic } }), never);
    assert.doesNotMatch(standIn.mails.at(-1)?.text ?? "", /^x-evil/im);
  }));

test("names of senders with line breaks in them are refused when the account is made", () => {
  const config = { host: "mail.example", fromEmail: "a@b.example" };
  for (const bad of [
    { fromName: "Shop\r\nBcc: x@y.z" },
    { fromEmail: "a@b.example\r\nBcc: x@y.z" },
    { replyTo: "x\n@y.z" },
    { bounceDomain: "x.y>\r\n" },
    { host: "mail.example\r\nQUIT" },
    { username: "u\n", password: "p" },
    { username: "u" },
    { dkimDomain: "shop.example" },
    { dkimDomain: "shop.example", dkimSelector: "s", dkimPrivateKey: "no key" },
  ])
    assert.equal(SmtpConfig.safeParse({ ...config, ...bad }).success, false, JSON.stringify(bad));
});

const replies: [
  name: string,
  fault: Fault,
  kind: Outcome["kind"],
  more?: Partial<Record<string, unknown>>,
][] = [
  ["a mailbox that is not there", { kind: "gone" }, "gone", { code: "5.1.1", cause: "unregistered" }],
  [
    "550 without a finer code",
    smtpReply({ at: "rcpt", code: 550, text: "Unknown user" }),
    "gone",
    { code: "550" },
  ],
  [
    "a disabled mailbox",
    smtpReply({ at: "rcpt", code: 550, text: "5.2.1 Disabled" }),
    "gone",
    { code: "5.2.1" },
  ],
  [
    "a full mailbox",
    smtpReply({ at: "rcpt", code: 552, text: "5.2.2 Mailbox full" }),
    "rejected",
    { code: "5.2.2" },
  ],
  [
    "a mailbox that is full for now",
    smtpReply({ at: "rcpt", code: 452, text: "4.2.2 Full" }),
    "retry",
    { isPatient: true },
  ],
  [
    "greylisting",
    smtpReply({ at: "rcpt", code: 450, text: "4.7.1 Greylisted" }),
    "retry",
    { code: "4.7.1", isPatient: true },
  ],
  [
    "a policy",
    smtpReply({ at: "rcpt", code: 550, text: "5.7.1 Blocked by policy" }),
    "rejected",
    { code: "5.7.1" },
  ],
  ["no relaying", smtpReply({ at: "rcpt", code: 554, text: "5.7.1 Relay access denied" }), "misconfigured"],
  [
    "spam, said at the end",
    smtpReply({ at: "data", code: 554, text: "5.7.1 Spam" }),
    "rejected",
    { code: "5.7.1" },
  ],
  ["no such user, said at the end", smtpReply({ at: "data", code: 550, text: "5.1.1 Nobody" }), "gone"],
  ["too large", smtpReply({ at: "data", code: 552, text: "5.3.4 Too big" }), "rejected"],
  [
    "not now, said at the end",
    smtpReply({ at: "data", code: 451, text: "4.3.0 Later" }),
    "retry",
    { isPatient: true },
  ],
  [
    "a sender that is refused",
    smtpReply({ at: "mail", code: 550, text: "5.7.1 Not yours" }),
    "misconfigured",
  ],
  ["a login that is asked for", smtpReply({ at: "mail", code: 530, text: "5.7.0 Log in" }), "misconfigured"],
  ["too many messages", { kind: "throttle" }, "throttle", { code: "4.7.0", afterMs: 30_000 }],
  ["busy with the sender", smtpReply({ at: "mail", code: 451, text: "4.3.2 Busy" }), "throttle"],
  ["no answer to a whole mail", { kind: "hang" }, "unknown", { code: "ETIMEDOUT" }],
  ["a connection closed after the mail", { kind: "closeAfter" }, "unknown"],
  ["a server that is closed for now", { kind: "closeBefore" }, "retry"],
];

for (const [name, fault, kind, more = {}] of replies)
  test(`${name} is ${kind}`, () =>
    withSender({}, async ({ standIn, sender }) => {
      standIn.plan(fault);
      const outcome = await sender.send(emailMessage(), never);
      assert.equal(outcome.kind, kind, JSON.stringify(outcome));
      for (const [member, value] of Object.entries(more))
        assert.equal(outcome[member as keyof Outcome], value, JSON.stringify(outcome));
      assert.ok("detail" in outcome && /^[^\r\n]{3,}\.$/.test(outcome.detail), JSON.stringify(outcome));
      // What failed does not stand in the way of the next.
      standIn.plan(null);
      assert.equal((await sender.send(emailMessage(), never)).kind, "accepted");
    }));

test("a server that is not there is retry; an address in a private network is misconfigured", async () => {
  await withSender({}, async ({ standIn, sender }) => {
    await standIn.stop();
    const outcome = await sender.send(emailMessage(), never);
    assert.equal(outcome.kind, "retry", JSON.stringify(outcome));
    assert.equal((await sender.check(never)).ok, false);
  });
  await withSender(
    {},
    async ({ sender, standIn }) => {
      assert.equal((await sender.send(emailMessage(), never)).kind, "misconfigured");
      assert.equal(standIn.requests(), 0);
      assert.match((await sender.check(never)).detail, /ALLOW_PRIVATE_ADDRESSES/);
    },
    { outside: { allowsPrivate: false } },
  );
});

test("a wrong password pauses the account and is in no word of it; the right one is taken", async () => {
  const user = { username: "shop", password: "correct horse battery" };
  await withSender(
    { username: "shop", password: "wrong-password-123" },
    async ({ sender }) => {
      const outcome = await sender.send(emailMessage(), never);
      assert.equal(outcome.kind, "misconfigured");
      const check = await sender.check(never);
      assert.equal(check.ok, false);
      assert.doesNotMatch(JSON.stringify([outcome, check]), /wrong-password/);
    },
    { user },
  );
  await withSender(
    user,
    async ({ sender }) => {
      assert.deepEqual(await sender.check(never), {
        ok: true,
        detail: "127.0.0.1 answers without encryption, takes shop.",
      });
      assert.equal((await sender.send(emailMessage(), never)).kind, "accepted");
    },
    { user },
  );
});

test("encryption that is asked for is not done without, and a certificate has to be good unless it is said", async () => {
  await withSender({ security: "starttls" }, async ({ sender, standIn }) => {
    const outcome = await sender.send(emailMessage(), never);
    assert.equal(outcome.kind, "misconfigured", JSON.stringify(outcome));
    assert.equal(standIn.requests(), 0);
  });
  await withSender(
    { security: "starttls" },
    async ({ sender }) => {
      const outcome = await sender.send(emailMessage(), never);
      assert.equal(outcome.kind, "misconfigured", JSON.stringify(outcome));
      assert.match("detail" in outcome ? outcome.detail : "", /certificate/);
    },
    { hasTls: true },
  );
  await withSender(
    { security: "starttls", allowsInvalidCertificate: true },
    async ({ sender }) => assert.equal((await sender.send(emailMessage(), never)).kind, "accepted"),
    { hasTls: true },
  );
});

test("a connection is used for many mails, and as many are open as the account says", () =>
  withSender({ connections: 2 }, async ({ sender, standIn }) => {
    standIn.delay(20);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        sender.send(
          emailMessage({
            to: `u${index}@example.org`,
            deliveryUuid: `0b6a2d1e-0000-4000-8000-0000000000${10 + index}`,
          }),
          never,
        ),
      ),
    );
    assert.ok(outcomes.every(({ kind }) => kind === "accepted"));
    assert.equal(standIn.mails.length, 20);
  }));

test("when the process ends, what was written is unknown", () =>
  withSender({}, async ({ sender, standIn }) => {
    standIn.plan({ kind: "hang" });
    const ending = new AbortController();
    const sending = sender.send(emailMessage(), ending.signal);
    while (standIn.requests() === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    ending.abort();
    assert.equal((await sending).kind, "unknown");
  }));
