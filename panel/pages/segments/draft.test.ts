import assert from "node:assert/strict";
import { test } from "node:test";
import { asJson, asRules, draftOf, filterOfDraft, readDraft } from "./draft.ts";

const newId = () => "id";
const rules = { any: [{ name: "launchCount", operator: "greater_than", value: 4 }] };

test("rules open as rules, and a target as JSON", () => {
  assert.equal(draftOf({ segment: rules }, newId).view, "rules");
  assert.equal(draftOf({ target: { deviceType: "ios" } }, newId).view, "json");
  // Everyone is the same in both.
  assert.equal(draftOf({ target: {} }, newId).view, "rules");
});

test("the view changes and the filter stays", () => {
  const json = asJson(draftOf({ segment: rules }, newId));
  assert.deepEqual(filterOfDraft(json), { segment: rules });
  const back = asRules(json, newId);
  assert.deepEqual(back && filterOfDraft(back), { segment: rules });
});

test("JSON that rules cannot show stays JSON", () => {
  const draft = draftOf({ segment: rules }, newId);
  for (const text of ['{"deviceType":"ios"}', "{", '{"all":[{"name":1}]}'])
    assert.equal(asRules({ ...draft, view: "json", text }, newId), null);
  assert.equal(filterOfDraft({ ...draft, view: "json", text: "{" }), null);
  assert.deepEqual(filterOfDraft({ ...draft, view: "json", text: '{"deviceType":"ios"}' }), {
    target: { deviceType: "ios" },
  });
});

test("a draft is kept, and what is none is not taken for one", () => {
  const draft = draftOf({ segment: rules }, newId);
  assert.deepEqual(readDraft(JSON.stringify(draft)), { ...draft, isPreset: false });
  for (const text of [null, "", "{}", '{"view":"rules","root":{"id":"x"},"text":""}'])
    assert.equal(readDraft(text), null);
});
