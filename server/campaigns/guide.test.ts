import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { curlsOf } from "../testing/curl.ts";
import { call, startTestProduct, until } from "../testing/product.ts";

const guide = fileURLToPath(new URL("../../docs/campaigns.md", import.meta.url));

test("every call of the guide to campaigns does what the guide says", async (t) => {
  const product = await startTestProduct(t);
  const { body: settings } = await product.call("GET", "/api/settings");
  assert.equal(settings.quietHours, null);
  for (const userId of ["u-1", "u-2"])
    await product.call("POST", "/api/installations", { id: userId, userId, deviceType: "android" });
  let campaign = "";
  const understood: string[] = [];
  for (const { command, method, url, headers, body } of curlsOf(guide, {
    ...{ TOKEN: product.accessToken, CAMPAIGN: "" },
  })) {
    const address = url
      .replace("http://localhost:8080", product.url)
      .replace("/campaigns//", `/campaigns/${campaign}/`)
      .replace("/campaigns/?", `/campaigns/${campaign}?`);
    const answer = await call(address, method, headers, body === "@ids.csv" ? "userId\nu-1\nnobody\n" : body);
    const said = `${command}\n${answer.status} ${JSON.stringify(answer.body)}`;
    const [, action = ""] = /\/([a-z]+)\?/.exec(url) ?? [];
    // Two recipients may be through before the guide comes to pausing them.
    if (action === "pause" || action === "resume") assert.ok([200, 409].includes(answer.status), said);
    else assert.ok(answer.status < 300, said);
    if (campaign === "") campaign = answer.body.id;
    if (action === "review") assert.deepEqual([answer.body.faults, answer.body.recipients], [[], 2], said);
    if (action === "launch") await untilOver();
    understood.push(action);
  }
  assert.equal(understood.length, 18);

  async function untilOver() {
    await until(
      async () => (await product.call("GET", `/api/campaigns/${campaign}/report`)).body,
      ({ counts, rest }) => counts.queued === 0 || rest !== null,
    );
  }
});
