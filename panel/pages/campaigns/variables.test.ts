import assert from "node:assert/strict";
import { test } from "node:test";
import { liquidOf, liquidOfEvent } from "./variables.ts";

test("a variable is written so that Liquid finds it", () => {
  assert.equal(liquidOf("first_name"), "{{ user.first_name }}");
  assert.equal(liquidOf("نام"), "{{ user.نام }}");
  assert.equal(liquidOf("office.no"), "{{ user['office.no'] }}");
  assert.equal(liquidOf("last visit"), "{{ user['last visit'] }}");
  assert.equal(liquidOf("it's"), `{{ user["it's"] }}`);
});

test("a behaviour is named in quotes, whatever it is called", () => {
  assert.equal(liquidOfEvent("add_to_cart", "count"), "{{ event['add_to_cart'].count }}");
  assert.equal(liquidOfEvent("it's", "time"), `{{ event["it's"].time }}`);
});
