import { parseEmail } from "../../users/email.ts";
import { quoted, Rejected } from "./rejected.ts";

/** An e-mail address in lower case. Throws {@link Rejected}. */
export function readEmail(text: string, column: string): string {
  const email = parseEmail(text);
  if (email === null)
    throw new Rejected("email_invalid", column, `${quoted(text)} is not an e-mail address.`);
  return email;
}
