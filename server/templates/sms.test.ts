import assert from "node:assert/strict";
import { test } from "node:test";
import { smsLength } from "./sms.ts";

test("a text is cut as phones put it together again", () => {
  const cases: [string, number, boolean][] = [
    ["a".repeat(160), 1, false],
    ["a".repeat(161), 2, false],
    ["a".repeat(306), 2, false],
    ["a".repeat(307), 3, false],
    // A sign of the extension takes two, and is not cut in half.
    ["€".repeat(80), 1, false],
    [`${"a".repeat(159)}€`, 2, false],
    [`${"a".repeat(152)}€${"a".repeat(153)}`, 3, false],
    ["س".repeat(70), 1, true],
    ["س".repeat(71), 2, true],
    ["س".repeat(268), 4, true],
    ["😀".repeat(35), 1, true],
    ["😀".repeat(36), 2, true],
    // Only the capital is in GSM-7.
    [`${"a".repeat(159)}ç`, 3, true],
    [`${"a".repeat(159)}Ç`, 1, false],
  ];
  for (const [text, segments, isUnicode] of cases)
    assert.deepEqual(smsLength(text), { segments, isUnicode }, text.slice(-3));
});
