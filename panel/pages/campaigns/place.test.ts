import assert from "node:assert/strict";
import { test } from "node:test";
import { type ComposerValues, newValues } from "./composerValues.ts";
import { newContent } from "./contentValues.ts";
import { newEdition } from "./editions.ts";
import { changeAt, effectiveAt, type Place, placeOf, pointerOf, valuesAt } from "./place.ts";

const fa = { ...newEdition("fa", "fa", ""), text: "سلام" };
const values: ComposerValues = {
  ...{ ...newValues, name: "Yalda", text: "Hi", title: "For you", editions: [fa] },
  variants: [{ ...newContent, text: "Hey", editions: [newEdition("ios", "", "ios")] }],
};
const ofA: Place = { variant: 0, edition: "fa" };
const ofB: Place = { variant: 1, edition: null };
const change = (place: Place, part: Partial<ComposerValues>) => ({
  ...values,
  ...changeAt(values, place, part),
});

test("the fields show the words of the place, and change only those", () => {
  assert.equal(valuesAt(values, ofA).text, "سلام");
  assert.equal(valuesAt(values, ofA).title, "");
  assert.equal(valuesAt(values, ofB).text, "Hey");
  const first = change(ofA, { text: "درود" });
  assert.deepEqual([first.text, first.editions[0]?.text], ["Hi", "درود"]);
  const second = change(ofB, { text: "Good day", name: "Nowruz" });
  assert.deepEqual([second.text, second.variants[0]?.text, second.name], ["Hi", "Good day", "Nowruz"]);
  const third = change({ variant: 1, edition: "ios" }, { title: "On your phone", missing: "skip" });
  assert.equal(third.variants[0]?.editions[0]?.title, "On your phone");
  // What an edition has none of is of its content.
  assert.deepEqual([third.variants[0]?.missing, third.missing], ["skip", "send"]);
});

test("what an edition leaves blank is as for everyone", () => {
  const { text, title } = effectiveAt(values, ofA);
  assert.deepEqual([text, title], ["سلام", "For you"]);
  assert.equal(effectiveAt(values, { variant: 1, edition: "ios" }).text, "Hey");
});

test("the server's pointers lead to the place and back", () => {
  for (const place of [{ variant: 0, edition: null }, ofA, ofB, { variant: 1, edition: "ios" }])
    assert.deepEqual(placeOf(values, `${pointerOf(values, place)}/content`), place);
  assert.equal(placeOf(values, "/schedule/day"), null);
});
