import { hash, type KeyObject, sign } from "node:crypto";
import { promisify } from "node:util";
import type { Composed } from "./mail.ts";

const signOutside = promisify<string, Buffer, KeyObject, Buffer>(sign);

/** What signatures are over: all that says what the mail is, and how to leave it. */
const signedHeaders = new Set(
  [
    ...["From", "Reply-To", "Subject", "Date", "Message-ID", "To", "MIME-Version", "Content-Type"],
    ...["Content-Transfer-Encoding", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID"],
  ].map((name) => name.toLowerCase()),
);

/**
 * Makes signatures by DKIM (RFC 6376, rsa-sha256, relaxed/simple). The key's arithmetic, three quarters of a
 * millisecond, is done by node's threads, so that it costs the engine none of its one core; nodemailer does it where it
 * is, and runs the mail through four streams besides.
 */
export function createSigner(by: {
  domain: string;
  selector: string;
  key: KeyObject;
}): (mail: Composed) => Promise<string> {
  return async ({ headers, body }) => {
    const signed = headers.flatMap((header) => {
      const name = header.slice(0, header.indexOf(":"));
      return signedHeaders.has(name.toLowerCase()) ? [{ name, text: relaxed(header) }] : [];
    });
    const head = [
      `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=${by.domain}; s=${by.selector};`,
      ` h=${signed.map(({ name }) => name).join(":\r\n  ")};`,
      ` bh=${hash("sha256", withOneEnd(body), "base64")};`,
      " b=",
    ].join("\r\n");
    const data = [...signed.map(({ text }) => text), relaxed(head)].join("\r\n");
    const signature = (await signOutside("sha256", Buffer.from(data), by.key)).toString("base64");
    return head + signature.replace(/.{72}(?!$)/g, "$&\r\n ");
  };
}

/** §3.4.2: the name in small letters, everything in one line, white space as one space. */
function relaxed(header: string): string {
  const at = header.indexOf(":");
  return `${header.slice(0, at).toLowerCase()}:${header
    .slice(at + 1)
    .replace(/\s+/g, " ")
    .trim()}`;
}

/** §3.4.3: empty lines at the end are as good as none. */
function withOneEnd(body: string): string {
  let end = body.length;
  while (end > 1 && body[end - 1] === "\n" && body[end - 2] === "\r") end -= 2;
  return `${body.slice(0, end)}\r\n`;
}
