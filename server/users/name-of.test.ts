import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf } from "./name-of.ts";

test("a whole name is taken before its parts, and what is no text is no name", () => {
  assert.equal(nameOf({ name: " Sara Karimi ", first_name: "S." }), "Sara Karimi");
  assert.equal(nameOf({ firstName: "Sara", last_name: "Karimi" }), "Sara Karimi");
  assert.equal(nameOf({ lastName: "کریمی" }), "کریمی");
  assert.equal(nameOf({ name: 5, full_name: "" }), null);
});
