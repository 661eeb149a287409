import assert from "node:assert/strict";
import { test } from "node:test";
import { firstCurl } from "./firstCurl.ts";

test("a quote in the text cannot end the shell's quotes", () => {
  const command = firstCurl("https://chapar.example", "it's here");
  assert.ok(command.includes('curl -X POST "https://chapar.example/api/push/toUsers"'));
  const body = command.match(/-d '([^']*)'$/)?.[1];
  assert.deepEqual(JSON.parse(body ?? ""), { user: "Test", content: "it's here", useAsAlert: true });
});
