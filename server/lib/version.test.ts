import assert from "node:assert/strict";
import { test } from "node:test";
import { versionNumber } from "./version.ts";

test("versions sort by their numeric parts, not as text", () => {
  const ordered = ["3", "3.0.1", "3.9.9", "3.10.0", "5.2", "5.2.0.1", "156.0.8078.79", "156.0.8078.100"];
  const numbers = ordered.map((text) => versionNumber(text) ?? -1n);
  assert.deepEqual(
    [...numbers].sort((a, b) => (a < b ? -1 : 1)),
    numbers,
  );
});

test("missing parts are zero, and a suffix does not count", () => {
  assert.equal(versionNumber("5.2"), versionNumber("5.2.0"));
  assert.equal(versionNumber("v5.2.0-beta.3"), versionNumber("5.2.0"));
});

test("what is not a version has no number", () => {
  for (const text of ["", "beta", null, "99999.1", "1.70000"]) assert.equal(versionNumber(text), null);
});
