import assert from "node:assert/strict";
import { test } from "node:test";
import { readWindow, writeWindow } from "./window.ts";

test("what is written of an event is read again", () => {
  for (const value of [
    undefined,
    { count: { operator: "greater_equals", value: 3 } },
    { within: "30d" },
    { from: "2026-03-01" },
    { from: "2026-03-01", to: "2026-03-31" },
    { where: { any: [{ name: "value", operator: "greater_than", value: 5 }] } },
    // More than a list of conditions: kept as it is.
    { where: { all: [{ any: [{ name: "value", operator: "exists" }] }] } },
    { where: { not: { name: "value", operator: "exists" } } },
  ])
    assert.deepEqual(writeWindow(readWindow(value)), value);
});

test("only the chosen way to say when is written", () => {
  const window = { ...readWindow({ within: "30d" }), from: "2026-03-01" };
  assert.deepEqual(writeWindow(window), { within: "30d" });
  assert.deepEqual(writeWindow({ ...window, when: "days" }), { from: "2026-03-01" });
  assert.equal(writeWindow({ ...window, when: "ever" }), undefined);
});
