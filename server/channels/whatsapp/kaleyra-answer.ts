import { faultOf, laterOf, outcomeOfStatus, type Refusal } from "../fault.ts";
import { asObject, firstWord, objectIn, objectsIn, wordOf } from "../json.ts";
import type { Outcome } from "../provider.ts";
import { faultIn, outcomeOfCode } from "../sms/kaleyra-answer.ts";
import type { Answer } from "../transport/exchange.ts";
import { type CloudReading, outcomeOfCloud } from "./cloud-answer.ts";

const hourMs = 3_600_000;
/** As Kaleyra asks for. */
const retryMs = 5 * 60_000;

/**
 * What an answer of Kaleyra's WhatsApp means, of either version.
 * Source: https://developers.kaleyra.io/docs/whatsapp-api-v2-error-codes-for-send-message
 */
export function readKaleyraWhatsappAnswer(answer: Answer, reading: CloudReading): Outcome {
  const body = objectIn(answer.body);
  const isTaken = answer.status >= 200 && answer.status < 300;
  const refusal: Refusal = { answer, ...reading, ...faultIn(body) };
  // Its own codes decide, and Meta's where it passes them on; codes of a success are none of them.
  const known = outcomeOfKaleyra(refusal) ?? outcomeOfCode(refusal) ?? outcomeOfCloud(refusal);
  if (!isTaken) return known ?? outcomeOfStatus(refusal, reading.address);
  const hasFailed = refusal.code !== "" && !/^(WA)?20[02]$/.test(refusal.code);
  if (hasFailed && known) return known;
  const id = idIn(body);
  return { kind: "accepted", providerId: id === "" ? null : id.slice(0, 512) };
}

function outcomeOfKaleyra(refusal: Refusal): Outcome | null {
  const fault = faultOf(refusal);
  switch (refusal.code) {
    case "WAV2101":
      return {
        kind: "throttle",
        ...fault("The limit of the account at Kaleyra is reached for today; ask Kaleyra for more."),
        ...laterOf(refusal, hourMs),
      };
    case "WA401":
    case "WA-401":
      return {
        kind: "misconfigured",
        ...fault("Check from and version of the account, and that number and template are approved."),
      };
    case "WA400":
    case "E13001":
      return { kind: "rejected", ...fault() };
    case "WA500":
      return { kind: "retry", ...fault(), ...laterOf(refusal, retryMs) };
    default:
      return null;
  }
}

/** Where the id of a message is: in each version and kind of message elsewhere. */
function idIn(body: Record<string, unknown>): string {
  const data = asObject(body.data);
  const [first] = [...objectsIn(body.data), ...objectsIn(body.messages), ...objectsIn(data.messages)];
  return firstWord(
    ...[first?.message_id, first?.id, wordOf(data.message_id), wordOf(data.id), body.message_id, body.id],
  );
}
