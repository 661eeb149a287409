// A string, or an escaped white space that stands outside of one.
const stringOrEscape = /"(?:[^"\\]|\\.)*"|\\[tnr]/gs;

/**
 * The text with `\t`, `\n` and `\r` outside of strings (a backslash and a letter, not the characters) turned into
 * blanks. Chabok's documentation has examples whose shell quoting sends them like that between the tokens.
 */
export function withoutStrayEscapes(text: string): string {
  return text.replace(stringOrEscape, (found) => (found.startsWith('"') ? found : " "));
}
