import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf } from "./changesOf.ts";

test("a change tells the values that differ, as text", () => {
  const before = { name: "Autumn", zone: "UTC", cap: { messages: 1 }, gone: "x" };
  const after = { name: "Winter", zone: "UTC", cap: { messages: 2 }, tags: [] };
  assert.deepEqual(changesOf({ before, after }), [
    { field: "name", before: "Autumn", after: "Winter" },
    { field: "cap", before: '{\n "messages": 1\n}', after: '{\n "messages": 2\n}' },
    { field: "gone", before: "x", after: null },
    { field: "tags", before: null, after: "[]" },
  ]);
});

test("what was made or deleted, and what is no change of a thing, is told whole", () => {
  assert.deepEqual(changesOf({ before: null, after: { name: "A" } }), [
    { field: "name", before: null, after: "A" },
  ]);
  assert.deepEqual(changesOf({ before: { name: "A" }, after: null }), [
    { field: "name", before: "A", after: null },
  ]);
  assert.deepEqual(changesOf({ sessions: 3 }), [{ field: "sessions", before: null, after: "3" }]);
});
