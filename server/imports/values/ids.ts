import { quoted, Rejected } from "./rejected.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/;

/** A user or installation id: 1 to 128 characters, no control characters, not `*`. Throws {@link Rejected}. */
export function readId(text: string, column: string): string {
  if (text.length > 128 || text === "*" || controlCharacter.test(text)) {
    throw new Rejected(
      "user_id_invalid",
      column,
      `${column} must be 1 to 128 characters, without control characters and not "*"; it is ${quoted(text)}.`,
    );
  }
  return text;
}
