import assert from "node:assert/strict";
import { test } from "node:test";
import { readCount } from "./readCount.ts";

test("a count is read as it is typed, on a Persian keyboard too", () => {
  for (const text of ["1000", "1,000", "۱۰۰۰", "۱٬۰۰۰", " 1000 "]) assert.equal(readCount(text), 1000, text);
  for (const text of ["", "0", "abc"]) assert.equal(readCount(text), null, text);
});
