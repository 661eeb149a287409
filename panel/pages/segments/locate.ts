/** Where the values of a JSON text stand. Lines count from 1. */
export interface Located {
  /** The parsed value; undefined when the text is not JSON. */
  value: unknown;
  /** Line of each member, by JSON pointer (RFC 6901); "" is the whole text. */
  lines: ReadonlyMap<string, number>;
  /** Line where reading had to stop; null when the text is JSON. */
  brokenAt: number | null;
}

class Broken extends Error {}

/** Walks a JSON text only to learn on which line each pointer stands; values themselves come from JSON.parse. */
class Walk {
  readonly lines = new Map<string, number>();
  private at = 0;
  private line = 1;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  run(): number | null {
    try {
      this.value("");
      this.space();
      return this.at < this.text.length ? this.line : null;
    } catch (error) {
      if (error instanceof Broken) return this.line;
      throw error;
    }
  }

  private space() {
    for (;;) {
      const next = this.text[this.at];
      if (next === "\n") this.line += 1;
      else if (next !== " " && next !== "\t" && next !== "\r") return;
      this.at += 1;
    }
  }

  private take(expected: string) {
    this.space();
    if (this.text[this.at] !== expected) throw new Broken();
    this.at += 1;
  }

  private isNext(character: string): boolean {
    this.space();
    return this.text[this.at] === character;
  }

  private match(pattern: RegExp): string {
    this.space();
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw new Broken();
    this.at += found.length;
    return found;
  }

  private value(pointer: string) {
    this.space();
    if (!this.lines.has(pointer)) this.lines.set(pointer, this.line);
    if (this.isNext("{")) this.members(pointer, "{", "}");
    else if (this.isNext("[")) this.members(pointer, "[", "]");
    else this.match(scalar);
  }

  private members(pointer: string, open: string, close: string) {
    this.take(open);
    if (this.isNext(close)) return this.take(close);
    for (let index = 0; ; index += 1) {
      let name = String(index);
      this.space();
      const line = this.line;
      if (open === "{") {
        name = String(JSON.parse(this.match(string)));
        this.take(":");
      }
      const inner = `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      this.lines.set(inner, line);
      this.value(inner);
      if (!this.isNext(",")) return this.take(close);
      this.take(",");
    }
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 §7 forbids them inside strings
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = new RegExp(
  `${string.source}|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null`,
  "y",
);

/** Parses and locates. See {@link Located}. */
export function locate(text: string): Located {
  const walk = new Walk(text);
  const brokenAt = walk.run();
  return { value: brokenAt === null ? JSON.parse(text) : undefined, lines: walk.lines, brokenAt };
}

/** Line of the pointer, or of the nearest thing around it that is in the text. */
export function lineOf(lines: ReadonlyMap<string, number>, pointer: string): number {
  for (let rest = pointer; ; rest = rest.slice(0, rest.lastIndexOf("/"))) {
    const line = lines.get(rest);
    if (line !== undefined) return line;
    if (!rest.includes("/")) return 1;
  }
}
