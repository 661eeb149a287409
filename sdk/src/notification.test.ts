import assert from "node:assert/strict";
import test from "node:test";
import { addressOf, messageOf, notificationOf, readPush, shownNotification } from "./notification.ts";

test("a push shows what it says, and carries what its click needs", () => {
  const payload = readPush(
    JSON.stringify({
      ...{ title: "Shop", body: "Sale", icon: "/i.png", tag: "group", clickUrl: "/sale", messageId: "m1" },
      actions: [{ action: "see", id: "see", title: "See", url: "/see" }],
      ...{ data: { sku: 7 }, trackId: "t", channel: "news", createdAt: 5 },
    }),
  );
  assert.deepEqual(shownNotification(payload), {
    title: "Shop",
    options: {
      ...{ body: "Sale", icon: "/i.png", tag: "group" },
      actions: [{ action: "see", id: "see", title: "See", url: "/see" }],
      data: {
        ...{ messageId: "m1", trackId: "t", clickUrl: "/sale" },
        ...{ actionUrls: { see: "/see" }, data: { sku: 7 } },
      },
    },
  });
  assert.deepEqual(
    { ...messageOf(payload), notification: null },
    {
      ...{ id: "m1", content: "Sale", channel: "news", createdAt: 5, data: { sku: 7 }, trackId: "t" },
      notification: null,
    },
  );
});

test("what cannot be read is a new message", () => {
  for (const text of [null, "", "hello", "[]", "null", "{}"]) {
    assert.equal(shownNotification(readPush(text)).title, "New message");
  }
  assert.equal(messageOf(readPush("hello")), null);
});

test("a message over the inbox shows its notification, unless it is to be silent", () => {
  const message = { id: "m1", content: "Sale", channel: "news", createdAt: 5 };
  const notification = { title: "Shop", text: "Today only" };
  assert.equal(notificationOf(message), null);
  assert.equal(notificationOf({ ...message, notification, silent: true }), null);
  const shown = notificationOf({ ...message, notification });
  assert.equal(shown?.options.body, "Today only");
  // The push of the same message takes its place.
  assert.equal(shown?.options.tag, "m1");
});

test("a click leads to an address of the web, whatever the message says", () => {
  const data = {
    messageId: null,
    trackId: null,
    clickUrl: "/sale",
    actionUrls: { see: "https://b.example/x" },
  };
  const open = (action: string, clickUrl: string | null = data.clickUrl) =>
    addressOf({ ...data, clickUrl }, action, "https://a.example");
  assert.equal(open(""), "https://a.example/sale");
  assert.equal(open("see"), "https://b.example/x");
  assert.equal(open("other"), "https://a.example/sale");
  for (const bad of ["javascript:alert(1)", "data:text/html,x", "http://", null])
    assert.equal(open("", bad), "https://a.example/");
});
