import { createTemplateEngine, type Read, type Template, type TemplateEngine } from "../lib/liquid.ts";
import { asLiquid, faultOfAddition } from "./call-forms.ts";
import { maxSource } from "./email/schema.ts";
import { maxContent } from "./schema.ts";
import type { Variables } from "./variables.ts";

const example = "{{user.first_name}} or {% if user.vip %} … {% endif %}";
const engine = createTemplateEngine({ maxContent, example });
// An e-mail grows by styles in its elements, and by what loops make of it.
const long = { maxContent: 4 * maxSource, maxMade: 16 * maxSource, example };
const longEngine = createTemplateEngine(long);
// Values are texts: what looks like HTML in them is none.
const htmlEngine = createTemplateEngine({ ...long, escape: "html" });

/** Reads a template, or says in one sentence where it is broken and what would mend it. */
export const readTemplate = (content: string): Read<Template> => readBy(engine, content);

/** The text for these variables. A variable without a value is empty. */
export const renderTemplate = (template: Template, variables: Variables): Read<string> =>
  engine.render(template, variables, variables.app?.timeZone);

/** A template as long as an e-mail; with `html`, values are escaped in it. */
export function readEmailTemplate(
  content: string,
  { html }: { html: boolean },
): Read<Template & { render(variables: Variables): Read<string> }> {
  const used = html ? htmlEngine : longEngine;
  const read = readBy(used, content);
  if (!read.ok) return read;
  return {
    ok: true,
    value: {
      ...read.value,
      render: (variables) => used.render(read.value, variables, variables.app?.timeZone),
    },
  };
}

function readBy(used: TemplateEngine, content: string): Read<Template> {
  const detail = faultOfAddition(content);
  return detail === null ? used.read(mended(content)) : { ok: false, detail };
}

/** Variables of the template that have no value, each once, with dots: `user.first_name`. */
export function missingVariables(template: Template, variables: Variables): string[] {
  const missing = template.paths.filter((path) => isMissing(variables, path));
  return [...new Set(missing.map((path) => path.join(".")))];
}

function isMissing(variables: Variables, path: readonly (string | number)[]): boolean {
  let value: unknown = variables;
  for (const step of path) {
    // What Liquid makes of every list and text, besides their own.
    if ((step === "size" || step === "first" || step === "last") && isSequence(value))
      return step !== "size" && value.length === 0;
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return true;
    value = (value as Record<string, unknown>)[step];
  }
  return value === null || value === undefined || value === "";
}

const isSequence = (value: unknown): value is string | unknown[] =>
  typeof value === "string" || Array.isArray(value);

/** `{{user,first_name}}` is how the guides of broadcast lists print `{{user.first_name}}`. */
const mended = (content: string): string =>
  asLiquid(content).replace(/(\{\{-?\s*user)\s*,\s*(?=[\p{L}_])/gu, (_, start: string) => `${start}.`);
