import { faultOf, laterOf, outcomeOfStatus, type Refusal } from "../fault.ts";
import { objectIn, wordOf } from "../json.ts";
import type { Outcome } from "../provider.ts";
import type { Answer } from "../transport/exchange.ts";

/** What a code of Twilio means, in an answer and in a report alike; `cure` says what to do. */
interface Meaning {
  kind: "retry" | "throttle" | "rejected" | "left" | "unregistered" | "invalid" | "misconfigured";
  cure?: string;
  isUnreachable?: true;
}

const credentials = "Check accountSid, authToken and the API key of the account.";
const sender = "Check from or messagingServiceSid of the account.";

/** Source: https://www.twilio.com/docs/api/errors */
const meanings: Readonly<Record<string, Meaning>> = {
  14107: { kind: "throttle" },
  20003: { kind: "misconfigured", cure: credentials },
  20404: { kind: "misconfigured", cure: credentials },
  20429: { kind: "throttle" },
  21211: { kind: "invalid", cure: "It is not the number of a phone." },
  21408: {
    kind: "misconfigured",
    cure: "Allow the country in the Twilio console, Messaging, Settings, Geo permissions.",
  },
  21606: { kind: "misconfigured", cure: sender },
  21608: { kind: "rejected", cure: "A trial account sends to numbers that were verified at Twilio only." },
  21610: { kind: "left", cure: "The receiver has told Twilio STOP." },
  21611: { kind: "throttle" },
  21614: { kind: "invalid", cure: "It is not the number of a mobile phone." },
  21617: { kind: "rejected", cure: "Twilio takes 1,600 letters; shorten the text." },
  21659: { kind: "misconfigured", cure: sender },
  21660: { kind: "misconfigured", cure: sender },
  21703: { kind: "misconfigured", cure: sender },
  30001: { kind: "retry" },
  30002: { kind: "misconfigured", cure: "The account at Twilio is suspended; look into its console." },
  30003: { kind: "rejected", isUnreachable: true },
  30004: { kind: "rejected" },
  30005: { kind: "unregistered" },
  30006: { kind: "invalid" },
  30007: { kind: "rejected", cure: "Carriers took it for spam." },
  30008: { kind: "rejected" },
  30034: {
    kind: "misconfigured",
    cure: "The number belongs to no registered A2P 10DLC campaign; register it in the Twilio console.",
  },
};

export const meaningOf = (code: string): Meaning | null =>
  Object.hasOwn(meanings, code) ? (meanings[code] ?? null) : null;

/** What an answer of Twilio means. */
export function readTwilioAnswer(
  answer: Answer,
  reading: { host: string; redact: (text: string) => string; nowMs: number },
): Outcome {
  const body = objectIn(answer.body);
  if (answer.status >= 200 && answer.status < 300) {
    const sid = wordOf(body.sid);
    return { kind: "accepted", providerId: sid === "" ? null : sid.slice(0, 512) };
  }
  const refusal: Refusal = {
    ...{ answer, ...reading, code: wordOf(body.code), words: wordOf(body.message) },
  };
  const meaning = meaningOf(refusal.code);
  if (!meaning) return outcomeOfStatus(refusal, "accountSid and baseUrl");
  const fault = faultOf(refusal)(meaning.cure);
  switch (meaning.kind) {
    case "unregistered":
    case "invalid":
      return { kind: "gone", cause: meaning.kind, ...fault };
    case "retry":
    case "throttle":
      return { kind: meaning.kind, ...fault, ...laterOf(refusal) };
    case "rejected":
      return { kind: "rejected", ...fault, ...(meaning.isUnreachable ? { isUnreachable: true } : {}) };
    default:
      return { kind: meaning.kind, ...fault };
  }
}
