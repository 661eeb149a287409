import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { curlsOf } from "../testing/curl.ts";
import { call, startTestProduct } from "../testing/product.ts";

const guide = fileURLToPath(new URL("../../docs/sending.md", import.meta.url));

test("every call of the guide to sending is understood", async (t) => {
  const product = await startTestProduct(t);
  for (const user of ["starter", "maryam"])
    await product.call("POST", "/api/installations", { id: user, userId: user, deviceType: "android" });
  const variables: Record<string, string> = { TOKEN: product.accessToken, CAMPAIGN: "", MESSAGE: "" };
  const paused = await product.call("POST", "/api/push/toUsers", { user: "starter", content: "waits" });
  variables.MESSAGE = paused.headers.get("x-push-id") ?? "";
  const understood: string[] = [];
  for (const { command, method, url, headers, body } of curlsOf(guide, variables)) {
    const address = url
      .replace("http://localhost:8080", product.url)
      .replace("/campaigns//", `/campaigns/${variables.CAMPAIGN}/`);
    const answer = await call(address, method, headers, body);
    const said = `${command}\n${answer.status} ${JSON.stringify(answer.body)}`;
    // It was finished before the guide comes to pausing it; the calls are understood all the same.
    if (/\/(pause|resume)\?/.test(url)) assert.ok([200, 409].includes(answer.status), said);
    else assert.ok(answer.status < 300, said);
    if (url.endsWith(`/api/campaigns?access_token=${product.accessToken}`))
      variables.CAMPAIGN = answer.body.id;
    understood.push(new URL(url).pathname);
  }
  assert.equal(understood.length, 20);
});
