import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTarget } from "./parse.ts";

const faultsOf = (target: unknown) => {
  const parsed = parseTarget(target);
  return parsed.ok ? [] : parsed.faults.map((fault) => `${fault.pointer} ${fault.detail}`);
};

test("every fault is named at once, with its pointer and the nearest name", () => {
  const faults = faultsOf({
    deviceTyp: "android",
    launchCount: { gt: "many", gtt: 3 },
    or: [{ installDate: { before: "6h" } }, { tags: 5 }],
    nearBy: { near: { lat: 95, lng: 0 }, unit: "parsecs" },
  });
  assert.match(faults[0] ?? "", /^\/target\/deviceTyp unknown field, did you mean deviceType\?/);
  assert.match(faults[1] ?? "", /^\/target\/launchCount\/gt expected a number/);
  assert.match(
    faults[2] ?? "",
    /^\/target\/launchCount\/gtt unknown operator for launchCount, did you mean gt\?/,
  );
  assert.match(faults[3] ?? "", /^\/target\/or\/0\/installDate\/before unknown operator/);
  assert.match(faults[4] ?? "", /^\/target\/or\/1\/tags expected a tag/);
  assert.match(faults[5] ?? "", /^\/target\/nearBy\/near expected/);
  assert.match(faults[6] ?? "", /^\/target\/nearBy\/unit expected one of kilometers/);
});

test("the filter may be the JSON text of an object, and an empty one is everyone", () => {
  assert.deepEqual(parseTarget("{}"), { ok: true, condition: { kind: "all", conditions: [] } });
  assert.match(faultsOf("my segment")[0] ?? "", /^\/target expected a filter/);
  assert.match(faultsOf([])[0] ?? "", /^\/target expected an object/);
});

test("several operators on one field must all hold", () => {
  const parsed = parseTarget({ launchCount: { gte: 2, lt: 5 } });
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.condition, {
    kind: "all",
    conditions: [
      { kind: "compare", field: "launchCount", operator: "gte", value: 2 },
      { kind: "compare", field: "launchCount", operator: "lt", value: 5 },
    ],
  });
});

test("a percent sign makes a pattern over the whole text, without one it is a regular expression", () => {
  const pattern = (operator: object) => {
    const parsed = parseTarget({ osVersion: operator });
    return parsed.ok && parsed.condition.kind === "all" ? parsed.condition.conditions[0] : null;
  };
  const base = { kind: "match", field: "osVersion", negated: false };
  assert.deepEqual(pattern({ like: "11.%" }), { ...base, pattern: "^11\\..*$", caseSensitive: true });
  assert.deepEqual(pattern({ like: "^11", options: "i" }), { ...base, pattern: "^11", caseSensitive: false });
  assert.deepEqual(pattern({ regexp: "/^v/i" }), { ...base, pattern: "^v", caseSensitive: false });
});

test("regular expressions that two engines read differently are refused", () => {
  for (const like of ["(?<=a)b", "\\1", "(", "\\p{L}"])
    assert.equal(faultsOf({ osVersion: { like } }).length, 1);
});

test("a filter nested or listed without end is refused", () => {
  let deep: object = { deviceType: "ios" };
  for (let depth = 0; depth < 30; depth++) deep = { and: [deep] };
  assert.match(faultsOf(deep)[0] ?? "", /nested deeper/);
  const long = { or: Array.from({ length: 300 }, () => ({ deviceType: "ios" })) };
  assert.match(faultsOf(long)[0] ?? "", /more than the 200/);
});
