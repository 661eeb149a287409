import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../strings/en.ts";
import { codeWords, stateWords } from "./stateWords.ts";

test("what was seen was read on WhatsApp alone", () => {
  assert.equal(stateWords(en, "whatsapp").states.seen, "Read");
  assert.equal(stateWords(en, "whatsapp").steps.seen, "Read");
  assert.equal(stateWords(en, "inbox").states.seen, "Seen");
  assert.equal(stateWords(en, undefined).steps.reached, en.messages.steps.reached);
  assert.equal(stateWords(en, "sms").steps.reached, "Sent");
});

test("codes are those of the channel's own services", () => {
  assert.match(codeWords(en, "whatsapp", "131049") ?? "", /enough marketing/);
  assert.match(codeWords(en, "sms", "21610") ?? "", /STOP/);
  assert.match(codeWords(en, "sms", "status_14") ?? "", /blocked/);
  for (const code of ["131049", "550", null]) assert.equal(codeWords(en, "sms", code), null);
  assert.equal(codeWords(en, "push", "21610"), null);
});
