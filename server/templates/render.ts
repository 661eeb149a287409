import { Liquid, LiquidError, type Template as Node } from "liquidjs";
import { didYouMean } from "../lib/did-you-mean.ts";
import { maxContent } from "./schema.ts";
import type { Variables } from "./variables.ts";

/** A template that was read. `paths` are the variables it needs from outside, name by name. */
export interface Template {
  nodes: Node[];
  paths: (string | number)[][];
}

export type Read<T> = { ok: true; value: T } | { ok: false; detail: string };

const engine = new Liquid({
  // In memory only: nothing is ever looked up by name, least of all in files.
  templates: {},
  strictFilters: true,
  ownPropertyOnly: true,
  // The same text on every machine.
  timezoneOffset: 0,
  locale: "en",
  parseLimit: maxContent,
  // Milliseconds. Between two steps only, which memory bounds: characters and items that a rendering may make.
  renderLimit: 250,
  memoryLimit: 1_000_000,
});
for (const tag of ["include", "render", "layout", "block"]) Reflect.deleteProperty(engine.tags, tag);

/** Reads a template, or says in one sentence where it is broken and what would mend it. */
export function readTemplate(content: string): Read<Template> {
  if (content.length > maxContent) return { ok: false, detail: `is longer than ${maxContent} characters` };
  return attempt(() => {
    const nodes = engine.parse(mended(content));
    const found = engine.globalVariableSegmentsSync(nodes, { partials: false });
    // user[user.plan] is known only when it is rendered; user.plan within it is found by itself.
    const paths = found.filter((path): path is (string | number)[] => !path.some(Array.isArray));
    return { nodes, paths };
  });
}

/** The text for these variables. A variable without a value is empty. */
export function renderTemplate(template: Template, variables: Variables): Read<string> {
  return attempt(() => String(engine.renderSync(template.nodes, variables)));
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
  content.replace(/(\{\{-?\s*user)\s*,\s*(?=[\p{L}_])/gu, (_, start: string) => `${start}.`);

function attempt<T>(step: () => T): Read<T> {
  try {
    return { ok: true, value: step() };
  } catch (error) {
    // Nesting without end; the engine wraps it only while it reads.
    if (error instanceof RangeError) return { ok: false, detail: tooDeep };
    if (!LiquidError.is(error)) throw error;
    const [line, column] = error.token.getPosition();
    return { ok: false, detail: `line ${line}, column ${column}: ${explained(error)}` };
  }
}

const tooDeep = "is nested too deeply; use fewer tags or brackets inside each other";

/** The engine has no codes, only sentences without a cure. */
function explained(error: LiquidError): string {
  if (error.originalError instanceof RangeError) return tooDeep;
  const message = error.message.replace(/, line:\d+, col:\d+$/, "");
  const filter = /^undefined filter: (.*)$/.exec(message)?.[1];
  if (filter !== undefined) {
    const known = Object.keys(engine.filters);
    return `there is no filter ${filter}${didYouMean(filter, known)}; filters are those of Liquid, such as default, upcase and date`;
  }
  const tag = /^tag "(.*)" not found$/.exec(message)?.[1];
  if (tag !== undefined) {
    const opening = tag.replace(/^end/, "");
    if (opening !== tag && Object.hasOwn(engine.tags, opening))
      return `${tag} closes nothing; take it out, or open it with {% ${opening} … %}`;
    const known = Object.keys(engine.tags);
    return `there is no tag ${tag}${didYouMean(tag, known)}; tags are ${known.join(", ")}`;
  }
  const isTag = message.startsWith("tag");
  if (message.endsWith("not closed"))
    return `${message}; ${isTag ? "add its end, as {% endif %} for {% if … %}" : "end it with }}"}`;
  if (message.endsWith("limit exceeded"))
    return "makes too much of it; write loops over fewer items and shorter texts";
  return `${message}; expected Liquid such as {{user.first_name}} or {% if user.vip %} … {% endif %}`;
}
