import assert from "node:assert/strict";
import { test } from "node:test";
import { liquidOf } from "./variables.ts";

test("a variable is written so that Liquid finds it", () => {
  assert.equal(liquidOf("first_name"), "{{ user.first_name }}");
  assert.equal(liquidOf("نام"), "{{ user.نام }}");
  assert.equal(liquidOf("office.no"), "{{ user['office.no'] }}");
  assert.equal(liquidOf("last visit"), "{{ user['last visit'] }}");
  assert.equal(liquidOf("it's"), `{{ user["it's"] }}`);
});
