import assert from "node:assert/strict";
import { test } from "node:test";
import { WhatsappBody } from "../../../server/templates/whatsapp/schema.ts";
import { en } from "../../strings/en.ts";
import { piecesOf } from "./markup.ts";
import { fieldsOf, groupsOf, type Template, takesSameValues, whyNot } from "./templates.ts";
import {
  chosen,
  faultsOfWhatsapp,
  lookOf,
  readWhatsapp,
  withValueAt,
  writeWhatsapp,
} from "./whatsappValues.ts";

const template = (change: Partial<Template> = {}): Template => ({
  ...{ accountId: "a", name: "hello", language: "en", category: "marketing", status: "approved" },
  ...{ statusDetail: null, header: null, footer: null, buttons: [], parameters: "positional" },
  ...{ body: { text: "Hi {{1}}, see {{ 2 }}", parameters: ["1", "2"] }, unsupported: null, ...change },
});

const sale = template({
  ...{ name: "sale", footer: "Shop" },
  header: { kind: "image", text: null, parameters: [] },
  buttons: [
    { kind: "quick_reply", text: "Stop", url: null, takesValue: true, needsValue: false },
    { kind: "url", text: "Look", url: "https://a.example/{{1}}", takesValue: true, needsValue: true },
  ],
});

test("templates are grouped by name, those that can be sent first, and the others say why not", () => {
  const broken = template({ name: "broken", status: "paused", statusDetail: "Poor quality" });
  const persian = template({ language: "fa" });
  const groups = groupsOf([broken, sale, template(), persian]);
  assert.deepEqual(
    groups.map(({ name, languages, isSendable }) => [name, languages.length, isSendable]),
    [
      ["hello", 2, true],
      ["sale", 1, true],
      ["broken", 1, false],
    ],
  );
  assert.match(whyNot(broken, en) ?? "", /^Paused\. .*Poor quality$/);
  assert.equal(
    whyNot(template({ unsupported: "a carousel" }), en),
    en.whatsapp.templates.unsupported("a carousel"),
  );
  assert.ok(takesSameValues(template(), persian));
  assert.ok(!takesSameValues(template(), template({ body: { text: "Hi {{1}}", parameters: ["1"] } })));
});

test("a template that was chosen comes in its other languages, and keeps what fits", () => {
  const persian = template({ language: "fa" });
  const rejected = template({ language: "de", status: "rejected" });
  const other = template({ language: "tr", body: { text: "Selam", parameters: [] } });
  const first = chosen(template(), [template(), persian, rejected, other], null);
  assert.deepEqual(first.otherLanguages, ["fa"]);
  const values = { ...first, body: { 1: "{{ user.first_name }}", 2: "x" } };
  const next = chosen(sale, [sale], values);
  assert.deepEqual(next.body, values.body);
  assert.deepEqual([next.template, next.otherLanguages, next.header], ["sale", [], ""]);
});

test("what was saved is shown again, and blanks are left out", () => {
  const values = {
    ...chosen(sale, [sale], null),
    header: "https://a.example/a.png",
    buttons: { 1: "x", 0: " " },
  };
  const saved = WhatsappBody.parse(writeWhatsapp(values));
  assert.deepEqual(saved.buttons, { 1: "x" });
  assert.deepEqual(readWhatsapp(saved), { ...values, buttons: { 1: "x" } });
});

test("every value is asked for at its place", () => {
  const fields = fieldsOf(sale);
  assert.deepEqual(
    fields.map(({ pointer }) => pointer),
    ["/header", "/body/1", "/body/2", "/buttons/0", "/buttons/1"],
  );
  assert.deepEqual(Object.keys(faultsOfWhatsapp(null, [sale], en)), ["/template"]);
  let values = chosen(sale, [sale], null);
  assert.deepEqual(Object.keys(faultsOfWhatsapp(values, [sale], en)).sort(), [
    ...["/body/1", "/body/2", "/buttons/1", "/header"],
  ]);
  for (const field of fields)
    values = withValueAt(values, field, field.at === "header" ? "https://a.example/a.png" : "{{ user.x }}");
  assert.deepEqual(faultsOfWhatsapp(values, [sale], en), {});
  assert.match(faultsOfWhatsapp(values, [], en)["/template"] ?? "", /not there any more/);
  const paused = { ...sale, status: "paused" as const };
  assert.match(faultsOfWhatsapp(values, [paused], en)["/template"] ?? "", /cannot be sent: Paused/);
});

test("the look has the values in it, and gaps as they are", () => {
  const look = lookOf(sale, { "/body/1": "John", "/header": "https://a.example/a.png" });
  assert.deepEqual(look, {
    ...{ header: { kind: "image", text: "https://a.example/a.png" }, body: "Hi John, see {{ 2 }}" },
    footer: "Shop",
    buttons: [
      { kind: "quick_reply", text: "Stop" },
      { kind: "url", text: "Look" },
    ],
  });
});

test("marks are read as WhatsApp reads them", () => {
  const text = (words: string) => ({ kind: "text", text: words });
  assert.deepEqual(piecesOf("a *b* c"), [text("a "), { kind: "bold", pieces: [text("b")] }, text(" c")]);
  assert.deepEqual(piecesOf("*سلام _جان_*"), [
    { kind: "bold", pieces: [text("سلام "), { kind: "italic", pieces: [text("جان")] }] },
  ]);
  assert.deepEqual(piecesOf("~old~ ```*x*\ny```"), [
    { kind: "strike", pieces: [text("old")] },
    text(" "),
    { kind: "mono", text: "*x*\ny" },
  ]);
  for (const plain of [
    "2 * 3 * 4",
    "a_b_c",
    "{{ user.first_name }} and {{ user.last_name }}",
    "* a*",
    "*a\nb*",
  ])
    assert.deepEqual(piecesOf(plain), [text(plain)], plain);
});
