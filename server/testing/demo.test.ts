import assert from "node:assert/strict";
import { test } from "node:test";
import { startDemo } from "./demo.ts";
import { startTestProduct, until } from "./product.ts";

test("the demo fills a product with people, accounts, messages and a letter, and a second start adds none", async (t) => {
  const product = await startTestProduct(t);
  const campaigns = async () => (await product.call("GET", "/api/campaigns?limit=100")).body.data;
  const demo = await startDemo(product.url, product.accessToken);
  t.after(() => demo.stop());
  const made = await campaigns();
  const { id } = made.find(({ channel }: { channel: string }) => channel === "email");
  const letter = (await product.call("GET", `/api/campaigns/${id}`)).body;
  const { counts } = await until(
    async () => (await product.call("GET", `/api/messages/${letter.message.id}`)).body,
    (message) => message.counts.sent > 100,
    20_000,
  );
  assert.ok(counts.targeted >= 5_000);
  const preview = await product.call("POST", "/api/templates/email/preview", {
    ...{ subject: letter.content.subject, email: letter.content.email, userId: "Mina" },
  });
  assert.equal(preview.body.subject, "Mina, autumn has come");
  assert.deepEqual(
    preview.body.warnings.map(({ code }: { code: string }) => code),
    ["unreachable"],
  );
  const accounts = (await product.call("GET", "/api/providers?limit=100")).body.data;
  assert.deepEqual(accounts.map(({ provider }: { provider: string }) => provider).sort(), [
    ...["apns", "fcm", "http", "meta", "smtp", "webpush"],
  ]);

  const again = await startDemo(product.url, product.accessToken);
  t.after(() => again.stop());
  assert.equal((await campaigns()).length, made.length);
});
