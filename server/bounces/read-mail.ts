import PostalMime, { type Email } from "postal-mime";
import { findCodes, type Weight, weigh } from "./weigh.ts";

/** What a mail that came back says. */
export type Said =
  | {
      kind: "failed";
      weight: Weight;
      code: string | null;
      detail: string | null;
      /** Whom it could not be delivered to, as far as the report says: their address, and the one that it led to. */
      recipients: string[];
    }
  | { kind: "delivered" }
  /** Somebody called a mail of ours spam. */
  | { kind: "complained" }
  /** Somebody wrote: neither a machine nor a report. */
  | { kind: "letter" }
  /** Nothing to act on; why, for the log. */
  | { kind: "nothing"; why: string };

export interface ReadMail {
  said: Said;
  /** Addresses that it may have been for, best first: for a pipe that does not say. */
  addressees: string[];
  /** What may be a token of ours in it: of the mail that it speaks of. */
  tokens: string[];
}

/** A report is short, and has what matters before the mail that it is about. */
const longestDetail = 500;
const mostTokens = 20;
const mostGroups = 20;
const readCharacters = 100_000;

/** Reads what a mail says that came to one of our addresses; null where the bytes are no mail. */
export async function readMail(bytes: Uint8Array): Promise<ReadMail | null> {
  const mail = await parse(bytes);
  if (!mail?.headers.some(({ key }) => headersOfMails.has(key))) return null;
  return { said: await understand(mail), addressees: addresseesOf(mail), tokens: tokensOf(mail) };
}

const headersOfMails = new Set(
  "from to cc subject date received message-id return-path content-type delivered-to mime-version".split(" "),
);

/** Null for what cannot be read: nested without end, or all headers. */
async function parse(bytes: Uint8Array): Promise<Email | null> {
  const reader = new PostalMime({
    ...{ forceRfc822Attachments: true, attachmentEncoding: "utf8", maxNestingDepth: 20 },
    maxHeadersSize: 262_144,
  });
  return reader.parse(inFewLines(withoutEnvelopeLine(bytes))).catch(() => null);
}

/** The parser takes its time for each line, and anybody may write to abuse@: beyond these nothing is read. */
const mostLines = 5_000;

function inFewLines(bytes: Uint8Array): Uint8Array {
  let end = -1;
  for (let line = 0; line < mostLines; line++) {
    end = bytes.indexOf(0x0a, end + 1);
    if (end < 0) return bytes;
  }
  return bytes.subarray(0, end + 1);
}

/** Mail servers write `From sender date` before a mail that they pipe (the mbox format). */
function withoutEnvelopeLine(bytes: Uint8Array): Uint8Array {
  const isEnvelope = Buffer.from(bytes.subarray(0, 5)).toString("latin1") === "From ";
  return isEnvelope ? bytes.subarray(bytes.indexOf(0x0a) + 1) : bytes;
}

async function understand(mail: Email): Promise<Said> {
  const complaint = partOf(mail, /^message\/feedback-report$/);
  if (complaint !== null) return complaintIn(complaint);
  const report = partOf(mail, /^message\/(global-)?delivery-status$/);
  if (report !== null) return deliveryStatusIn(report);
  if (partOf(mail, /^message\/(global-)?disposition-notification$/) !== null)
    return { kind: "nothing", why: "a receipt that it was read" };
  if (isBounceInWords(mail)) return bounceInWords(mail);
  // RFC 3834 §5; the others are older than it.
  const automatic = headerOf(mail, "auto-submitted") ?? "no";
  if (!/^no\b/i.test(automatic) || ["x-autoreply", "x-autorespond"].some((name) => headerOf(mail, name)))
    return { kind: "nothing", why: "an automatic reply" };
  if (/^(bulk|junk|list|auto_reply)$/i.test(headerOf(mail, "precedence") ?? ""))
    return { kind: "nothing", why: "sent to many" };
  if (headerOf(mail, "return-path") === "<>")
    return { kind: "nothing", why: "from nobody, without a reason" };
  return { kind: "letter" };
}

const headerOf = (mail: Pick<Email, "headers">, name: string): string | null =>
  mail.headers.find(({ key }) => key === name)?.value.trim() ?? null;

function partOf(mail: Email, type: RegExp): string | null {
  const part = mail.attachments.find(({ mimeType }) => type.test(mimeType));
  return typeof part?.content === "string" ? part.content.slice(0, readCharacters) : null;
}

/** The fields of a report are written as headers are, in groups with an empty line between them. */
type Fields = Map<string, string>;

/** RFC 5965 §3. What is not spam after all, or about something else, ends nothing. */
async function complaintIn(report: string): Promise<Said> {
  const type = (await fieldsOf(report)).get("feedback-type")?.toLowerCase();
  return type === "abuse" || type === "fraud"
    ? { kind: "complained" }
    : { kind: "nothing", why: "feedback that is no complaint" };
}

