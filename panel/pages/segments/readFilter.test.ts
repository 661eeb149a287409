import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { locate } from "./locate.ts";
import { readFilter } from "./readFilter.ts";

test("the server's faults stand on the lines they are about", () => {
  const text =
    '{\n  "deviceTyp": "android",\n  "and": [\n    { "launchCount": {\n      "more": 3 } }\n  ]\n}';
  const read = readFilter(text);
  assert.deepEqual(read.filter, { target: { deviceTyp: "android", and: [{ launchCount: { more: 3 } }] } });
  assert.deepEqual(
    read.place([
      { pointer: "/target/deviceTyp", detail: "a" },
      { pointer: "/target/and/0/launchCount/more", detail: "b" },
      { pointer: "/target/and/7/gone", detail: "c" },
      { pointer: "/target", detail: "d" },
    ]),
    [
      { line: 2, path: "deviceTyp", detail: "a" },
      { line: 5, path: "and › 0 › launchCount › more", detail: "b" },
      { line: 3, path: "and › 7 › gone", detail: "c" },
      { line: 1, path: "", detail: "d" },
    ],
  );
});

test("a pointer's escapes are undone", () => {
  const read = readFilter('{"a/b":\n{"c~d": 1}}');
  assert.deepEqual(read.place([{ pointer: "/target/a~1b/c~0d", detail: "x" }]), [
    { line: 2, path: "a/b › c~d", detail: "x" },
  ]);
});

test("text that is no JSON, or no object, says where", () => {
  assert.deepEqual(readFilter('{\n"a": 1,\n"b": [1,,]\n}').fault, { kind: "not_json", line: 3 });
  assert.deepEqual(readFilter("").fault, { kind: "not_json", line: 1 });
  assert.deepEqual(readFilter("{}\n}").fault, { kind: "not_json", line: 2 });
  assert.deepEqual(readFilter("[1]").fault, { kind: "not_object", line: 1 });
});

test("whatever JSON.parse takes is taken, with the same value", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      assert.deepEqual(locate(text).value, JSON.parse(text));
    }),
  );
});

test("whatever JSON.parse refuses is refused", () => {
  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const noise = fc.string({ unit: fc.constantFrom(...'{}[]",:0 1-.eE+\\untrlfasb/\n\t\u0001') });
  fc.assert(
    fc.property(noise, (text) => {
      assert.equal(locate(text).brokenAt === null, isJson(text));
    }),
    { numRuns: 2000 },
  );
});
