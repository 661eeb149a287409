import assert from "node:assert/strict";
import { test } from "node:test";
import { postfixBounce } from "../testing/bounce-mails.ts";
import { runCommand } from "../testing/command.ts";
import { makeMailing } from "../testing/mailing.ts";
import { startTestProduct } from "../testing/product.ts";
import { addUsers } from "../testing/sending.ts";

test("a mail server pipes a mail, and learns by the exit code whether to try again", async (t) => {
  const product = await startTestProduct(t);
  await addUsers(product, 4);
  const mail = await makeMailing(product);
  await mail.deliver(["u0", "u1", "u2", "u3"]);
  const tokenOf = (user: string) => mail.tokens.signAddress("bounce", mail.subjectOf(user));
  const addressOf = (user: string) => `b+${tokenOf(user)}@bounce.shop.example`;
  // A report that names nobody inside: all depends on whom the envelope names.
  const bare = (to: string) =>
    postfixBounce({ verp: to, messageId: "<none@shop.example>", to: "u0@example.com" });
  const to = ["--url", product.url, "--token", product.accessToken];
  const run = (args: string[], settings: Record<string, string>, input: Uint8Array) =>
    runCommand(["bounce", ...args], settings, input);

  const [named, byPostfix, byOthers, byHeader, none, refused, away, usage, long] = await Promise.all([
    run([...to, "--recipient", addressOf("u0")], { RECIPIENT: addressOf("u3") }, bare("list@shop.example")),
    run(
      to,
      { ORIGINAL_RECIPIENT: addressOf("u1"), RECIPIENT: "bounces@shop.example" },
      bare("list@shop.example"),
    ),
    run(to, { ORIGINAL_RECIPIENT: "", RECIPIENT: addressOf("u2") }, bare("list@shop.example")),
    run(to, {}, bare(addressOf("u3"))),
    run(to, {}, Buffer.from("hello")),
    run(["--url", product.url, "--token", "wrong-token-0123456"], {}, bare("x@y.example")),
    run(["--url", "http://127.0.0.1:9", "--token", "any-token-0123456"], {}, bare("x@y.example")),
    run([...to, "--to", "x"], {}, bare("x@y.example")),
    // Cut where no report says anything any more.
    run(to, {}, Buffer.concat([bare("list@shop.example"), Buffer.alloc(3_000_000, "x\n")])),
  ]);
  for (const [index, result] of [named, byPostfix, byOthers, byHeader].entries()) {
    assert.deepEqual([result?.code, result?.stdout, result?.stderr], [0, "", ""]);
    assert.equal((await mail.deliveryOf(`u${index}`))?.state, "failed", `u${index}`);
  }
  assert.deepEqual([none?.code, refused?.code, away?.code, usage?.code, long?.code], [65, 75, 75, 64, 0]);
  assert.match(none?.stderr ?? "", /is no mail/);
  assert.match(refused?.stderr ?? "", /401 This access token is unknown/);
});
