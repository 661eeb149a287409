import assert from "node:assert/strict";
import { test } from "node:test";
import type { PushService } from "../../../server/channels/schema.ts";
import { inOrder, moved, turnsOf, unreached } from "./accountOrder.ts";

const account = (
  id: string,
  priority: number,
  tokenServices: PushService[] | null,
  change: Partial<{ isActive: boolean; channel: "push" | "sms" }> = {},
) => ({
  ...{ id, priority, tokenServices, isActive: true, channel: "push" as const },
  createdAt: `2026-01-01T00:00:0${id}Z`,
  ...change,
});

const idsOf = (accounts: readonly { id: string }[]) => accounts.map(({ id }) => id);

const turns = (...accounts: ReturnType<typeof account>[]) =>
  turnsOf(accounts).map(({ account: { id }, first, after }) => [
    id,
    first,
    after.map((item) => [item.account.id, item.parts]),
  ]);

test("of the same number the older account is used first", () => {
  assert.deepEqual(idsOf(inOrder([account("3", 1, null), account("2", 0, null), account("1", 0, null)])), [
    ...["1", "2", "3"],
  ]);
});

test("each platform has a first account, and those that stand in for it", () => {
  assert.deepEqual(turns(account("1", 0, ["fcm"]), account("2", 1, ["apns"]), account("3", 2, null)), [
    ["1", ["android"], []],
    ["2", ["ios"], []],
    [
      "3",
      ["web"],
      [
        ["1", ["android"]],
        ["2", ["ios"]],
      ],
    ],
  ]);
});

test("one that nobody stands in for is told", () => {
  const aloneOf = (...accounts: ReturnType<typeof account>[]) =>
    turnsOf(accounts).map(({ isAlone }) => isAlone);
  assert.deepEqual(aloneOf(account("1", 0, ["fcm"]), account("2", 1, ["apns"])), [true, true]);
  assert.deepEqual(aloneOf(account("1", 0, ["fcm"]), account("2", 1, null)), [false, false]);
  const off = account("2", 1, null, { isActive: false });
  assert.deepEqual(aloneOf(account("1", 0, ["fcm"]), off), [true, true]);
});

test("one that is switched off is passed over", () => {
  assert.deepEqual(
    turns(account("1", 0, null), account("2", 1, null, { isActive: false }), account("3", 2, null)),
    [
      ["1", ["android", "ios", "web"], []],
      ["2", [], []],
      ["3", [], [["1", ["android", "ios", "web"]]]],
    ],
  );
});

test("on other channels an account serves everybody", () => {
  const sms = { channel: "sms" } as const;
  assert.deepEqual(turns(account("1", 0, null, sms), account("2", 1, null, sms)), [
    ["1", ["all"], []],
    ["2", [], [["1", ["all"]]]],
  ]);
});

test("platforms without an account that is on are told", () => {
  assert.deepEqual(unreached([account("1", 0, ["fcm"]), account("2", 0, ["apns"], { isActive: false })]), [
    ...["ios", "web"],
  ]);
  assert.deepEqual(unreached([account("1", 0, null)]), []);
});

test("moving an account numbers those anew whose place changes", () => {
  const all = [account("1", 0, null), account("2", 0, null), account("3", 7, null)];
  assert.deepEqual(moved(all, "2", -1), [
    { id: "1", priority: 1 },
    { id: "3", priority: 2 },
  ]);
  assert.deepEqual(moved(all, "1", -1), []);
  assert.deepEqual(moved(all, "3", 1), []);
  assert.deepEqual(moved(all, "4", 1), []);
});
