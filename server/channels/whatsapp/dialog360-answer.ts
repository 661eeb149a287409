import { faultOf, laterOf, outcomeOfStatus, type Refusal } from "../fault.ts";
import { asObject, firstWord, objectIn, objectsIn } from "../json.ts";
import type { Outcome } from "../provider.ts";
import type { Answer } from "../transport/exchange.ts";
import { type CloudReading, outcomeOfCloud, readCloudAnswer, refusalOfCloud } from "./cloud-answer.ts";

/** Least wait where 360dialog says that we are too fast, and not for how long. */
const quotaMs = 5_000;

/**
 * What an answer of 360dialog means: Meta's, or one of its own, of which several are a 400 that says nothing of the
 * message, and are told apart by their words alone.
 * Source: https://docs.360dialog.com/docs/support/api-error-message-list
 */
export function readDialog360Answer(answer: Answer, reading: CloudReading): Outcome {
  if (answer.status >= 200 && answer.status < 300) return readCloudAnswer(answer, reading);
  const body = objectIn(answer.body);
  const refusal = refusalOfCloud(answer, body, reading);
  const known = outcomeOfCloud(refusal);
  if (known) return known;
  const own = { ...refusal, words: refusal.words || wordsIn(body) };
  return outcomeOfWords(own) ?? outcomeOfStatus(own, reading.address);
}

function outcomeOfWords(refusal: Refusal): Outcome | null {
  const fault = faultOf(refusal);
  const { words } = refusal;
  if (/rate.?limit|too many requests/i.test(words))
    return { kind: "throttle", ...fault(), ...laterOf(refusal, quotaMs) };
  if (/lack of payment|overdue|invoice/i.test(words))
    return { kind: "misconfigured", ...fault("Settle the invoices of 360dialog, and resume the account.") };
  if (/has been disabled|endpoint is blocked/i.test(words))
    return { kind: "misconfigured", ...fault("Ask 360dialog to enable it, and resume the account.") };
  if (/invalid api.?key/i.test(words))
    return { kind: "misconfigured", ...fault("Make a new API key in the 360dialog Hub.") };
  return null;
}

const wordsIn = (body: Record<string, unknown>): string => {
  const [first = {}] = objectsIn(body.errors);
  return firstWord(
    ...[asObject(body.meta).developer_message, body.developer_message, first.details, first.title],
    ...[body.message, body.detail, body.error],
  );
};
