import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DeliveryState } from "./schema.ts";
import { advance, type ReceiptState } from "./states.ts";

const receipts = fc.array(fc.constantFrom<ReceiptState>("sent", "delivered", "seen", "clicked"), {
  maxLength: 12,
});

test("the order and number of receipts do not change where a delivery ends", () => {
  fc.assert(
    fc.property(fc.constantFrom(...DeliveryState.options), receipts, (start, list) => {
      const inOrder = list.reduce(advance, start);
      const reversedTwice = [...list, ...list].reverse().reduce(advance, start);
      assert.equal(inOrder, reversedTwice);
    }),
  );
});

test("a state never moves backwards", () => {
  assert.equal(advance("seen", "delivered"), "seen");
  assert.equal(advance("clicked", "sent"), "clicked");
});

test("a message that arrived after its end was written down counts as arrived", () => {
  assert.equal(advance("expired", "delivered"), "delivered");
  assert.equal(advance("expired", "sent"), "expired");
});

test("what was never handed to a channel stays skipped", () => {
  assert.equal(advance("skipped", "seen"), "skipped");
});
