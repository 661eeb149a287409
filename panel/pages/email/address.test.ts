import assert from "node:assert/strict";
import { test } from "node:test";
import { asAddress, isAddress } from "./address.ts";

test("an address is made whole, and nonsense is none", () => {
  const cases: [string, string | null][] = [
    ["example.com/offers?a=1", "https://example.com/offers?a=1"],
    ["https://example.com", "https://example.com"],
    ["نمونه.ایران", "https://نمونه.ایران"],
    ["news@example.com", "mailto:news@example.com"],
    ["tel:+98211", "tel:+98211"],
    ["{{ user.link }}", "{{ user.link }}"],
    ["https://example.com/{{ user.id }}", "https://example.com/{{ user.id }}"],
    ["https://", null],
    ["here", null],
    ["javascript:alert(1)", null],
    ["", null],
  ];
  for (const [typed, whole] of cases) assert.equal(asAddress(typed), whole, typed);
  assert.ok(isAddress("https://example.com"));
  assert.ok(!isAddress("example.com"));
});
