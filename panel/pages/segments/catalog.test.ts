import assert from "node:assert/strict";
import { test } from "node:test";
import type { SegmentFields } from "../../../server/segments/schema.ts";
import { en } from "../../strings/en.ts";
import { fa } from "../../strings/fa.ts";
import { aspectName, aspectsOf, findField, keyOf, labelOf, searchKey } from "./catalog.ts";

const fields: SegmentFields = {
  data: [
    { name: "launchTime", group: "visit", type: "moment", operators: ["before"] },
    { name: "plan", group: "attributes", type: "text", operators: ["equal_to"] },
    {
      name: "plan",
      group: "behaviour",
      type: "event",
      operators: ["did", "did_not", "exists", "not_exists"],
    },
    { name: "shop.buy", group: "behaviour", type: "event", operators: ["did"] },
  ],
  eventFields: [
    { stat: "count", type: "number", operators: ["greater_than"] },
    { stat: "last", type: "moment", operators: ["before"] },
  ],
};

test("a rule's name and operator say which field is meant", () => {
  const find = (name: string, operator: string) => {
    const found = findField(fields, name, operator);
    return found && [found.field.group, found.field.type, found.event, found.aspect];
  };
  assert.deepEqual(find("launchTime", "before"), ["visit", "moment", null, "event"]);
  // The same name twice: attributes are not done, and events are not equal to anything.
  assert.deepEqual(find("plan", "equal_to"), ["attributes", "text", null, "event"]);
  assert.deepEqual(find("plan", "did"), ["behaviour", "event", "plan", "event"]);
  assert.deepEqual(find("plan.count", "greater_than"), ["behaviour", "number", "plan", "count"]);
  assert.deepEqual(find("shop\\.buy.last", "before"), ["behaviour", "moment", "shop.buy", "last"]);
  assert.equal(find("shop.buy.sum", "equal_to"), null, "a stat that the server has not");
  assert.equal(find("gone", "equal_to"), null);
});

test("an event's aspects are named as rules name them", () => {
  assert.deepEqual(aspectsOf(fields), ["event", "count", "last"]);
  assert.equal(aspectName("shop.buy", "event"), "shop.buy");
  assert.equal(aspectName("shop.buy", "last"), "shop\\.buy.last");
});

test("a field is found by its words and by its name", () => {
  const [visit, attribute, event] = fields.data;
  assert.ok(visit && attribute && event);
  assert.equal(labelOf(visit, en), "Last visit");
  assert.equal(labelOf(attribute, en), "plan");
  assert.match(searchKey(visit, fa), /آخرین بازدید launchtime/);
  assert.notEqual(keyOf(attribute), keyOf(event));
});
