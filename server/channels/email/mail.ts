import { domainToASCII } from "node:url";
import { encodeWords, foldLines } from "nodemailer/lib/mime-funcs";
import type { Outbound } from "../provider.ts";
import { domainOf, type SmtpConfig } from "./smtp-config.ts";

/** A mail, and by what it is carried. */
export interface Mail {
  messageId: string;
  from: string;
  to: string;
  /** Its name in reports of delivery (RFC 3461). */
  id: string;
  composed: Composed;
}

/** What is carried: each header with its lines, and what follows the empty line. */
export interface Composed {
  headers: string[];
  body: string;
}

/**
 * The mail of a message. Its Message-ID is made of the delivery, so that a repeat is the same mail; where it comes back
 * to says whose it is (VERP). It is put together here, since all mails are alike: nodemailer's composer takes five times
 * as long, most of it to find out what is known.
 */
export function mailOf(message: Outbound, config: SmtpConfig, now: Date): Mail {
  const { email, to, deliveryUuid } = message;
  const domain = domainOf(config.fromEmail);
  const messageId = `<${email?.bounceMailbox.replace(/^b\+/, "") ?? deliveryUuid}@${domain}>`;
  const from =
    email && config.bounceDomain ? `${email.bounceMailbox}@${config.bounceDomain}` : config.fromEmail;
  const leaveBy = email
    ? [
        `<${email.unsubscribeUrl}>`,
        ...(config.bounceDomain ? [`<mailto:${email.leaveMailbox}@${config.bounceDomain}>`] : []),
      ]
    : [];
  const headers = [
    addressHeader("From", config.fromName, config.fromEmail),
    ...(config.replyTo ? [addressHeader("Reply-To", undefined, config.replyTo)] : []),
    `To: <${onWire(to)}>`,
    foldLines(`Subject: ${encodeWords(inOneLine(message.subject ?? ""), "Q", 52)}`, 76),
    `Date: ${now.toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: ${messageId}`,
    ...(email
      ? [
          // RFC 2369 and 8058. In one line: where it is broken, some servers break the signature.
          `List-Unsubscribe: ${leaveBy.join(", ")}`,
          "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
          // RFC 2919.
          `List-Id: <${nameIn(email.topic)}.${nameIn(email.appId)}.${domain}>`,
          // By its parts, Gmail tells those who send a lot who complains of what.
          `Feedback-ID: ${message.messageId}:${nameIn(email.topic)}:email:${nameIn(email.appId)}`,
          // So that nobody's absence is answered to us.
          "X-Auto-Response-Suppress: OOF, AutoReply",
        ]
      : []),
    "MIME-Version: 1.0",
  ];
  const text = partOf("text/plain", message.content);
  const content = email?.html
    ? alternatives(`chapar-${deliveryUuid}`, [text, partOf("text/html", email.html)])
    : text;
  const composed = { headers: [...headers, ...content.headers], body: content.body };
  return { messageId, from, to: onWire(to), id: deliveryUuid, composed };
}

/**
 * Whether a text is one address and nothing else. Stricter than RFC 5321: quoted mailboxes, which nobody has, are none,
 * so that nothing is left for another reading of it.
 */
export const isAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s\p{Cc}<>()[\]\\,;:"@]+@[^\s\p{Cc}<>()[\]\\,;:"@]+$/u.test(text);

/** Names of hosts in other letters as servers know them. */
function onWire(address: string): string {
  if (/^\p{ASCII}*$/u.test(address)) return address;
  const at = address.lastIndexOf("@");
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1)) || address.slice(at + 1)}`;
}

function addressHeader(header: string, name: string | undefined, address: string): string {
  if (!name) return `${header}: <${onWire(address)}>`;
  const written = /^[\x20-\x7e]*$/.test(name)
    ? `"${name.replace(/["\\]/g, "\\$&")}"`
    : encodeWords(name, "Q", 52, true);
  return foldLines(`${header}: ${written} <${onWire(address)}>`, 76);
}

/** RFC 2046 §5.1.4: what is best comes last. */
const alternatives = (boundary: string, parts: readonly Composed[]): Composed => ({
  headers: [`Content-Type: multipart/alternative; boundary="${boundary}"`],
  body: `${parts
    .map(({ headers, body }) => `--${boundary}\r\n${headers.join("\r\n")}\r\n\r\n${body}\r\n`)
    .join("")}--${boundary}--\r\n`,
});

/** A text as it is where every server takes it so (RFC 5322 §2.1.1), else in base64. */
function partOf(type: string, text: string): Composed {
  // As many bytes as letters: ASCII, found out without a look at each.
  const isPlain = Buffer.byteLength(text) === text.length && !text.includes("\0") && !hasLongLine(text);
  return {
    headers: [
      `Content-Type: ${type}; charset=utf-8`,
      `Content-Transfer-Encoding: ${isPlain ? "7bit" : "base64"}`,
    ],
    body: isPlain
      ? (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text).replaceAll("\n", "\r\n")
      : Buffer.from(text)
          .toString("base64")
          .replace(/.{76}(?!$)/g, "$&\r\n"),
  };
}

/** By steps from line to line: an expression that counts tries from each letter anew. */
function hasLongLine(text: string): boolean {
  for (let from = 0; text.length - from > longestLine; ) {
    const end = text.indexOf("\n", from);
    if (end < 0 || end - from > longestLine) return true;
    from = end + 1;
  }
  return false;
}

const longestLine = 990;

const inOneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();

/** A word of letters and digits, for headers that take no other. */
const nameIn = (text: string): string => text.replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 60) || "-";
