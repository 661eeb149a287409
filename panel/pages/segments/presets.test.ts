import assert from "node:assert/strict";
import { test } from "node:test";
import { withEvent } from "./presets.ts";

test("the chosen event stands wherever a preset has a place for it", () => {
  const rules = {
    all: [
      { name: "$event.last", operator: "after", value: "72h" },
      { not: { name: "$event", operator: "did", value: "$event" } },
    ],
  };
  assert.deepEqual(withEvent(rules, "shop.$&buy"), {
    all: [
      { name: "shop\\.$&buy.last", operator: "after", value: "72h" },
      { not: { name: "shop.$&buy", operator: "did", value: "$event" } },
    ],
  });
});
