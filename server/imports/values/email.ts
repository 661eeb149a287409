import { quoted, Rejected } from "./rejected.ts";

// One @, something before it, a dot somewhere after it: what bounces anyway is told by the mail server.
const address = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

/** An e-mail address in lower case. Throws {@link Rejected}. */
export function readEmail(text: string, column: string): string {
  if (text.length > 254 || !address.test(text)) {
    throw new Rejected("email_invalid", column, `${quoted(text)} is not an e-mail address.`);
  }
  return text.toLowerCase();
}
