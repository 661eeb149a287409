import { decodeHTMLAttribute } from "entities";
import { createLinkTokens, type LinkTokens, type TokenSubject } from "./tokens.ts";

/** The addresses of ours that stand in a message to one person. */
export interface Links {
  tokens: LinkTokens;
  /** Where one POST ends it (RFC 8058), and a person is asked first. */
  leaveUrl(subject: TokenSubject): string;
  /** Left sides of addresses: where a mail comes back to, and where to write to hear no more. */
  bounceMailbox(subject: TokenSubject): string;
  leaveMailbox(subject: TokenSubject): string;
  /**
   * HTML in which every link that is counted leads through us, and the picture at its end tells that it was opened.
   * `mark` is what stands before their numbers (see templates/email/compile.ts).
   */
  track(html: string, mark: string, subject: TokenSubject): string;
}

export const bouncePrefix = "b+";
export const leavePrefix = "u+";

/** The same page for somebody who wants to choose. */
export const preferencesOf = (leaveUrl: string): string => `${leaveUrl}?preferences`;

/** Makes the links of messages. `publicUrl` is where readers reach us, without a slash at its end. */
export function createLinks({ secretKey, publicUrl }: { secretKey: string; publicUrl: () => string }): Links {
  const tokens = createLinkTokens(secretKey);
  const leaveUrl = (subject: TokenSubject) => `${publicUrl()}/u/${tokens.sign("leave", subject)}`;

  function address(rest: string, subject: TokenSubject): string {
    if (rest === "open") return `${publicUrl()}/o/${tokens.sign("open", subject)}.gif`;
    const [, number = "", written] = /^(\d+)(?:-(.*))?$/s.exec(rest) ?? [];
    const link = Number(number);
    if (written === undefined) return `${publicUrl()}/c/${tokens.sign("click", subject, link)}`;
    const to = decodeHTMLAttribute(written).trim();
    // What a variable made no address of a page is left as it came, so that nothing leads to it through us.
    if (!/^https?:\/\//i.test(to) || !URL.canParse(to)) return /^\w+:/.test(to) ? "#" : written;
    return `${publicUrl()}/c/${tokens.sign("click", subject, link, to)}?to=${Buffer.from(to).toString("base64url")}`;
  }

  return {
    tokens,
    leaveUrl,
    bounceMailbox: (subject) => bouncePrefix + tokens.signAddress("bounce", subject),
    leaveMailbox: (subject) => leavePrefix + tokens.signAddress("leave", subject),
    track(html, mark, subject) {
      // One pass over the whole, an attribute at a time: everything else is copied as it is.
      return html.replace(
        new RegExp(`(href|src)="${mark}-([^"]*)"`, "g"),
        (_, name: string, rest: string) => `${name}="${address(rest, subject)}"`,
      );
    },
  };
}
