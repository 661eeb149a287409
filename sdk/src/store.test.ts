import assert from "node:assert/strict";
import test from "node:test";
import { MessageIds } from "./message-ids.ts";
import { memoryStorage, Store } from "./store.ts";

test("names of another prefix, and half a value, are as if they were not there", () => {
  const storage = memoryStorage();
  storage.setItem("other/a", "1");
  storage.setItem("ours/b", "{");
  const store = new Store(storage, "ours/");
  store.set("c", { n: 1 });
  assert.deepEqual(store.names(""), ["b", "c"]);
  assert.equal(store.get("b"), null);
  assert.deepEqual(store.get("c"), { n: 1 });
  assert.equal(store.get("a"), null);
});

test("a storage that is full is stood in for by memory", () => {
  const full = memoryStorage();
  full.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const store = new Store(full, "");
  store.set("a", 1);
  assert.equal(store.get("a"), 1);
  assert.deepEqual(store.names(""), ["a"]);
  store.remove("a");
  assert.equal(store.get("a"), null);
});

test("an id is new once, as long as it is among the last thousand", () => {
  const store = new Store(memoryStorage(), "");
  const ids = new MessageIds(store);
  assert.equal(ids.claim("0"), true);
  assert.equal(new MessageIds(store).claim("0"), false);
  for (let index = 1; index <= 1_000; index++) ids.claim(String(index));
  assert.equal(ids.claim("1"), false);
  assert.equal(ids.claim("0"), true);
});
