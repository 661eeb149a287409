import assert from "node:assert/strict";
import { test } from "node:test";
import { smsLength } from "./smsLength.ts";

test("the alphabet decides how much is in one SMS", () => {
  const a = (count: number) => "a".repeat(count);
  const cases: [text: string, characters: number, parts: number, alphabet: string][] = [
    [a(160), 160, 1, "GSM-7"],
    [a(161), 161, 2, "GSM-7"],
    [a(306), 306, 2, "GSM-7"],
    [a(307), 307, 3, "GSM-7"],
    ["€".repeat(80), 160, 1, "GSM-7"],
    ["€".repeat(81), 162, 2, "GSM-7"],
    [`${a(159)}€`, 161, 2, "GSM-7"],
    // The € would straddle two parts, so that it moves to the next one.
    [`${a(152)}€${a(153)}`, 307, 3, "GSM-7"],
    ["\f^{}\\[]~|", 18, 1, "GSM-7"],
    [`${a(159)}Ç`, 160, 1, "GSM-7"],
    [`${a(159)}ç`, 160, 3, "UCS-2"],
    [`${a(100)}س`, 101, 2, "UCS-2"],
    ["س".repeat(70), 70, 1, "UCS-2"],
    ["س".repeat(71), 71, 2, "UCS-2"],
    ["س".repeat(268), 268, 4, "UCS-2"],
    ["😀".repeat(35), 70, 1, "UCS-2"],
    ["😀".repeat(36), 72, 2, "UCS-2"],
    // A pair does not straddle parts either.
    [`${"س".repeat(66)}😀${"س".repeat(66)}`, 134, 3, "UCS-2"],
  ];
  for (const [text, characters, parts, alphabet] of cases) {
    const { unicode: _, ...length } = smsLength(text);
    assert.deepEqual(length, { characters, parts, alphabet }, JSON.stringify(text));
  }
});

test("the letters that make a text Unicode are named once each", () => {
  assert.deepEqual(smsLength("Hi {name}, 5 €").unicode, []);
  assert.deepEqual(smsLength("garçon à Besançon – 😀").unicode, ["ç", "–", "😀"]);
});
