import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { SendOutcome } from "../providers/gate.ts";
import { maxAttempts, pauseBefore, settle } from "./settle.ts";

const now = new Date("2026-05-01T10:00:00Z");
const because = { code: "http_503", detail: "busy" };
const situation = { attempt: 0, isRepeatSafe: true, now, expiresAt: null, random: 0 };

test("what may have gone out is tried again only where a repeat does no harm", () => {
  const unknown: SendOutcome = { kind: "unknown", ...because };
  assert.equal(settle(unknown, situation).kind, "again");
  const unsafe = settle(unknown, { ...situation, isRepeatSafe: false });
  assert.deepEqual([unsafe.kind, unsafe.kind === "row" && unsafe.state], ["row", "unknown"]);
});

test("pauses grow, differ by chance, heed what the provider asks for, and end", () => {
  const pauses = [1, 2, 3, 4, 5].map((attempt) => pauseBefore(attempt, 0));
  assert.deepEqual(pauses, [2_000, 8_000, 32_000, 128_000, 512_000]);
  assert.equal(pauseBefore(1, 1), 1_000);
  const asked = settle({ kind: "retry", ...because, afterMs: 60_000 }, situation);
  assert.equal(asked.kind === "again" && asked.at.getTime() - now.getTime(), 60_000);
  const last = settle({ kind: "retry", ...because }, { ...situation, attempt: maxAttempts - 1 });
  assert.deepEqual([last.kind, last.kind === "row" && last.reason], ["row", "attempts_exhausted"]);
});

test("where a service means hours, so do we: two days, and then it is over", () => {
  const later: SendOutcome = { kind: "retry", ...because, isPatient: true };
  const pauses = [0, 1, 2, 3, 4, 5, 6].map((attempt) => {
    const settled = settle(later, { ...situation, attempt });
    return settled.kind === "again" ? (settled.at.getTime() - now.getTime()) / 60_000 : null;
  });
  assert.deepEqual(pauses, [5, 15, 60, 240, 480, 720, 1440]);
  const last = settle(later, { ...situation, attempt: 7 });
  assert.deepEqual([last.kind, last.kind === "row" && last.reason], ["row", "attempts_exhausted"]);
});

test("an attempt that would come after its time is none", () => {
  const expiresAt = new Date(now.getTime() + 1_000);
  const settled = settle({ kind: "retry", ...because }, { ...situation, expiresAt });
  assert.deepEqual([settled.kind, settled.kind === "row" && settled.state], ["row", "expired"]);
});

test("whatever a provider says, a recipient has a row, another attempt, or the same attempt before it", () => {
  const outcomes = fc.constantFrom<SendOutcome>(
    { kind: "accepted", providerId: "x" },
    ...(["retry", "throttle", "rejected", "misconfigured", "unknown"] as const).map((kind) => ({
      ...{ kind, ...because },
    })),
    { kind: "gone", cause: "unregistered", ...because },
    { kind: "unsent" },
  );
  fc.assert(
    fc.property(outcomes, fc.integer({ min: 0, max: 9 }), fc.boolean(), (outcome, attempt, isRepeatSafe) => {
      const settled = settle(outcome, { ...situation, attempt, isRepeatSafe });
      if (settled.kind === "again") assert.ok(settled.at > now && attempt + 1 < maxAttempts);
      if (settled.kind === "defer") assert.ok(["throttle", "misconfigured", "unsent"].includes(outcome.kind));
    }),
  );
});
