import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { wishOf, wordLists } from "./stop-words.ts";

const words = z.object(wordLists).parse({});
const wants = (text: string, lists = words) => wishOf(lists, "989121234567", text)?.wants ?? null;

test("a stop word is the whole message, however it is written", () => {
  for (const text of [
    "STOP",
    " stop\n",
    "StopAll",
    "Unsubscribe",
    "opt-out",
    "Stop  Promotions",
    "لغو",
    "لغو۱۱",
  ])
    assert.equal(wants(text), "stop", text);
  for (const text of ["لغو١١", "لغو ۱۱", "انصراف", "انصـراف", "OFF", "ＳＴＯＰ"])
    assert.equal(wants(text), "stop", text);
  for (const text of ["start", "Unstop", "شروع"]) assert.equal(wants(text), "resume", text);
  for (const text of ["don't stop", "stop it", "لغو سفارش", "", " ", "1", "stop".repeat(100)])
    assert.equal(wants(text), null, text);
});

test("letters of an Arabic keyboard are those of a Persian one", () => {
  const lists = { stopWords: ["کافی"], startWords: [] };
  assert.equal(wants("كافي", lists), "stop");
});

test("nobody is taken for somebody else", () => {
  assert.equal(wishOf(words, "", "stop"), null);
});
