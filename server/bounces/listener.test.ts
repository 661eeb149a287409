import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { after, before, type TestContext, test } from "node:test";
import { createTransport } from "nodemailer";
import { complaint, letter, postfixBounce } from "../testing/bounce-mails.ts";
import { makeMailing } from "../testing/mailing.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { addUsers } from "../testing/sending.ts";
import { type BounceListener, startBounceListener } from "./listener.ts";

let product: TestProduct;
before(async () => {
  product = await startTestProduct(undefined, { BOUNCE_PORT: "0" });
});
after(() => product.stop());

const port = () => product.bouncePort ?? 0;
const send = (envelope: { from: string; to: string[] }, raw: Buffer | string) => {
  const transport = createTransport({ host: "127.0.0.1", port: port(), secure: false, ignoreTLS: true });
  return transport.sendMail({ envelope, raw }).finally(() => transport.close());
};

/** A client that writes what it likes, and remembers what it is answered. */
async function talk(to = port()): Promise<{
  socket: Socket;
  heard: () => string;
  say(text: string): Promise<string>;
  closed: Promise<void>;
}> {
  const socket = connect(to, "127.0.0.1");
  let heard = "";
  socket.on("data", (data) => (heard += data));
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await until(
    async () => heard,
    (text) => text.includes("\n"),
  );
  return {
    socket,
    closed,
    heard: () => heard,
    async say(text) {
      const before = heard.length;
      socket.write(text);
      await until(
        async () => heard.slice(before),
        (answer) => /^\d{3} .*\r\n$/m.test(answer),
      );
      return heard.slice(before).trim();
    },
  };
}

const mailTo = async (users: string[]) => {
  const mail = await makeMailing(product);
  await mail.deliver(users);
  const tokenOf = (user: string, purpose: "bounce" | "leave" = "bounce") =>
    mail.tokens.signAddress(purpose, mail.subjectOf(user));
  const back = (user: string) => ({
    verp: `b+${tokenOf(user)}@bounce.shop.example`,
    messageId: `<${tokenOf(user)}@shop.example>`,
    to: `${user}@example.com`,
  });
  return { mail, tokenOf, back };
};

test("a mail server brings a bounce, a complaint and a letter, and is told once they are written down", async () => {
  await addUsers(product, 3, "smtp");
  const { mail, tokenOf, back } = await mailTo(["smtp0", "smtp1", "smtp2"]);
  const bounced = back("smtp0");
  const info = await send({ from: "", to: [bounced.verp] }, postfixBounce(bounced));
  assert.match(info.response, /^250 /);
  assert.equal((await mail.deliveryOf("smtp0"))?.state, "failed");
  await send({ from: "fbl@provider.example", to: ["FBL@shop.example"] }, complaint(back("smtp1")));
  const leave = `U+${tokenOf("smtp2", "leave").toUpperCase()}@Bounce.Shop.example`;
  await send({ from: "smtp2@example.com", to: [leave] }, letter("smtp2@example.com", leave));
  for (const id of ["smtp1", "smtp2"])
    assert.deepEqual((await product.call("GET", `/api/users/${id}`)).body.optedOut, ["email"], id);
  // What is about nothing of ours is taken and forgotten, so that nobody sends it back.
  assert.match(
    (await send({ from: "", to: ["postmaster@shop.example"] }, letter("a@b.example", "c@d.example")))
      .response,
    /^250/,
  );
});

test("it takes no mail for others, tells nobody why, and says nothing of itself", async () => {
  await addUsers(product, 1, "relay");
  const { tokenOf } = await mailTo(["relay0"]);
  const { socket, heard, say } = await talk();
  assert.match(heard(), /^220 \S+ ESMTP\r\n$/);
  const hello = await say("EHLO client.example\r\n");
  assert.doesNotMatch(hello, /AUTH|STARTTLS|VRFY|smtp-server|nodemailer/i);
  assert.match(await say("AUTH PLAIN AGEAYg==\r\n"), /^5\d\d/);
  assert.match(await say("STARTTLS\r\n"), /^5\d\d/);
  assert.match(await say("MAIL FROM:<>\r\n"), /^250/);
  const forged = (tokenOf("relay0").startsWith("a") ? "b" : "a") + tokenOf("relay0").slice(1);
  const refusals = new Set<string>();
  for (const address of [
    "someone@else.example",
    "root@shop.example",
    `b+${forged}@bounce.shop.example`,
    `b+${tokenOf("relay0").slice(0, 60)}@bounce.shop.example`,
    `u+${tokenOf("relay0")}@bounce.shop.example`,
    `b+${tokenOf("relay0", "leave")}@bounce.shop.example`,
    "b+@bounce.shop.example",
    "abuse@a.example@shop.example",
  ]) {
    const answer = await say(`RCPT TO:<${address}>\r\n`);
    assert.match(answer, /^5/, address);
    if (!address.includes("@a.example")) refusals.add(answer);
  }
  assert.equal(refusals.size, 1);
  assert.match([...refusals][0] ?? "", /^550 5\.1\.1 /);
  assert.match(await say("DATA\r\n"), /^503/);
  socket.destroy();
});

