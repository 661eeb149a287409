import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { createHttp } from "./server.ts";

test("what stands in addresses to prove who asks is in no log", async (t) => {
  const lines: string[] = [];
  const logger = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  const http = await createHttp({ logger, version: "1", trustProxy: false });
  t.after(() => http.close());
  for (const url of ["/c/:token", "/o/:token", "/u/:token", "/api/receipts/:provider/:key"])
    http.get(url, async (request) => {
      request.log.error({ req: request }, "failed");
      throw new Error("on purpose");
    });
  for (const url of [
    "/c/SECRET?to=SECRET",
    "/o/SECRET.gif",
    "/U/SECRET?preferences",
    "/api/receipts/http/SECRET",
  ])
    assert.equal((await http.inject(url)).statusCode, 500);
  const logged = lines.join("");
  assert.doesNotMatch(logged, /SECRET/);
  for (const path of ["/c/…", "/o/…", "/U/…", "/api/receipts/http/…"])
    assert.ok(logged.includes(`"${path}"`), path);
});
