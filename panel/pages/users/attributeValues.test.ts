import assert from "node:assert/strict";
import { test } from "node:test";
import { type AttributeType, draftOf, readDraft } from "./attributeValues.ts";

test("a value that is opened and saved again is the same", () => {
  const values: [AttributeType, unknown][] = [
    ["TEXT", " gold "],
    ["NUMBER", -12.5],
    ["BOOLEAN", false],
    ["DATE", "2024-05-02"],
    ["TIME", "18:21:07"],
    ["ARRAY", ["comedy", 3, true]],
    ["OBJECT", { a: { b: [1] } }],
    ["LOCATION", { latitude: 35.7, longitude: 51.4 }],
  ];
  for (const [type, value] of values)
    assert.deepEqual(readDraft(type, draftOf(type, value), value), value, type);
  assert.equal(
    readDraft("DATETIME", draftOf("DATETIME", "2024-05-02T18:21:07.250Z"), undefined),
    "2024-05-02T18:21:07Z",
  );
});

test("blank and half-written values are none", () => {
  const blank = draftOf("TEXT", undefined);
  for (const type of ["TEXT", "NUMBER", "DATE", "TIME", "DATETIME", "OBJECT", "LOCATION"] as const)
    assert.equal(readDraft(type, blank, undefined), undefined, type);
  assert.equal(readDraft("NUMBER", { ...blank, text: "12 apples" }, undefined), undefined);
  assert.equal(readDraft("OBJECT", { ...blank, text: "[1]" }, undefined), undefined);
  assert.equal(
    readDraft("DATETIME", { ...blank, text: "2024-05-02T18:21" }, undefined),
    "2024-05-02T18:21:00Z",
  );
});
