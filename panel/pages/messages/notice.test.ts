import assert from "node:assert/strict";
import { test } from "node:test";
import { directionOf, imageName, noticeOf } from "./notice.ts";

test("a notification without words has the app's name and the text of the message", () => {
  assert.deepEqual(noticeOf({ title: " " }, "Hello", "Shop"), {
    ...{ title: "Shop", body: "Hello", image: null, buttons: [] },
  });
});

test("its own words, picture and buttons are shown, whatever they are called", () => {
  const actions = [{ id: "open", title: "Open" }, { id: "later" }, "broken", { title: " " }];
  const { title, body, image, buttons } = noticeOf(
    { title: "Yalda", text: "Half price", mediaUrl: "https://a.example/yalda.jpg", actions },
    "Hello",
    "Shop",
  );
  assert.deepEqual([title, body, image], ["Yalda", "Half price", "https://a.example/yalda.jpg"]);
  assert.deepEqual(buttons, ["Open", "later"]);
  assert.equal(noticeOf({ title: 1, body: null, actions: "x" }, "Hello", "Shop").body, "Hello");
});

test("a picture is called by the end of its address", () => {
  assert.equal(imageName("https://a.example/2026/yalda.jpg?w=300"), "yalda.jpg");
  assert.equal(imageName("yalda"), "yalda");
});

test("the first letter of a text says its direction", () => {
  assert.equal(directionOf("۵۰٪ — تخفیف Yalda"), "rtl");
  assert.equal(directionOf("«Yalda» آمد"), "ltr");
  assert.equal(directionOf("שלום"), "rtl");
  assert.equal(directionOf("123"), "ltr");
});
