import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalGroup } from "./canonical.ts";

const valueAfter = (operator: string, value?: unknown) => {
  const group = canonicalGroup({
    kind: "group",
    match: "all",
    items: [{ kind: "rule", name: "x", operator, value }],
  });
  const [item] = group?.items ?? [];
  return item?.kind === "rule" ? item.value : "refused";
};

test("every way of writing a value becomes the one that the builder shows", () => {
  const circle = { lat: 35.7, lng: 51.4, maxDistance: 5, unit: "kilometers" };
  const cases: [string, unknown, unknown][] = [
    ["include", "gold", ["gold"]],
    ["include", ["gold"], ["gold"]],
    ["exists", true, undefined],
    ["after", " 72 H", "72h"],
    ["after", "-72h", "72h"],
    ["within", "+ 3 mo", "+3mo"],
    ["did", true, undefined],
    ["did", {}, undefined],
    ["did", { count: 3 }, { count: { operator: "equal_to", value: 3 } }],
    ["did", { count: { gte: 3 } }, { count: { operator: "greater_equals", value: 3 } }],
    ["did_not", { within: "7D" }, { within: "7d" }],
    ["near", circle, circle],
    ["near", { near: { lat: 35.7, lng: 51.4 }, maxDistance: 5, unit: "kilometers" }, circle],
    ["near", { near: [35.7, 51.4], maxDistance: 5 }, { ...circle, unit: "miles" }],
    ["near", { near: "35.7,51.4", maxDistance: 5, unit: "kilometers" }, circle],
  ];
  for (const [operator, value, expected] of cases)
    assert.deepEqual(valueAfter(operator, value), expected, JSON.stringify(value));
});

test("what has no control is left to JSON", () => {
  assert.equal(valueAfter("after", "2026-05-02T10:00:00Z"), "refused");
  assert.equal(valueAfter("near", { ...{ lat: 1, lng: 2, maxDistance: 5 }, unit: "feet" }), "refused");
  assert.equal(valueAfter("equal_to"), "refused");
  assert.equal(valueAfter("did", "often"), "refused");
});
