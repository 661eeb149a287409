import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOfExtras, noExtras, readExtras, writeExtras } from "./noticeExtras.ts";

const newId = () => "key";

const whole = {
  mediaUrl: "https://a.example/yalda.jpg",
  icon: "star",
  sound: "bell",
  groupId: "offers",
  badge: 0,
  actions: [
    { id: "open", title: "Open", url: "app://offers", options: 4 },
    { id: "later", title: "Later" },
  ],
};

test("a notification comes out of the form as it went in", () => {
  const { extras, rest } = readExtras({ ...whole, ledColor: "#fff" }, newId);
  assert.deepEqual(writeExtras(extras), whole);
  assert.deepEqual(rest, { ledColor: "#fff" });
});

test("what the form cannot show stays as it is", () => {
  const odd = { mediaUrl: 1, badge: "+1", actions: [{ id: "a" }, "b"] };
  assert.deepEqual(readExtras(odd, newId), { extras: noExtras, rest: odd });
});

test("what is unfinished is left out, and a button without an id gets one by its place", () => {
  const button = { key: "1", id: "", title: "", url: "", rest: {} };
  const buttons = [button, { ...button, title: " Open " }];
  assert.deepEqual(writeExtras({ ...noExtras, badge: "many", buttons }), {
    actions: [{ id: "button2", title: "Open" }],
  });
  assert.deepEqual(writeExtras({ ...noExtras, badge: "۱۲" }), { badge: 12 });
  assert.deepEqual(writeExtras(noExtras), {});
});

test("an address that no phone loads, a badge that is no number and a button without words are told", () => {
  const button = { key: "1", id: "", title: " ", url: "", rest: {} };
  const extras = {
    ...noExtras,
    image: "http://a.example/a.jpg",
    icon: "http://a",
    badge: "-1",
    buttons: [button],
  };
  assert.deepEqual(faultsOfExtras(extras), { fields: ["image", "icon", "badge"], buttons: ["1"] });
  assert.deepEqual(faultsOfExtras(noExtras), { fields: [], buttons: [] });
});
