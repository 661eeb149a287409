import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parametersIn, readStatus, readTemplate } from "./cloud-templates.ts";

const raw = (components: unknown[], rest: Record<string, unknown> = {}) => ({
  ...{ name: "sale", language: "en_US", status: "APPROVED", category: "MARKETING", components, ...rest },
});
const read = (...given: Parameters<typeof raw>) => readTemplate(raw(...given)) ?? assert.fail();

test("everything that a template is made of is read", () => {
  const template = read(
    [
      { type: "HEADER", format: "TEXT", text: "Our {{1}} is on!", example: { header_text: ["Summer Sale"] } },
      { type: "BODY", text: "Shop through {{1}} with {{2}} for {{3}} off." },
      { type: "FOOTER", text: "Shop" },
      {
        type: "BUTTONS",
        buttons: [
          { type: "QUICK_REPLY", text: "Stop promotions" },
          { type: "PHONE_NUMBER", text: "Call", phone_number: "15550051310" },
          { type: "URL", text: "Support", url: "https://shop.example/support" },
          { type: "URL", text: "Order", url: "https://shop.example/{{1}}" },
          { type: "COPY_CODE", example: "250FF" },
        ],
      },
    ],
    { rejected_reason: "NONE" },
  );
  assert.deepEqual(template, {
    ...{ name: "sale", language: "en_US", category: "marketing", status: "approved", statusDetail: null },
    header: { kind: "text", text: "Our {{1}} is on!", parameters: ["1"] },
    body: { text: "Shop through {{1}} with {{2}} for {{3}} off.", parameters: ["1", "2", "3"] },
    footer: "Shop",
    buttons: [
      { kind: "quick_reply", text: "Stop promotions", url: null, takesValue: true, needsValue: false },
      { kind: "phone_number", text: "Call", url: null, takesValue: false, needsValue: false },
      {
        kind: "url",
        text: "Support",
        url: "https://shop.example/support",
        takesValue: false,
        needsValue: false,
      },
      { kind: "url", text: "Order", url: "https://shop.example/{{1}}", takesValue: true, needsValue: true },
      { kind: "copy_code", text: "Copy code", url: null, takesValue: true, needsValue: true },
    ],
    ...{ parameters: "positional", unsupported: null },
  });
});

test("named parameters are told by the format, or by their names", () => {
  const body = [{ type: "BODY", text: "Hi {{ first_name }}, {{code}} and {{first_name}}" }];
  for (const rest of [{ parameter_format: "NAMED" }, {}, { parameter_format: "named" }]) {
    const template = read(body, rest);
    assert.equal(template.parameters, "named");
    assert.deepEqual(template.body.parameters, ["first_name", "code"]);
  }
});

test("what cannot be filled in is said", () => {
  const cases: [unknown[], string | null][] = [
    [
      [
        { type: "BODY", text: "x" },
        { type: "CAROUSEL", cards: [] },
      ],
      "a carousel",
    ],
    [[{ type: "LIMITED_TIME_OFFER", limited_time_offer: {} }], "an offer that ends"],
    [[{ type: "HEADER", format: "LOCATION" }], "a header with a place on a map"],
    [[{ type: "HEADER", format: "GIF" }], "a header of the type gif"],
    [[{ type: "BUTTONS", buttons: [{ type: "CATALOG", text: "x" }] }], "products of a catalog"],
    [[{ type: "BUTTONS", buttons: [{ type: "FLOW", text: "x" }] }], "a flow"],
    [[{ type: "BUTTONS", buttons: [{ type: "NEW_ONE", text: "x" }] }], "a button of the type new_one"],
    [
      [
        { type: "HEADER", format: "DOCUMENT" },
        { type: "body", text: "x" },
      ],
      null,
    ],
    [[{ type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE" }] }], null],
  ];
  for (const [components, unsupported] of cases) assert.equal(read(components).unsupported, unsupported);
});

test("states are read in any letters, and why a template is not approved", () => {
  for (const [word, status] of [
    ["approved", "approved"],
    ["PENDING_DELETION", "pending_deletion"],
    ["submitted", "pending"],
    ["IN_APPEAL", "in_appeal"],
    ["LOCKED", "other"],
    ["constructor", "other"],
  ] as const)
    assert.equal(readStatus(word), status);
  assert.equal(read([], { status: "REJECTED", rejected_reason: "PROMOTIONAL" }).statusDetail, "PROMOTIONAL");
});

test("what is no template is none, and nothing in one makes reading fail", () => {
  for (const value of [null, 1, "x", [], {}, { name: "a" }, { language: "en" }])
    assert.equal(readTemplate(value), null);
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (components, rest) => {
      const template = readTemplate({ ...raw([]), category: rest, status: rest, components });
      assert.ok(template?.name === "sale");
    }),
  );
});

test("the parameters of a text are those that stand in it", () => {
  const words = fc.stringMatching(/^[^{}]{0,20}$/);
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(names, words, (given, between) => {
      assert.deepEqual(parametersIn(given.map((name) => `${between}{{${name}}}`).join("")), given);
      const counted = given.map((_, index) => String(index + 1));
      const backwards = [...counted].reverse().map((number) => `{{${number}}}${between}`);
      assert.deepEqual(parametersIn(backwards.join("")), counted);
    }),
  );
});
