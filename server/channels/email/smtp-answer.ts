import type { NodemailerError } from "nodemailer";
import { PrivateAddressError } from "../outside.ts";
import type { Outcome } from "../provider.ts";

/** How far a mail came when something went wrong. */
export interface Failure {
  error: NodemailerError;
  host: string;
  /** Something of the mail itself was written, so the server may have it. */
  isWritten: boolean;
  /** This process ends, and waits no longer. */
  isStopped: boolean;
}

/**
 * What an error means for a mail. Replies by RFC 5321 §4.2 and, where a server gives them, the finer codes of RFC 3463.
 * With one recipient a mail, what is said of the recipient is said of the mail.
 */
export function outcomeOfError(failure: Failure): Outcome {
  const { error, host, isWritten, isStopped } = failure;
  const cause = error.cause instanceof Error ? error.cause : error;
  if (error instanceof PrivateAddressError || cause instanceof PrivateAddressError)
    return { kind: "misconfigured", code: "PRIVATE_ADDRESS", detail: cause.message };
  if (error.code === "EAUTH" || error.code === "ENOAUTH") return ofAuthentication(error, host);
  const isUntrusted = /certificate|self-signed|unable to verify/i.test(error.message);
  if (error.code === "ETLS" || (isUntrusted && error.responseCode === undefined)) {
    const detail = `There is no encrypted connection with ${host} (${error.message}); check security, port and its certificate.`;
    return { kind: "misconfigured", code: "ETLS", detail };
  }
  // Of a server that does not even greet us, whatever the number: nothing is said of the mail.
  if (/^(CONN|EHLO|HELO|LHLO)/.test(error.command ?? "") && error.responseCode !== undefined)
    return { kind: error.responseCode === 421 ? "throttle" : "retry", ...words(read(error)) };
  if (error.responseCode !== undefined) return ofReply(error, host);
  // What cannot be written on the wire.
  if (error.code === "EENVELOPE" || error.code === "EMESSAGE")
    return { kind: "rejected", code: error.code, detail: sentence(error.message) };
  const code = isStopped ? "stopped" : (error.code ?? "connection").slice(0, 64);
  const detail = isStopped
    ? `Waiting for ${host} was given up, since this process ends.`
    : wordsOfConnection(error, host);
  return { kind: isWritten ? "unknown" : "retry", code, detail };
}

function wordsOfConnection({ code, message }: NodemailerError, host: string): string {
  if (code === "EDNS" || /ENOTFOUND/.test(message)) return `There is no host ${host}.`;
  if (/ECONNREFUSED/.test(message)) return `${host} refuses connections.`;
  if (code === "ETIMEDOUT") return `${host} did not answer in time.`;
  return `The connection with ${host} broke (${message}).`;
}

function ofAuthentication(error: NodemailerError, host: string): Outcome {
  const { code, detail } = read(error);
  // 454 4.7.0: it cannot tell just now (RFC 4954 §6).
  if ((error.responseCode ?? 0) >= 400 && (error.responseCode ?? 0) < 500)
    return { kind: "retry", code, detail };
  return {
    kind: "misconfigured",
    code,
    detail: `${host} does not take username and password: ${detail}`,
  };
}

function ofReply(error: NodemailerError, host: string): Outcome {
  const { responseCode = 0, command = "" } = error;
  const said = read(error);
  const { status } = said;
  if (responseCode === 421) return { kind: "throttle", ...words(said), afterMs: 30_000 };
  if (responseCode < 500) {
    // 4.7.x and 4.3.2: too fast, or busy for everybody.
    const isOfAll = command.startsWith("MAIL") || /^4\.(7\.(28|650)|3\.[12])$/.test(status);
    if (isOfAll) return { kind: "throttle", ...words(said), afterMs: 60_000 };
    return { kind: "retry", ...words(said), isPatient: true };
  }
  if (responseCode === 530)
    return {
      kind: "misconfigured",
      code: said.code,
      detail: `${host} wants username and password, or encryption: ${said.detail}`,
    };
  // Of the sender alone, before anybody was named: with it no mail goes.
  if (command.startsWith("MAIL"))
    return { kind: "misconfigured", code: said.code, detail: `${host} refuses the sender: ${said.detail}` };
  if (/relay/i.test(said.detail) && (status === "" || status.startsWith("5.7")))
    return {
      kind: "misconfigured",
      code: said.code,
      detail: `${host} carries nothing on for us; give username and password, or allow our address: ${said.detail}`,
    };
  const isOfRecipient = command.startsWith("RCPT") || status !== "";
  if (isOfRecipient && isUnknownMailbox(responseCode, status))
    return { kind: "gone", cause: status === "5.1.3" ? "invalid" : "unregistered", ...words(said) };
  return { kind: "rejected", ...words(said) };
}

/** RFC 3463 §3.2: there is no such mailbox or host. Without a finer code, 550, 551 and 553 mean that too. */
function isUnknownMailbox(responseCode: number, status: string): boolean {
  if (status === "") return [550, 551, 553].includes(responseCode);
  return /^5\.1\.([0-36]|10)$/.test(status) || status === "5.2.1";
}

interface Said {
  code: string;
  status: string;
  detail: string;
}

const words = ({ code, detail }: Said) => ({ code, detail });

/** A reply in one line: its finer code if it has one, and its words. */
function read({ response = "", responseCode, message }: NodemailerError): Said {
  const text = response.replace(/\s*\r?\n(?:\d{3}[ -])?/g, " ").trim();
  const [, status = "", rest = ""] = /^\d{3}[ -](?:(\d\.\d{1,3}\.\d{1,3})\s+)?(.*)$/s.exec(text) ?? [];
  const detail = sentence((rest || message).slice(0, 500));
  return { code: status || String(responseCode ?? "smtp"), status, detail };
}

const sentence = (text: string): string => `${text.trim().replace(/[.\s]+$/, "")}.`;
