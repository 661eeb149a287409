import { faultOf, laterOf, outcomeOfStatus, type Refusal } from "../fault.ts";
import { asObject, objectIn, objectsIn, wordOf } from "../json.ts";
import type { Outcome } from "../provider.ts";
import type { Answer } from "../transport/exchange.ts";

/** One message as Kavenegar lists it. */
export interface Entry {
  messageId: string;
  /** What we called it; empty where Kavenegar does not repeat it. */
  localId: string;
  receptor: string;
  status: number;
  statusText: string;
}

/**
 * What an answer says of all the messages in the request: taken, each with an entry; none of them, for a reason that
 * is one message's (`isOfOne`) or everybody's; or nothing that can be relied on.
 */
export type KavenegarAnswer =
  | { kind: "taken"; entries: Entry[] }
  | { kind: "refused"; outcome: Outcome; isOfOne: boolean }
  | { kind: "unclear"; outcome: Outcome };

/** One of them makes Kavenegar refuse a request with many: a bad number, no text, too long a text, bad letters. */
const statusesOfOne = new Set([406, 411, 413, 422]);

/**
 * Kavenegar answers in `return.status`; the status of HTTP mirrors it mostly, but not always.
 * Source: https://kavenegar.com/rest.html
 */
export function readKavenegarAnswer(
  answer: Answer,
  reading: { host: string; redact: (text: string) => string; nowMs: number },
): KavenegarAnswer {
  const body = objectIn(answer.body);
  const said = asObject(body.return);
  const status = Number(wordOf(said.status) || Number.NaN);
  const refusal: Refusal = {
    ...{ answer, ...reading, words: wordOf(said.message) },
    code: Number.isInteger(status) ? String(status) : "",
  };
  if (status === 200) return { kind: "taken", entries: entriesOf(body.entries) };
  if (Number.isInteger(status))
    return {
      kind: "refused",
      outcome: outcomeOfRefusal(status, refusal),
      isOfOne: statusesOfOne.has(status),
    };
  const outcome = outcomeOfStatus(refusal, "baseUrl");
  if (answer.status >= 300 && answer.status < 500) return { kind: "refused", outcome, isOfOne: false };
  // Somebody before Kavenegar, or what is left of its answer: it may have taken the messages all the same.
  if (answer.status >= 500) return { kind: "unclear", outcome };
  const fault = faultOf(refusal)("It does not say whether it took the message.");
  return { kind: "unclear", outcome: { kind: "unknown", ...fault } };
}

function outcomeOfRefusal(status: number, refusal: Refusal): Outcome {
  const fault = faultOf(refusal);
  const misconfigured = (cure: string): Outcome => ({ kind: "misconfigured", ...fault(cure) });
  switch (status) {
    case 401:
      return misconfigured("The account at Kavenegar is switched off; ask Kavenegar.");
    case 403:
      return misconfigured("Kavenegar does not know apiKey; copy it again from its panel.");
    case 404:
    case 405:
      return misconfigured("Check baseUrl of the account.");
    case 407:
    case 416:
      return misconfigured("Allow the address of this server, and sending, in Kavenegar's panel.");
    case 412:
      return misconfigured("The line in sender is not one of this account at Kavenegar.");
    case 418:
      return misconfigured("The credit at Kavenegar is used up; top it up and resume the account.");
    case 424:
    case 426:
      return misconfigured("Kavenegar's plan or template does not allow it; look into its panel.");
    case 430:
    case 501:
      return misconfigured("Kavenegar wants the identity of the account proved first, in its panel.");
    case 402:
    case 409:
      return { kind: "retry", ...fault(), ...laterOf(refusal) };
    case 429:
      return { kind: "throttle", ...fault(), ...laterOf(refusal) };
    case 411:
      return { kind: "gone", cause: "invalid", ...fault("It is not the number of a phone.") };
    case 413:
      return { kind: "rejected", ...fault("The text is empty or longer than Kavenegar takes.") };
    default:
      return status >= 500 && status < 600
        ? { kind: "retry", ...fault(), ...laterOf(refusal) }
        : { kind: "rejected", ...fault() };
  }
}

/** What has become of a message that Kavenegar knows; null for one that it does not know. */
export function outcomeOfEntry(
  { messageId, status, statusText }: Entry,
  redact: (text: string) => string,
): Outcome | null {
  const fault = (words: string) => ({
    code: `status_${status}`,
    detail: redact(`Kavenegar says of it: ${statusText || status}. ${words}`).slice(0, 400),
  });
  switch (status) {
    // An id that it has nothing under.
    case 100:
      return null;
    case 14:
      return { kind: "left", ...fault("The receiver has blocked messages of this line.") };
    case 11:
      return { kind: "rejected", ...fault("It did not reach the phone."), isUnreachable: true };
    case 6:
    case 13:
      return { kind: "rejected", ...fault("It was not sent.") };
    default:
      return { kind: "accepted", providerId: messageId === "" ? null : messageId };
  }
}

const entriesOf = (value: unknown): Entry[] =>
  // A list of one is sometimes its one member.
  (Array.isArray(value) ? objectsIn(value) : objectsIn([value])).map((entry) => ({
    messageId: wordOf(entry.messageid).slice(0, 512),
    localId: wordOf(entry.localid),
    receptor: wordOf(entry.receptor),
    status: Number(wordOf(entry.status) || 1),
    statusText: wordOf(entry.statustext),
  }));
