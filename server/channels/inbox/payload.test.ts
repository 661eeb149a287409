import assert from "node:assert/strict";
import { test } from "node:test";
import { inboxPayload } from "./payload.ts";

const message = { messageId: "m1", topic: "default", trackId: null, createdAt: new Date(1000) };

test("only what was asked for is in the payload", () => {
  assert.deepEqual(inboxPayload({ ...message, content: { content: "hi" } }), {
    id: "m1",
    content: "hi",
    channel: "default",
    createdAt: 1000,
  });
});

test("the notification's text is its body, else the alert text, else the content if asked for", () => {
  const bodyOf = (content: Parameters<typeof inboxPayload>[0]["content"]) =>
    inboxPayload({ ...message, content }).notification?.body;
  assert.equal(bodyOf({ content: "c", useAsAlert: true, alertText: "a", notification: { body: "b" } }), "b");
  assert.equal(bodyOf({ content: "c", useAsAlert: true, alertText: "a" }), "a");
  assert.equal(bodyOf({ content: "c", useAsAlert: true }), "c");
  assert.equal(bodyOf({ content: "c" }), undefined);
});
