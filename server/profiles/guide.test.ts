import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { curlsOf } from "../testing/curl.ts";
import type { Json } from "../testing/imports.ts";
import { call, startTestProduct } from "../testing/product.ts";

const guide = (name: string) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));

/** What the calls answer that have more to say than that they were understood. */
const answers: Record<string, (body: Json) => void> = {
  "/api/installations/addTag/starter/male": (body) => assert.deepEqual(body, { count: 2 }),
  "/api/installations/addTags": (body) => assert.deepEqual(body, { count: 2 }),
  "/api/installations/addValueTag": (body) => assert.deepEqual(body, { count: 2 }),
  "/api/installations/removeTag/starter/male": (body) => assert.deepEqual(body, { count: 2 }),
  "/api/installations/removeTags": (body) => assert.deepEqual(body, { count: 2 }),
  "/api/installations/removeValueTag": (body) => assert.deepEqual(body, { count: 2 }),
  "/api/installations/attributes": (body) => assert.deepEqual(body, { count: 0 }),
  "/api/installations/track": (body) => assert.deepEqual(body, { queued: true, n: 1 }),
  "/api/installations/trackPurchase": (body) => assert.deepEqual(body, { queued: true, n: 1 }),
  "/api/installations/trackRevenue": (body) => assert.deepEqual(body, { queued: true, n: 1 }),
  "/api/installations/trackBulk": (body) => assert.deepEqual(body, { queued: true, n: 2 }),
  "/api/installations/v1/uninstall/report/1567836276088/1567922666521": (body) =>
    assert.deepEqual(body, { count: 0, data: [] }),
  "/api/events": (body) =>
    assert.deepEqual(body.data.map(({ name }: Json) => name).sort(), ["Purchase", "addToCart", "purchase"]),
  "/api/users/u1/behaviours": (body) => assert.equal(body.data.length, 2),
  "/api/users/u1/timeline": (body) => assert.equal(body.data.length, 2),
  "/api/users/u1/export": (body) => assert.equal(body.user.userId, "u1"),
  "/api/users/u1": (body) => assert.equal(body.events, 2),
};

test("every call of the guides to people and events is understood and answers what they say", async (t) => {
  const product = await startTestProduct(t);
  const register = (id: string, userId: string) =>
    product.call("POST", "/api/installations", { id, userId, deviceType: "android" });
  await register("123456789", "buyer");
  await product.call("POST", "/api/installations/attributes", {
    userId: "buyer",
    attributes: { plan: "gold" },
  });
  const seen = new Set<string>();
  for (const file of ["people.md", "events.md"]) {
    for (const { command, method, url, headers, body } of curlsOf(guide(file), {
      TOKEN: product.accessToken,
    })) {
      const answer = await call(url.replace("http://localhost:8080", product.url), method, headers, body);
      assert.ok(answer.status < 300, `${command}\n${answer.status} ${JSON.stringify(answer.body)}`);
      const { pathname } = new URL(url);
      answers[pathname]?.(answer.body);
      seen.add(pathname);
      if (method !== "POST" || pathname !== "/api/users") continue;
      // Whom the guide has just added gets the devices that it speaks of.
      for (const id of ["starter-1", "starter-2"]) await register(id, "starter");
    }
  }
  assert.deepEqual(
    Object.keys(answers).filter((path) => !seen.has(path)),
    [],
  );
});
