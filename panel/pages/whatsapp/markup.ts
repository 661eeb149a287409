/** A piece of a text as WhatsApp shows it. */
export type Piece =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "strike"; pieces: Piece[] }
  | { kind: "mono"; text: string };

const marks = { "*": "bold", _: "italic", "~": "strike" } as const;

// A mark holds words together: it stands at their edges, with neither a letter on its outer side nor a blank on its inner.
const marked = /```([\s\S]+?)```|`([^`\n]+)`|(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\3(?![\p{L}\p{N}])/u;

/**
 * The marks of WhatsApp in a text: *bold*, _italic_, ~struck~ and ```mono```.
 * https://faq.whatsapp.com/539178204879377
 */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = text;
  for (let found = marked.exec(rest); found !== null; found = marked.exec(rest)) {
    const [whole, block, inline, mark, inside = ""] = found;
    if (found.index > 0) pieces.push({ kind: "text", text: rest.slice(0, found.index) });
    const mono = block ?? inline;
    if (mono !== undefined) pieces.push({ kind: "mono", text: mono });
    else pieces.push({ kind: marks[mark as keyof typeof marks], pieces: piecesOf(inside) });
    rest = rest.slice(found.index + whole.length);
  }
  return rest === "" ? pieces : [...pieces, { kind: "text", text: rest }];
}
