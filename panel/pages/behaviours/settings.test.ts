import assert from "node:assert/strict";
import { test } from "node:test";
import { asSettings, rangeOf, readCohort, readFunnel, readList, readTrend } from "./settings.ts";

test("an address says what is shown, and what it does not know is left out", () => {
  const asked = { name: "Purchase", measure: "sum", interval: "week", span: "90d", segment: "VIP" };
  assert.deepEqual(readTrend({ ...asked, page: 2 }), asked);
  assert.deepEqual(readTrend({ measure: "most", interval: "year", span: "1y", name: "" }), {});
  assert.deepEqual(readList({ sort: "users", up: true, search: 12 }), {
    search: "12",
    sort: "users",
    up: true,
  });
  assert.deepEqual(readList({ sort: "constructor" }), {});
});

test("days of one's own need both ends, in order, and days that exist", () => {
  assert.deepEqual(readTrend({ from: "2026-05-01", to: "2026-05-31", span: "7d" }), {
    from: "2026-05-01",
    to: "2026-05-31",
  });
  for (const wrong of [
    { from: "2026-05-01" },
    { from: "2026-05-02", to: "2026-05-01" },
    { from: "2026-02-30", to: "2026-03-02" },
    { from: "yesterday", to: "today" },
  ])
    assert.deepEqual(readTrend(wrong), {});
});

test("a range goes into an address and comes back", () => {
  const own = { from: "2026-05-01", to: "2026-05-31" };
  assert.deepEqual(rangeOf(asSettings(own), "30d"), own);
  assert.equal(rangeOf(asSettings("7d"), "30d"), "7d");
  assert.equal(rangeOf({}, "30d"), "30d");
});

test("steps keep their places, at most ten, and names that are digits stay names", () => {
  assert.deepEqual(readFunnel({ steps: ["view", "", 404] }), { steps: ["view", "", "404"] });
  assert.equal(readFunnel({ steps: Array(12).fill("view") }).steps?.length, 10);
  assert.deepEqual(readFunnel({ steps: "view", order: "strict", within: -1 }), {});
  assert.deepEqual(readFunnel({ order: "any", within: 48 }), { order: "any", within: 48 });
});

test("a cohort is by day, week or month", () => {
  assert.deepEqual(readCohort({ first: "view", return: "Purchase", interval: "hour" }), {
    first: "view",
    return: "Purchase",
  });
});
