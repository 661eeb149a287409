import { type Template as Node, Output, TokenKind, TypeGuards } from "liquidjs";

type Filter = (value: unknown) => unknown;

/** The text for these variables; null where only the engine knows what becomes of a value. */
export type SimpleRender = (variables: object) => string | null;

/**
 * Reads templates that are nothing but text and variables, `{{ user.first_name }}`, as nearly all are: these are filled in
 * some ten times as fast without the engine, which goes through generators for each name. `simple` are the filters
 * that need nothing but their value. Null for any other template.
 */
export function readSimple(nodes: readonly Node[], simple: ReadonlySet<unknown>): SimpleRender | null {
  const pieces: (string | Piece)[] = [];
  for (const node of nodes) {
    const piece = node.token.kind === TokenKind.HTML ? textOf(node) : pieceOf(node, simple);
    if (piece === null) return null;
    pieces.push(piece);
  }
  return (variables) => {
    let text = "";
    for (const piece of pieces) {
      const filled = typeof piece === "string" ? piece : fill(piece, variables);
      if (filled === null) return null;
      text += filled;
    }
    return text;
  };
}

interface Piece {
  path: readonly string[];
  filters: readonly Filter[];
}

/** White space that `{{-` takes off is off already. */
const textOf = (node: Node): string | null =>
  "str" in node && typeof node.str === "string" ? node.str : null;

function pieceOf(node: Node, simple: ReadonlySet<unknown>): Piece | null {
  if (!(node instanceof Output)) return null;
  const { initial, filters } = node.value;
  const [name, ...more] = initial.postfix;
  if (more.length > 0 || !name || !TypeGuards.isPropertyAccessToken(name) || name.variable !== undefined)
    return null;
  const path: string[] = [];
  for (const step of name.props) {
    if (step.kind !== TokenKind.Word && step.kind !== TokenKind.Quoted) return null;
    const { content } = step as { content: string };
    if (made.has(content)) return null;
    path.push(content);
  }
  const plain = filters as unknown as { handler: Filter; args: unknown[] }[];
  if (!plain.every(({ handler, args }) => args.length === 0 && simple.has(handler))) return null;
  return { path, filters: plain.map(({ handler }) => handler) };
}

/** What Liquid makes of every list and text. */
const made: ReadonlySet<string> = new Set(["size", "first", "last"]);

function fill({ path, filters }: Piece, variables: object): string | null {
  let value: unknown = variables;
  for (const step of path) {
    if (value === null || value === undefined) break;
    if (typeof value !== "object" || Array.isArray(value)) return null;
    value = Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
  }
  if (typeof value === "function") return null;
  for (const filter of filters) value = filter(value);
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? null : String(value);
}
