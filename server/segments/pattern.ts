export type ParsedPattern =
  | { ok: true; pattern: string; caseSensitive: boolean }
  | { ok: false; detail: string };

// What JavaScript and PostgreSQL read differently, or only one of them knows: look-behind, named groups, flags,
// back references, Unicode classes.
const notCommon = /\(\?(?![:=!])|\\[pPkuxcb0-9ABZyYmM]/;

/**
 * A pattern both JavaScript and PostgreSQL read the same way. `like` takes a regular expression, or a `%` pattern when
 * it has a percent sign; `regexp` takes `^foo` or `/^foo/i`.
 */
export function parsePattern(argument: unknown, notation: "like" | "regexp"): ParsedPattern {
  if (typeof argument !== "string") return { ok: false, detail: "expected a text with the pattern" };
  if (argument.length > 200) return { ok: false, detail: "is longer than 200 characters" };
  if (argument.includes("\0")) return { ok: false, detail: "has a NUL character" };
  const slashed = notation === "regexp" ? /^\/(.*)\/(\w*)$/s.exec(argument) : null;
  const flags = slashed?.[2] ?? "";
  if (!/^i?$/.test(flags)) return { ok: false, detail: `has the flags "${flags}"; only i is known` };
  const caseSensitive = flags !== "i";
  const text = slashed?.[1] ?? argument;
  if (notation === "like" && text.includes("%"))
    return { ok: true, pattern: fromPercent(text), caseSensitive };
  if (notCommon.test(text)) {
    return { ok: false, detail: "uses a regular expression that JavaScript and PostgreSQL read differently" };
  }
  try {
    new RegExp(text);
  } catch (error) {
    return { ok: false, detail: `is not a regular expression: ${(error as Error).message}` };
  }
  return { ok: true, pattern: text, caseSensitive };
}

/** `%` is any text and `_` any one character, over the whole value. */
function fromPercent(text: string): string {
  const body = text
    .replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
  return `^${body}$`;
}
