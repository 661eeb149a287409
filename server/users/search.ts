import { phoneStarts } from "./phone.ts";

/** What somebody may mean by the text of a search. A user is found who fits one of these. */
export interface UserSearch {
  /** Start of the user id. */
  id: string;
  /** Starts of stored phone numbers. */
  phones: string[];
  /** Start of the e-mail address. */
  email: string | null;
  /** Words of the name, each from its start; as typed, the database reads them as it reads names. */
  name: string | null;
}

/** Fewer letters are the start of too many addresses. */
const minEmailLetters = 3;

export function readSearch(text: string): UserSearch {
  const phones = phoneStarts(text);
  const isEmail = /^[^\s@]+(@[^\s@]*)?$/.test(text) && (text.includes("@") || text.length >= minEmailLetters);
  return {
    id: text,
    phones,
    email: isEmail ? text.toLowerCase() : null,
    // One letter is the start of too many names. A number that long is nobody's name, and neither is an address.
    name: phones.length === 0 && !text.includes("@") && /[^\s\p{P}]{2}/u.test(text) ? text : null,
  };
}