test("a mail that is too large is refused, at once where its size is announced, and not kept", async () => {
  const { socket, say } = await talk();
  await say("EHLO client.example\r\n");
  assert.match(await say("MAIL FROM:<> SIZE=2000000\r\n"), /^552/);
  socket.destroy();
  await assert.rejects(
    send(
      { from: "", to: ["abuse@shop.example"] },
      Buffer.from(`From: a@b.example\r\n\r\n${"x".repeat(76)}\r\n`.repeat(15_000)),
    ),
    (error: { responseCode?: number }) => error.responseCode === 552,
  );
});

test("garbage, endless lines and connections that break leave it as it was", async () => {
  const garbage = await talk();
  garbage.socket.write(Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * 7919) % 256)));
  const endless = await talk();
  endless.socket.write("EHLO ");
  endless.socket.write("x".repeat(200_000));
  const half = await talk();
  await half.say("EHLO client.example\r\n");
  half.socket.write("MAIL FROM:<>\r\nRCPT TO:<abuse@shop.example>\r\nDATA\r\n");
  half.socket.write("From: a@b.example\r\n\r\nhello");
  half.socket.end();
  const reset = await talk();
  reset.socket.resetAndDestroy();
  const tooMany = await talk();
  tooMany.socket.write("NONSENSE\r\n".repeat(50));
  await Promise.all([endless.closed, half.closed, reset.closed, tooMany.closed]);
  garbage.socket.destroy();
  const line = `From: a@b.example\r\n\r\n${"x".repeat(900_000)}\r\n`;
  assert.match((await send({ from: "", to: ["abuse@shop.example"] }, line)).response, /^250/);
});

/** A listener of its own, whose mails nobody takes while the database is away. */
async function startListener(t: TestContext, limits?: { idleMs: number; longestMs: number }) {
  const state = { isAway: false };
  const listener: BounceListener = await startBounceListener({
    bounces: {
      isOurs: () => true,
      async take() {
        if (state.isAway) throw Object.assign(new Error("away"), { code: "ECONNREFUSED" });
        return "nothing";
      },
    },
    ...{ port: 0, host: "127.0.0.1", name: "mx.test" },
    log: { error: () => {}, debug: () => {} },
    ...(limits ? { limits } : {}),
  });
  t.after(() => listener.stop());
  return { listener, state };
}

test("one machine gets some connections and not all", async (t) => {
  const { listener } = await startListener(t);
  const many = Array.from({ length: 30 }, () => {
    const socket = connect(listener.port, "127.0.0.1").on("error", () => {});
    const state = { socket, heard: "", isClosed: false };
    socket.on("data", (data) => (state.heard += data));
    socket.on("close", () => (state.isClosed = true));
    return state;
  });
  await until(
    async () => many.filter(({ heard, isClosed }) => heard.startsWith("220") || isClosed).length,
    (count) => count === many.length,
  );
  assert.equal(many.filter(({ heard }) => heard.startsWith("220")).length, 20);
  for (const { socket } of many) socket.destroy();
});

test("no connection lasts for ever, be it silent or slow", async (t) => {
  const { listener } = await startListener(t, { idleMs: 400, longestMs: 900 });
  const ended = (socket: Socket) => new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const silent = connect(listener.port, "127.0.0.1").on("error", () => {});
  const slow = connect(listener.port, "127.0.0.1").on("error", () => {});
  // What nobody reads keeps a socket from ending.
  for (const socket of [silent, slow]) socket.resume();
  const drip = setInterval(() => slow.write("x"), 50);
  await Promise.all([ended(silent), ended(slow)]);
  clearInterval(drip);
});

test("while the database is away others are asked to come again", async (t) => {
  const { listener, state } = await startListener(t);
  state.isAway = true;
  const { say, socket } = await talk(listener.port);
  await say("EHLO client.example\r\n");
  for (const answer of [/^451 4\.3\.0/, /^250/]) {
    await say("MAIL FROM:<>\r\n");
    await say("RCPT TO:<b+x@y.example>\r\n");
    await say("DATA\r\n");
    assert.match(await say("From: a@b.example\r\n\r\nhi\r\n.\r\n"), answer);
    state.isAway = false;
  }
  socket.destroy();
});

test("a port that is taken is said with its cure", async () => {
  await assert.rejects(
    startBounceListener({
      bounces: { isOurs: () => true, take: async () => "nothing" },
      ...{ port: port(), host: "127.0.0.1", name: "mx.test" },
      log: { error: () => {}, debug: () => {} },
    }),
    /BOUNCE_PORT: port \d+ is taken by another program\. Choose another one/,
  );
});
