import assert from "node:assert/strict";
import { test } from "node:test";
import { isRules, readRules, readSpan, readStat, statName, writeSpan } from "./rules.ts";

const rule = { name: "launchCount", operator: "greater_than", value: 4 };
const read = { kind: "rule", ...rule };

test("rules are told from a target", () => {
  for (const filter of [{ all: [] }, { any: [rule] }, { not: rule }]) assert.ok(isRules(filter));
  for (const filter of [{}, { all: "x" }, { all: [], any: [] }, { deviceType: "ios" }, [], null, "x"])
    assert.ok(!isRules(filter));
});

test("groups are read, `not` with what it is about", () => {
  const cases: [unknown, unknown][] = [
    [{ all: [rule] }, { kind: "group", match: "all", items: [read] }],
    [{ not: { any: [rule] } }, { kind: "group", match: "none", items: [read] }],
    [{ not: { all: [rule] } }, { kind: "group", match: "notAll", items: [read] }],
    [{ not: rule }, { kind: "group", match: "none", items: [read] }],
    [
      { not: { not: rule } },
      { kind: "group", match: "none", items: [{ kind: "group", match: "none", items: [read] }] },
    ],
    // What has something else in it can only be shown as JSON.
    [{ all: [{ ...rule, note: "x" }] }, null],
    [{ all: [{ name: "x" }] }, null],
    [{ deviceType: "ios" }, null],
  ];
  for (const [filter, expected] of cases) assert.deepEqual(readRules(filter), expected);
});

test("lengths of time are read and written", () => {
  assert.deepEqual(readSpan("72h"), { amount: 72, unit: "h", isAhead: false });
  assert.deepEqual(readSpan("+3mo"), { amount: 3, unit: "mo", isAhead: true });
  for (const text of ["", "3", "d", "-3d", "3 d", 3, undefined]) assert.equal(readSpan(text), null);
  for (const text of ["5m", "72h", "+1d", "2w", "3mo", "1y"]) {
    const span = readSpan(text);
    assert.equal(span && writeSpan(span), text);
  }
});

test("a stat of an event is told by the last dot that is no part of its name", () => {
  assert.deepEqual(readStat("purchase.count"), { event: "purchase", stat: "count" });
  assert.deepEqual(readStat("shop\\.buy.last"), { event: "shop.buy", stat: "last" });
  for (const name of ["purchase", "purchase.total", ".count", "shop\\.count"])
    assert.equal(readStat(name), null);
  assert.equal(statName("shop.buy", "sum"), "shop\\.buy.sum");
});
