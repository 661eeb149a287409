import assert from "node:assert/strict";
import { test } from "node:test";
import { idsIn } from "./names.ts";

const id = (digit: number) => `0198a5d2-7c11-7e3a-9d1e-5f0f6a3b2c1${digit}`;

test("ids are found in both notations", () => {
  const rules = {
    all: [
      { name: "segment", operator: "include", value: [id(1), "by name"] },
      { not: { name: "messageSeen", operator: "equal_to", value: id(2) } },
      { name: "userId", operator: "equal_to", value: id(3) },
    ],
  };
  assert.deepEqual(
    [...idsIn(rules)],
    [
      [id(1), "segment"],
      [id(2), "message"],
    ],
  );
  assert.deepEqual(
    [...idsIn({ or: [{ import: id(4) }, { segment: { nin: [id(5)] } }] })],
    [
      [id(4), "import"],
      [id(5), "segment"],
    ],
  );
});
