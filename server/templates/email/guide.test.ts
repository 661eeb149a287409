import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { smtpProvider } from "../../channels/email/smtp.ts";
import { curlsOf } from "../../testing/curl.ts";
import { png } from "../../testing/images.ts";
import { call, startTestProduct } from "../../testing/product.ts";

const guide = fileURLToPath(new URL("../../../docs/email.md", import.meta.url));

test("every call of the guide to e-mail is understood", async (t) => {
  const product = await startTestProduct(t);
  await product.call("POST", "/api/users", { userId: "sara", email: "sara@example.org" });
  const key = JSON.stringify(smtpProvider.makeKeys?.().dkimPrivateKey);
  const variables: Record<string, string> = { TOKEN: product.accessToken, DKIM_KEY: key };
  const all = () => curlsOf(guide, variables);
  assert.equal(all().length, 7);
  for (let index = 0; index < 7; index++) {
    const { command, url, method, headers, body } = all()[index] ?? assert.fail();
    const address = url.replace("http://localhost:8080", product.url);
    if (body === "@autumn.png") {
      assert.equal((await fetch(address, { method, headers, body: new Uint8Array(png) })).status, 201);
      continue;
    }
    const answer = await call(address, method, headers, body);
    assert.ok(answer.status < 300, `${command}\n${answer.status} ${JSON.stringify(answer.body)}`);
    if (url.includes("/api/providers?")) variables.ID = answer.body.id;
    if (url.includes("/api/campaigns?")) variables.CAMPAIGN = answer.body.id;
  }
});
