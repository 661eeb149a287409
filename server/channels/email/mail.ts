import type { SendMailOptions } from "nodemailer";
import type { Outbound } from "../provider.ts";
import type { SmtpConfig } from "./smtp-config.ts";

/**
 * The mail of a message. Its Message-ID is made of the delivery, so that a repeat is the same mail; where it comes back
 * to says whose it is (VERP). Addresses and names are handed over apart from each other and never as one text, so that
 * nothing in them can become another recipient or header.
 */
export function mailOf(message: Outbound, config: SmtpConfig): SendMailOptions {
  const { email, to } = message;
  const domain = config.fromEmail.slice(config.fromEmail.lastIndexOf("@") + 1);
  const from = { name: config.fromName ?? "", address: config.fromEmail };
  const mail: SendMailOptions = {
    from,
    to: { name: "", address: to },
    subject: inOneLine(message.subject ?? ""),
    text: message.content,
    // Names of files and addresses in a mail are for its reader, not for us.
    ...{ disableFileAccess: true, disableUrlAccess: true },
    ...(config.replyTo ? { replyTo: { name: "", address: config.replyTo } } : {}),
    ...(message.email?.html ? { html: message.email.html } : {}),
  };
  if (!email) return { ...mail, messageId: `<${message.deliveryUuid}@${domain}>` };
  const returnPath = config.bounceDomain ? `${email.bounceMailbox}@${config.bounceDomain}` : config.fromEmail;
  const leaveBy = [
    `<${email.unsubscribeUrl}>`,
    ...(config.bounceDomain ? [`<mailto:${email.leaveMailbox}@${config.bounceDomain}>`] : []),
  ];
  return {
    ...mail,
    messageId: `<${email.bounceMailbox.replace(/^b\+/, "")}@${domain}>`,
    envelope: { from: returnPath, to: [to] },
    ...(config.bounceDomain
      ? { dsn: { id: message.deliveryUuid, return: "headers", notify: ["failure", "delay"], recipient: to } }
      : {}),
    headers: {
      // RFC 2369 and 8058. As it is: where it is broken into lines, some servers break the signature.
      "List-Unsubscribe": { prepared: true, value: leaveBy.join(", ") },
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      // RFC 2919.
      "List-Id": `<${nameIn(email.topic)}.${nameIn(email.appId)}.${domain}>`,
      // By these, from the right, Gmail tells its senders who complains of what.
      "Feedback-ID": `${message.messageId}:${nameIn(email.topic)}:email:${nameIn(email.appId)}`,
      // So that nobody's absence is answered to us.
      "X-Auto-Response-Suppress": "OOF, AutoReply",
    },
  };
}

/**
 * Whether a text is one address and nothing else. Stricter than RFC 5321: quoted mailboxes, which nobody has, are none,
 * so that nothing is left for another reading of it.
 */
export const isAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s\p{Cc}<>()[\]\\,;:"@]+@[^\s\p{Cc}<>()[\]\\,;:"@]+$/u.test(text);

/** What signatures are over: all that says what the mail is, and how to leave it. */
export const signedHeaders = [
  ...["From", "Sender", "Reply-To", "Subject", "Date", "Message-ID", "To", "MIME-Version", "Content-Type"],
  ...["Content-Transfer-Encoding", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID"],
].join(":");

const inOneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();

/** A word of letters and digits, for headers that take no other. */
const nameIn = (text: string): string => text.replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 60) || "-";
