import assert from "node:assert/strict";
import { test } from "node:test";
import type { MessageTemplate } from "../../channels/whatsapp/template.ts";
import { fillTemplate, languageFor } from "./fill.ts";
import { WhatsappBody } from "./schema.ts";
import { faultOfValue, filledTemplate, valuesOfTemplate } from "./values.ts";

const template = (changes: Partial<MessageTemplate> = {}): MessageTemplate => ({
  ...{ name: "order_ready", language: "en", category: "marketing", status: "approved", statusDetail: null },
  ...{ header: null, body: { text: "Hi {{1}}, order {{2}} is ready", parameters: ["1", "2"] } },
  ...{ footer: "Shop", buttons: [], parameters: "positional", unsupported: null, ...changes },
});

const rich = template({
  ...{ name: "sale", parameters: "named" },
  header: { kind: "image", text: null, parameters: [] },
  body: { text: "Hi {{first_name}}", parameters: ["first_name"] },
  buttons: [
    { kind: "url", text: "Look", url: "https://shop.example/{{1}}", takesValue: true, needsValue: true },
    { kind: "quick_reply", text: "Stop", url: null, takesValue: true, needsValue: false },
  ],
});

const persian = template({
  language: "fa",
  body: { text: "سلام {{1}}، سفارش {{2}}", parameters: ["1", "2"] },
});

const fill = (body: Record<string, unknown>, templates = [template(), persian, rich]) =>
  fillTemplate(WhatsappBody.parse({ language: "en", ...body }), { templates, account: "360dialog" });

test("a template is filled in with Liquid for each of its values", () => {
  const filled = fill({
    ...{ template: "order_ready", otherLanguages: ["fa"] },
    body: { 1: "{{ user.first_name }}", 2: "{{ user.order }}" },
  });
  assert.ok(filled.ok, JSON.stringify(filled));
  assert.equal(filled.text, "Hi {{ user.first_name }}, order {{ user.order }} is ready");
  assert.deepEqual(filled.whatsapp, {
    ...{ name: "order_ready", languages: ["en", "fa"], isMarketing: true, header: null, buttons: [] },
    body: [
      { name: null, text: "{{ user.first_name }}" },
      { name: null, text: "{{ user.order }}" },
    ],
    look: { header: null, body: filled.text, footer: "Shop", buttons: [] },
  });
});

test("names, pictures and buttons are where the template has them", () => {
  const filled = fill({
    ...{ template: "sale", header: "https://shop.example/sale.png" },
    ...{ body: { first_name: "{{ user.first_name }}" }, buttons: { 0: "sale?u={{ user.userId }}" } },
  });
  assert.ok(filled.ok, JSON.stringify(filled));
  assert.deepEqual(filled.whatsapp.header, {
    ...{ kind: "image", link: "https://shop.example/sale.png", filename: null },
  });
  assert.deepEqual(filled.whatsapp.body, [{ name: "first_name", text: "{{ user.first_name }}" }]);
  assert.deepEqual(filled.whatsapp.buttons, [{ index: 0, kind: "url", text: "sale?u={{ user.userId }}" }]);
});

test("whatever is wrong with a template is said at once, at its place and with a cure", () => {
  const cases: [Record<string, unknown>, [pointer: string, words: RegExp][], MessageTemplate[]?][] = [
    [{ template: "order_redy" }, [["/template", /did you mean order_ready.*fetch its templates/]]],
    [
      { template: "order_ready", language: "de", body: {} },
      [["/language", /not there in de; there are en, fa/]],
    ],
    [
      { template: "order_ready", body: { 1: "x", first: "y" } },
      [
        ["/body/first", /no parameter first; there are 1, 2/],
        ["/body/2", /is required: what stands for \{\{2\}\}/],
      ],
    ],
    [
      { template: "order_ready", header: "x", body: { 1: "x", 2: "y" } },
      [["/header", /no header that takes a value/]],
    ],
    [
      { template: "sale", body: { first_name: "x" }, buttons: { 4: "x" } },
      [
        ["/header", /https address of the picture/],
        ["/buttons/4", /no button 5/],
        ["/buttons/0", /the value of the button “Look”/],
      ],
    ],
    [
      { template: "order_ready", body: { 1: "x", 2: "y" } },
      [["/language", /is paused, so it cannot be sent: Poor quality/]],
      [template({ status: "paused", statusDetail: "Poor quality" })],
    ],
    [
      { template: "order_ready", otherLanguages: ["fa"], body: { 1: "x", 2: "y" } },
      [["/otherLanguages/0", /takes other values in fa than in en/]],
      [template(), { ...persian, body: { text: "سلام {{1}}", parameters: ["1"] } }],
    ],
    [
      { template: "order_ready", body: { 1: "x", 2: "y" } },
      [["/language", /has a carousel, which Chapar cannot fill in/]],
      [template({ unsupported: "a carousel" })],
    ],
  ];
  for (const [body, expected, templates] of cases) {
    const filled = fill(body, templates);
    assert.ok(!filled.ok, JSON.stringify(body));
    assert.deepEqual(
      filled.faults.map(({ pointer }) => pointer).sort(),
      expected.map(([pointer]) => pointer).sort(),
    );
    for (const [pointer, words] of expected)
      assert.match(filled.faults.find((fault) => fault.pointer === pointer)?.detail ?? "", words);
  }
});

test("values are made legal, and a gap in a template is none", () => {
  const filled = fill({ template: "order_ready", body: { 1: "{{ user.name }}", 2: "7" } });
  assert.ok(filled.ok);
  assert.deepEqual(
    valuesOfTemplate(filled.whatsapp).map(([pointer]) => pointer),
    ["/whatsapp/body/0", "/whatsapp/body/1"],
  );
  const legal = filledTemplate(filled.whatsapp, new Map([["/whatsapp/body/0", " Sara\n\tAhmadi      Rad "]]));
  assert.equal(legal.body[0]?.text, "Sara Ahmadi Rad");
  assert.equal(faultOfValue("/whatsapp/body/0", "Sara"), null);
  assert.deepEqual(faultOfValue("/whatsapp/body/0", " \n"), {
    ...{ reason: "missing_variable", detail: "parameter 1 came out empty" },
  });
});

test("people get the language that they speak, and else the first", () => {
  const languages = ["en", "fa", "pt_BR"];
  for (const [spoken, expected] of [
    ["fa", "fa"],
    ["fa-IR", "fa"],
    ["pt-br", "pt_BR"],
    ["pt", "pt_BR"],
    ["de", "en"],
    [null, "en"],
  ] as const)
    assert.equal(languageFor(languages, spoken), expected);
});
