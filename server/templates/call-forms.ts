import { Tokenizer, TokenKind } from "liquidjs";

// Texts in quotes are matched first, so that nothing inside of them is taken for anything else.
const quoted = `"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'`;
const calls = new RegExp(`${quoted}|(\\|\\s*\\w+\\s*)\\(((?:${quoted}|[^()"'])*)\\)`, "g");

/**
 * The same template with filters as Liquid writes them: `| date("jYYYY")`, as Jinja and Nunjucks have it, is
 * `| date: "jYYYY"`. Only inside of outputs and tags, outside of texts in quotes; and every character that is left stays
 * where it was, so that faults are told at the place they were written.
 */
export function asLiquid(content: string): string {
  if (!content.includes("(")) return content;
  let mended = "";
  let end = 0;
  for (const token of topLevel(content)) {
    mended += content.slice(end, token.begin);
    const text = content.slice(token.begin, token.end);
    mended += token.kind === TokenKind.HTML ? text : withoutCalls(text);
    end = token.end;
  }
  return mended + content.slice(end);
}

const withoutCalls = (text: string): string =>
  text.replace(calls, (whole, filter: string | undefined, given: string | undefined) => {
    if (filter === undefined || given === undefined) return whole;
    return given.trim() === "" ? `${filter} ${given} ` : `${filter}:${given} `;
  });

/** None of a text that cannot be read: whoever reads it says why. */
function topLevel(content: string) {
  try {
    return new Tokenizer(content).readTopLevelTokens();
  } catch {
    return [];
  }
}

const additions = new RegExp(`${quoted}|\\+`, "g");

/**
 * Where something is added or put together with a plus sign, as in `user[a + 'b']`, which Liquid has none of; says what
 * would do instead. Null where nothing of that is in the template.
 */
export function faultOfAddition(content: string): string | null {
  if (!content.includes("+")) return null;
  for (const token of topLevel(content)) {
    const text = content.slice(token.begin, token.end);
    if (token.kind === TokenKind.HTML || /^\{%-?\s*(#|comment)/.test(text)) continue;
    for (const { 0: found, index } of text.matchAll(additions)) {
      if (found !== "+") continue;
      const [line, column] = placeOf(content, token.begin + index);
      return `line ${line}, column ${column}: Liquid has no plus sign; for a name in brackets write {% assign name = a | append: b %} and then user[name], for numbers | plus:`;
    }
  }
  return null;
}

function placeOf(content: string, at: number): [line: number, column: number] {
  const before = content.slice(0, at).split("\n");
  return [before.length, (before.at(-1)?.length ?? 0) + 1];
}
