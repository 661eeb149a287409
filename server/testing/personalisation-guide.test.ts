import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import sql from "sql-template-tag";
import { curlsOf } from "./curl.ts";
import { call, startTestProduct } from "./product.ts";

const guide = fileURLToPath(new URL("../../docs/personalisation.md", import.meta.url));
const text = readFileSync(guide, "utf8");

/** What the guide says that an answer is. */
const answers = [...text.matchAll(/^```json\n(.*?)^```/gms)].map(([, block]) => JSON.parse(block ?? ""));

const sara = {
  first_name: "Sara",
  joined: "2024-03-20T20:31:07.000Z",
  points: 1234567.5,
  genres: ["comedy", "drama"],
};

test("every call of the guide to personalisation is understood, and every example comes out as it says", async (t) => {
  const product = await startTestProduct(t);
  await product.db.query(sql`update apps set time_zone = 'Asia/Tehran'`);
  await product.call("POST", "/api/installations", { id: "d", userId: "u-1", deviceType: "android" });
  await product.db.query(
    sql`update users set attributes = ${JSON.stringify(sara)}::jsonb where user_id = 'u-1'`,
  );
  await product.db.query(sql`
    insert into attributes (app_key, name, type, created_at) select app_key, 'first_name', 'TEXT', now() from apps`);
  for (const eventId of ["1", "2"])
    await product.call("POST", "/api/installations/track", {
      ...{ userId: "u-1", eventName: "add_to_cart", eventId, eventData: { value: 250_000 } },
    });
  await product.call("POST", "/api/campaigns", {
    ...{ name: "Autumn", channel: "sms", target: {}, content: { content: "-", trackId: "autumn-24" } },
  });

  const examples = text.slice(text.indexOf("## Examples"), text.indexOf("## Promo codes"));
  const rows = [...examples.matchAll(/^\| `(.*)` +\| (.*?) +\|$/gm)];
  assert.equal(rows.length, 14);
  for (const [, content = "", expected] of rows) {
    const { body } = await product.call("POST", "/api/templates/preview", {
      ...{ userId: "u-1", content: content.replaceAll("\\|", "|") },
    });
    assert.equal(body.text, expected, content);
  }

  const variables: Record<string, string> = { TOKEN: product.accessToken, TEMPLATE: "" };
  const said: unknown[] = [];
  for (const { command, method, url, headers, body } of curlsOf(guide, variables)) {
    const address = url
      .replace("http://localhost:8080", product.url)
      .replace(/templates\/(\/|\?)/, `templates/${variables.TEMPLATE}$1`);
    const sent = body === "@codes.csv" ? "A-1\nA-2\n" : body;
    const answer = await call(address, method, headers, sent);
    assert.ok(answer.status < 300, `${command}\n${answer.status} ${JSON.stringify(answer.body)}`);
    if (method === "POST" && new URL(address).pathname === "/api/templates")
      variables.TEMPLATE = answer.body.id;
    said.push(answer.body);
  }
  assert.equal(said.length, 9);
  const [preview, check, upload] = answers;
  assert.deepEqual([said[0], said[1]], [preview, check]);
  assert.deepEqual(Object.keys(said[2] as object), Object.keys(upload));
});
