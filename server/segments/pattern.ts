export type ParsedPattern =
  | { ok: true; pattern: string; caseSensitive: boolean }
  | { ok: false; detail: string };

const maxLength = 200;
/** Of all `{n}` multiplied: PostgreSQL writes each of them out. */
const maxRepetitions = 1_000;

/**
 * A pattern that JavaScript and PostgreSQL read the same way, as PostgreSQL takes it. `like` is LoopBack's: a regular
 * expression that may be found anywhere, in which `%` stands for any text and `_` for one character. `regexp` takes
 * `^foo` or `/^foo/i`.
 */
export function parsePattern(argument: unknown, notation: "like" | "regexp"): ParsedPattern {
  if (typeof argument !== "string") return { ok: false, detail: "expected a text with the pattern" };
  if (argument.length > maxLength) return { ok: false, detail: `is longer than ${maxLength} characters` };
  if (argument.includes("\0")) return { ok: false, detail: "has a NUL character" };
  if (!argument.isWellFormed()) return { ok: false, detail: "has half of a character" };
  const slashed = notation === "regexp" ? /^\/(.*)\/(\w*)$/s.exec(argument) : null;
  const flags = slashed?.[2] ?? "";
  if (!/^i?$/.test(flags)) return { ok: false, detail: `has the flags "${flags}"; only i is known` };
  const text = slashed?.[1] ?? argument;
  const tokens = text.match(token) ?? [];
  const read = translate(tokens, notation === "like");
  if (read.fault) return { ok: false, detail: read.fault };
  try {
    new RegExp(read.javascript);
  } catch (error) {
    const reason = (error as Error).message.replace(/^Invalid regular expression: /, "");
    return { ok: false, detail: `is not a regular expression: ${reason}` };
  }
  if (repetitions(tokens) > maxRepetitions)
    return { ok: false, detail: `repeats more than ${maxRepetitions} times; use * or + instead` };
  return { ok: true, pattern: read.postgres, caseSensitive: flags !== "i" };
}

/** A text as a pattern for itself. */
export const literalPattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

// An escape, what opens a group, the beginning of a class, a repetition, or one character.
const token = /\\[\s\S]?|\(\?[\s\S]?|\[\^?|\{\d+(?:,\d*)?\}|[\s\S]/gu;

const unlike = "uses what JavaScript and PostgreSQL read differently";

/** JavaScript's classes by their characters: PostgreSQL takes those of all alphabets. */
const classes: Record<string, string> = {
  d: "0-9",
  w: "A-Za-z0-9_",
  s: "\\t-\\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff",
};
const anyButLineEnd = "[^\\n\\r\u2028\u2029]";

/** The pattern in both dialects. */
function translate(
  tokens: readonly string[],
  isLike: boolean,
): { javascript: string; postgres: string; fault?: string } {
  let javascript = "";
  let postgres = "";
  let inClass = false;
  const faulty = (part: string) => ({
    ...{ javascript, postgres },
    fault: `${unlike}: ${JSON.stringify(part)}`,
  });
  for (const [index, part] of tokens.entries()) {
    const escaped = part.startsWith("\\") ? part.slice(1) : "";
    let inPostgres = part;
    let inJavascript = part;
    if (isLike && (escaped === "%" || escaped === "_")) inPostgres = inJavascript = escaped;
    else if (escaped !== "") {
      const lower = escaped.toLowerCase();
      const isNegated = escaped !== lower;
      if (classes[lower] !== undefined) {
        // Within a class PostgreSQL has no way to say "all but these".
        if (inClass && isNegated) return faulty(part);
        inPostgres = inClass ? classes[lower] : `[${isNegated ? "^" : ""}${classes[lower]}]`;
      } else if (/^[nrtfv]$/.test(escaped)) inPostgres = part;
      else if (/[A-Za-z0-9]/.test(escaped)) return faulty(part);
    } else if (inClass) {
      if (part === "]") inClass = false;
      // POSIX classes, and ranges of classes.
      if (part.startsWith("[")) return faulty(part);
    } else if (part.startsWith("[")) {
      if (tokens[index + 1] === "]") return faulty(`${part}]`);
      inClass = true;
    } else if (part.startsWith("(?")) {
      if (!/^\(\?[:=!]$/.test(part)) return faulty(part);
    } else if (part === ".") inPostgres = anyButLineEnd;
    else if (isLike && part === "%") {
      inPostgres = `${anyButLineEnd}*`;
      inJavascript = ".*";
    } else if (isLike && part === "_") {
      inPostgres = anyButLineEnd;
      inJavascript = ".";
    }
    postgres += inPostgres;
    javascript += inJavascript;
  }
  return { javascript, postgres };
}

function repetitions(tokens: readonly string[]): number {
  let product = 1;
  for (const part of tokens) {
    const match = /^\{(\d+)(?:,(\d*))?\}$/.exec(part);
    if (match) product *= Math.max(1, Number(match[1]), Number(match[2] || 0));
  }
  return product;
}
