import assert from "node:assert/strict";
import { test } from "node:test";
import { isOrigin, originOf } from "./origin.ts";

test("an origin is a scheme, a host and a port, and nothing after them", () => {
  for (const text of ["https://shop.example", "http://localhost:5173", "https://[::1]:8443"])
    assert.ok(isOrigin(text), text);
  for (const text of [
    "shop.example",
    "https://shop.example/",
    "https://shop.example:443",
    "https://Shop.example",
    "ftp://a.b",
    "*",
    "",
  ])
    assert.ok(!isOrigin(text), text);
});

test("whoever pastes an address means the origin of it", () => {
  const cases: [string, string | null][] = [
    ["https://Shop.example/cart?x=1", "https://shop.example"],
    [" shop.example ", "https://shop.example"],
    ["localhost:5173", "https://localhost:5173"],
    ["http://localhost:5173/", "http://localhost:5173"],
    ["https://shop.example:443", "https://shop.example"],
    ["*", "*"],
    ["ftp://shop.example", null],
    ["two words", null],
    ["", null],
  ];
  for (const [text, origin] of cases) assert.equal(originOf(text), origin, text);
});
