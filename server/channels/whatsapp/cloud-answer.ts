import { faultOf, laterOf, outcomeOfStatus, type Refusal } from "../fault.ts";
import { asObject, objectIn, objectsIn, wordOf } from "../json.ts";
import type { Outcome } from "../provider.ts";
import type { Answer } from "../transport/exchange.ts";
import { meaningOfCloud } from "./cloud-errors.ts";

export interface CloudReading {
  host: string;
  redact: (text: string) => string;
  nowMs: number;
  /** Members of the account that made the address of the request. */
  address: string;
}

/** What an answer of the Cloud API to a message means. */
export function readCloudAnswer(answer: Answer, reading: CloudReading): Outcome {
  const body = objectIn(answer.body);
  if (answer.status >= 200 && answer.status < 300) {
    const id = wordOf(objectsIn(body.messages)[0]?.id);
    return { kind: "accepted", providerId: id === "" ? null : id.slice(0, 512) };
  }
  const refusal = refusalOfCloud(answer, body, reading);
  return outcomeOfCloud(refusal) ?? outcomeOfStatus(refusal, reading.address);
}

/** What an error says of itself. Titles and texts change; only the code is relied on. */
export function refusalOfCloud(
  answer: Answer,
  body: Record<string, unknown>,
  { host, redact, nowMs }: Omit<CloudReading, "address">,
): Refusal & { subcode: string } {
  const error = asObject(body.error);
  const details = wordOf(asObject(error.error_data).details);
  const message = wordOf(error.message);
  return {
    ...{ answer, host, redact, nowMs, code: wordOf(error.code), subcode: wordOf(error.error_subcode) },
    words: [message, details].filter((text) => text !== "").join(": "),
  };
}

/** Null for a code that we do not know. */
export function outcomeOfCloud(refusal: Refusal & { subcode?: string }): Outcome | null {
  const meaning = meaningOfCloud(refusal.code, refusal.subcode);
  if (!meaning) return null;
  const { kind, cure, afterMs, isUnreachable } = meaning;
  const fault = faultOf(refusal)(cure);
  switch (kind) {
    case "retry":
    case "throttle":
      return { kind, ...fault, ...laterOf(refusal, afterMs) };
    case "rejected":
      return { kind, ...fault, ...(isUnreachable ? { isUnreachable } : {}) };
    default:
      return { kind, ...fault };
  }
}
