// One @, something before it, a dot somewhere after it: what bounces anyway is told by the mail server.
const address = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

/** An e-mail address in lower case, as all are stored; null when it is none. */
export const parseEmail = (text: string): string | null =>
  text.length <= 254 && address.test(text) ? text.toLowerCase() : null;
