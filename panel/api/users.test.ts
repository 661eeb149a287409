import assert from "node:assert/strict";
import { test } from "node:test";
import { readFilter } from "./users.ts";

test("an address filters users by what is there, and by nothing else", () => {
  assert.deepEqual(readFilter({ segment: "Yalda 1405", import: "", search: undefined, page: "2" }), {
    segment: "Yalda 1405",
  });
});

test("digits in an address are a text to search for", () => {
  assert.deepEqual(readFilter({ search: 989121234567 }), { search: "989121234567" });
});
