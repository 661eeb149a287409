import { faultOf, outcomeOfStatus, type Refusal } from "../fault.ts";
import { asObject, firstWord, objectIn, objectsIn, parsedJson } from "../json.ts";
import type { Outcome } from "../provider.ts";
import type { Answer } from "../transport/exchange.ts";

interface Reading {
  host: string;
  redact: (text: string) => string;
  nowMs: number;
}

/**
 * What an answer of Kaleyra's SMS means.
 * Source: https://developers.kaleyra.io/docs/sms-api-send-the-first-sms
 */
export function readKaleyraAnswer(answer: Answer, reading: Reading): Outcome {
  const body = objectIn(answer.body);
  const refusal: Refusal = { answer, ...reading, ...faultIn(body) };
  if (answer.status < 200 || answer.status >= 300)
    return outcomeOfCode(refusal) ?? outcomeOfStatus(refusal, "sid and baseUrl");
  // That it was taken is all that a broken answer says.
  if (answer.body === null || parsedJson(answer.body) === undefined)
    return { kind: "accepted", providerId: null };
  const [message] = objectsIn(body.data);
  if (message || asObject(body.data).message_id !== undefined) {
    const id = firstWord(message?.message_id, asObject(body.data).message_id, body.id);
    return { kind: "accepted", providerId: id === "" ? null : id.slice(0, 512) };
  }
  // Kaleyra says 202 to a request of which it then takes no message.
  const fault = faultOf({ ...refusal, code: refusal.code || "no_data" });
  return outcomeOfCode(refusal) ?? { kind: "rejected", ...fault("It took none of the messages.") };
}

/** Codes that both of Kaleyra's channels have; null for another one. */
export function outcomeOfCode(refusal: Refusal): Outcome | null {
  const fault = faultOf(refusal);
  switch (refusal.code) {
    case "RBC001":
      return { kind: "misconfigured", ...fault("Check sid and apiKey of the account.") };
    case "E110":
      return {
        kind: "misconfigured",
        ...fault("The balance at Kaleyra is used up; top it up and resume the account."),
      };
    default:
      return null;
  }
}

/** Where Kaleyra has the code and the words of an error: each of its services puts them elsewhere. */
export function faultIn(body: Record<string, unknown>): { code: string; words: string } {
  const error = asObject(body.error);
  const [first] = [...objectsIn(body.errors), ...Object.values(error).map(asObject)];
  return {
    code: firstWord(body.code, error.code, body.error_code, first?.code),
    words: firstWord(error.message, error.error, body.message, first?.message, body.error),
  };
}
