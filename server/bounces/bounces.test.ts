import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import sql from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import { insertApp } from "../accounts/apps.ts";
import { createAccessToken } from "../accounts/tokens.ts";
import { sumCounts } from "../deliveries/counters.ts";
import { deliveryId, userKey } from "../lib/keys.ts";
import { createLinkTokens } from "../links/tokens.ts";
import {
  complaint,
  exchangeBounce,
  eximBounce,
  gmailBounce,
  letter,
  outOfOffice,
  postfixBounce,
  qmailBounce,
} from "../testing/bounce-mails.ts";
import { type Mailing, makeMailing } from "../testing/mailing.ts";
import { type Answer, startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { addUsers } from "../testing/sending.ts";

let product: TestProduct;
before(async () => {
  product = await startTestProduct();
});
after(() => product.stop());

const bring = async (
  mail: Uint8Array | string,
  recipient: string | null = null,
  token = product.accessToken,
): Promise<Answer> => {
  const query = recipient === null ? "" : `?${new URLSearchParams({ recipient })}`;
  const response = await fetch(`${product.url}/api/bounces${query}`, {
    method: "POST",
    headers: { "x-access-token": token, "content-type": "message/rfc822" },
    body: mail,
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
};
const taken = async (mail: Uint8Array, recipient: string | null = null): Promise<string> => {
  const { status, body } = await bring(mail, recipient);
  assert.equal(status, 200, JSON.stringify(body));
  return body.taken;
};
const returned = (mail: Mailing, user: string) => {
  const token = mail.tokens.signAddress("bounce", mail.subjectOf(user));
  return {
    verp: `b+${token}@bounce.shop.example`,
    messageId: `<${token}@shop.example>`,
    to: `${user}@example.com`,
  };
};
const suppressed = async (user: string): Promise<string | undefined> => {
  const { data } = (await product.call("GET", "/api/suppressions?channel=email&limit=500")).body;
  return data.find(({ address }: { address: string }) => address === `${user}@example.com`)?.reason;
};
const user = async (id: string) => (await product.call("GET", `/api/users/${id}`)).body;
const mailTo = async (users: string[], options = {}): Promise<Mailing> => {
  const mail = await makeMailing(product, options);
  await mail.deliver(users);
  return mail;
};

test("a hard bounce fails the delivery and ends mail to the address, however its server writes", async () => {
  const makers = [postfixBounce, eximBounce, exchangeBounce, gmailBounce];
  const users = await addUsers(product, makers.length, "hard");
  const mail = await mailTo(users);
  for (const [index, make] of makers.entries()) {
    const id = `hard${index}`;
    const back = returned(mail, id);
    assert.equal(await taken(make(back), back.verp), "failed");
    // The same again changes nothing.
    assert.equal(await taken(make(back), back.verp.toUpperCase()), "failed");
    const delivery = await mail.deliveryOf(id);
    assert.equal(delivery?.state, "failed", make.name);
    assert.match(delivery?.code ?? "", /^5\.1\.1/);
    assert.match(delivery?.detail ?? "", /550/);
    assert.equal(await suppressed(id), "address_gone", make.name);
  }
  const counts = (await sumCounts(product.db, [mail.messageId])).get(mail.messageId);
  assert.deepEqual([counts?.failed, counts?.sent], [makers.length, 0]);
});

test("the delivery is known by the envelope, else by the headers, else by the mail that came along", async () => {
  await addUsers(product, 3, "known");
  const mail = await mailTo(["known0", "known1", "known2"]);
  const [first, second, third] = ["known0", "known1", "known2"].map((id) => returned(mail, id));
  assert.ok(first && second && third);
  // What the envelope says stands over what a forged report says of somebody else.
  assert.equal(await taken(postfixBounce(second), first.verp), "failed");
  assert.deepEqual(
    [(await mail.deliveryOf("known0"))?.state, (await mail.deliveryOf("known1"))?.state],
    ["failed", "sent"],
  );
  assert.equal(await taken(postfixBounce(second)), "failed");
  assert.equal((await mail.deliveryOf("known1"))?.state, "failed");
  const forwarded = postfixBounce({ ...third, verp: "bounces@shop.example" });
  assert.equal(await taken(forwarded, "bounces@shop.example"), "failed");
  assert.equal((await mail.deliveryOf("known2"))?.state, "failed");
});

test("full mailboxes fail the delivery, and the address after five of them; policies never do", async () => {
  await addUsers(product, 2, "soft");
  const full = { status: "5.2.2", diagnostic: "552 5.2.2 Mailbox full" };
  const policy = { status: "5.7.1", diagnostic: "550 5.7.1 Blocked" };
  for (let time = 1; time <= 6; time++) {
    const mail = await mailTo(["soft0", "soft1"]);
    for (const [id, what] of [
      ["soft0", full],
      ["soft1", policy],
    ] as const) {
      const back = { ...returned(mail, id), ...what };
      for (let again = 0; again < 2; again++)
        assert.equal(await taken(postfixBounce(back), back.verp), "failed");
      assert.equal((await mail.deliveryOf(id))?.state, "failed");
      assert.equal((await mail.deliveryOf(id))?.code, what.status);
    }
    assert.equal(await suppressed("soft0"), time < 5 ? undefined : "soft_bounces");
  }
  assert.equal(await suppressed("soft1"), undefined);
  assert.equal((await product.call("DELETE", "/api/suppressions/email/soft0@example.com")).status, 204);
  const mail = await mailTo(["soft0"]);
  const back = { ...returned(mail, "soft0"), ...full };
  await taken(postfixBounce(back), back.verp);
  assert.equal(await suppressed("soft0"), undefined, "counting began anew");
});

test("what is older than a fortnight counts no more, and another address than theirs is not given up at once", async () => {
  await addUsers(product, 2, "old");
  const dead = { status: "5.1.1", diagnostic: "550 5.1.1 No such user" };
  for (let time = 0; time < 4; time++)
    await product.db.query(sql`
      insert into soft_bounces (app_key, channel, address, delivery_id, at)
      select app_key, 'email', 'old0@example.com', ${uuidv7()}, now() - interval '15 days' from apps where app_id = ${product.appId}`);
  const mail = await mailTo(["old0", "old1"]);
  const back = { ...returned(mail, "old0"), status: "4.2.2", diagnostic: "452 4.2.2 Full" };
  await taken(postfixBounce(back), back.verp);
  assert.equal(await suppressed("old0"), undefined);
  const elsewhere = { ...returned(mail, "old1"), ...dead, to: "before@example.com" };
  assert.equal(await taken(postfixBounce(elsewhere), elsewhere.verp), "failed");
  assert.equal((await mail.deliveryOf("old1"))?.state, "failed");
  assert.equal(await suppressed("old1"), undefined);
});

test("delays, replies of machines and reports of arrival end nothing", async () => {
  await addUsers(product, 3, "soon");
  const mail = await mailTo(["soon0", "soon1", "soon2"]);
  const [delayed, away, arrived] = ["soon0", "soon1", "soon2"].map((id) => returned(mail, id));
  assert.ok(delayed && away && arrived);
  assert.equal(
    await taken(postfixBounce({ ...delayed, action: "delayed", status: "4.4.1" }), delayed.verp),
    "nothing",
  );
  assert.equal(await taken(outOfOffice(away), away.verp), "nothing");
  assert.equal(
    await taken(postfixBounce({ ...arrived, action: "relayed", status: "2.0.0" }), arrived.verp),
    "delivered",
  );
  const states = await Promise.all(["soon0", "soon1", "soon2"].map((id) => mail.deliveryOf(id)));
  assert.deepEqual(
    states.map((row) => row?.state),
    ["sent", "sent", "delivered"],
  );
  // Who has it has it, whatever is said later; and an older server says it in words.
  await taken(postfixBounce({ ...arrived, status: "5.7.1", diagnostic: "550 5.7.1 no" }), arrived.verp);
  assert.equal((await mail.deliveryOf("soon2"))?.state, "delivered");
  assert.equal(await taken(qmailBounce(delayed, "Sorry, no mailbox here. (#5.1.1)"), delayed.verp), "failed");
  assert.deepEqual((await mail.deliveryOf("soon0"))?.code, "5.1.1");
});

test("who calls it spam gets no more mail, and a letter to the address for that ends its topic", async () => {
  await addUsers(product, 4, "spam");
  const mail = await mailTo(["spam0", "spam1"]);
  assert.equal(await taken(complaint(returned(mail, "spam0")), "fbl@shop.example"), "complained");
  assert.equal(await taken(complaint(returned(mail, "spam1"), "not-spam"), "fbl@shop.example"), "nothing");
  assert.deepEqual([(await user("spam0")).optedOut, (await user("spam1")).optedOut], [["email"], []]);
  assert.deepEqual(await mail.engagements(), ["spam0 complained 0 1"]);
  assert.equal((await mail.deliveryOf("spam0"))?.state, "sent");

  const offers = await mailTo(["spam2", "spam3"], { topic: "offers" });
  const leave = `u+${offers.tokens.signAddress("leave", offers.subjectOf("spam2"))}@bounce.shop.example`;
  assert.equal(await taken(letter("spam2@example.com", leave)), "left");
  assert.deepEqual([(await user("spam2")).optedOut, (await user("spam2")).leftTopics], [[], ["offers"]]);
  assert.equal(await taken(letter("spam2@example.com", leave)), "left");
  // Neither a machine's reply to it, nor a letter to where bounces come.
  const other = `u+${offers.tokens.signAddress("leave", offers.subjectOf("spam3"))}@bounce.shop.example`;
  assert.equal(await taken(outOfOffice({ ...returned(offers, "spam3"), verp: other }), other), "nothing");
  assert.equal(await taken(letter("spam3@example.com", returned(offers, "spam3").verp)), "nothing");
  assert.deepEqual((await user("spam3")).leftTopics, []);
  assert.deepEqual(await offers.engagements(), ["spam2 left 0 1"]);
});

test("forged, cut and exchanged tokens, and those of another key, do nothing", async () => {
  await addUsers(product, 1, "forged");
  const mail = await mailTo(["forged0"]);
  const subject = mail.subjectOf("forged0");
  const real = mail.tokens.signAddress("bounce", subject);
  const others = createLinkTokens("c".repeat(32)).signAddress("bounce", subject);
  for (const token of [
    (real.startsWith("a") ? "b" : "a") + real.slice(1),
    real.slice(0, 60),
    `${real}a`,
    others,
    "",
    "x".repeat(300),
  ]) {
    const forged = {
      verp: `b+${token}@bounce.shop.example`,
      messageId: "<none@shop.example>",
      to: "forged0@example.com",
    };
    assert.equal(
      (await bring(postfixBounce(forged), forged.verp.slice(0, 320))).body.taken,
      "nothing",
      token,
    );
  }
  for (const recipient of [
    `b+${mail.tokens.signAddress("leave", subject)}@bounce.shop.example`,
    `u+${real}@bounce.shop.example`,
    `x+${real}@bounce.shop.example`,
    `"b+${real}"@bounce.shop.example`,
    `b+${real}@bounce.shop.example\r\nRCPT TO:<a@b.example>`,
    `a@b.example, b+${real}@x`,
  ])
    assert.equal(await taken(letter("a@b.example", "nobody@shop.example"), recipient), "nothing", recipient);
  assert.equal((await mail.deliveryOf("forged0"))?.state, "sent");
  assert.deepEqual((await user("forged0")).optedOut, []);
});

test("a bounce may come before its row, and in any order with what else is said", async () => {
  await addUsers(product, 2, "early");
  const mail = await makeMailing(product, { isFinished: false });
  const [first, second] = ["early0", "early1"].map((id) => returned(mail, id));
  assert.ok(first && second);
  assert.equal(await taken(postfixBounce(first), first.verp), "failed");
  const arrived = postfixBounce({ ...second, action: "delivered", status: "2.0.0" });
  assert.equal(await taken(arrived, second.verp), "delivered");
  assert.equal(await taken(postfixBounce(second), second.verp), "failed");
  await mail.deliver(["early0", "early1"]);
  // What comes between the look for it and the commit of its row is tried again within half a second.
  await until(
    async () => [(await mail.deliveryOf("early0"))?.state, (await mail.deliveryOf("early1"))?.state].join(),
    (states) => states === "failed,delivered",
  );
  assert.equal(await suppressed("early0"), "address_gone");
});

test("an app cannot speak of another's deliveries, and what is no mail is refused", async () => {
  await addUsers(product, 1, "app");
  const mail = await mailTo(["app0"]);
  const { app } = await insertApp(product.db, {
    ...{ appId: "other-shop", name: "Other", timeZone: "UTC", now: new Date() },
  });
  const secret = await createAccessToken(product.db, { appKey: app.appKey, name: "test" });
  const back = returned(mail, "app0");
  const answer = await bring(postfixBounce(back), back.verp, secret);
  assert.deepEqual([answer.status, answer.body.taken], [200, "nothing"]);
  assert.equal((await mail.deliveryOf("app0"))?.state, "sent");
  for (const body of ["", "hello world", "\0\0\0"]) assert.equal((await bring(body)).status, 400, body);
  assert.equal((await bring(Buffer.alloc(1_100_000, "a"))).status, 413);
  assert.equal((await bring(postfixBounce(back), back.verp, "wrong-token-0123456")).status, 401);
});

test("many bounces at once each move their own delivery", async () => {
  const users = await addUsers(product, 60, "bulk");
  const mail = await mailTo(users);
  const answers = await Promise.all(
    users.map((id) => {
      const back = returned(mail, id);
      return taken(postfixBounce(back), back.verp);
    }),
  );
  assert.ok(answers.every((answer) => answer === "failed"));
  const counts = (await sumCounts(product.db, [mail.messageId])).get(mail.messageId);
  assert.deepEqual([counts?.failed, counts?.sent], [60, 0]);
});

test("of somebody who was deleted nothing is written any more, and what came back is forgotten", async () => {
  await addUsers(product, 1, "gone");
  const mail = await mailTo(["gone0"]);
  const back = { ...returned(mail, "gone0"), status: "4.2.2", diagnostic: "452 4.2.2 Full" };
  await taken(postfixBounce(back), back.verp);
  const { softBounces } = (await product.call("GET", "/api/users/gone0/export")).body;
  assert.equal(softBounces[0].address, "gone0@example.com");
  assert.equal((await product.call("DELETE", "/api/users/gone0")).status, 200);
  for (const bounce of [
    postfixBounce(back),
    postfixBounce(returned(mail, "gone0")),
    complaint(returned(mail, "gone0")),
  ])
    await taken(bounce, back.verp);
  const key = userKey(product.appId, "gone0");
  const id = deliveryId(mail.messageId, key, "email/0");
  const { rows } = await product.db.query<{ count: number }>(sql`
    select (select count(*) from engagements where user_key = ${key})
      + (select count(*) from parked_receipts where user_key = ${key} or park_key = ${id})
      + (select count(*) from soft_bounces where delivery_id = ${id})
      + (select count(*) from suppressions where address = 'gone0@example.com') as count`);
  assert.equal(rows[0]?.count, 0);
});
