import assert from "node:assert/strict";
import { test } from "node:test";
import { createFormat } from "../../ui/format.ts";
import { byDay } from "./byDay.ts";

test("days begin in the app's time zone", () => {
  const { day } = createFormat("en", "Asia/Tehran");
  const items = ["2026-05-02T20:31:00Z", "2026-05-02T20:29:00Z", "2026-05-01T21:00:00Z"].map((at) => ({
    at,
  }));
  assert.deepEqual(byDay(items, day), [
    { day: "Sunday 3 May 2026", items: items.slice(0, 1) },
    { day: "Saturday 2 May 2026", items: items.slice(1) },
  ]);
});
