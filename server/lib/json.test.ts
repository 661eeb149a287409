import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { withoutStrayEscapes } from "./json.ts";

test("escaped white space between tokens is read as white space", () => {
  const body = String.raw`{\t"target": {\t\t"deviceType": {"inq": ["android", "ios"]}\t},\n"content": "a"\r}`;
  assert.deepEqual(JSON.parse(withoutStrayEscapes(body)), {
    target: { deviceType: { inq: ["android", "ios"] } },
    content: "a",
  });
});

test("strings keep their escapes", () => {
  const body = String.raw`{"content":"one\ttwo \"three\"\n"}`;
  assert.equal(withoutStrayEscapes(body), body);
});

test("valid JSON is never changed", () => {
  fc.assert(fc.property(fc.json(), (text) => withoutStrayEscapes(text) === text));
});
