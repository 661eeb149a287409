import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventSummary } from "../../../server/events/schema.ts";
import { sortEvents } from "./sortEvents.ts";

const event = (name: string, count: number, average: number | null, lastAt: string): EventSummary => ({
  ...{ name, count, average, lastAt },
  users: 1,
  sum: 0,
  firstAt: lastAt,
});
const events = [
  event("view", 30, null, "2026-05-01T00:00:00.000Z"),
  event("Purchase", 5, 20, "2026-05-03T00:00:00.000Z"),
  event("cart", 5, 3, "2026-05-02T00:00:00.000Z"),
];
const compare = new Intl.Collator("en").compare;
const names = (key: Parameters<typeof sortEvents>[1]["key"], isUp: boolean) =>
  sortEvents(events, { key, isUp }, compare).map(({ name }) => name);

test("behaviours are sorted by any column, alike ones by name", () => {
  assert.deepEqual(names("count", false), ["view", "cart", "Purchase"]);
  assert.deepEqual(names("name", true), ["cart", "Purchase", "view"]);
  assert.deepEqual(names("lastAt", false), ["Purchase", "cart", "view"]);
});

test("what has no average comes last either way", () => {
  assert.deepEqual(names("average", true), ["cart", "Purchase", "view"]);
  assert.deepEqual(names("average", false), ["Purchase", "cart", "view"]);
});
