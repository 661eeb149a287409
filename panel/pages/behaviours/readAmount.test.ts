import assert from "node:assert/strict";
import { test } from "node:test";
import { readAmount } from "./readAmount.ts";

test("an amount is read in both languages", () => {
  const cases: [string, number | null][] = [
    ["48", 48],
    ["۴۸", 48],
    [" 1.5 ", 1.5],
    ["۱٫۵", 1.5],
    ["۱/۵", 1.5],
    ["8,784", 8784],
    ["0", null],
    ["-3", null],
    ["two", null],
    ["", null],
  ];
  for (const [text, expected] of cases) assert.equal(readAmount(text), expected, text);
});
