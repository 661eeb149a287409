import assert from "node:assert/strict";
import { test } from "node:test";
import { smsLength } from "./smsLength.ts";

test("the alphabet decides how much is in one SMS", () => {
  const cases: [string, number, number, string][] = [
    ["a".repeat(160), 160, 1, "GSM-7"],
    ["a".repeat(161), 161, 2, "GSM-7"],
    ["€".repeat(81), 162, 2, "GSM-7"],
    ["س".repeat(70), 70, 1, "UCS-2"],
    ["س".repeat(71), 71, 2, "UCS-2"],
    [`${"a".repeat(100)}س`, 101, 2, "UCS-2"],
  ];
  for (const [text, characters, parts, alphabet] of cases)
    assert.deepEqual(smsLength(text), { characters, parts, alphabet });
});
