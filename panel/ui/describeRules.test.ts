import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../strings/en.ts";
import { fa } from "../strings/fa.ts";
import { describeRules } from "./describeRules.ts";
import { createFormat } from "./format.ts";

const id = "0198a5d2-7c11-7e3a-9d1e-5f0f6a3b2c1d";
const common = { segmentNames: new Map([[id, "VIP list"]]), isEvent: (name: string) => name === "cart" };
const english = { strings: en, format: createFormat("en", "UTC"), ...common };
const persian = { strings: fa, format: createFormat("fa", "UTC"), ...common };

/** Without the isolates that keep right-to-left sentences in order. */
const plain = (text: string) => text.replaceAll(/[\u2066-\u2069]/g, "");
const rule = (name: string, operator: string, value?: unknown) => ({ name, operator, value });
const inEnglish = (rules: unknown) => plain(describeRules(rules, english));
const inPersian = (rules: unknown) => plain(describeRules(rules, persian));

test("each operator says what it means", () => {
  const cases: [ReturnType<typeof rule>, string][] = [
    [rule("deviceType", "include", ["android", "ios"]), "platform is Android or iOS"],
    [rule("tags", "not_include", ["gold"]), "tag is not gold"],
    [rule("launchCount", "greater_than", 1200), "visits is above 1,200"],
    [rule("launchCount", "between", [2, 5]), "visits is between 2 and 5"],
    [rule("clientVersion", "lesser_than", "5.2.0"), "app version is below 5.2.0"],
    [rule("email", "ends_with", "@example.com"), "e-mail ends with @example.com"],
    [rule("email", "not_exists"), "e-mail is not known"],
    [rule("isTest", "equal_to", true), "test user is yes"],
    [rule("country", "equal_to", "IR"), "country is Iran"],
    [rule("userState", "equal_to", "guest"), "state of the user is guest"],
    [rule("segment", "include", [id]), "segment is VIP list"],
    [rule("launchTime", "after", "168h"), "last visit is in the past 168 hours"],
    [rule("launchTime", "before", "1d"), "last visit is more than 1 day ago"],
    [rule("renewal", "within", "+2w"), "renewal is in the next 2 weeks"],
    [rule("renewal", "after", "+3mo"), "renewal is later than 3 months from now"],
    [rule("installDate", "on_or_after_date", "2026-05-02"), "first visit is on or after 2 May 2026"],
    [rule("purchase.count", "greater_equals", 2), "number of purchase is at least 2"],
    [rule("shop\\.buy.last", "before", "3d"), "last shop.buy is more than 3 days ago"],
    [rule("cart", "not_exists"), "never did cart"],
    [
      rule("nearBy", "near", { lat: 35.7, lng: 51.4, maxDistance: 5, unit: "kilometers" }),
      "within 5 km of 35.7, 51.4",
    ],
    [rule("plan", "resembles", "gold"), "plan resembles gold"],
  ];
  for (const [item, expected] of cases) assert.equal(inEnglish({ all: [item] }), `Where ${expected}`);
});

test("an event happened so often, then, and with this", () => {
  const did = (value?: unknown) => inEnglish({ all: [rule("purchase", "did", value)] });
  assert.equal(did(), "Where did purchase");
  assert.equal(
    did({
      count: { operator: "greater_equals", value: 3 },
      within: "30d",
      where: {
        all: [rule("value", "greater_than", 500), rule("data.product", "equal_to", "milk")],
      },
    }),
    "Where did purchase at least 3 times in the past 30 days where value is above 500 and product is milk",
  );
  assert.equal(
    did({ count: { operator: "between", value: [1, 3] }, from: "2026-03-01", to: "2026-03-31" }),
    "Where did purchase between 1 and 3 times from 1 Mar 2026 until 31 Mar 2026",
  );
  assert.equal(inEnglish({ not: rule("purchase", "did_not") }), "Where not (did not do purchase)");
});

test("once is a word of its own", () => {
  const did = (operator: string) =>
    inEnglish({ all: [rule("purchase", "did", { count: { operator, value: 1 } })] });
  assert.equal(did("greater_equals"), "Where did purchase at least once");
  assert.equal(did("equal_to"), "Where did purchase exactly once");
});

test("groups are kept apart", () => {
  const [a, b, c] = [rule("a", "equal_to", 1), rule("b", "equal_to", 2), rule("c", "equal_to", 3)];
  const cases: [unknown, string][] = [
    [{ all: [] }, "Everyone"],
    [{ all: [{ any: [] }] }, "Everyone"],
    [{ all: [a, { any: [b, c] }] }, "Where a is 1 and (b is 2 or c is 3)"],
    [{ any: [a, { all: [b] }] }, "Where a is 1 or b is 2"],
    [{ not: { any: [a, b] } }, "Where not (a is 1 or b is 2)"],
    [{ all: [a, { not: { all: [b, c] } }] }, "Where a is 1 and not (b is 2 and c is 3)"],
  ];
  for (const [rules, expected] of cases) assert.equal(inEnglish(rules), expected);
});

test("Persian has its own digits, days and order of words", () => {
  assert.equal(inPersian({ all: [] }), "همه");
  assert.equal(
    inPersian({ all: [rule("launchTime", "after", "7d"), rule("launchCount", "greater_than", 4)] }),
    "هرکه آخرین بازدید در ۷ روز گذشته و تعداد بازدید بیشتر از ۴",
  );
  assert.equal(
    inPersian({ any: [rule("installDate", "before_date", "2026-05-02")] }),
    "هرکه نخستین بازدید پیش از ۱۲ اردیبهشت ۱۴۰۵",
  );
  assert.equal(
    inPersian({
      all: [rule("purchase", "did", { count: { operator: "equal_to", value: 3 }, within: "2w" })],
    }),
    "هرکه purchase را درست ۳ بار در ۲ هفته گذشته انجام داده",
  );
});

test("what is no rules is shown as it is", () => {
  assert.equal(inEnglish({ all: [{ some: "thing" }] }), '{"all":[{"some":"thing"}]}');
});
