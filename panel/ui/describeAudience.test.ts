import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../strings/en.ts";
import { fa } from "../strings/fa.ts";
import { describeAudience, describeTarget } from "./describeAudience.ts";
import { createFormat } from "./format.ts";

const words = { strings: en, format: createFormat("en", "UTC") };

/** Without the isolates that keep right-to-left sentences in order. */
const plain = (text: string) => text.replaceAll(/[\u2066-\u2069]/g, "");
const inWords = (target: unknown) => plain(describeTarget(target, words));

test("a target is a sentence", () => {
  const cases: [unknown, string][] = [
    [{}, "Everyone"],
    ["{}", "Everyone"],
    ["my segment", "Segment my segment"],
    [{ segment: "VIP list", plan: "gold" }, "Where segment is VIP list and plan is gold"],
    [{ deviceType: { inq: ["android", "ios"] } }, "Where platform is Android or iOS"],
    [
      { clientVersion: { gte: "5.2.0" }, launchCount: { gt: 1200 } },
      "Where app version is at least 5.2.0 and visits is above 1,200",
    ],
    [{ tags: "plan_gold" }, "Where tag is plan_gold"],
    [{ launchCount: { between: [2, 5] } }, "Where visits is between 2 and 5"],
    [{ email: { exists: false } }, "Where e-mail is not known"],
    [{ plan: { regexp: "^g" } }, "Where plan looks like ^g"],
    [
      { nearBy: { near: { lat: 35.7584, lng: 51.4082 }, maxDistance: 5, unit: "kilometers" } },
      "Where within 5 km of 35.7584, 51.4082",
    ],
    [{ home: { near: "35,51", maxDistance: 5, unit: "miles" } }, "Where home within 5 mi of 35,51"],
    [{ launchCount: 3, or: [{ tags: "a" }, { tags: "b" }] }, "Where visits is 3 and tag is a or tag is b"],
  ];
  for (const [target, expected] of cases) assert.equal(inWords(target), expected);
});

test("an operator or field that is not known is shown as written", () => {
  assert.equal(inWords({ shoe: { fits: 42 } }), "Where shoe fits 42");
  assert.equal(inWords({ constructor: 1 }), "Where constructor is 1");
});

test("an audience names topic or users", () => {
  const of = (message: Parameters<typeof describeAudience>[0]) => plain(describeAudience(message, words));
  assert.equal(of({ topic: "default", audience: { kind: "topic" } }), "Everyone");
  assert.equal(of({ topic: "public/sport", audience: { kind: "topic" } }), "Everyone in public/sport");
  assert.equal(of({ topic: "default", audience: { kind: "users", users: ["Test"] } }), "User Test");
  assert.equal(
    of({ topic: "default", audience: { kind: "users", users: ["a", "b", "c", "d"] } }),
    "Users a, b, c, …",
  );
});

test("a segment is shown by the name it had", () => {
  const id = "0198f7a2-0000-7000-8000-000000000000";
  const of = (target: unknown) =>
    plain(
      describeAudience(
        { topic: "default", audience: { kind: "target", target, segments: [{ id, name: "VIP list" }] } },
        words,
      ),
    );
  assert.equal(of(id), "Segment VIP list");
  assert.equal(of({ segment: { nin: [id] } }), "Where segment is not VIP list");
});

test("Persian has Persian words and digits", () => {
  const text = plain(
    describeTarget({ launchCount: { gt: 10 } }, { strings: fa, format: createFormat("fa", "UTC") }),
  );
  assert.equal(text, "هرکه تعداد بازدید بیشتر از ۱۰");
});
