import { Liquid, LiquidError, type Template as Node, TokenKind } from "liquidjs";
import { didYouMean } from "./did-you-mean.ts";
import { FilterFault, inTimeZone, registerDateFilters } from "./liquid-dates.ts";
import { readSimple, type SimpleRender } from "./liquid-simple.ts";

/** A template that was read. `paths` are the variables it needs from outside, name by name; `isPlain` where it is only text. */
export interface Template {
  isPlain: boolean;
  nodes: Node[];
  paths: (string | number)[][];
  /** Variables of which a name is known only when it is rendered, `user[user.plan]`, up to that name. */
  openPaths: (string | number)[][];
  /** Fills it in without the engine, where that comes to the same. */
  simple: SimpleRender | null;
}

export type Read<T> = { ok: true; value: T } | { ok: false; detail: string };

/** Liquid within limits, for texts that customers write. */
export interface TemplateEngine {
  /** Reads a template, or says in one sentence where it is broken and what would mend it. */
  read(content: string): Read<Template>;
  /**
   * The text for these variables, of which only own members are seen. A variable without a value is empty. `timeZone` is
   * that of its dates, UTC if missing.
   */
  render(template: Template, variables: object, timeZone?: string): Read<string>;
}

/**
 * Makes an engine. `maxContent` is the longest template in characters, `example` what a reader of a fault is shown as
 * Liquid that would do. `escape` goes over every output that does not end with the filter `raw`; "html" is that of HTML.
 * `maxMade` is how many characters and items a rendering may make.
 */
export function createTemplateEngine(options: {
  maxContent: number;
  example: string;
  escape?: "html" | ((value: unknown) => string);
  maxMade?: number;
}): TemplateEngine {
  const engine = new Liquid({
    // In memory only: nothing is ever looked up by name, least of all in files.
    templates: {},
    strictFilters: true,
    ownPropertyOnly: true,
    // The same text on every machine.
    timezoneOffset: 0,
    locale: "en",
    parseLimit: options.maxContent,
    // Milliseconds. Between two steps only, which memory bounds: characters and items that a rendering may make.
    renderLimit: 250,
    memoryLimit: options.maxMade ?? 1_000_000,
    ...(options.escape ? { outputEscape: options.escape === "html" ? "escape" : options.escape } : {}),
  });
  for (const tag of ["include", "render", "layout", "block"]) Reflect.deleteProperty(engine.tags, tag);
  registerDateFilters(engine);
  // Its own makes nothing at all of a missing value, and JSON has no such thing.
  const json = (value: unknown, space?: number) => JSON.stringify(value ?? null, null, space);
  engine.registerFilter("json", json);
  const needOnlyTheirValue = new Set<unknown>([json, options.escape]);

  return {
    read(content) {
      if (content.length > options.maxContent)
        return { ok: false, detail: `is longer than ${options.maxContent} characters` };
      return attempt(engine, options.example, () => {
        const nodes = engine.parse(content);
        const found = engine.globalVariableSegmentsSync(nodes, { partials: false });
        // user[user.plan] is known only when it is rendered; user.plan within it is found by itself.
        const paths = found.filter((path): path is (string | number)[] => !path.some(Array.isArray));
        const openPaths = found.flatMap((path) => {
          const end = path.findIndex(Array.isArray);
          return end < 0 ? [] : [path.slice(0, end) as (string | number)[]];
        });
        return {
          ...{ nodes, paths, openPaths, simple: readSimple(nodes, needOnlyTheirValue) },
          isPlain: nodes.every(({ token }) => token.kind === TokenKind.HTML),
        };
      });
    },
    render(template, variables, timeZone = "UTC") {
      const simple = template.simple?.(variables);
      if (typeof simple === "string") return { ok: true, value: simple };
      return attempt(engine, options.example, () =>
        String(engine.renderSync(template.nodes, variables, inTimeZone(timeZone))),
      );
    },
  };
}

function attempt<T>(engine: Liquid, example: string, step: () => T): Read<T> {
  try {
    return { ok: true, value: step() };
  } catch (error) {
    // Nesting without end; the engine wraps it only while it reads.
    if (error instanceof RangeError) return { ok: false, detail: tooDeep };
    if (!LiquidError.is(error)) throw error;
    const [line, column] = error.token.getPosition();
    return { ok: false, detail: `line ${line}, column ${column}: ${explained(engine, example, error)}` };
  }
}

const tooDeep = "is nested too deeply; use fewer tags or brackets inside each other";

/** The engine has no codes, only sentences without a cure. */
function explained(engine: Liquid, example: string, error: LiquidError): string {
  if (error.originalError instanceof RangeError) return tooDeep;
  const message = error.message.replace(/, line:\d+, col:\d+$/, "");
  if (error.originalError instanceof FilterFault) return message;
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
  return `${message}; expected Liquid such as ${example}`;
}
