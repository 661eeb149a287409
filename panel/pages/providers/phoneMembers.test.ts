import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../../strings/en.ts";
import { fa } from "../../strings/fa.ts";
import { faultsOfForm, hiddenSecret, membersOf, readMemberForm, writeMemberConfig } from "./memberConfig.ts";
import { phoneProviders } from "./phoneMembers.ts";
import { phoneText } from "./phoneTexts.ts";

test("every field has a name and a hint in both languages", () => {
  // These are choices, with words for each.
  const choices = ["type", "region", "version"];
  for (const provider of phoneProviders)
    for (const name of membersOf(provider).filter((member) => !choices.includes(member)))
      for (const strings of [en, fa]) {
        const { label, hint } = phoneText(strings, provider, name);
        assert.notEqual(label, name, `${provider} ${name}`);
        assert.notEqual(hint, "", `${provider} ${name}`);
      }
});

test("words of answers may have blanks in them, and go as they were written", () => {
  const config = { apiKey: hiddenSecret, sender: "10004346", stopWords: ["stop all", "لغو 11"] };
  const form = readMemberForm("kavenegar", config) ?? assert.fail();
  assert.equal(form.stopWords, "stop all\nلغو 11");
  assert.deepEqual(writeMemberConfig("kavenegar", form, config), config);
  const typed = { ...form, stopWords: "stop all، نه\n\nبس" };
  assert.deepEqual(writeMemberConfig("kavenegar", typed, config).stopWords, ["stop all", "نه", "بس"]);
});

test("Twilio needs exactly one sender, and a key with its secret", () => {
  const form = { accountSid: `AC${"0".repeat(32)}`, authToken: "secret" };
  assert.deepEqual(faultsOfForm("twilio", form), { from: "oneSender" });
  assert.deepEqual(faultsOfForm("twilio", { ...form, from: "+15551234567" }), {});
  assert.deepEqual(faultsOfForm("twilio", { ...form, messagingServiceSid: `MG${"a".repeat(32)}` }), {});
  const key = { ...form, from: "Shop", apiKeySid: `SK${"1".repeat(32)}` };
  assert.deepEqual(faultsOfForm("twilio", key), { apiKeySecret: "secretOfKey" });
});

test("what was pasted wrongly is told before the server is asked", () => {
  const meta = { phoneNumberId: "+1 555 123", wabaId: "1".repeat(15), accessToken: "a b", appSecret: "s" };
  assert.deepEqual(faultsOfForm("meta", meta), {
    ...{ phoneNumberId: "phoneId", accessToken: "pasted", verifyToken: "required" },
  });
  assert.deepEqual(faultsOfForm("360dialog", { apiKey: "key", webhookToken: "short" }), {
    webhookToken: "shortToken",
  });
});
