import { maxTagLength } from "../../users/limits.ts";
import { quoted, Rejected } from "./rejected.ts";

/** A plain tag as it is stored. Throws {@link Rejected}. */
export function readTag(tag: unknown, column: string): string {
  const isTag = typeof tag === "string" || typeof tag === "number" || typeof tag === "boolean";
  if (!isTag || String(tag).includes("\0")) {
    throw new Rejected(
      "tags_invalid",
      column,
      `${column} may hold texts, numbers and true or false, not ${quoted(JSON.stringify(tag))}.`,
    );
  }
  return limited(String(tag), column);
}

/** The value of a pair, which becomes the tag `key_value`. Throws {@link Rejected}. */
export function readTagValue(key: string, tag: unknown, column: string): string {
  // Assigning it would change the object and store nothing.
  if (key.includes("\0") || key === "__proto__") {
    throw new Rejected("tags_invalid", column, `${column} has a key that cannot be stored: ${quoted(key)}.`);
  }
  const value = readTag(tag, column);
  limited(`${key}_${value}`, column);
  return value;
}

function limited(tag: string, column: string): string {
  if (tag.length <= maxTagLength) return tag;
  throw new Rejected(
    "tags_invalid",
    column,
    `${column} has a tag of ${tag.length} characters; at most ${maxTagLength} fit: ${quoted(tag)}.`,
  );
}
