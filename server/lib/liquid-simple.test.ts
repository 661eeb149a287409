import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createTemplateEngine } from "./liquid.ts";

const limits = { maxContent: 10_000, example: "{{ name }}" };
const upper = (value: unknown) => (JSON.stringify(value) ?? "").toUpperCase();
const engines = [
  createTemplateEngine(limits),
  createTemplateEngine({ ...limits, escape: upper }),
  createTemplateEngine({ ...limits, escape: "html" }),
];

const names = ["a", "b", "a.b", "size", "first", "last", "constructor", "__proto__", "length"];
const name = fc.constantFrom(...names);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    ...[fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null)],
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(name, tie("any"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).any;
const variables = fc.dictionary(name, value, { maxKeys: 5, noNullPrototype: true });
const output = fc
  .tuple(fc.array(name, { minLength: 1, maxLength: 3 }), fc.constantFrom("", " | json", " | upcase", "-"))
  .map(([path, end]) => {
    const [first = "a", ...rest] = path.map((step) => (/^\w+$/.test(step) ? step : "b"));
    const steps = rest.map((step, index) =>
      index % 2 === 0 ? `.${step}` : `['${path[index + 1] ?? step}']`,
    );
    return end === "-" ? `{{- ${first}${steps.join("")} -}}` : `{{ ${first}${steps.join("")}${end} }}`;
  });
const template = fc
  .array(fc.oneof(output, fc.constantFrom(" ", "\n", "Hello, ", "%", "{ }")), { maxLength: 6 })
  .map((parts) => parts.join(""));

test("a template of text and variables comes to the same with the engine and without", () => {
  let simple = 0;
  fc.assert(
    fc.property(template, variables, fc.constantFrom(...engines), (content, given, engine) => {
      const read = engine.read(content);
      // The engine fills this in itself: there is a tag in it.
      const withTag = engine.read(`${content}{% if true %}{% endif %}`);
      assert.ok(read.ok && withTag.ok, content);
      if (typeof read.value.simple?.(given) === "string" && content.includes("{{")) simple++;
      assert.deepEqual(engine.render(read.value, given), engine.render(withTag.value, given));
    }),
    { numRuns: 3000 },
  );
  assert.ok(simple > 100, `only ${simple} were simple`);
});
