import assert from "node:assert/strict";
import { test } from "node:test";
import { carryOver, controlOf, isComplete, readData, readNumber, writeData } from "./values.ts";

test("numbers are read as people write them", () => {
  const cases: [string, number | null][] = [
    ["12", 12],
    ["۱۲٫۵", 12.5],
    ["١٢", 12],
    ["1,200", 1200],
    ["۱٬۲۰۰", 1200],
    ["-3.5", -3.5],
    ["\u2212۳", -3],
    ["\u200e-3", -3],
    ["5.", 5],
    ["", null],
    ["12a", null],
    ["1.2.3", null],
    ["-", null],
  ];
  for (const [text, number] of cases) assert.equal(readNumber(text), number, text);
});

test("a value without a type is a number where it looks like one, unless it is in quotes", () => {
  const cases: [string, unknown][] = [
    ["500", 500],
    ["۵۰۰", 500],
    ['"500"', "500"],
    ["«500»", "500"],
    ["milk", "milk"],
    ["  ", undefined],
  ];
  for (const [text, value] of cases) assert.equal(readData(text), value, text);
  for (const value of ["milk", "500", 500, '"a"']) assert.equal(readData(writeData(value)), value);
});

test("type and operator say what to ask for", () => {
  const of = (type: Parameters<typeof controlOf>[0]["type"], operator: string, more = {}) => {
    const { shape, base } = controlOf({ name: "x", type, ...more }, operator);
    return `${shape} ${base}`;
  };
  assert.equal(of("number", "between"), "range number");
  assert.equal(of("moment", "before"), "span day");
  assert.equal(of("moment", "on_date"), "one day");
  assert.equal(of("moment", "between"), "range day");
  assert.equal(of("tags", "include"), "list tag");
  assert.equal(of("tags", "matches"), "one text");
  assert.equal(of("text", "include", { values: ["a"] }), "list choice");
  assert.equal(of("text", "exists"), "none text");
  assert.equal(of("text", "equal_to", { name: "country" }), "one country");
  assert.equal(of("place", "near"), "place text");
  assert.equal(of("event", "did"), "event text");
});

test("a value stays as far as the next operator can have it", () => {
  const one = { shape: "one", base: "number" } as const;
  const list = { shape: "list", base: "number" } as const;
  const range = { shape: "range", base: "number" } as const;
  assert.equal(carryOver(5, one, one), 5);
  assert.deepEqual(carryOver(5, one, list), [5]);
  assert.deepEqual(carryOver(5, one, range), [5, undefined]);
  assert.equal(carryOver([5, 6], list, one), 5);
  assert.equal(carryOver(5, one, { shape: "one", base: "text" }), undefined);
  assert.equal(carryOver(5, one, { shape: "none", base: "number" }), undefined);
});

test("a rule is finished when nothing is missing", () => {
  const is = (operator: string, value?: unknown, name = "x") => isComplete({ name, operator, value });
  assert.ok(is("exists"));
  assert.ok(is("equal_to", 0));
  assert.ok(is("equal_to", false));
  assert.ok(is("within", "7d"));
  assert.ok(is("did"));
  assert.ok(is("did", { count: { operator: "equal_to", value: 0 }, within: "7d" }));
  assert.ok(is("near", { lat: 0, lng: 0, maxDistance: 5 }));
  assert.ok(!is("exists", undefined, ""));
  assert.ok(!is("equal_to"));
  assert.ok(!is("equal_to", ""));
  assert.ok(!is("include", []));
  assert.ok(!is("between", [1, undefined]));
  assert.ok(!is("within", "d"));
  assert.ok(!is("near", { lat: 0 }));
  assert.ok(!is("did", { count: { operator: "equal_to" } }));
  assert.ok(!is("did", { within: "" }));
  assert.ok(!is("did", { where: { all: [{ name: "value", operator: "equal_to" }] } }));
  assert.ok(!is("did", { where: { all: [{ name: "data.", operator: "exists" }] } }));
});
