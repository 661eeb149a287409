import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../messages/schema.ts";
import { toUnplanned } from "./campaigns.ts";

const named = (content: string) => toUnplanned({ id: "m", content, audience: {} } as Message).name;

test("a send without a name is called by its first words, whatever the script", () => {
  assert.equal(named("  Hello \n world "), "Hello world");
  assert.equal(named("سلام ".repeat(30)), `${"سلام ".repeat(12).trim()}…`);
  assert.equal([...named("🎁".repeat(100))].length, 61);
});