/** RFC 3464 §2: fields of the mail as a whole, then those of each recipient. Ours have one; a failed one comes first. */
async function deliveryStatusIn(report: string): Promise<Said> {
  const parts = report.split(/\r?\n(?:[ \t]*\r?\n)+/).slice(0, mostGroups);
  const groups = await Promise.all(parts.map(fieldsOf));
  const withAction = groups.filter((fields) => fields.has("action") || fields.has("status"));
  const actionOf = (fields: Fields) =>
    fields
      .get("action")
      ?.toLowerCase()
      .split(/[\s(;]/)[0] ?? "";
  const failed = withAction.find((fields) => actionOf(fields) === "failed");
  if (failed) return failureIn(failed);
  const [first] = withAction;
  const action = first ? actionOf(first) : "";
  if (["delivered", "relayed", "expanded"].includes(action)) return { kind: "delivered" };
  if (first && action === "" && /^5/.test(first.get("status") ?? "")) return failureIn(first);
  return { kind: "nothing", why: action === "delayed" ? "delayed, not failed" : "a report without a result" };
}

function failureIn(fields: Fields): Said {
  const diagnostic = fields.get("diagnostic-code") ?? "";
  const detail = asSentence(diagnostic.replace(/^[\w-]+\s*;\s*/, ""));
  const inText = findCodes(diagnostic);
  const status = findCodes(fields.get("status") ?? "").enhanced;
  // Some servers write 5.0.0 whatever it is, and what the other one said beside it.
  const enhanced = status === null || /\.0\.0$/.test(status) ? (inText.enhanced ?? status) : status;
  return {
    ...{ kind: "failed", weight: weigh({ enhanced, basic: inText.basic }) },
    ...{ code: enhanced ?? inText.basic?.toString() ?? null, detail },
    recipients: ["original-recipient", "final-recipient"].flatMap((name) => {
      const address = fields
        .get(name)
        ?.replace(/^[\w-]+\s*;\s*/, "")
        .replace(/^<|>$/g, "")
        .toLowerCase();
      return address?.includes("@") ? [address] : [];
    }),
  };
}

/** RFC 3464 §2.1: they are read as the headers of a mail are. */
async function fieldsOf(group: string): Promise<Fields> {
  const read = await parse(Buffer.from(`${group.trim()}\r\n\r\n`));
  return new Map(read?.headers.map(({ key, value }) => [key, value.trim()]));
}

/** Older servers say it in words alone, in the name of the mail system. */
function isBounceInWords(mail: Email): boolean {
  const from = mail.from?.address ?? headerOf(mail, "from") ?? "";
  if (headerOf(mail, "x-failed-recipients") !== null) return true;
  return /^<?(mailer-daemon|postmaster|mail-?daemon)\b/i.test(from.trim());
}

// What follows is the mail itself, with numbers of its own.
const copyBelow = /^-{3,}.*(copy|original|below|returned|unsent).*$/im;

function bounceInWords(mail: Email): Said {
  if (/\b(warning|delay(ed)?|will (be )?retr)/i.test(mail.subject ?? ""))
    return { kind: "nothing", why: "delayed, not failed" };
  const text = (mail.text ?? mail.html ?? "").slice(0, readCharacters).split(copyBelow)[0] ?? "";
  const codes = findCodes(text);
  const at = codes.enhanced ?? codes.basic?.toString();
  const line = at === undefined ? undefined : text.split(/\r?\n/).find((line) => line.includes(at));
  return {
    ...{ kind: "failed", weight: weigh(codes), code: at ?? null },
    detail:
      asSentence(line ?? "") ?? "The mail system said in words of its own that it could not deliver it.",
    recipients: (headerOf(mail, "x-failed-recipients") ?? "")
      .split(",")
      .map((address) => address.trim().toLowerCase())
      .filter((address) => address.includes("@")),
  };
}

/** On one line, and no longer than somebody reads. */
function asSentence(text: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const line = text.replace(/[\s\u0000-\u001f\u007f]+/g, " ").trim();
  return line === "" ? null : line.slice(0, longestDetail);
}

function addresseesOf(mail: Email): string[] {
  const ofHeaders = ["delivered-to", "x-original-to", "envelope-to"].flatMap((name) =>
    mail.headers.filter(({ key }) => key === name).map(({ value }) => value.trim()),
  );
  const to = [...(mail.to ?? []), ...(mail.cc ?? [])].flatMap((one) => one.address ?? []);
  return [...ofHeaders, ...to].slice(0, mostTokens);
}

/** In Message-IDs and return paths of the mail that a report has with it, in its fields and headers, in words. */
function tokensOf(mail: Email): string[] {
  const parts = mail.attachments.map(({ content }) => (typeof content === "string" ? content : ""));
  const headers = ["in-reply-to", "references", "x-original-message-id"].map(
    (name) => headerOf(mail, name) ?? "",
  );
  const text = [...parts.map((part) => part.slice(0, readCharacters)), ...headers, mail.text ?? ""].join(
    "\n",
  );
  const found = text.matchAll(/(?<![a-z2-7])[a-z2-7]{61}(?=@)/gi);
  return [...new Set([...found].map(([token]) => token))].slice(0, mostTokens);
}
