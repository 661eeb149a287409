import assert from "node:assert/strict";
import { test } from "node:test";
import type { AttributeType } from "../users/attribute-types.ts";
import { parseFilter } from "./parse.ts";

const none = new Map<string, AttributeType>();
const attributes = new Map<string, AttributeType>([
  ["plan", "TEXT"],
  ["office.no", "NUMBER"],
  ["vip", "BOOLEAN"],
  ["birthday", "DATE"],
  ["opens", "TIME"],
  ["genres", "ARRAY"],
  ["address", "OBJECT"],
  ["home", "LOCATION"],
  ["deviceType", "NUMBER"],
]);

const parseTarget = (target: unknown, known: ReadonlyMap<string, AttributeType>) =>
  parseFilter(
    { target },
    {
      attributes: known,
      events: new Set(["purchase", "a.b"]),
      now: new Date(),
      timeZone: "UTC",
      isSaved: false,
      fastAttributes: new Set<string>(),
    },
  );

const faultsOf = (target: unknown, known = none) => {
  const parsed = parseTarget(target, known);
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
  assert.deepEqual(parseTarget("{}", none), {
    ok: true,
    condition: { kind: "all", conditions: [] },
    ...{ mentions: [], references: [], parts: [], patterns: [] },
  });
  assert.match(faultsOf([])[0] ?? "", /^\/target expected an object/);
});

test("several operators on one field must all hold", () => {
  const parsed = parseTarget({ launchCount: { gte: 2, lt: 5 } }, none);
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.parts[0]?.condition, {
    kind: "all",
    conditions: [
      { kind: "compare", field: "launchCount", operator: "gte", value: 2 },
      { kind: "compare", field: "launchCount", operator: "lt", value: 5 },
    ],
  });
});

test("like is a regular expression with % for any text and _ for one character, found anywhere", () => {
  const pattern = (operator: object) => {
    const parsed = parseTarget({ osVersion: operator }, none);
    return parsed.ok && parsed.condition.kind === "all" ? parsed.condition.conditions[0] : null;
  };
  const base = { kind: "match", field: "osVersion", negated: false };
  const letter = "[^\\n\\r\u2028\u2029]";
  assert.deepEqual(pattern({ like: "11.%" }), {
    ...{ ...base, caseSensitive: true },
    pattern: `11${letter}${letter}*`,
  });
  assert.deepEqual(pattern({ like: "a\\_\\%b" }), { ...base, pattern: "a_%b", caseSensitive: true });
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

test("attributes take the operators of their type, and their faults name them", () => {
  const faults = faultsOf(
    {
      "office.no": "many",
      vip: 1,
      birthday: "2024-02-30",
      opens: { between: ["9:00", "18:00"] },
      genres: { gt: 1 },
      address: "Tehran",
      home: { near: { lat: 35, lng: 51 }, unit: "parsecs" },
      palan: "gold",
    },
    attributes,
  );
  for (const [index, expected] of [
    /^\/target\/office\.no expected a number/,
    /^\/target\/vip expected true or false/,
    /^\/target\/birthday expected a date such as 2024-05-01/,
    /^\/target\/opens\/between\/0 expected a time such as 18:21/,
    /^\/target\/address expected \{"exists":true\}/,
    /^\/target\/home\/unit expected one of kilometers/,
    /^\/target\/palan unknown field, did you mean plan\?$/,
  ].entries())
    assert.match(faults[index] ?? "", expected);
  assert.equal(faults.length, 7);
});

test("a built-in field wins over an attribute of its name", () => {
  assert.deepEqual(faultsOf({ deviceType: "android" }, attributes), []);
  assert.equal(faultsOf({ deviceType: { gt: 3 } }, attributes).length, 1);
});

test("a text that is no filter mentions a segment, and so does the field segment", () => {
  const mentionsOf = (target: unknown) => {
    const parsed = parseTarget(target, none);
    assert.ok(parsed.ok, JSON.stringify(parsed));
    return parsed.mentions;
  };
  assert.deepEqual(mentionsOf("VIP list"), [{ segment: "VIP list", pointer: "/target" }]);
  assert.deepEqual(mentionsOf("[]"), [{ segment: "[]", pointer: "/target" }]);
  assert.deepEqual(mentionsOf('{"segment":"a","or":[{"segment":{"nin":["b","c"]}}]}'), [
    { segment: "a", pointer: "/target/segment" },
    { segment: "b", pointer: "/target/or/0/segment/nin/0" },
    { segment: "c", pointer: "/target/or/0/segment/nin/1" },
  ]);
  assert.match(faultsOf({ segment: 5 })[0] ?? "", /^\/target\/segment expected the name or id of a segment/);
  assert.match(faultsOf({ segment: { like: "a" } })[0] ?? "", /it takes eq, neq, inq, nin/);
  assert.equal(faultsOf("\0").length, 1);
});
