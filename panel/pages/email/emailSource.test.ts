import assert from "node:assert/strict";
import { test } from "node:test";
import { type EmailBody, EmailDesign } from "../../../server/templates/email/schema.ts";
import { en } from "../../strings/en.ts";
import { fa } from "../../strings/fa.ts";
import { bodyOf, isBlank, sourceOf, starterDesign, starterSource } from "./emailSource.ts";

let last = 0;
const newId = () => String(++last);

test("what was saved is shown again, in the way it was written", () => {
  const bodies: EmailBody[] = [
    { format: "design", design: starterDesign(en, "ltr", newId) },
    { format: "html", html: "<p>Hi</p>" },
    { format: "mjml", mjml: "<mjml></mjml>" },
  ];
  for (const body of bodies) assert.deepEqual(bodyOf(sourceOf(body)), body);
  assert.equal(bodyOf(sourceOf(undefined)), undefined);
  assert.equal(sourceOf(undefined).format, "plain");
});

test("what a new e-mail begins with is as the server wants it, in both languages", () => {
  for (const [strings, direction] of [
    [en, "ltr"],
    [fa, "rtl"],
  ] as const) {
    const design = starterDesign(strings, direction, newId);
    assert.deepEqual(EmailDesign.parse(design), design);
    assert.deepEqual(
      design.blocks.map(({ kind }) => kind),
      ["heading", "text", "button", "footer"],
    );
    assert.match(JSON.stringify(design.blocks[0]), /user\.first_name \| default:/);
  }
  const source = starterSource(en, "ltr", newId);
  assert.deepEqual([source.isStarter, isBlank(source)], [true, false]);
});

test("an e-mail with nothing but a footer is blank", () => {
  const design = starterDesign(en, "ltr", newId);
  const footer = { ...design, blocks: design.blocks.filter(({ kind }) => kind === "footer") };
  assert.ok(isBlank(sourceOf({ format: "design", design: footer })));
  assert.ok(isBlank(sourceOf({ format: "html", html: " \n" })));
});
